"""An office with a message for every owner: what the benchmarks of sending send, day after day."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from bot.cli.bench.sink import MAIL
from bot.cli.bench.town import QUIET_DAY, settle
from bot.core.case import Scene
from bot.core.days import morning
from bot.core.outcome import Say
from bot.core.particulars import about
from main import Service
from scheduler.clock import machine_now, monotonic
from scheduler.dispatch import dispatch
from scheduler.due import open_due
from storage.cases import load_scenes
from storage.claims import Claimed, claim
from storage.households import load_households
from storage.lanes import Lane
from storage.outbox import Letterhead, put
from storage.store import rehearse
from storage.tables import addresses, cases

DUE = QUIET_DAY + timedelta(days=1)
CHUNK = 5000


@dataclass(slots=True)
class Office:
    """A service whose owners can be written to, one message each, on one day after the other."""

    service: Service
    scenes: Sequence[Scene]
    channel: str
    days: int = 0

    async def write(self) -> datetime:
        """The question that the ladder puts to every owner, on a day of its own; its civil now."""
        self.days += 1
        now = morning(DUE + timedelta(days=self.days), 10)
        store = self.service.store
        async with store.write() as connection:
            await put(connection, [_asked(scene) for scene in self.scenes], store.pins.versions, now)
        return now

    async def send(self) -> float:
        """Messages a second, from rows that wait to rows that are marked sent with their facts."""
        now = await self.write()
        begun = monotonic()
        tally = await dispatch(self.service.post, now)
        took = monotonic() - begun
        assert len(tally.sent) == len(self.scenes)
        assert not tally.failed
        return len(tally.sent) / took

    async def claimed(self) -> list[Claimed]:
        """The same messages as rows in hand, taken back at once: nothing is sent."""
        now = await self.write()
        async with rehearse(self.service.database, self.service.store.pins) as store, store.write() as connection:
            hand = await claim(connection, Lane(self.channel), now, machine_now(), len(self.scenes))
            return hand.rows


@asynccontextmanager
async def office(service: Service, channel: str, count: int) -> AsyncIterator[Office]:
    """So many houses move in, each with a case; their owners are reached through ``channel``."""
    await settle(service.store, [DUE] * count)
    await _reached_by(service, channel)
    await open_due(service.store, morning(DUE))
    async with service.store.read() as connection:
        found = (await connection.execute(select(cases.c.id, cases.c.house_id).order_by(cases.c.id))).all()
        scenes: list[Scene] = []
        for start in range(0, len(found), CHUNK):
            chunk = found[start : start + CHUNK]
            households = await load_households(connection, [row.house_id for row in chunk])
            scenes += (await load_scenes(connection, [row.id for row in chunk], households)).values()
    yield Office(service, scenes, channel)


async def _reached_by(service: Service, channel: str) -> None:
    """The town has mail addresses; elsewhere people have ids that a platform gave them."""
    if channel == MAIL:
        return
    async with service.store.write() as connection:
        ids = (await connection.execute(select(addresses.c.person_id))).scalars().all()
        rows = [{"who": id, "given": f"U{number:032x}"} for number, id in enumerate(ids)]
        theirs = update(addresses).where(addresses.c.person_id == bindparam("who"))
        await connection.execute(theirs.values(channel=channel, address=bindparam("given")), rows)


def _asked(scene: Scene) -> tuple[Say, Letterhead]:
    house = scene.household.house
    say = Say(scene.household.owners[0].id, "owner_ask", about(scene), case_id=scene.case.id)
    return say, Letterhead(house.id, house.servicer_id, scene.case)
