"""What people wrote is blanked after a while; what was decided on it, and what they sent to show it, stays."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from storage import expiry
from storage.inbound import FAILED, TRIES, keep
from storage.tables import inbound
from tests.handlers.web.street import Street, street_at
from tests.photos import photo

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


@pytest_asyncio.fixture
async def street(tmp_path: Path, database_url: str) -> AsyncIterator[Street]:
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        yield found


async def rows(street: Street, person_id: str) -> str:
    async with street.town.service.store.read() as connection:
        query = select(inbound.c.raw, inbound.c.said).where(inbound.c.person_id == person_id)
        return str((await connection.execute(query)).all())


async def test_after_ninety_days_the_words_are_gone_and_the_day_stays(street: Street):
    await street.town.house()
    await street.town.until("2027-02-02")
    await street.town.says(OWNER, "3月1日に来てもらうことになりました。腰の手術のあとなので")
    await street.town.taps(OWNER, "yes")
    before = await street.town.facts()
    street.town.service.clock.wind(timedelta(days=89))
    await street.town.run()
    assert "腰の手術" in await rows(street, OWNER)
    street.town.service.clock.wind(timedelta(days=2))
    await street.town.run()
    assert "腰の手術" not in await rows(street, OWNER)
    owner = await street.visits(OWNER)
    assert "腰の手術" not in owner.text
    assert "（古いメッセージの本文は消しました）" in owner.text
    assert (await street.town.facts())[: len(before)] == before
    assert "2027-03-01" in str((await street.town.view())["facts"])
    await street.town.all_is_well()


async def test_what_could_never_be_read_loses_its_words_and_stays_with_the_staff(street: Street):
    """Nobody keeps for ever what a mistake of ours left lying."""
    town = street.town
    async with town.service.store.write() as connection:
        odd = {"text": "腰の手術のあとなので", "at": "soon"}
        await keep(connection, "chat", "odd", odd, town.service.clock.now())
    for _ in range(TRIES):
        town.service.clock.wind(timedelta(hours=1))
        await town.run()
    assert "腰の手術" in await rows(street, "")
    town.service.clock.wind(timedelta(days=91))
    await town.run()
    assert "腰の手術" not in await rows(street, "")
    async with town.service.store.read() as connection:
        assert list((await connection.execute(select(inbound.c.state))).scalars()) == [FAILED]


async def test_a_photo_stays_where_it_was_shown(street: Street):
    await street.town.house()
    site = street.app.state.site
    kept = await site.files.keep(OWNER, photo())
    file = {"ref": kept.ref, "media_type": kept.media_type, "size": kept.size}
    await street.town.says(OWNER, "これです", files=[file])
    street.town.service.clock.wind(timedelta(days=91))
    await street.town.run()
    owner = await street.visits(OWNER)
    assert "これです" not in owner.said
    assert owner.page.select(f"img[src$='{kept.ref}']")


async def test_the_reason_for_a_decision_stays(street: Street):
    """It is the staff's, and belongs to the record."""
    await street.town.house()
    await street.town.says(OWNER, "担当者と話したいです、雨漏りのことで")
    await street.town.until("2026-11-02")
    await street.town.taps(STAFF, "close")
    await street.town.says(STAFF, "電話で確認し、修理を手配した")
    street.town.service.clock.wind(timedelta(days=91))
    await street.town.run()
    assert "雨漏り" not in await rows(street, OWNER)
    staff = await (await street.staff()).opens("/staff/case/H1-1")
    assert "電話で確認し、修理を手配した" in staff.text


async def test_many_go_over_several_rounds(street: Street, monkeypatch: pytest.MonkeyPatch):
    """After a long outage no round is held up by them."""
    monkeypatch.setattr(expiry, "BATCH", 2)
    await street.town.house()
    for number in range(5):
        await street.town.says(OWNER, f"ひとこと{number}")
    street.town.service.clock.wind(timedelta(days=91))
    for left in (3, 1, 0):
        await street.town.run()
        assert (await rows(street, OWNER)).count("ひとこと") == 2 * left  # as it came, and as it was understood
