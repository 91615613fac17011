"""What has outlived its period goes; the record stays and still verifies."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Table, insert, select, update

from storage import retention
from storage.retention import PERIODS
from storage.tables import addresses, attempts, inbound, letters, link_codes, mandates, outbox, people
from tests.handlers.web.street import Street, street_at
from tests.photos import photo
from tests.stories.town import Town

OWNER, NEXT, SERVICER = "owner:O-H1", "owner:O-NEW", "servicer:B1"
NAME, PHONE = "山田 花子", "090-1234-5678"


@pytest_asyncio.fixture
async def street(tmp_path: Path, database_url: str) -> AsyncIterator[Street]:
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        yield found


async def rows(town: Town, table: Table) -> list[dict[str, Any]]:
    async with town.service.store.read() as connection:
        return [dict(row._mapping) for row in await connection.execute(select(table))]


async def days_pass(town: Town, days: int) -> None:
    town.service.clock.wind(timedelta(days=days))
    await town.run()


async def whole(town: Town) -> str:
    """Everything that is stored about anybody."""
    return str([await rows(town, table) for table in (people, addresses, outbox, inbound)])


async def test_thirty_days_after_a_sale_the_old_owner_is_forgotten(street: Street):
    """Name, telephone, addresses, words and photos go; the house, the day and the reason stay."""
    town = street.town
    await town.house(email="hanako@example.jp", phone=PHONE)
    site = street.app.state.site
    kept = await site.files.keep(OWNER, photo())
    file = {"ref": kept.ref, "media_type": kept.media_type, "size": kept.size}
    await town.says(OWNER, "これです、山田です", files=[file])
    await town.house(owner_id="O-NEW", owner_name="佐藤 次郎", consent_information_on="", consent_mandate_on="")
    await days_pass(town, 29)
    assert NAME in await whole(town)
    await days_pass(town, 2)
    left = await whole(town)
    for private in (NAME, PHONE, "hanako@example.jp", "これです"):
        assert private not in left
    assert await site.files.read(kept.ref) is None
    assert "佐藤 次郎" in left
    gone = next(fact for fact in (await town.view())["facts"] if fact["kind"] == "contact_expired")
    assert gone["data"] == {"person": OWNER, "why": "sold"}
    assert [row["until_on"] is not None for row in (await town.view())["owners"] if row["id"] == OWNER] == [True]
    await town.all_is_well()


async def test_who_ends_the_support_has_thirty_days_to_come_back(town: Town):
    """And is told so; who comes back is not forgotten, who does not is."""
    await town.house("H1", phone=PHONE, email="hanako@example.jp")
    await town.house("H2", owner_name="佐藤 次郎", phone="090-9999-0000", email="jiro@example.jp")
    for owner in (OWNER, "owner:O-H2"):
        assert await town.says(owner, "支援をやめたい") == ["reply_support_page"]
        assert await town.says(owner, "はい、やめます") == ["reply_support_ended"]
        assert "30日たつと、連絡先とやりとりの文を消します。" in await town.words(owner)
    await days_pass(town, 20)
    await town.says(OWNER, "同意します")
    assert await town.taps(OWNER, "consent") == ["reply_consented"]
    await days_pass(town, 11)
    left = await whole(town)
    assert PHONE in left
    assert "hanako@example.jp" in left
    for private in ("090-9999-0000", "jiro@example.jp"):
        assert private not in left
    assert "佐藤 次郎" in left  # whose house it is stays known
    assert (await town.facts("H2")).count("contact_expired") == 1
    await days_pass(town, 5)
    assert (await town.facts("H2")).count("contact_expired") == 1
    await town.all_is_well()


async def test_who_sold_one_house_and_keeps_another_stays_known(town: Town):
    """Their data is still needed."""
    await town.house("H1", owner_id="O-1")
    await town.house("H2", owner_id="O-1")
    await town.house("H1", owner_id="O-NEW", owner_name="佐藤 次郎")
    await days_pass(town, 60)
    assert NAME in await whole(town)


async def test_codes_ids_and_letters_go_in_their_time(town: Town):
    """Nothing that still serves is touched."""
    await town.house()
    service, now = town.service, town.service.clock.now()
    await town.until("2027-01-05")
    async with service.store.write() as connection:
        await connection.execute(update(attempts).values(provider_id="platform-1"))
        await connection.execute(update(outbox).values(provider_id="platform-1"))
        code = {"digest": "d", "person_id": OWNER, "written_at": now, "expires_at": now + timedelta(days=7)}
        await connection.execute(insert(link_codes).values(**code))
        old = {"person_id": OWNER, "channel": "email", "address": "old@example.jp", "ended_at": now}
        await connection.execute(insert(addresses).values(**old))
        stranger = {"person_id": "guest:line-1", "channel": "line", "address": "U1"}
        await connection.execute(insert(people).values(id="guest:line-1"))
        await connection.execute(insert(addresses).values(**stranger))
    await days_pass(town, 100)
    assert await rows(town, link_codes) == []
    assert "platform-1" in str(await rows(town, attempts))
    assert "old@example.jp" in str(await rows(town, addresses))
    await days_pass(town, 300)
    assert "platform-1" not in str(await rows(town, attempts)) + str(await rows(town, outbox))
    assert "old@example.jp" not in str(await rows(town, addresses))
    assert "U1" not in str(await rows(town, addresses))
    assert OWNER in str([row for row in await rows(town, addresses) if row["channel"] == "chat"])


async def test_a_posted_letters_code_goes_after_three_years(town: Town):
    """One that nobody has posted waits for as long as it takes."""
    await town.house()
    async with town.service.store.write() as connection:
        await connection.execute(addresses.delete().where(addresses.c.person_id == OWNER))
    await town.until("2027-04-20")
    assert await town.letters(OWNER) != []
    async with town.service.store.write() as connection:
        first = (await connection.execute(select(letters.c.outbox_id).limit(1))).scalar_one()
        await connection.execute(update(outbox).where(outbox.c.id == first).values(state="sent", sent_at=None))
    written = {row["outbox_id"] for row in await rows(town, letters)}
    await days_pass(town, 3 * 365 + 20)
    assert first in written
    assert first not in {row["outbox_id"] for row in await rows(town, letters)}


async def test_a_withdrawn_consent_is_kept_ten_years(town: Town):
    """Its text's version and hash stay in the record."""
    await town.house(consent_withdrawn_on="2022-05-01")
    await days_pass(town, 5 * 365)
    assert await rows(town, mandates) != []
    await days_pass(town, 6 * 365)
    assert await rows(town, mandates) == []


async def test_much_goes_over_many_rounds(town: Town, monkeypatch: pytest.MonkeyPatch):
    """After a long outage no round is held up."""
    monkeypatch.setattr(retention, "BATCH", 2)
    await town.house()
    now = town.service.clock.now()
    async with town.service.store.write() as connection:
        for number in range(5):
            code = {"digest": str(number), "person_id": OWNER, "written_at": now, "expires_at": now}
            await connection.execute(insert(link_codes).values(**code))
    town.service.clock.wind(timedelta(days=31))
    for left in (3, 1, 0):
        await town.run()
        assert len(await rows(town, link_codes)) == left


def test_the_table_in_the_documents_says_the_same():
    """A period is changed in both places."""
    text = (Path(__file__).parents[2] / "docs" / "retention.md").read_text("utf-8")
    told = dict(re.findall(r"^\| ([^|]+?) \| (\d+) days?", text, re.MULTILINE))
    assert {kind: int(days) for kind, days in told.items()} == dict(PERIODS)
