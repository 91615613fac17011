"""`engawa serve` as those see it who look after it: its figures, its log, and the watch outside."""

import asyncio
import json
import re
from pathlib import Path

import httpx2

from tests.bot.cli.test_serve import OWNER, serving, stopped
from tests.stories.test_heartbeat import PATH, Watch, watch
from tests.stories.town import town_at

__all__ = ["watch"]


async def rings(client: httpx2.AsyncClient, link: str) -> None:
    """Somebody writes on their page, which wakes the rounds."""
    mark = re.search(r'name="stamp" value="([^"]+)"', (await client.get(link)).text)
    assert mark is not None
    await client.post(link, data={"stamp": mark.group(1), "text": "次の点検はいつですか"})


async def moved_in(folder: Path) -> str:
    """A house; the path of its owner's page."""
    async with town_at(folder, f"sqlite:///{folder / 'engawa.db'}", "2026-11-01") as town:
        await town.companies()
        await town.house()
        return town.service.links.person(OWNER).removeprefix(town.service.settings.public_url)


async def test_the_auditor_runs_by_itself_and_the_watch_hears(tmp_path: Path, watch: Watch):
    """Within the service, with nobody asking for it; the figures tell of it, to this machine alone."""
    link = await moved_in(tmp_path)
    async with serving(tmp_path, ENGAWA_HEARTBEAT_URL=watch.url) as (process, host, _):
        async with httpx2.AsyncClient(base_url=host) as client, asyncio.timeout(120):
            while not watch.calls:
                await rings(client, link)
            figures = (await client.get("/metrics")).text
            stranger = await client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
        status, errors = await stopped(process)
    assert status == 0, errors
    assert watch.calls == [("GET", PATH)]
    assert "engawa_audit_last_clean_seconds 0.0" in figures
    assert 'engawa_houses{state="mandated"} 1.0' in figures
    assert stranger.status_code == 404
    events = [json.loads(line) for line in errors.splitlines()]
    assert {one["event"] for one in events} <= {"heartbeat_withheld", "heartbeat_heard"}
    assert "heartbeat_heard" in {one["event"] for one in events}
    assert "walrus" not in errors


async def test_when_the_record_was_changed_the_watch_hears_nothing(tmp_path: Path, watch: Watch):
    """The service goes on, and says in its figures and in its log why it keeps silent."""
    link = await moved_in(tmp_path)
    url, forgery = f"sqlite:///{tmp_path / 'engawa.db'}", "UPDATE facts SET at = at - 86400 WHERE house_id = 'H1'"
    async with town_at(tmp_path, url, "2026-11-01") as town, town.service.store.write() as connection:
        await connection.exec_driver_sql(f"{forgery} AND seq = 1")
    async with serving(tmp_path, ENGAWA_HEARTBEAT_URL=watch.url) as (process, host, _):
        async with httpx2.AsyncClient(base_url=host) as client, asyncio.timeout(120):
            while 'engawa_audit_findings_by_kind{kind="fact_changed"} 1.0' not in (await client.get("/metrics")).text:
                await rings(client, link)
            await rings(client, link)
        _, errors = await stopped(process)
    assert watch.calls == []
    events = [json.loads(line) for line in errors.splitlines()]
    assert {one["event"] for one in events} >= {"audit_found", "heartbeat_withheld"}
    assert next(one["kinds"] for one in events if one["event"] == "audit_found") == ["fact_changed"]
