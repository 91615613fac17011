"""Somebody outside is told every few minutes that all is well, and hears nothing when it is not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
import structlog
from aiohttp import web
from sqlalchemy import text

from bot.channels.heartbeat import Outside
from bot.config import SettingsError
from main import heartbeat, read_settings
from scheduler import run
from scheduler.auditing import audit_on
from scheduler.clock import Clock
from scheduler.heartbeat import Heartbeat
from tests.stories.town import Town

PATH = "/ping/3e6f1a2b-secret-walrus"


@dataclass
class Watch:
    """A dead man's switch on loopback: what it was asked, and how it answers."""

    url: str = ""
    calls: list[tuple[str, str]] = field(default_factory=list)
    answers: str = "ok"
    called: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, request: web.Request) -> web.StreamResponse:
        self.calls.append((request.method, request.path))
        self.called.set()
        if self.answers == "hang":
            await asyncio.sleep(3600)
        if self.answers == "elsewhere":
            raise web.HTTPFound("/other")
        return web.Response(status=503 if self.answers == "broken" else 200)


@pytest_asyncio.fixture
async def watch() -> AsyncIterator[Watch]:
    found, app = Watch(), web.Application()
    app.router.add_route("*", "/{any:.*}", found.hear)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    yield found
    await runner.cleanup()


async def audited(town: Town) -> None:
    while await audit_on(town.service.post, town.service.clock.now()):
        pass


async def beats(town: Town, watch: Watch, patience: float = 5.0) -> list[dict[str, Any]]:
    """One whole round of the service; what the log is told."""
    heart = Heartbeat(town.service.store, Outside(watch.url, patience))
    with structlog.testing.capture_logs() as told:
        heart.round_done(town.service.clock.now())
        assert heart._going is not None
        await heart._going
        await heart.close()
    return [dict(one) for one in told]


async def test_while_all_is_well_it_is_called(town: Town, watch: Watch):
    """The auditor has been through and found nothing."""
    await town.house()
    await audited(town)
    told = await beats(town, watch)
    assert watch.calls == [("GET", PATH)]
    assert [one["event"] for one in told] == ["heartbeat_heard"]


async def test_before_the_auditor_has_been_through_nobody_is_told(town: Town, watch: Watch):
    """Nobody knows yet whether it is well."""
    assert [one["event"] for one in await beats(town, watch)] == ["heartbeat_withheld"]
    assert watch.calls == []


async def test_it_stops_when_something_is_found_and_comes_back_when_it_is_mended(town: Town, watch: Watch):
    """So that the outside alarms."""
    await town.house()
    await audited(town)
    async with town.service.store.write() as connection:
        await connection.execute(text("UPDATE facts SET at = at - 5 WHERE house_id = 'H1' AND seq = 1"))
    await town.skip_clock("2026-11-02")
    await audited(town)
    await beats(town, watch)
    assert watch.calls == []
    async with town.service.store.write() as connection:
        await connection.execute(text("UPDATE facts SET at = at + 5 WHERE house_id = 'H1' AND seq = 1"))
    await town.skip_clock("2026-11-03")
    await audited(town)
    await beats(town, watch)
    assert len(watch.calls) == 1


@pytest.mark.parametrize(("later", "calls"), [(timedelta(hours=47), 1), (timedelta(hours=49), 0)])
async def test_it_stops_when_the_auditor_does(town: Town, watch: Watch, later: timedelta, calls: int):
    """A clean run of the day before yesterday says nothing about today."""
    await audited(town)
    town.service.clock.fixed = town.service.clock.now() + later
    await beats(town, watch)
    assert len(watch.calls) == calls


@pytest.mark.parametrize(("answers", "why"), [("broken", "503"), ("elsewhere", "302"), ("hang", "TimeoutError")])
async def test_a_watch_that_is_out_of_order_holds_up_nothing(town: Town, watch: Watch, answers: str, why: str):
    """It is told to the log, without the address, which is a key; nothing is followed elsewhere."""
    await audited(town)
    watch.answers = answers
    told = await beats(town, watch, patience=0.2)
    assert len(watch.calls) == 1
    assert [one["event"] for one in told] == ["heartbeat_unheard"]
    assert why in told[0]["why"]
    assert "walrus" not in str(told)


async def test_nobody_there(town: Town):
    """A machine that is gone is no error of ours."""
    await audited(town)
    told = await beats(town, Watch(f"http://127.0.0.1:1{PATH}"))
    assert [one["event"] for one in told] == ["heartbeat_unheard"]
    assert "walrus" not in str(told)


async def test_the_rounds_go_on_while_it_hangs(town: Town, watch: Watch, monkeypatch: pytest.MonkeyPatch):
    """Round after round, with one call under way and no second one; the end waits for nobody."""
    await audited(town)
    watch.answers = "hang"
    heart, rounds = Heartbeat(town.service.store, Outside(watch.url, 3600.0), every=0.0), asyncio.Semaphore(0)
    monkeypatch.setattr(run, "PAUSE", 0.0)
    told = heart.round_done

    def counted(now):
        told(now)
        rounds.release()

    monkeypatch.setattr(Heartbeat, "round_done", lambda _, now: counted(now))
    post, understanding = town.service.post, town.service.understanding
    going = asyncio.create_task(run.run_for_ever(post, understanding, Clock(town.service.clock.now()), heart))
    async with asyncio.timeout(60):
        await watch.called.wait()
        for _ in range(5):
            await rounds.acquire()
        post.closing.set()
        understanding.bell.set()
        await going
        await heart.close()
    assert len(watch.calls) == 1


async def test_a_round_that_fails_is_no_sign_of_life(town: Town, watch: Watch, monkeypatch: pytest.MonkeyPatch):
    """Rounds that go on and do nothing are no rounds."""
    await audited(town)
    heart, rounds = Heartbeat(town.service.store, Outside(watch.url), every=0.0), asyncio.Semaphore(0)

    async def fails(*_):
        rounds.release()
        raise OSError("the disk is full")

    monkeypatch.setattr(run, "PAUSE", 0.0)
    monkeypatch.setattr(run, "decide", fails)
    post, understanding = town.service.post, town.service.understanding
    going = asyncio.create_task(run.run_for_ever(post, understanding, Clock(town.service.clock.now()), heart))
    async with asyncio.timeout(60):
        for _ in range(3):
            await rounds.acquire()
        post.closing.set()
        understanding.bell.set()
        await going
        await heart.close()
    assert watch.calls == []


async def test_only_the_living_service_beats(town: Town):
    """A shadow beside it would keep the watch quiet."""
    service = town.service
    assert heartbeat(service) is None
    given = {"ENGAWA_HEARTBEAT_URL": f"https://hc.example{PATH}"}
    object.__setattr__(service, "settings", read_settings(given))
    heart = heartbeat(service)
    assert heart is not None
    assert "walrus" not in repr(heart)
    await heart.close()
    object.__setattr__(service, "settings", read_settings(given | {"ENGAWA_SHADOW": "true"}))
    assert heartbeat(service) is None


@pytest.mark.parametrize(
    "url", ["hc.example/ping", "ftp://hc.example/x", "https:///x", "https://hc.example:0/", "https://h:99999/"]
)
def test_an_address_that_cannot_be_is_refused_at_the_start(url: str):
    """In one line that does not repeat it."""
    with pytest.raises(SettingsError, match="ENGAWA_HEARTBEAT_URL must be") as refused:
        read_settings({"ENGAWA_HEARTBEAT_URL": url})
    assert url not in str(refused.value)
