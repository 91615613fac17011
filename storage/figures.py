"""Figures that take a look at many rows: counted now and then beside the rounds, and kept as one row.

Nothing on the way of a message keeps an index or a counter for them: the rows of the last while are found by their ids.
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.outcome import Mode
from bot.core.people import Role
from storage.gauges import OF_STAFF, OPEN, Gauge
from storage.outbox import SENT
from storage.record import get_value, set_value
from storage.since import before
from storage.store import Store
from storage.tables import attempts, cases, houses, inbound, outbox

KEPT, SILENCE = "figures", "silence"  # the names under which the installation keeps them
WINDOW = timedelta(days=30)  # in which questions are asked and answered
DAY = timedelta(days=1)
PORTION = 20_000  # messages read together
Counts = tuple[Counter[str], Counter[str]]  # by channel: asked, and unanswered


async def kept_at(connection: AsyncConnection) -> datetime | None:
    """When they were counted last."""
    kept = await get_value(connection, KEPT)
    return datetime.fromisoformat(json.loads(kept)["at"]) if kept else None


async def figures(connection: AsyncConnection, now: datetime) -> list[Gauge]:
    """As they were counted last, and how long ago that was."""
    kept, silence = await get_value(connection, KEPT), await get_value(connection, SILENCE)
    at = await kept_at(connection)
    age = max((now - at).total_seconds(), 0.0) if at is not None else math.inf
    found = [Gauge("figures_age_seconds", "Since the rounds last counted the figures they keep", age)]
    return found + [Gauge(*one) for text in (kept, silence) if text for one in json.loads(text)["gauges"]]


async def keep(connection: AsyncConnection, found: Sequence[Gauge], now: datetime) -> None:
    await set_value(connection, KEPT, json.dumps({"at": now.isoformat(), "gauges": _plain(found)}))


async def silence_counted(connection: AsyncConnection, day: date) -> bool:
    kept = await get_value(connection, SILENCE)
    return kept is not None and json.loads(kept)["on"] >= day.isoformat()


async def keep_silence(connection: AsyncConnection, counts: Counts, now: datetime) -> None:
    told = {"on": civil(now).isoformat(), "gauges": _plain(silent(*counts))}
    await set_value(connection, SILENCE, json.dumps(told))


def silent(asked: Counter[str], unanswered: Counter[str]) -> list[Gauge]:
    """What was asked on each channel within the window, what nobody has answered since, and its share."""
    found = [Gauge("questions_asked", "Asked in the last 30 days", asked[one], {"channel": one}) for one in asked]
    for one in asked:
        told = "Of those, after which nothing was heard from that person"
        found.append(Gauge("questions_unanswered", told, unanswered[one], {"channel": one}))
    for one, count in asked.items():
        told = "The share of them that is unanswered"
        found.append(Gauge("questions_unanswered_ratio", told, unanswered[one] / count, {"channel": one}))
    return found


async def counted(connection: AsyncConnection, now: datetime) -> list[Gauge]:
    """Houses, open cases, the oldest matter of the staff's, and what became of the sends of a day."""
    return [
        *await _houses(connection),
        *await _phases(connection),
        Gauge(
            "staff_oldest_matter_seconds",
            "Age of the oldest matter on the staff's list",
            await _oldest(connection, now),
        ),
        *await _sends(connection, now),
    ]


async def _houses(connection: AsyncConnection) -> list[Gauge]:
    lapsed = houses.c.lapsed_on.is_not(None)
    query = select(houses.c.mandated, lapsed, func.count()).group_by(houses.c.mandated, lapsed)
    states = Counter({"mandated": 0, "without_mandate": 0, "lapsed": 0})
    for mandated, is_lapsed, count in (await connection.execute(query)).all():
        states["lapsed" if is_lapsed else "mandated" if mandated else "without_mandate"] += count
    return [Gauge("houses", "Houses by their state", count, {"state": state}) for state, count in states.items()]


async def _phases(connection: AsyncConnection) -> list[Gauge]:
    query = select(cases.c.phase, func.count()).where(OPEN).group_by(cases.c.phase)
    rows = (await connection.execute(query)).all()
    return [Gauge("cases_open", "Open cases by phase", count, {"phase": phase}) for phase, count in rows]


async def _oldest(connection: AsyncConnection, now: datetime) -> float:
    raised = cases.c.state["matter"]["raised_on"].as_string()
    day = (await connection.execute(select(func.min(raised)).where(OPEN, OF_STAFF))).scalar()
    return (civil(now) - date.fromisoformat(day)).total_seconds() if day else 0.0


async def _sends(connection: AsyncConnection, now: datetime) -> list[Gauge]:
    after = await before(connection, attempts, attempts.c.at, now - DAY)
    query = select(outbox.c.channel, attempts.c.answer, func.count()).join(outbox, outbox.c.id == attempts.c.outbox_id)
    query = query.where(attempts.c.id > after).group_by(outbox.c.channel, attempts.c.answer)
    rows = (await connection.execute(query)).all()
    told = "Attempts to send in the last day by channel and what came of them"
    return [Gauge("sends_last_day", told, count, {"channel": one, "answer": answer}) for one, answer, count in rows]


async def count_silence(store: Store, now: datetime) -> Counts:
    """Over the window, a portion of messages at a time, each read by itself."""
    asked, unanswered = Counter[str](), Counter[str]()
    async with store.read() as connection:
        after = await before(connection, outbox, outbox.c.written_at, now - WINDOW)
        last = (await connection.execute(select(func.max(outbox.c.id)))).scalar() or 0
    while after < last:
        async with store.read() as connection:
            after = await _portion(connection, after, (asked, unanswered))
    return asked, unanswered


async def _portion(connection: AsyncConnection, after: int, counts: Counts) -> int:
    """Counts some messages; the last of them."""
    some = select(outbox.c.id).where(outbox.c.id > after).order_by(outbox.c.id).limit(PORTION).subquery()
    last = (await connection.execute(select(func.max(some.c.id)))).scalar() or after
    heard = select(inbound.c.received_at).where(inbound.c.person_id == outbox.c.person_id)
    since = heard.order_by(inbound.c.id.desc()).limit(1).scalar_subquery()
    answered = func.sum(case((since >= outbox.c.sent_at, 1), else_=0))
    asks = (outbox.c.state == SENT, outbox.c.mode.in_((Mode.PROMPT, Mode.CHECK)))
    asked_are = outbox.c.person_id.like(f"{Role.OWNER}:%") | outbox.c.person_id.like(f"{Role.SERVICER}:%")
    query = select(outbox.c.channel, func.count(), answered).where(outbox.c.id > after, outbox.c.id <= last)
    for channel, count, heard_of in await connection.execute(query.where(*asks, asked_are).group_by(outbox.c.channel)):
        counts[0][channel] += count
        counts[1][channel] += count - int(heard_of)
    return last


def _plain(found: Sequence[Gauge]) -> list[list[object]]:
    return [[one.name, one.help, one.value, dict(one.labels)] for one in found]
