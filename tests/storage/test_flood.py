"""After an earthquake everybody is written to: no platform is asked more than it takes, and no answer waits."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest
import pytest_asyncio
from sqlalchemy import insert

from bot.channels.guarantor_http.door import NAME as GUARANTOR
from bot.channels.provider_http.channel import NAME as PROVIDER
from bot.channels.registry import CHANNELS, Context, open_channels
from bot.config import Settings
from bot.core.delivery import Channel, Outcome
from bot.core.outcome import Mode
from bot.core.reach import URGENCY
from engawa_fakes.line import FakeLine
from engawa_fakes.mail import FakeMail
from engawa_fakes.slack import DESK, FakeSlack
from engawa_fakes.telegram import FakeTelegram
from storage.claims import Claimed, claim
from storage.engine import Database, open_database
from storage.lanes import Lane
from storage.leases import mark
from storage.migrate import migrate
from storage.outbox import SENT, WAITING
from storage.paces import Pace
from storage.tables import outbox, people
from templates.catalogue import Catalogue
from tests.bot.channels.contract import envelope
from tests.bot.channels.slack.conftest import environment as of_slack

MORNING = datetime(2027, 1, 18, 0, tzinfo=UTC)
# 20,000 houses, most of whose owners are on LINE. In Slack it is the staff's one channel that hears of them.
SHARES = {"line": 12_000, "email": 5_000, "telegram": 2_000, "chat": 700, "slack": 300}
ORDINARY = 50  # of each share: the day's reminders, which were there before
LOOKS = 0.05  # seconds between two looks at a lane that keeps to its pace
BATCH, MIDST = 100, 3  # MIDST: the second of the flood in which somebody writes, and a reminder falls due
NUMBERS = {channel: number * 100_000 for number, channel in enumerate(SHARES, start=1)}
Send = Callable[[Claimed], Awaitable[None]]


def row(channel: str, n: int, mode: Mode, address: str = "") -> dict[str, object]:
    part = {"kind": "x", "mode": mode, "house": "", "case": "", "asks": False}
    return {
        "key": str(uuid5(NAMESPACE_URL, f"{channel}-{mode}-{n}")),
        "person_id": f"owner:{n}",
        "channel": channel,
        "address": address or f"{channel}-{n}",
        "language": "ja",
        "parts": [part],
        "mode": mode,
        "urgency": URGENCY[mode],
        "day": date(2027, 1, 18),
        "written_at": MORNING,
        "send_at": MORNING,
        "state": WAITING,
    }


@dataclass
class Flood:
    """The database, every channel's lane as the service makes it, and what went out in each second of machine time."""

    database: Database
    channels: dict[str, Channel]
    address: Callable[[str, int], str]
    send: Send | None = None  # as well, where claims alone are not enough
    came: Callable[[str], int] | None = None  # what the counterpart has received
    gone: dict[str, dict[int, list[Claimed]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def lane(self, channel: str) -> Lane:
        abilities = self.channels[channel].abilities
        return Lane(channel, pace=Pace(abilities.per_second, abilities.rest))

    async def writes(self, channel: str, numbers: Sequence[int], mode: Mode) -> list[str]:
        """Messages to these people; their keys."""
        rows = [row(channel, n, mode, self.address(channel, n)) for n in numbers]
        async with self.database.writer.begin() as connection:
            await connection.execute(insert(outbox), rows)
        return [str(each["key"]) for each in rows]

    async def second(self, channel: str, passed: int) -> None:
        """Everything that goes out in one second, claimed in batches as by several processes."""
        machine, sent = MORNING + timedelta(seconds=passed), self.gone[channel][passed]
        over = machine + timedelta(seconds=1)
        while machine < over:
            async with self.database.writer.begin() as connection:
                hand = await claim(connection, self.lane(channel), MORNING + timedelta(hours=1), machine, BATCH)
                done = {"state": SENT, "attempts": 1, "retry_at": None, "provider_id": "", "detail": ""}
                marks = [{"row_id": each.id, "token": each.lease, **done, "sent_at": MORNING} for each in hand.rows]
                await mark(connection, marks)
            if self.send is not None:
                await asyncio.gather(*(self.send(each) for each in hand.rows))
            sent += hand.rows
            if not hand.rows and hand.wait is None:
                return
            machine += timedelta(seconds=0 if hand.rows else max(hand.wait or 0, LOOKS))

    def count(self, channel: str) -> int:
        """How many have arrived, by whoever counts."""
        here = sum(len(sent) for sent in self.gone[channel].values())
        return here if self.came is None or channel == "chat" else self.came(channel)  # nobody counts on our own page


@dataclass
class Counterparts:
    """Whoever is reached, and how many came in."""

    line: FakeLine
    telegram: FakeTelegram
    slack: FakeSlack
    mail: FakeMail

    @property
    def environment(self) -> dict[str, str]:
        return {
            "ENGAWA_LINE_CHANNEL_SECRET": self.line.secret,
            "ENGAWA_LINE_CHANNEL_TOKEN": self.line.token,
            "ENGAWA_LINE_API_BASE": self.line.url,
            "ENGAWA_TELEGRAM_TOKEN": self.telegram.token,
            "ENGAWA_TELEGRAM_API_BASE": self.telegram.api,
            "ENGAWA_SMTP_URL": self.mail.url,
            "ENGAWA_MAIL_FROM": "engawa@example.jp",
            **of_slack(self.slack),
        }

    def address(self, channel: str, n: int) -> str:
        """Where somebody is, who is there."""
        if channel == "line":
            user = f"U{n:032x}"
            self.line.people.names[user] = "山田"
            return user
        if channel == "telegram":
            self.telegram.unblocks(n)
            return str(n)
        return DESK if channel == "slack" else f"o{n}@example.jp"

    def came(self, channel: str) -> int:
        return {
            "line": len(self.line.sent),
            "telegram": len(self.telegram.messages),
            "slack": len(self.slack.messages),
            "email": len(self.mail.mails),
        }.get(channel, 0)


@pytest_asyncio.fixture
async def counterparts(
    fake_line: FakeLine, fake_telegram: FakeTelegram, fake_slack: FakeSlack, fake_mail: FakeMail
) -> Counterparts:
    return Counterparts(fake_line, fake_telegram, fake_slack, fake_mail)


@pytest_asyncio.fixture
async def flood(database_url: str, counterparts: Counterparts) -> AsyncIterator[Flood]:
    """The ordinary day's reminders wait in every lane, and then a word to every owner."""
    database = open_database(database_url)
    await migrate(database)
    context = Context(Settings(), counterparts.environment, Catalogue().words, lambda: 0.0, lambda: MORNING)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        channels = open_channels(context)
        for channel in channels.values():
            stack.push_async_callback(channel.close)
        found = Flood(database, channels, counterparts.address)
        async with database.writer.begin() as connection:
            owners = [NUMBERS[channel] + n for channel, share in SHARES.items() for n in range(share + 2)]
            await connection.execute(insert(people), [{"id": f"owner:{n}", "name": "山田"} for n in owners])
        yield found


async def poured(flood: Flood) -> None:
    for channel, share in SHARES.items():
        await flood.writes(channel, range(NUMBERS[channel], NUMBERS[channel] + ORDINARY), Mode.PROMPT)
        await flood.writes(channel, range(NUMBERS[channel] + ORDINARY, NUMBERS[channel] + share), Mode.PROMPT)


async def drained(flood: Flood, channel: str) -> None:
    """A lane until it is empty; in the midst of it somebody writes, and an ordinary reminder falls due."""
    share, pace = SHARES[channel], flood.lane(channel).pace
    seconds = int(share / pace.drip) + 4 if pace.per_second else 1
    midst = min(MIDST, seconds - 1)
    for passed in range(seconds):
        if passed == midst:
            (answer,) = await flood.writes(channel, [NUMBERS[channel] + share], Mode.REPLY)
            (reminder,) = await flood.writes(channel, [NUMBERS[channel] + share + 1], Mode.PROMPT)
        before = flood.count(channel)
        await flood.second(channel, passed)
        assert not pace.per_second or flood.count(channel) - before <= pace.per_second
    gone = [each.key for second in flood.gone[channel].values() for each in second]
    ordinary = [str(row(channel, NUMBERS[channel] + n, Mode.PROMPT)["key"]) for n in range(ORDINARY)]
    assert [key for key in gone if key != answer][:ORDINARY] == ordinary
    assert flood.gone[channel][midst][0].key == answer  # the next to go, whatever stands before it
    assert reminder in gone
    assert len(set(gone)) == len(gone) == flood.count(channel) == share + 2


async def test_a_flood_drains_at_each_platforms_pace_and_an_answer_overtakes_it(flood: Flood):
    """20,000 houses at once: the ordinary day's first, then the flood in its order, in each lane by itself."""
    assert {*SHARES, PROVIDER, GUARANTOR, "submitter_http"} == set(
        CHANNELS
    )  # to these machines goes little, and never a flood
    await poured(flood)
    for channel in SHARES:
        await drained(flood, channel)
    assert sum(len(sent) for lane in flood.gone.values() for sent in lane.values()) == 20_000 + 2 * len(SHARES)


@pytest.mark.soak
async def test_each_platform_counts_no_more_than_it_takes(flood: Flood, counterparts: Counterparts):
    """The same with every message really sent: what the counterpart has received after each second tells the pace."""

    async def really(claimed: Claimed) -> None:
        said = envelope(claimed.address, key=claimed.key)
        assert (await flood.channels[claimed.channel].send(said)).outcome is Outcome.SENT

    flood.send, flood.came = really, counterparts.came
    await poured(flood)
    for channel in SHARES:
        await drained(flood, channel)
