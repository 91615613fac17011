"""A disk dies, and a copy is put back: nobody hears last month's words twice, and what was missed is caught up."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.core.restored import APART, COMMAND, Mark, Restored
from scheduler.restoring import keep_mark, mark_restored, observe
from storage.high_water import MarkError, MarkFile, stands_at
from storage.pending import waiting
from storage.restored import Decision, decide, held_messages, reconcile, restored
from storage.tables import outbox
from tests.stories.copies import copy_made
from tests.stories.town import Town, town_at

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"
OFFER = "servicer_offer"  # what the company is told first, in the beginning of January


async def lost(folder: Path, database_url: str, *, until: str = "2027-01-20") -> str:
    """A town whose disk dies on that day, after a copy on the 1st of January; the URL of the copy."""
    async with town_at(folder, database_url, "2026-11-01") as town:
        await town.companies()
        await town.house()
        await town.until("2027-01-01")
        assert await town.hears(SERVICER) == []
    copy = await copy_made(database_url)
    async with town_at(folder, database_url, "2027-01-01") as town:
        await town.until(until)
        assert OFFER in await town.hears(SERVICER)
        await keep_mark(town.service.post, mark_of(town), town.service.clock.now())
    return copy


def mark_of(town: Town) -> MarkFile:
    file = town.service.watch.mark
    assert file is not None
    return file


async def state_of(town: Town) -> Restored | None:
    async with town.service.store.read() as connection:
        return await restored(connection)


async def starts(town: Town) -> Restored | None:
    """What every command that sends does first."""
    state = await observe(town.service.watch, town.service.clock.now())
    await town.run()
    return state


async def held_kinds(town: Town) -> list[tuple[str, str]]:
    async with town.service.store.read() as connection:
        return [(row.person_id, part["kind"]) for row in await held_messages(connection) for part in row.parts]


async def is_reconciled(town: Town, send: Sequence[int] = ()) -> None:
    """What the staff do on their page: what is not let go is dropped."""
    store, now = town.service.store, town.service.clock.now()
    async with store.write() as connection:
        if send:
            await decide(connection, store.pins.seal, Decision(True, STAFF, send), now)
        await reconcile(connection, store.pins.seal, STAFF, now)
    await town.run()


async def test_nobody_gets_januarys_messages_twice(tmp_path: Path, database_url: str):
    """The company was told on the 4th of January; the copy of the 1st does not know it, and never says it again."""
    copy = await lost(tmp_path, database_url)
    async with town_at(tmp_path, copy, "2027-01-22") as town:
        state = await starts(town)
        assert state is not None
        assert (state.why, state.held) == ("behind", True)
        assert (SERVICER, OFFER) in await held_kinds(town)
        await town.until("2027-01-26")
        assert await town.hears(SERVICER) == await town.hears(OWNER) == []
        await is_reconciled(town)
        await town.until("2027-01-28")
        assert OFFER not in await town.hears(SERVICER)
        await town.all_is_well()


async def test_what_was_missed_is_caught_up(tmp_path: Path, database_url: str):
    """The company did not answer on the copy's word: it is reminded in due time, and the plan goes on."""
    copy = await lost(tmp_path, database_url)
    async with town_at(tmp_path, copy, "2027-01-22") as town:
        await starts(town)
        await is_reconciled(town)
        await town.until("2027-02-20")
        assert await town.hears(SERVICER) != []
        assert (await town.case())["phase"] != "closed"
        await town.all_is_well()


async def test_what_came_due_after_the_loss_goes_out_once_it_is_reconciled(tmp_path: Path, database_url: str):
    """The disk dies on the 2nd, before the company was told anything; the copy comes up on the 22nd."""
    async with town_at(tmp_path, database_url, "2026-11-01") as town:
        await town.companies()
        await town.house()
        await town.until("2027-01-01")
    copy = await copy_made(database_url)
    async with town_at(tmp_path, copy, "2027-01-22") as town:
        watch, now = town.service.watch, town.service.clock.now()
        await mark_restored(watch, Restored(COMMAND, since=now, until=now - timedelta(days=20)))
        await town.run()
        assert await town.hears(SERVICER) == []
        async with town.service.store.read() as connection:
            left = await waiting(connection, town.service.clock.now())
        assert "paused: restored" in {message["why"] for message in left}
        await is_reconciled(town)
        assert await town.hears(SERVICER) == [OFFER]
        await town.all_is_well()


async def test_one_message_is_let_go_by_decision(tmp_path: Path, database_url: str):
    """The staff telephone the company and learn that the mail never came: it goes out, and nothing else does."""
    copy = await lost(tmp_path, database_url)
    async with town_at(tmp_path, copy, "2027-01-22") as town:
        await starts(town)
        async with town.service.store.read() as connection:
            rows = await held_messages(connection)
        wanted = [row.id for row in rows if row.person_id == SERVICER]
        await is_reconciled(town, wanted)
        assert await town.hears(SERVICER) == [OFFER]
        assert "notice_let_go" in await town.facts()
        assert await held_kinds(town) == []
        await town.all_is_well()


async def test_what_people_say_meanwhile_is_taken_in(tmp_path: Path, database_url: str):
    """It observes: the owner's word is heard and stands in the record; the answer waits."""
    copy = await lost(tmp_path, database_url)
    async with town_at(tmp_path, copy, "2027-01-22") as town:
        await starts(town)
        assert await town.says(OWNER, "担当者と話したいです") == []
        assert "matter_raised" in await town.facts()
        await is_reconciled(town)
        assert "reply_human" in await town.hears(OWNER)


async def test_a_link_of_a_forgotten_message_never_opens_anothers_page(tmp_path: Path, database_url: str):
    """Links name rows: what is written after the copy was put back begins far beyond all that was lost."""
    copy = await lost(tmp_path, database_url)
    async with town_at(tmp_path, copy, "2027-01-22") as town:
        mark = mark_of(town).read()
        assert mark is not None
        await starts(town)
        await is_reconciled(town)
        await town.says(OWNER, "担当者と話したいです")
        async with town.service.store.read() as connection:
            first = (await connection.execute(select(func.min(outbox.c.id)))).scalar_one()
        assert first >= mark.ids["outbox"] + APART > APART


async def test_an_ordinary_start_is_ordinary(tmp_path: Path, database_url: str):
    """Mark equal, or absent, or another database's: what was missed is caught up, as after any outage."""
    async with town_at(tmp_path, database_url, "2026-11-01") as town:
        await town.companies()
        await town.house()
        assert await starts(town) is None
        await keep_mark(town.service.post, mark_of(town), town.service.clock.now())
        assert await starts(town) is None
        strange = Mark("another", town.service.clock.now(), dict.fromkeys(("outbox", "attempts", "inbound"), 10**6))
        mark_of(town).write(strange)
        assert await starts(town) is None
        await town.skip_to("2027-01-22")
        assert await town.hears(SERVICER) == [OFFER]


async def test_a_copy_that_is_put_back_twice_is_known_twice(tmp_path: Path, database_url: str):
    """Reconciled, and the new disk dies as well."""
    copy = await lost(tmp_path, database_url)
    again = await copy_made(copy, "again")
    async with town_at(tmp_path, copy, "2027-01-22") as town:
        await starts(town)
        await is_reconciled(town)
        await keep_mark(town.service.post, mark_of(town), town.service.clock.now())
        assert await starts(town) is None
    async with town_at(tmp_path, again, "2027-01-25") as town:
        assert await starts(town) is not None


async def test_a_crash_in_the_middle_of_marking_is_gone_on_from(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    """Marked and committed, then dead before what it would have said lay aside: the next start does that first."""
    copy = await lost(tmp_path, database_url)

    async def died(*_: object) -> None:
        raise KeyboardInterrupt

    async with town_at(tmp_path, copy, "2027-01-22") as town:
        watch, now = town.service.watch, town.service.clock.now()
        with monkeypatch.context() as patch:
            patch.setattr("scheduler.restoring.decide", died)
            with pytest.raises(KeyboardInterrupt):
                await observe(watch, now)
        half = await state_of(town)
        assert half is not None
        assert not half.held
        whole = await starts(town)
        assert whole is not None
        assert whole.held
        assert await town.hears(SERVICER) == []
        assert (SERVICER, OFFER) in await held_kinds(town)


def test_a_mark_that_tells_nothing_is_no_ordinary_start(tmp_path: Path):
    """It might have told of a copy: people look first."""
    file = MarkFile(tmp_path / "engawa.mark")
    assert file.read() is None
    file.path.write_text("{", "utf-8")
    with pytest.raises(MarkError, match="ENGAWA_MARK_FILE"):
        file.read()


async def test_killed_again_and_again_the_mark_is_whole_and_never_ahead(tmp_path: Path, database_url: str):
    """kill -9 at any moment between commit and mark: the next start is an ordinary one."""
    async with town_at(tmp_path, database_url, "2026-11-01") as town:
        await town.companies()
        await town.house()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ENGAWA_")},
        "ENGAWA_DATABASE_URL": database_url,
        "ENGAWA_KEY_FILE": str(tmp_path / "engawa.key"),
        "ENGAWA_MAIL_DIR": str(tmp_path / "mail"),
    }
    for number in range(4):
        root, pipe = Path(__file__).parents[2], asyncio.subprocess.PIPE
        command = (sys.executable, "-c", MARKS)
        process = await asyncio.create_subprocess_exec(*command, env=environment, cwd=root, stdout=pipe)
        assert process.stdout is not None
        for _ in range(3 + number):
            assert await process.stdout.readline()  # one line for every commit
        process.send_signal(signal.SIGKILL)
        await process.wait()
        async with town_at(tmp_path, database_url, "2026-11-02") as town:
            async with town.service.store.read() as connection:
                here = await stands_at(connection, town.service.clock.now())
            mark = mark_of(town).read()
            assert mark is not None
            assert all(mark.ids[name] <= here.ids[name] for name in here.ids)
            assert await observe(town.service.watch, town.service.clock.now()) is None


MARKS = """
import asyncio, os, uuid
from main import open_service, read_settings
from scheduler.restoring import keep_mark
from storage.inbound import keep

async def work():
    async with open_service(read_settings(os.environ), os.environ) as service:
        while True:
            async with service.store.write() as connection:
                await keep(connection, "chat", uuid.uuid4().hex, {"text": "x"}, service.clock.now())
            print("committed", flush=True)
            await keep_mark(service.post, service.watch.mark, service.clock.now())

asyncio.run(work())
"""
