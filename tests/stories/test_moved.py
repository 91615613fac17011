"""One machine is not enough any more: the house book moves to PostgreSQL, and people notice nothing of it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from bot.cli.move import move
from bot.config import SettingsError
from bot.core.restored import behind
from main import read_keys, read_settings
from scheduler.restoring import keep_mark, observe
from storage.audit import Finding
from storage.engine import open_database
from storage.exclusive import BusyError
from storage.high_water import MarkFile, stands_at
from storage.moving import Moved
from storage.moving.rows import sum_of
from storage.record import Seal
from storage.tables import metadata
from tests.stories.town import Town, town_at

OWNER, OTHER, SERVICER = "owner:O-H1", "owner:O-H2", "servicer:B1"
ROOT = Path(__file__).parents[2]
# The real command, a row at a time, killed by the system after so many rows.
KILLED = """
import os, signal
from bot.cli import app, move
from storage import moving

left = {rows}
shown = move.Shown.__call__

def told(self, what, table, more, rows):
    global left
    left -= more
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    shown(self, what, table, more, rows)

move.Shown.__call__ = told
moving.Moving.__init__.__defaults__ = (1,)
app.main()
"""


def old_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'engawa.db'}"


async def lives(folder: Path) -> None:
    """On SQLite until March: a visit with its report and file, an owner who is silent, somebody who asks for staff."""
    async with town_at(folder, old_url(folder), "2026-11-01") as town:
        await town.companies()
        await town.house(guarantee_no="Z-0001")
        await town.house("H2")
        await town.until("2027-02-10")
        file = await town.service.inbox.files.keep(SERVICER, b"%PDF-1.7")
        told = {"ref": file.ref, "media_type": file.media_type, "size": file.size}
        await town.says(SERVICER, "H1は2月9日に点検完了、異常ありません", files=[told])
        await town.taps(SERVICER, "yes")
        await town.says(OTHER, "担当者と話したい")
        await town.until("2027-03-20")
        await keep_mark(town.service.post, mark_of(town), town.service.clock.now())


def mark_of(town: Town) -> MarkFile:
    assert town.service.watch.mark is not None
    return town.service.watch.mark


async def killed(folder: Path, url: str, rows: int) -> int:
    """How the command ended."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ENGAWA_")}
    environment |= {"PYTHONPATH": str(ROOT), "ENGAWA_DATABASE_URL": url}
    words = ("-c", KILLED.format(rows=rows), "move", "engawa.db")
    process = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=folder, env=environment)
    return await process.wait()


async def moves(folder: Path, url: str) -> tuple[Moved, list[Finding]]:
    """As a person repeats it, until PostgreSQL has noticed that the killed run is no more."""
    seal = Seal(read_keys(read_settings({"ENGAWA_KEY_FILE": str(folder / "engawa.key")})).record)
    while True:
        try:
            return await move(folder / "engawa.db", url, seal, lambda what, table, more, rows: None)
        except BusyError:
            continue


async def sums(url: str) -> dict[str, tuple[int, str]]:
    found = {}
    database = open_database(url)
    try:
        async with database.reader.connect() as connection:
            for table in metadata.sorted_tables:
                one = await sum_of(connection, table, 100, lambda more: None)
                found[table.name] = (one.rows, one.hex)
    finally:
        await database.close()
    return found


async def told(town: Town) -> dict[str, list[str]]:
    return {person: await town.hears(person) for person in (OWNER, OTHER, SERVICER, "servicer:B2")}


async def test_people_notice_nothing_of_a_move_that_was_killed_on_the_way(tmp_path: Path, fresh_postgres: str):
    """The same on both sides in the end; what was said is not said again, and what comes due is said once."""
    await lives(tmp_path)
    assert await killed(tmp_path, fresh_postgres, 40) == -signal.SIGKILL
    with pytest.raises(SettingsError, match="is being moved to"):
        async with town_at(tmp_path, fresh_postgres, "2027-03-20"):
            pass
    moved, findings = await moves(tmp_path, fresh_postgres)
    assert (moved.resumed, findings) == (True, [])
    assert {name: (one.rows, one.hex) for name, one in moved.tables.items()} == await sums(fresh_postgres)
    assert await sums(fresh_postgres) == await sums(old_url(tmp_path))
    filled = {name for name, one in moved.tables.items() if one.rows}
    assert {"cases", "works", "facts", "outbox", "attempts", "inbound", "mandates", "plan_items"} <= filled
    assert (await moves(tmp_path, fresh_postgres))[0].already
    async with town_at(tmp_path, fresh_postgres, "2027-03-20") as town:
        heard = await told(town)
        assert await observe(town.service.watch, town.service.clock.now()) is None
        await town.run()
        assert await told(town) == {person: [] for person in heard}
        await town.until("2027-06-01")
        later = await told(town)
        await keep_mark(town.service.post, mark_of(town), town.service.clock.now())
        await town.all_is_well()
    assert all(heard[person] for person in (OWNER, OTHER, SERVICER))
    async with town_at(tmp_path, old_url(tmp_path), "2027-03-20") as town:
        await the_mark_tells(town)
        assert await told(town) == heard
        await town.until("2027-06-01")
        assert await told(town) == later  # as it would have gone on where it was


async def the_mark_tells(town: Town) -> None:
    """Whoever starts a service on the old file by mistake has one that only observes."""
    mark = await town.service.watch.read()
    async with town.service.store.read() as connection:
        here = await stands_at(connection, town.service.clock.now())
    assert mark is not None
    assert behind(here, mark)
