"""Where the daily seals are kept: in a folder, or wherever fsspec reaches; on sheets of a bounded length."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.core.outcome import Deed
from storage import seals
from storage.engine import open_database
from storage.migrate import migrate
from storage.pins import Pins
from storage.places import Untouched, open_place
from storage.record import Seal, append
from storage.sealed import against_seals
from storage.seals import seal_day
from storage.store import Live
from storage.tables import houses

NOW = datetime(2026, 11, 1, 1, tzinfo=UTC)
PLACES = ("", "memory://{folder}/seals")


async def houses_with_facts(store: Live, count: int) -> None:
    """Houses with one fact each."""
    days = {"handed_over_on": NOW.date(), "taken_in_on": NOW.date(), "wake_on": NOW.date()}
    ids = [f"H{n:03d}" for n in range(count)]
    async with store.write() as connection:
        await connection.execute(insert(houses), [{"id": house_id, **days} for house_id in ids])
        deeds = [(house_id, Deed("house_taken_in", "import")) for house_id in ids]
        await append(connection, store.pins.seal, deeds, NOW)


@pytest.mark.parametrize("url", PLACES)
async def test_sheets_are_bounded_and_every_house_is_in_one(
    tmp_path: Path, database_url: str, url: str, monkeypatch: pytest.MonkeyPatch
):
    """Twenty-five houses on sheets of ten: each once, and the record is as they say."""
    monkeypatch.setattr(seals, "LINES", 10)
    database = open_database(database_url)
    try:
        await migrate(database)
        store, place = (
            Live(database, Pins(Seal(b"key"), {})),
            open_place(url.format(folder=tmp_path), tmp_path / "seals"),
        )
        await houses_with_facts(store, 25)
        assert await seal_day(store, place, NOW) == 26
        names = place.names()
        assert [name.split("-")[2] for name in names] == ["001", "002", "003"]
        lines = "".join((place.read(name) or b"").decode() for name in names)
        assert [lines.count(f'"H{n:03d}"') for n in range(25)] == [1] * 25
        async with store.read() as connection:
            assert [found async for found in against_seals(connection, store.pins.seal, place, NOW)] == []
            other = against_seals(connection, Seal(b"another key"), place, NOW)
            assert [found.kind async for found in other] == ["seal_changed"] * 3
        assert await seal_day(store, place, NOW + timedelta(hours=1)) == 0
    finally:
        await database.close()


async def test_a_rehearsal_writes_no_sheet(tmp_path: Path, database_url: str):
    """It reads what is there, and leaves nothing."""
    database = open_database(database_url)
    try:
        await migrate(database)
        store, place = Live(database, Pins(Seal(b"key"), {})), open_place("", tmp_path / "seals")
        await houses_with_facts(store, 2)
        await seal_day(store, Untouched(place), NOW)
        assert place.names() == Untouched(place).names() == []
    finally:
        await database.close()


@pytest.mark.parametrize("url", PLACES)
def test_the_names_of_what_is_kept(tmp_path: Path, url: str):
    """In order, with their folders; of an empty place none, and no draft that a power cut left behind."""
    place = open_place(url.format(folder=tmp_path), tmp_path / "seals")
    assert place.names() == []
    for name in ("2027/b.jsonl", "2026/c.jsonl", "2027/a.jsonl"):
        place.write(name, b"{}")
    if not url:
        (tmp_path / "seals" / "2027" / "x.part").write_bytes(b"half")
    assert place.names() == ["2026/c.jsonl", "2027/a.jsonl", "2027/b.jsonl"]
