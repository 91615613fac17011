"""A matter comes to one of the staff from another's hand: they hear of it themselves, once for many, by ids alone."""

import mailbox
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest_asyncio
from sqlalchemy import select

from bot.core.absence import Absence
from bot.core.rights import StaffRole
from storage.absences import cover_all, enter
from storage.staff import Member
from storage.tables import outbox
from tests.handlers.web.street import Reader, Street, street_at
from tests.stories.test_named_staff import enters, supervises

SATO, TANAKA, MORI = "staff:sato", "staff:tanaka", "staff:mori"
HOUSES = ("H1", "H2", "H3")
CASES = [f"{house}-1" for house in HOUSES]


@pytest_asyncio.fixture
async def street(tmp_path, database_url):
    """佐藤 gives, 田中 reads mail, 森 has no account anywhere; three owners want to talk with somebody."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        mail = (("email", "tanaka@example.jp"),)
        for member in (Member(SATO, "佐藤"), Member(TANAKA, "田中", accounts=mail), Member(MORI, "森")):
            await supervises(found, Member(member.id, member.name, StaffRole.SUPERVISOR, member.accounts))
        for house in HOUSES:
            await found.town.house(house)
        await found.town.until("2027-01-13")
        for house in HOUSES:
            await found.town.says(f"owner:O-{house}", "担当者と話したい")
        yield found


async def gives(street: Street, to: str) -> Reader:
    sato = await (await enters(street, SATO)).opens("/staff/")
    form = sato.page.select_one("#many")
    assert form is not None
    return await sato.sends(form, {f"on-{case}": "1" for case in CASES} | {"do": "pass_on", "colleague": to})


def mails(street: Street) -> list[str]:
    """The text of every mail to 田中, with its subject."""
    box = mailbox.Maildir(Path(street.town.folder) / "mail")
    read = [BytesParser(policy=policy.default).parsebytes(one.as_bytes()) for one in box]
    theirs = [mail for mail in read if mail["to"].addresses[0].addr_spec == "tanaka@example.jp"]
    texts = [part.get_content() for mail in theirs if (part := mail.get_body(("plain",))) is not None]
    return [f"{mail['subject']}\n{text}" for mail, text in zip(theirs, texts, strict=True)]


async def goes_on(street: Street, by: timedelta) -> None:
    street.town.service.clock.wind(by)
    await street.town.run()


async def test_three_at_once_are_one_message_with_links_and_nobodys_name(street: Street):
    await gives(street, TANAKA)
    assert mails(street) == []
    await goes_on(street, timedelta(minutes=6))
    [mail] = mails(street)
    for case in CASES:
        assert f"/staff/case/{case}" in mail
    assert "担当者と話したいとのこと" in mail
    assert "山田" not in mail
    assert "佐藤" not in mail
    await street.town.all_is_well()


async def test_what_was_settled_meanwhile_is_not_told(street: Street):
    await gives(street, TANAKA)
    for case in CASES:
        await street.town.says(TANAKA, action=f"close:{case}:0:", text="済みました")
    await goes_on(street, timedelta(minutes=6))
    assert mails(street) == []


async def test_who_stands_in_hears_of_it_and_who_has_no_account_gets_no_letter(street: Street):
    service = street.town.service
    await gives(street, MORI)
    async with service.store.write() as connection:
        absence = Absence(MORI, street.town.today, street.town.today, TANAKA)
        await enter(connection, service.store.pins.seal, absence, SATO, service.clock.now())
    await cover_all(service.store, service.clock.now())
    await goes_on(street, timedelta(minutes=6))
    [mail] = mails(street)
    assert "お休みの担当者の代わり" in mail
    async with service.store.read() as connection:
        told = select(outbox.c.id).where(outbox.c.person_id == MORI, outbox.c.mode == "relay")
        assert (await connection.execute(told)).all() == []
