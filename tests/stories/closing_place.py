"""A company with many houses that closes: where the service lives, how commands are killed, and what people answer."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select

from bot.channels import chat
from bot.config import Settings
from bot.core.allotment import QUEUE
from bot.core.days import TOKYO
from bot.core.people import STAFF_DESK
from main import Service, open_service
from scheduler.run import run_once, take_over
from storage.audit.orphans import orphans
from storage.audit.span import Span
from storage.inbound import keep
from storage.tables import addresses, cases, facts, houses, people

ROOT = Path(__file__).parents[2]
SATO, FEE = "staff:sato", 30_000
Count = Callable[[Service], Awaitable[int]]


class Place:
    """Where the service lives, and how it is called.

    ``now`` is its civil now in everything that begins there, ``more`` are its settings of channels.
    """

    def __init__(self, folder: Path, database_url: str, day: date, **more: str) -> None:
        self.folder, self.database_url = folder, database_url
        self.now = datetime.combine(day, time(10), TOKYO)
        self.more = more

    @property
    def settings(self) -> Settings:
        key_file, files_dir = self.folder / "engawa.key", self.folder / "files"
        return Settings(database_url=self.database_url, now=self.now, key_file=key_file, files_dir=files_dir)

    def opened(self) -> AbstractAsyncContextManager[Service]:
        return open_service(self.settings, self.more)

    async def killed_at(self, many: int, count: Count, *words: str) -> None:
        """The command is killed once so many are done; one that is quicker than that has ended.

        The more there are, the more seldom we look: looking takes from it what it works with.
        """
        process = await self.begin(*words)
        ended = asyncio.ensure_future(process.wait())
        async with self.opened() as service:
            while not ended.done() and await count(service) < many:
                await asyncio.wait([ended], timeout=max(0.05, many / 1000))
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await ended

    async def ends(self, *words: str) -> int:
        process = await self.begin(*words)
        return await process.wait()

    async def begin(self, *words: str, out: int = asyncio.subprocess.DEVNULL) -> asyncio.subprocess.Process:
        environment = {
            **os.environ,
            "ENGAWA_DATABASE_URL": self.database_url,
            "ENGAWA_KEY_FILE": str(self.folder / "engawa.key"),
            "ENGAWA_FILES_DIR": str(self.folder / "files"),
            "ENGAWA_NOW": self.now.isoformat(),
            **self.more,
        }
        code = "from bot.cli.app import main; main()"
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", code, *words), cwd=ROOT, env=environment, stdout=out
        )


async def goes_on(service: Service, now: datetime) -> None:
    """What `engawa run-once` does after whoever ran before was killed."""
    await take_over(service.post, service.database, now)
    await run_once(service.post, service.understanding, now)


async def supervisor(service: Service) -> None:
    async with service.store.write() as connection:
        await connection.execute(insert(people).values(id=SATO, name="佐藤", staff_role="supervisor"))


async def everybody_chats(service: Service) -> None:
    """Owners and companies are reached on their own pages."""
    mine = select(people.c.id).where(people.c.id.startswith("owner:") | people.c.id.startswith("servicer:"))
    async with service.store.write() as connection:
        found = (await connection.execute(mine)).scalars().all()
        rows = [{"person_id": person, "channel": chat.NAME, "address": person, "rank": -1} for person in found]
        await connection.execute(insert(addresses), rows)


async def companies_answer(service: Service, now: datetime) -> int:
    """Each takes on what it is asked about, for its price; of every seventh house the first that is asked does not.

    Their answers have arrived, and nobody has read them yet; how many houses there were.
    """
    said: list[tuple[str, str, str]] = []
    found = await _candidacies(service, accepted=False)
    for row, candidacy in found:
        about = f"{row.id}:{row.round}"
        company = candidacy["servicer"]
        if int(row.house_id[1:]) % 7 == 0 and len(candidacy["queue"]) == QUEUE:
            said.append((company, "", f"turn_down:{about}"))
        else:
            said.append((company, "", f"take_on:{about}"))
            said.append((company, "3万円です", ""))
            said.append((company, "", f"yes:{about}:ask_fee"))
    await _arrive(service, said, now)
    return len(found)


async def owners_agree(service: Service, now: datetime) -> int:
    """Every owner to whom a company was introduced agrees to it. Their answers wait to be read."""
    found = await _candidacies(service, accepted=True)
    answers = [(f"owner:O{int(row.house_id[1:])}", "", f"agree:{row.id}:{row.round}") for row, _ in found]
    await _arrive(service, answers, now)
    return len(found)


async def _candidacies(service: Service, *, accepted: bool) -> list[tuple[Any, dict[str, Any]]]:
    query = select(cases).where(cases.c.phase != "closed").order_by(cases.c.id)
    async with service.store.read() as connection:
        rows = (await connection.execute(query)).all()
    found = [(row, row.state["candidacy"]) for row in rows if row.state["candidacy"]]
    return [(row, candidacy) for row, candidacy in found if candidacy["accepted"] is accepted]


async def _arrive(service: Service, said: Iterable[tuple[str, str, str]], now: datetime) -> None:
    async with service.store.write() as connection:
        for person, text, action in said:
            key = uuid4().hex
            raw = {"event_id": key, "person_id": person, "at": now.isoformat(), "text": text, "action": action}
            await keep(connection, chat.NAME, key, {**raw, "files": []}, now)


def told(kind: str) -> Count:
    """How many facts of a kind there are."""
    return lambda service: counted(service, select(func.count()).select_from(facts).where(facts.c.kind == kind))


async def left(service: Service) -> int:
    """Houses that the company still has."""
    return await counted(service, select(func.count()).select_from(houses).where(houses.c.servicer_id == "B1"))


async def orphaned(service: Service, now: datetime) -> list[str]:
    """Works and cases without a holder or a day, as the auditor finds them."""
    async with service.store.read() as connection:
        return [f"{one.kind} {one.where}" async for one in orphans(connection, Span(), now)]


async def nobodys(service: Service, now: datetime) -> list[str]:
    """The same once the company has closed: nothing is its own any more, and nothing at a desk without a name."""
    gone = select(cases.c.id).where(cases.c.phase != "closed", cases.c.holder.in_(("servicer:B1", STAFF_DESK)))
    async with service.store.read() as connection:
        held = (await connection.execute(gone)).scalars().all()
    return [*await orphaned(service, now), *held]


async def counted(service: Service, query: Any) -> int:
    async with service.store.read() as connection:
        return int((await connection.execute(query)).scalar_one())
