"""The ways out of the outbox, each with its own queue, so that none waits for another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from bot.core.outcome import Mode
from bot.core.reach import URGENCY
from storage.outbox import SENDING, WAITING
from storage.paces import FREE, Pace
from storage.tables import outbox, spelled

MOST_APART = 100  # machines that are told something at the same time

# What may be sent now, by both clocks.
DUE = (
    outbox.c.state == spelled(WAITING),
    outbox.c.send_at <= bindparam("now"),
    or_(outbox.c.retry_at.is_(None), outbox.c.retry_at <= bindparam("machine")),
    outbox.c.urgency <= bindparam("least"),
)


def _claim(lane: ColumnElement[bool], *, alone: bool) -> ReturningUpdate[Any]:
    """Claims the first rows of a lane that are due. ``alone``: nobody else writes meanwhile, as on SQLite."""
    due = (
        select(outbox.c.id)
        .where(
            *DUE,
            lane,
            or_(
                outbox.c.urgency == URGENCY[Mode.ALARM],
                and_(
                    outbox.c.servicer_id.not_in(bindparam("servicers", expanding=True)),
                    outbox.c.person_id.not_in(bindparam("companies", expanding=True)),
                ),
            ),
        )
        .order_by(outbox.c.urgency, outbox.c.send_at, outbox.c.id)
        .limit(bindparam("most"))
    )
    if not alone:
        due = due.with_for_update(skip_locked=True)
    # An inner LIMIT may be run more than once and claim too much: PostgreSQL is told to work it out first.
    picked = due.cte("picked", nesting=False).prefix_with("MATERIALIZED", dialect="postgresql")
    taken = update(outbox).where(outbox.c.id.in_(select(picked.c.id)))
    return taken.values(state=SENDING, lease=bindparam("token"), lease_until=bindparam("until")).returning(
        *(outbox.c.id, outbox.c.key, outbox.c.lease, outbox.c.lease_until),
        *(outbox.c.person_id, outbox.c.channel, outbox.c.address),
        *(outbox.c.language, outbox.c.mode, outbox.c.parts, outbox.c.servicer_id, outbox.c.urgency),
        *(outbox.c.written_at, outbox.c.send_at, outbox.c.attempts, outbox.c.ticket),
    )


ONE_CHANNEL = outbox.c.channel == bindparam("lane")
ONE_PERSON = and_(ONE_CHANNEL, outbox.c.person_id == bindparam("person"))
THE_REST = outbox.c.channel.not_in(bindparam("others", expanding=True))
CLAIM = {alone: _claim(ONE_CHANNEL, alone=alone) for alone in (True, False)}
CLAIM_THEIRS = {alone: _claim(ONE_PERSON, alone=alone) for alone in (True, False)}
CLAIM_REST = {alone: _claim(THE_REST, alone=alone) for alone in (True, False)}


@dataclass(frozen=True, slots=True)
class Lane:
    """One channel's way out, so that none waits for another. Without a channel: the rows of all but ``others``.

    ``least``: how urgent a row must be to go this way (the smaller, the sooner). ``person``: only what this machine is
    told; a channel to many offices' machines has such a lane for each.
    """

    channel: str = ""
    others: tuple[str, ...] = ()
    pace: Pace = FREE
    least: int = max(URGENCY.values())
    person: str = ""

    @property
    def name(self) -> str:
        """No other lane has it."""
        return f"{self.channel}/{self.person}" if self.person else self.channel

    @property
    def claims(self) -> Mapping[bool, ReturningUpdate[Any]]:
        """The statement that takes its rows, by whether nobody else writes meanwhile."""
        if not self.channel:
            return CLAIM_REST
        return CLAIM_THEIRS if self.person else CLAIM


async def busy(connection: AsyncConnection, lanes: Sequence[Lane], now: datetime, machine: datetime) -> list[Lane]:
    """The lanes in which something is due, though a pause or a pace may still hold it."""
    if not lanes:
        return []
    waits = [exists().where(*DUE, _of(lane)).label(f"lane_{number}") for number, lane in enumerate(lanes)]
    wanted = {"now": now, "machine": machine, "least": max(lane.least for lane in lanes)}
    found = (await connection.execute(select(*waits), wanted)).one()
    return [lane for lane, waiting in zip(lanes, found, strict=True) if waiting]


async def apart(connection: AsyncConnection, lane: Lane, now: datetime, machine: datetime) -> list[Lane]:
    """A lane for each machine that is to be told something through this channel, those first that took it at once so
    far: one that answers nothing holds up no other."""
    wanted = {"now": now, "machine": machine, "least": lane.least}
    query = select(outbox.c.person_id).where(*DUE, _of(lane)).group_by(outbox.c.person_id)
    first = query.order_by(func.min(outbox.c.attempts), outbox.c.person_id).limit(MOST_APART)
    return [replace(lane, person=person_id) for person_id in (await connection.execute(first, wanted)).scalars()]


def _of(lane: Lane) -> ColumnElement[bool]:
    return outbox.c.channel == lane.channel if lane.channel else outbox.c.channel.not_in(lane.others)
