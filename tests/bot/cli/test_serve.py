"""`engawa serve`, the real process: it answers, runs what is due, stops when told, and keeps keys to itself."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select, update

from bot.cli.serve import reached_at
from engawa_fakes.telegram import FakeTelegram
from storage.tables import outbox
from tests.stories.town import town_at

OWNER = "owner:O-H1"
COMMAND = [sys.executable, "-c", "from bot.cli.app import main; main()", "serve", "--port", "0"]


def environment(folder: Path, now: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAWA_")}
    return kept | {
        "ENGAWA_DATABASE_URL": f"sqlite:///{folder / 'engawa.db'}",
        "ENGAWA_KEY_FILE": str(folder / "engawa.key"),
        "ENGAWA_MAIL_DIR": str(folder / "mail"),
        "ENGAWA_FILES_DIR": str(folder / "files"),
        "ENGAWA_NOW": now,
    }


@asynccontextmanager
async def serving(
    folder: Path, *more: str, now: str = "2027-02-01", **settings: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str, str]]:
    """The process, where it listens, and the path of the staff's entrance."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *more,
        env=environment(folder, now) | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        where, entrance, draft = [(await process.stdout.readline()).decode() for _ in range(3)]
        host = re.search(r"http://127\.0\.0\.1:\d+", where)
        path = re.search(r"/staff/enter/\S+", entrance)
        assert host, where
        # Nobody said how people reach it, so the entrance is where it listens.
        assert f" {host.group()}/staff/enter/" in entrance
        assert path, entrance
        assert "consent" in draft  # said once, as long as the text is a draft
        yield process, host.group(), path.group()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def stopped(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """Exit status and everything on stderr after SIGTERM."""
    process.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, errors.decode()


async def until_page_has(client: httpx2.AsyncClient, path: str, words: str) -> None:
    """Asks again as soon as it was answered; no time is guessed."""
    async with asyncio.timeout(60):
        while words not in (await client.get(path)).text:
            pass


async def test_it_sends_what_is_due_answers_and_stops(tmp_path: Path):
    """The rounds ask the owner, the page takes the answer, SIGTERM ends it cleanly; no key is in its log."""
    async with town_at(tmp_path, f"sqlite:///{tmp_path / 'engawa.db'}", "2026-11-01") as town:
        await town.companies()
        await town.house()
        link = town.service.links.person(OWNER).removeprefix(town.service.settings.public_url)
    async with serving(tmp_path) as (process, host, entrance):
        async with httpx2.AsyncClient(base_url=host) as client:
            await until_page_has(client, link, "5年目の点検")
            page = (await client.get(link)).text
            mark = re.search(r'name="stamp" value="([^"]+)"', page)
            assert mark is not None
            said = await client.post(
                link, data={"stamp": mark.group(1), "text": "担当者と話したい"}, follow_redirects=True
            )
            assert "担当者と話したい" in said.text
            assert (await client.get("/readyz")).status_code == 200
            assert (await client.get(entrance)).status_code == 200
        status, errors = await stopped(process)
    assert status == 0, errors
    token = link.rpartition("/")[2]
    assert token not in errors
    assert entrance.rpartition("/")[2] not in errors


def test_what_listens_everywhere_is_reached_on_loopback():
    """No browser opens 0.0.0.0 with certainty."""
    with socket.create_server(("0.0.0.0", 0)) as listening:
        assert reached_at(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"


async def test_only_one_runs_the_rounds(tmp_path: Path):
    """A second service on the same database says so and leaves; for the pages alone there is room."""
    async with serving(tmp_path) as (process, _, _):
        second = await asyncio.create_subprocess_exec(
            *COMMAND, env=environment(tmp_path, "2027-02-01"), stderr=asyncio.subprocess.PIPE
        )
        _, errors = await asyncio.wait_for(second.communicate(), 60)
        assert second.returncode == 5
        assert b"at work on this database" in errors
        async with serving(tmp_path, "--role", "web") as (pages, host, _):
            async with httpx2.AsyncClient(base_url=host) as client:
                assert (await client.get("/healthz")).text == "ok\n"
            assert (await stopped(pages))[0] == 0
        assert (await stopped(process))[0] == 0


async def states(folder: Path) -> list[str]:
    url = f"sqlite:///{folder / 'engawa.db'}"
    async with town_at(folder, url, "2027-02-01") as town, town.service.store.read() as connection:
        return list((await connection.execute(select(outbox.c.state).order_by(outbox.c.id))).scalars())


async def run_once_there(folder: Path) -> int | None:
    command = [*COMMAND[:3], "run-once"]
    run = await asyncio.create_subprocess_exec(
        *command, env=environment(folder, "2027-02-01"), stdout=asyncio.subprocess.DEVNULL
    )
    return await asyncio.wait_for(run.wait(), 60)


async def test_what_the_pages_are_sending_is_theirs_until_they_die(tmp_path: Path):
    """The rounds leave a living process what it holds, and take it back at once when it was killed."""
    async with town_at(tmp_path, f"sqlite:///{tmp_path / 'engawa.db'}", "2027-02-01") as town:
        await town.companies()
        await town.house()
        await town.run()
        async with town.service.store.write() as connection:
            held = {"state": "sending", "lease": "x", "lease_until": datetime(2100, 1, 1, tzinfo=UTC)}
            await connection.execute(update(outbox).values(**held))
    async with serving(tmp_path, "--role", "web") as (pages, _, _):
        assert await run_once_there(tmp_path) == 0
        assert set(await states(tmp_path)) == {"sending"}
        pages.kill()
        await pages.wait()
        assert await run_once_there(tmp_path) == 0
        assert "sending" not in await states(tmp_path)


async def test_a_port_that_is_taken_is_one_plain_line(tmp_path: Path):
    """No traceback for what the operator can mend."""
    async with serving(tmp_path) as (_, host, _):
        process = await asyncio.create_subprocess_exec(
            *COMMAND[:-1],
            host.rpartition(":")[2],
            env=environment(tmp_path, "2027-02-01"),
            stderr=asyncio.subprocess.PIPE,
        )
        _, errors = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 1
        assert errors.decode().startswith("engawa: cannot listen on")
        assert errors.decode().count("\n") == 1


async def test_ctrl_c_ends_it_as_well(tmp_path: Path):
    """It is as clean as SIGTERM."""
    async with serving(tmp_path) as (process, _, _):
        process.send_signal(signal.SIGINT)
        _, errors = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 0, errors
        assert b"Traceback" not in errors


@pytest.mark.parametrize("secret", ["", "whisper"], ids=["asking", "called"])
@pytest.mark.parametrize("shadow", ["true", "false"])
async def test_a_shadow_takes_nothing_from_the_living_service(
    tmp_path: Path, fake_telegram: FakeTelegram, shadow: str, secret: str
):
    """No updates are asked for, and no webhook is set: both would turn the platform away from whoever really serves."""
    settings = {
        "ENGAWA_SHADOW": shadow,
        "ENGAWA_TELEGRAM_TOKEN": fake_telegram.token,
        "ENGAWA_TELEGRAM_API_BASE": fake_telegram.api,
        "ENGAWA_TELEGRAM_WEBHOOK_SECRET": secret,
    }
    fake_telegram.insists_on_https = False
    async with serving(tmp_path, **settings) as (process, host, _):
        async with httpx2.AsyncClient(base_url=host) as client:
            async with asyncio.timeout(60):
                while (await client.get("/readyz")).status_code != 200 or (
                    shadow == "false" and not fake_telegram.calls
                ):
                    pass
        assert (await stopped(process))[0] == 0
    assert bool(fake_telegram.calls) == (shadow == "false")
