"""A provider of histories closes: looked at first, signed by name, killed in the middle, and taken back."""

from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import insert, select

from bot.cli.imports import take_files
from scheduler.histories import tend_histories
from storage.closings import approve_closing, prepare_closing, take_back_closing
from storage.providers import Listed, Told, take_provider, tell_access
from storage.reviews import HandoverError
from storage.tables import cases, people
from tests.stories.closing_place import (
    SATO,
    Place,
    everybody_chats,
    orphaned,
    supervisor,
    told,
)
from tests.stories.houses import write_closing
from tests.stories.test_house_history import FAR, OWNER, STAFF, known
from tests.stories.town import Town

KEEPER, LAST = "いえかるて東京", date(2027, 3, 31)


@pytest_asyncio.fixture
async def kept(town: Town) -> Town:
    """The histories of H1 and H2 are kept by P1; H3 has told nobody where its own is."""
    await known(town)
    await supervisor(town.service)
    for house in ("H1", "H2"):
        await town.house(house, FAR, history_provider=KEEPER)
    await town.house("H3", FAR)
    return town


async def signed(town: Town) -> None:
    store, now = town.service.store, town.service.clock.now()
    await prepare_closing(store, "P1", LAST, now)
    await approve_closing(store, "P1", SATO, now)


async def test_preparing_changes_nothing_and_a_supervisor_signs_by_name(kept: Town):
    store, now = kept.service.store, kept.service.clock.now()
    with pytest.raises(HandoverError, match="no provider P9"):
        await prepare_closing(store, "P9", LAST, now)
    with pytest.raises(HandoverError, match="nothing is prepared"):
        await approve_closing(store, "P1", SATO, now)
    for _ in range(2):
        await prepare_closing(store, "P1", LAST, now)
    await kept.until("2026-11-03")
    assert (await kept.hears(OWNER), (await kept.view())["cases"]) == ([], [])
    for nobody, why in (("staff:desk", "no named person"), ("staff:nobody", "no named person")):
        with pytest.raises(HandoverError, match=why):
            await approve_closing(store, "P1", nobody, now)
    async with store.write() as connection:
        await connection.execute(insert(people).values(id="staff:mori", name="森", staff_role="officer"))
    with pytest.raises(HandoverError, match="no supervisor"):
        await approve_closing(store, "P1", "staff:mori", now)
    await approve_closing(store, "P1", SATO, now)
    await kept.until("2026-11-05")
    assert "owner_milestone" in await kept.hears(OWNER)
    await kept.all_is_well()


async def test_no_house_is_signed_for_that_nobody_has_looked_at(kept: Town):
    store, now = kept.service.store, kept.service.clock.now()
    await prepare_closing(store, "P1", LAST, now)
    await kept.house("H9", FAR, history_provider=KEEPER)
    with pytest.raises(HandoverError, match="came since it was prepared: 1; prepare it again"):
        await approve_closing(store, "P1", SATO, now)
    await signed(kept)


async def test_it_goes_on_after_all(kept: Town):
    """Who was asked for another one hears so, once; who has another already keeps it. It may close again later."""
    await signed(kept)
    await kept.until("2026-11-04")
    store, now = kept.service.store, kept.service.clock.now()
    async with store.write() as connection:
        await take_provider(connection, store.pins.seal, Listed("P2", "住まい履歴センター"), now)
        assert await tell_access(connection, store.pins.seal, Told("H2", STAFF, {"provider_id": "P2"}), now)
    await kept.hears(OWNER), await kept.hears("owner:O-H2")
    with pytest.raises(HandoverError, match="take that back first"):
        await prepare_closing(store, "P1", LAST, now)
    assert await take_back_closing(store, "P1", STAFF, now) == ["H2"]
    with pytest.raises(HandoverError, match="not closing"):
        await take_back_closing(store, "P1", STAFF, now)
    await kept.until("2026-11-06")
    assert await kept.hears(OWNER) == ["owner_provider_back"]
    assert KEEPER in await kept.words(OWNER)
    assert "owner_provider_back" not in await kept.hears("owner:O-H2")
    view = await kept.view()
    assert ([it["phase"] for it in view["cases"]], [it["basis"] for it in view["works"]]) == (
        ["closed"],
        ["called_off"],
    )
    assert {"provider_closing", "provider_stays"} <= set(await kept.facts())
    await kept.all_is_well()
    await signed(kept)
    await kept.until("2026-11-09")
    assert "owner_milestone" in await kept.hears(OWNER)
    await kept.all_is_well()


async def test_what_was_only_prepared_is_dropped(kept: Town):
    store, now = kept.service.store, kept.service.clock.now()
    await prepare_closing(store, "P1", LAST, now)
    assert await take_back_closing(store, "P1", STAFF, now) == []
    with pytest.raises(HandoverError, match="nothing is prepared"):
        await approve_closing(store, "P1", SATO, now)
    await kept.until("2026-11-03")
    assert await kept.hears(OWNER) == []


async def test_an_owner_who_has_withdrawn_hears_nothing_and_has_nothing_open(kept: Town):
    await signed(kept)
    await kept.until("2026-11-04")
    await kept.says(OWNER, "同意を撤回します")
    await kept.taps(OWNER, "yes")
    await kept.hears(OWNER)
    await take_back_closing(kept.service.store, "P1", STAFF, kept.service.clock.now())
    await kept.until("2026-11-06")
    assert await kept.hears(OWNER) == []
    assert (await kept.case())["phase"] == "closed"
    await kept.all_is_well()


async def test_killed_while_owners_are_asked_and_while_it_is_taken_back(tmp_path: Path, database_url: str):
    """Each house once, whoever was killed: the rows say what is left to do."""
    there, count = Place(tmp_path, database_url, date(2027, 1, 12)), 250
    async with there.opened() as service:
        async with service.store.write() as connection:
            await take_provider(connection, service.store.pins.seal, Listed("P1", KEEPER), there.now)
        await take_files(service, write_closing(tmp_path, count, 1, KEEPER))
        await supervisor(service)
        await everybody_chats(service)
        await prepare_closing(service.store, "P1", LAST, there.now)
    await there.killed_at(1, told("provider_closing"), "provider", "close", "P1", "--approve", "--by", "sato")
    async with there.opened() as service:
        assert await orphaned(service, there.now) == []
        await tend_histories(service.store, there.now)
        assert await told("provider_closing")(service) == count
        assert await orphaned(service, there.now) == []
    await there.killed_at(1, told("provider_stays"), "provider", "close", "P1", "--undo")
    async with there.opened() as service:
        assert await orphaned(service, there.now) == []
        await tend_histories(service.store, there.now)
        assert await told("provider_stays")(service) == count
        assert await orphaned(service, there.now) == []
        searching = select(cases.c.id).where(cases.c.phase != "closed", cases.c.ladder.startswith("milestone"))
        async with service.store.read() as connection:
            assert (await connection.execute(searching)).first() is None
