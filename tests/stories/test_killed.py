"""kill -9 at any moment loses nothing, and what it repeats is bounded, the same bytes, and on record."""

import asyncio
import os
import signal
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot.cli.imports import take_files
from bot.config import Settings
from bot.core.days import TOKYO
from main import open_service
from storage.tables import outbox
from tests.stories.houses import write_houses

KILLS = 4
DAY = date(2027, 6, 1)


@dataclass(frozen=True)
class Drill:
    """So many owners, a kill after so many mails (and a few more each time), and how many one may repeat."""

    houses: int
    after: int
    bound: int


@pytest.mark.parametrize("drill", [Drill(300, 30, bound=100), Drill(40, 5, bound=4)], ids=["under load", "ordinary"])
async def test_killed_again_and_again_in_the_middle_of_a_dispatch(
    tmp_path: Path, database_url: str, smtp_sink, drill: Drill
):
    """Four kills: everybody gets the message, and nobody's differs when it comes twice.

    Under load a kill repeats at most the batch in hand, in ordinary running one mail for each of four connections.
    """
    environment = {
        **os.environ,
        "ENGAWA_DATABASE_URL": database_url,
        "ENGAWA_KEY_FILE": str(tmp_path / "engawa.key"),
        "ENGAWA_FILES_DIR": str(tmp_path / "files"),
        "ENGAWA_SMTP_URL": smtp_sink.url,
        "ENGAWA_MAIL_FROM": "engawa@example.jp",
    }
    settings = Settings(
        database_url=database_url,
        key_file=tmp_path / "engawa.key",
        now=datetime.combine(DAY, time(8), TOKYO),
    )
    async with open_service(settings, {}) as service:
        await take_files(service, write_houses(tmp_path, drill.houses))
    for kill in range(KILLS):
        process = await run(environment)
        enough = len(smtp_sink.messages) + drill.after + kill * drill.after // 2
        await smtp_sink.arrived(lambda got, enough=enough: len(got) >= enough)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    for _ in range(3):  # a server that was busy just now is asked again
        last = await run(environment)
        assert await last.wait() == 0
        await waits_are_over(settings)
    await check(smtp_sink, settings, drill)
    audit = await run(environment, "audit")
    assert await audit.wait() == 0


async def waits_are_over(settings: Settings) -> None:
    async with open_service(settings, {}) as service, service.store.write() as connection:
        await connection.execute(update(outbox).values(retry_at=None))


async def run(environment: dict[str, str], *command: str) -> asyncio.subprocess.Process:
    words = command or ("run-once", "--at", f"{DAY}T10:00:00+09:00")
    code = "from bot.cli.app import main; main()"
    root = Path(__file__).parents[2]
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, *words), cwd=root, env=environment, stdout=asyncio.subprocess.DEVNULL
    )


async def check(sink, settings: Settings, drill: Drill) -> None:
    copies: dict[str, list[bytes]] = defaultdict(list)
    for mail in sink.messages:
        copies[mail.parsed()["Message-ID"]].append(mail.content)
    owners = {mail.recipients[0] for mail in sink.messages if mail.recipients[0].startswith("o")}
    assert len(owners) == drill.houses
    assert all(len(set(same)) == 1 for same in copies.values())
    repeated = sum(len(same) - 1 for same in copies.values())
    assert repeated <= KILLS * drill.bound
    async with open_service(settings, {}) as service, service.store.read() as connection:
        left = select(func.count()).select_from(outbox).where(outbox.c.state.in_(("waiting", "sending")))
        staff = left.where(outbox.c.channel == "email")
        assert (await connection.execute(staff)).scalar_one() == 0
        again = select(func.sum(outbox.c.attempts - 1)).where(outbox.c.state == "sent", outbox.c.channel == "email")
        assert (await connection.execute(again)).scalar_one() >= repeated
