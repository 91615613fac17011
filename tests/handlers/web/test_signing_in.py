"""Somebody of the staff asks for a link by mail, and comes in with it, once."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

from sqlalchemy import func, select

from bot.core.links import LOGIN
from storage.staff import Member, remove, take_in
from storage.tables import outbox
from tests.handlers.web.street import HOST, Reader, Street

SATO, ADDRESS = "staff:sato", "sato@example.jp"


async def known(street: Street) -> None:
    service = street.town.service
    async with service.store.write() as connection:
        member = Member(SATO, "佐藤", accounts=((service.inbox.mail, ADDRESS),))
        await take_in(connection, service.store.pins.seal, member, service.clock.now())


async def asks(street: Street, address: str) -> Reader:
    reader = await street.reader().opens("/staff/login")
    form = reader.page.select_one("form")
    assert form is not None
    return await reader.sends(form, {"address": address})


async def links(street: Street) -> list[int]:
    async with street.town.service.store.read() as connection:
        return list((await connection.execute(select(outbox.c.id).where(outbox.c.person_id == SATO))).scalars())


def door(street: Street, number: int) -> str:
    return street.town.service.links.login(number).removeprefix(HOST)


async def test_a_link_comes_by_mail_and_lets_in_once(street: Street):
    await known(street)
    page = await asks(street, "Sato@Example.jp")
    assert "まもなくリンクが届きます" in page.text
    await street.town.run()
    (number,) = await links(street)
    reader = await street.reader().opens(door(street, number))
    assert "佐藤" in reader.text
    await reader.presses("入る")
    assert (reader.status, reader.path) == (200, "/staff/")
    second = await street.reader().opens(door(street, number))
    assert (await second.presses("入る")).status == 410
    assert (await second.opens("/staff/")).status == 401


async def test_the_mail_holds_the_link_and_the_database_does_not(street: Street):
    await known(street)
    await asks(street, ADDRESS)
    await street.town.run()
    (number,) = await links(street)
    token = street.town.service.links.token(LOGIN, number)
    files = [path for path in street.town.service.settings.mail_dir.rglob("*") if path.is_file()]
    (mail,) = [message_from_bytes(path.read_bytes(), policy=default) for path in files]
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert f"/staff/login/{token}" in plain.get_content()
    assert token not in str(await street.everything())


async def test_who_asks_learns_nothing_of_whose_an_address_is(street: Street):
    await known(street)
    ours, strangers = await asks(street, ADDRESS), await asks(street, "someone@example.jp")
    assert ours.text == strangers.text
    await street.town.house(email="hanako@example.jp")
    assert (await asks(street, "hanako@example.jp")).text == ours.text
    query = select(func.count()).select_from(outbox).where(outbox.c.person_id != SATO)
    async with street.town.service.store.read() as connection:
        assert (await connection.execute(query)).scalar() == 0


async def test_a_link_runs_out_and_goes_with_its_person(street: Street):
    await known(street)
    await asks(street, ADDRESS)
    (number,) = await links(street)
    service = street.town.service
    service.clock.wind(timedelta(minutes=15))
    assert (await street.reader().opens(door(street, number))).status == 404
    await asks(street, ADDRESS)
    *_, fresh = await links(street)
    await remove(service.store, SATO, service.clock.now())
    assert (await street.reader().opens(door(street, fresh))).status == 404


async def test_no_other_message_is_a_key(street: Street):
    """Also not one to the staff: only what was sent to sign in."""
    town = street.town
    await known(street)
    await town.house()
    await town.skip_to("2027-01-04")
    await town.says("owner:O-H1", "担当者と話したい")
    async with town.service.store.read() as connection:
        numbers = (await connection.execute(select(outbox.c.id).where(outbox.c.person_id == "staff:desk"))).scalars()
        for number in numbers.all():
            assert (await street.reader().opens(door(street, number))).status == 404


async def test_who_asks_too_often_is_told_how_long_to_wait(street: Street):
    """何度押しても届かない、と電話が来ないように。登録のあるアドレスかどうかは、ここでも分かりません。"""
    await known(street)
    told = []
    for address in (ADDRESS, "someone@example.jp"):
        for _ in range(5):
            assert (await asks(street, address)).status == 200
        street.town.service.clock.wind(timedelta(minutes=20))
        refused = await asks(street, address.upper())  # written otherwise it is the same address
        assert (refused.status, refused.headers["retry-after"]) == (429, "2400")
        assert "40分たつと、また送れます" in refused.text
        told.append(refused.text)
    assert told[0] == told[1]
    assert len(await links(street)) == 5
    reader = await street.reader().opens("/staff/login")
    reader.client.headers["accept-language"] = "en"
    form = reader.page.select_one("form")
    assert form is not None
    assert "In 40 minutes you can ask again." in (await reader.sends(form, {"address": "someone@example.jp"})).text
    street.town.service.clock.wind(timedelta(minutes=41))
    assert (await asks(street, ADDRESS)).status == 200
    assert len(await links(street)) == 6
