"""A day on which everything fails now and then: what was planned is said, once, and what people said is heard, once.

Two web processes and two workers, LINE and mail on loopback. While the day's notices go out and owners write back, at
every few messages something breaks.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from sqlalchemy import insert, make_url

from bot.cli.bench.town import QUIET_DAY, due_days, settle
from bot.cli.imports import take_files
from bot.config import Settings
from bot.core.days import morning
from engawa_fakes import Arrival, Trouble
from engawa_fakes.line import FakeLine
from engawa_fakes.mail import FakeMail
from main import Service, open_service
from storage.audit import audit
from storage.tables import addresses
from tests.counterparts.redis import RedisServer
from tests.stories.houses import write_houses
from tests.stories.processes import Processes, environment

LATER = [QUIET_DAY + timedelta(days=n) for n in range(15, 55)]
A_DAY = 0.023  # of all houses are due on one day
QUESTION = "次の点検はいつですか"
MAIL_TROUBLES = (Trouble.BUSY, Trouble.DROPPED, Trouble.LOST)
LINE_TROUBLES = (Trouble.BUSY, Trouble.BROKEN, Trouble.LOST, Trouble.SILENT)
DAY = morning(QUIET_DAY, 10)
NOW = int(DAY.timestamp())  # as the rows have it
GONE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
# What comes second for somebody waits for the next morning, which is not of this day.
LEFT = "select count(*) from outbox where state = any($1) and channel in ('line', 'email') and send_at <= $2"
AT_ONCE = "update outbox set retry_at = null where state = 'waiting' and retry_at is not null"
NEW = "select count(*) from inbound where state in ('new', 'failed')"
ASKED = "select state, count(*) from inbound where channel = 'line' group by state"
ROWS = "select channel, address, state, count(*) as many from outbox where send_at <= $1 group by 1, 2, 3"
HOUSES = "select count(distinct house_id) from cases"
PLANNED = "select distinct person_id from outbox where person_id like 'owner:%'"
BEGUN = "select coalesce(sum(attempts), 0) from outbox where channel = 'email'"
ANSWERED = (
    "select count(*) from attempts join outbox on outbox.id = attempts.outbox_id"
    " where channel = 'email' and answer <> 'unknown'"
)
EYE = "eye"  # what our own connections call themselves
CUT = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
OTHERS = f"{CUT} and application_name <> '{EYE}'"


@dataclass
class Day:
    """The houses, the platforms, what is at work, and connections of our own to look with."""

    processes: Processes
    line: FakeLine
    mail: FakeMail
    redis: RedisServer
    eye: asyncpg.Pool
    owners: list[str]
    due: int
    webs: dict[str, str] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)

    @property
    def told(self) -> int:
        return len(self.line.sent) + len(self.mail.mails)

    async def begin(self) -> None:
        for name in ("a", "b"):
            await self.processes.worker(name)
        for name in ("left", "right"):
            self.webs[name] = await self.processes.web(name)

    async def kill_worker(self, name: str) -> None:
        await self.processes.kill(name)
        await self.processes.worker(name)

    async def kill_web(self, name: str) -> None:
        await self.processes.kill(name)
        self.webs[name] = await self.processes.web(name)

    async def cut_database(self) -> None:
        """Every connection but ours."""
        await self.eye.execute(OTHERS)

    async def platforms_fail(self) -> None:
        self.mail.next(*MAIL_TROUBLES)
        self.line.next(*LINE_TROUBLES)

    def faults(self) -> Iterator[Callable[[], Awaitable[None]]]:
        """One after the other, over and over."""
        return cycle(
            [
                self.platforms_fail,
                lambda: self.kill_worker("a"),
                self.redis.flush,
                self.cut_database,
                lambda: self.kill_web("left"),
                self.platforms_fail,
                lambda: self.kill_worker("b"),
                lambda: self.kill_web("right"),
            ]
        )

    async def left(self, states: Sequence[str] = ("waiting", "sending")) -> int:
        """What is still to be sent or to be understood; what waits to be tried again is tried at once."""
        await self.eye.execute(AT_ONCE)
        return int(await self.eye.fetchval(LEFT, states, NOW) + await self.eye.fetchval(NEW))

    async def rests(self) -> bool:
        """Whether nothing goes on any more; what a killed worker held may lie there still."""
        return await self.eye.fetchval(HOUSES) == self.due and not await self.left(("waiting",))


async def asks(day: Day, user: str) -> None:
    """As LINE does: each event twice, to the one or the other web process, until somebody has taken it."""
    for call in day.line.requests(day.line.people.say(user, QUESTION), how=(Arrival.TWICE,)):
        for name in cycle(("left", "right")):
            if await taken(f"{day.webs[name]}/webhooks/line", call.body, call.headers):
                break


async def taken(url: str, body: bytes, headers: dict[str, str]) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def everybody_asks(day: Day) -> None:
    """Whoever was told on LINE writes back once."""
    while len(day.heard) < len(day.owners):
        for user in {sent.user for sent in day.line.sent} - day.heard:
            await asks(day, user)
            day.heard.add(user)
        await day.left()


async def lives(day: Day, troubles: int) -> None:
    """The day, with so many troubles spread over what is to be said."""
    await day.begin()
    asking = asyncio.create_task(everybody_asks(day))
    faults, step = day.faults(), max(day.due * 2 // troubles, 1)
    for number in range(1, troubles + 1):
        while day.told < number * step and not await day.rests():
            continue
        await next(faults)()
    assert await day.processes.end("a", "b") == [0, 0]
    for name in ("a", "b"):
        await day.processes.worker(name)
    await asking
    while await day.left():
        continue
    assert await day.processes.end(*day.processes.at_work) == [0, 0, 0, 0]


async def check(day: Day, service: Service) -> None:
    """All that was planned was said, nothing twice beyond what nobody can know; every question was heard once."""
    rows = await day.eye.fetch(ROWS, NOW)
    states: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        states[row["channel"], row["address"], row["state"]] = row["many"]
    assert {state for _, _, state in states} <= {"sent", "dropped", "unknown", "moved", "paper"}
    for channel, got in (("line", reached_by_line(day)), ("email", reached_by_mail(day))):
        for address in {at for way, at, _ in states if way == channel} | set(got):
            sent, unknown = states[channel, address, "sent"], states[channel, address, "unknown"]
            assert sent <= got[address] <= sent + unknown, (channel, address)
    assert await day.eye.fetchval(HOUSES) == day.due
    assert {row["person_id"] for row in await day.eye.fetch(PLANNED)} == {f"owner:O{n}" for n in range(day.due)}
    answered = await day.eye.fetchval(ANSWERED)
    assert copies(day) <= await day.eye.fetchval(BEGUN) - answered  # of what came twice nobody knew that it had come
    assert dict(await day.eye.fetch(ASKED)) == {"done": len(day.owners)}
    async with service.store.read() as connection:
        assert [each async for each in audit(connection, service.store.pins.seal, service.clock.now())] == []


def reached_by_line(day: Day) -> Counter[str]:
    return Counter(sent.user for sent in day.line.sent)


def reached_by_mail(day: Day) -> Counter[str]:
    """A mail that came twice under one Message-ID counts once, as mail programs show it."""
    seen = {(to, str(mail.message["Message-ID"])) for mail in day.mail.mails for to in mail.recipients}
    return Counter(to for to, _ in seen)


def copies(day: Day) -> int:
    """Mails that came once more under a Message-ID that was there already."""
    return len(day.mail.mails) - len({str(mail.message["Message-ID"]) for mail in day.mail.mails})


@pytest.fixture
async def day(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    fresh_postgres: str,
    fake_line: FakeLine,
    fake_mail: FakeMail,
    redis_server: RedisServer,
) -> AsyncIterator[tuple[Day, Service]]:
    houses: int = request.param
    more = {"ENGAWA_NOW": DAY.isoformat(), "ENGAWA_SMTP_URL": fake_mail.url, "ENGAWA_MAIL_FROM": "engawa@bench.example"}
    given = environment(tmp_path, fresh_postgres, redis_server.url, fake_line, **more)
    async with open_service(settings(tmp_path, fresh_postgres, DAY), {}) as service:
        due = max(int(houses * A_DAY), 20)
        await settle(service.store, due_days(houses - due, {}, LATER), told=True)
        await take_files(service, write_houses(tmp_path, due))
        users = await on_line(service, fake_line, range(0, due, 2))
        url = make_url(fresh_postgres).set(drivername="postgresql").render_as_string(hide_password=False)
        eye = await asyncpg.create_pool(url, min_size=1, max_size=2, server_settings={"application_name": EYE})
        processes = Processes(given)
        yield Day(processes, fake_line, fake_mail, redis_server, eye, users, due), service
        await processes.kill_all()
        await eye.close()


def settings(folder: Path, url: str, now: datetime) -> Settings:
    given: dict[str, Any] = {"key_file": folder / "engawa.key", "files_dir": folder / "files", "now": now}
    return Settings(database_url=url, **given)


async def on_line(service: Service, line: FakeLine, owners: Iterable[int]) -> list[str]:
    """Every second owner is on LINE first, and by mail after."""
    users = [line.people.user() for _ in owners]
    rows = [
        {"person_id": f"owner:O{n}", "channel": "line", "address": user, "rank": -1}
        for n, user in zip(owners, users, strict=True)
    ]
    async with service.store.write() as connection:
        await connection.execute(insert(addresses), rows)
    return users


@pytest.mark.parametrize(
    ("day", "troubles"),
    [(400, 5), pytest.param(100_000, 200, marks=pytest.mark.soak)],
    indirect=["day"],
)
async def test_whatever_breaks_all_is_said_once_and_heard_once(day: tuple[Day, Service], troubles: int):
    lived, service = day
    await lives(lived, troubles)
    await check(lived, service)
