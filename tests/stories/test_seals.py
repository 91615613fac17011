"""The seal of the day: kept elsewhere, it shows what was done to the record by somebody who had all of the database."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.outcome import Deed
from storage.audit import audit
from storage.record import append, read_head, set_value
from storage.sealed import against_seals
from storage.seals import seal_day
from storage.store import Live
from storage.tables import houses, metadata
from tests.stories.town import Town


async def findings(town: Town) -> list[tuple[str, str]]:
    store, place = town.service.store, town.service.post.seals
    assert place is not None
    async with store.read() as connection:
        found = against_seals(connection, store.pins.seal, place, town.service.clock.now())
        return [(finding.kind, finding.where) async for finding in found]


async def does(town: Town, *statements: str) -> None:
    async with town.service.store.write() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def head(town: Town, house_id: str = "H1") -> tuple[int, str]:
    async with town.service.store.read() as connection:
        query = f"SELECT fact_count, fact_mac FROM houses WHERE id = '{house_id}'"
        count, mac = (await connection.execute(text(query))).one()
        return count, mac


def back_to(count: int, mac: str) -> tuple[str, ...]:
    """The house's chain as it was then, with the head that closed it then: no chain tells it from a true one."""
    return (
        f"DELETE FROM facts WHERE house_id = 'H1' AND seq > {count}",
        f"UPDATE houses SET fact_count = {count}, fact_mac = '{mac}', sealed_count = {count} WHERE id = 'H1'",
    )


async def test_all_is_well_while_nobody_touches_anything(town: Town):
    await town.house()
    await town.until("2027-03-01")
    await town.all_is_well()
    assert await findings(town) == []


async def test_a_house_put_back_to_an_older_state_is_found(town: Town):
    """Somebody kept yesterday's head and cuts off what came after: the chain is whole, the seal is not met."""
    await town.house()
    before = await head(town)
    await town.until("2027-01-05")
    after = await head(town)
    assert after[0] > before[0]
    await does(town, *back_to(*before))
    await town.all_is_well()
    assert ("sealed_fact_missing", f"H1#{after[0]}") in await findings(town)


async def test_a_house_that_is_gone_with_all_its_rows_is_found(town: Town):
    """Nothing in the database remembers it; the sheet does."""
    await town.house()
    await town.house("H2")
    await town.until("2026-11-03")
    count, _ = await head(town)
    for table in reversed(metadata.sorted_tables):
        column = "id" if table is houses else "house_id"
        if column in table.c:
            await does(town, f"DELETE FROM {table.name} WHERE {column} = 'H1'")
    await town.all_is_well()
    assert await findings(town) == [("sealed_fact_missing", f"H1#{count}")]


async def test_another_fact_in_the_place_of_a_sealed_one_is_found(town: Town):
    """Cut back, and grown again to the same length: the chain is whole, and it is another one."""
    await town.house()
    before = await head(town)
    await town.until("2027-01-05")
    count, _ = await head(town)
    await does(town, *back_to(*before))
    async with town.service.store.write() as connection:
        others = [("H1", Deed("work_reported", "owner:O-H1"))] * (count - before[0])
        await append(connection, town.service.store.pins.seal, others, town.service.clock.now())
    assert ("sealed_fact_changed", f"H1#{count}") in await findings(town)


async def test_a_fact_put_in_without_the_key_is_found_in_its_chain(town: Town):
    """With head and mark set to fit: nobody without the key can close the chain behind it."""
    await town.house()
    await town.until("2026-11-03")
    count, _ = await head(town)
    columns = 'house_id, seq, at, kind, "by", case_id, data, mac'
    await does(
        town,
        f'INSERT INTO facts ({columns}) SELECT house_id, seq + 1, at, kind, "by", case_id, data, mac FROM facts '
        f"WHERE house_id = 'H1' AND seq = {count}",
        f"UPDATE houses SET fact_count = {count + 1}, sealed_count = {count + 1} WHERE id = 'H1'",
    )
    async with town.service.store.read() as connection:
        found = audit(connection, town.service.store.pins.seal, town.service.clock.now())
        assert ("fact_changed", f"H1#{count + 1}") in [(each.kind, each.where) async for each in found]


async def test_the_installations_own_chain_is_sealed_too(town: Town):
    """Cut back to what it was, with the head of then."""
    await town.house()
    async with town.service.store.read() as connection:
        old = await read_head(connection)
    await town.until("2027-02-01")
    await does(town, f"DELETE FROM facts WHERE house_id = '' AND seq > {old[0]}")
    async with town.service.store.write() as connection:
        await set_value(connection, "fact_head", json.dumps(old))
    await town.all_is_well()
    assert ("sealed_fact_missing", "service") in [
        (kind, where.partition("#")[0]) for kind, where in await findings(town)
    ]


async def test_a_sheet_that_was_changed_or_taken_away_is_named(town: Town):
    await town.house()
    await town.until("2027-01-05")
    first, second, *_ = sorted((town.folder / "seals").rglob("*.jsonl"), reverse=True)
    first.write_text(first.read_text("utf-8").replace('"H1"', '"H2"'), "utf-8")
    second.unlink()
    there = town.folder / "seals"
    assert await findings(town) == [
        ("seal_missing", second.relative_to(there).as_posix()),
        ("seal_changed", first.relative_to(there).as_posix()),
    ]


async def test_a_quiet_day_writes_no_sheet_and_a_new_year_takes_down_every_house(town: Town):
    """What nothing happened to is not written again, until the year's first seal."""
    await town.house()
    await town.house("H2", handed_over_on="2026-10-01")
    await town.until("2026-11-20")
    quiet = len(sheets(town))
    await town.until("2026-11-25")
    assert len(sheets(town)) == quiet
    await town.until("2027-01-05")
    whole = [sheet for sheet in sheets(town) if "-whole-" in sheet.name]
    assert [sheet.parent.name for sheet in whole] == ["2026", "2027"]
    assert [json.loads(line)[0] for line in whole[1].read_text("utf-8").splitlines()[1:-1]][-2:] == ["H1", "H2"]


async def test_killed_between_the_sheet_and_its_fact_it_seals_again(town: Town):
    """The sheet that nobody noted says nothing untrue, and the next one covers the same."""
    await town.house()
    place = town.service.post.seals
    assert place is not None

    class Cut(Exception):
        pass

    class Killed(Live):
        @asynccontextmanager
        async def write(self) -> AsyncIterator[AsyncConnection]:
            raise Cut
            yield

    store, now = town.service.store, town.service.clock.now()
    with pytest.raises(Cut):
        await seal_day(Killed(town.service.database, store.pins), place, now)
    assert len(sheets(town)) == 1
    await town.house("H2")
    await town.run()
    assert len(sheets(town)) == 2
    assert await findings(town) == []


async def test_a_place_that_is_not_there_stops_nothing_and_is_told(town: Town):
    """Messages go out; the seal is tried again, and after days the auditor says that it is missing."""
    await town.run()
    (town.folder / "seals").rename(town.folder / "kept")
    (town.folder / "seals").write_text("not a folder")
    await town.house()
    await town.until("2026-11-09")
    (town.folder / "seals").unlink()
    (town.folder / "kept").rename(town.folder / "seals")
    assert await findings(town) == [("not_sealed", "H1")]
    await town.run()
    assert await findings(town) == []


def sheets(town: Town) -> list[Path]:
    return sorted((town.folder / "seals").rglob("*.jsonl"))
