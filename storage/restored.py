"""A database that was put back from a copy: it takes in, shows and decides, and sends nothing until it is reconciled.

While it is one a pause over everything stands, which no button of the console ends. What it would have said up to the
moment at which the lost database died lies aside as ``held``: people were told most of that already. It is dropped,
unless somebody decides that a message goes out after all. What has come due since is sent once it is reconciled.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Insert, Row, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.outcome import Deed, Mode
from bot.core.pause import RESTORED
from bot.core.people import LETTER, STAFF_DESK
from bot.core.restored import APART, Restored, gap, read_restored
from bot.core.restored import Mark as HighWater
from storage.households import lock_houses
from storage.inbound import EXPIRED
from storage.outbox import DROPPED, HELD, PAPER, SENDING, WAITING
from storage.record import SERVICE, Seal, append, get_value, set_value
from storage.tables import attempts, inbound, outbox, pauses, service

NAME = "restored"  # the value that holds the state
DROP = "restored"  # why a held message was dropped
SHOWN = 300


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about held messages: all of them where ``ids`` is None."""

    send: bool
    by: str
    ids: Sequence[int] | None = None


async def restored(connection: AsyncConnection) -> Restored | None:
    """The state of a database that was put back and is not reconciled yet; None for an ordinary one."""
    kept = await get_value(connection, NAME)
    return read_restored(json.loads(kept)) if kept else None


async def _keep(connection: AsyncConnection, state: Restored) -> None:
    await set_value(connection, NAME, json.dumps(state.written()))


async def begin(
    connection: AsyncConnection, seal: Seal, state: Restored, here: HighWater, mark: HighWater | None
) -> Restored:
    """From here on nothing is sent. What waits lies aside, and new rows get ids that no forgotten one had."""
    state = replace(state, gap=gap(here, mark))
    await _keep(connection, state)
    values = {"scope": RESTORED, "reason": state.why, "by": "engawa", "since_at": state.since}
    await connection.execute(insert(pauses).values(**values))
    await hold(connection)
    known = mark.ids if mark is not None and mark.database == here.database else {}
    beyond = {name: max(last, known.get(name, 0)) + APART for name, last in here.ids.items()}
    await _leap(connection, beyond, state.since)
    lost = {name: list(ids) for name, ids in state.gap.items()}
    deed = Deed("database_restored", "engawa", {"scope": RESTORED, "why": state.why, "gap": lost})
    await append(connection, seal, [(SERVICE, deed)], state.since)
    return state


async def hold(connection: AsyncConnection) -> None:
    """Whatever has not gone out lies aside: messages, and letters that nobody has posted."""
    unsent = outbox.c.state.in_((WAITING, SENDING, PAPER))
    await connection.execute(update(outbox).where(unsent).values(state=HELD, lease="", lease_until=None))


async def all_held(connection: AsyncConnection) -> None:
    """Everything up to the moment of the loss has been decided anew, and lies aside."""
    await hold(connection)
    state = await restored(connection)
    if state is not None:
        await _keep(connection, replace(state, held=True))


async def _leap(connection: AsyncConnection, beyond: dict[str, int], now: datetime) -> None:
    """Links and records name rows by their id: what a forgotten message says must never name another one's row."""
    attempt = {"id": beyond["attempts"], "outbox_id": beyond["outbox"], "number": 0, "at": now, "answer": DROP}
    came = {"id": beyond["inbound"], "channel": "", "event_id": f"{DROP}:{beyond['inbound']}", "raw": {}}
    empty = {
        "outbox": _empty_message(beyond["outbox"], now),
        "attempts": insert(attempts).values(**attempt),
        "inbound": insert(inbound).values(**came, received_at=now, state=EXPIRED),
    }
    for name, statement in empty.items():
        await connection.execute(statement)
        if connection.dialect.name == "postgresql":
            await connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {beyond[name]})"))


def _empty_message(row_id: int, now: datetime) -> Insert:
    values = {"key": str(uuid4()), "person_id": STAFF_DESK, "channel": "", "address": "", "language": "ja"}
    when = {"day": civil(now), "written_at": now, "send_at": now}
    state = {"id": row_id, "parts": [], "mode": Mode.RELAY, "state": DROPPED, "detail": DROP}
    return insert(outbox).values(**values, **when, **state)


async def take(connection: AsyncConnection, by: str, today: date) -> None:
    """One of the staff looks after it until their next business day."""
    state = await restored(connection)
    if state is not None:
        await _keep(connection, state.taken(by, today))


async def give_back(connection: AsyncConnection, by: str, today: date, to: str = STAFF_DESK) -> None:
    """Whoever looked after it is away, or has left the staff: it lies with another."""
    state = await restored(connection)
    if state is not None and state.holder == by:
        await _keep(connection, state.taken(to, today))


async def held_messages(connection: AsyncConnection, limit: int = SHOWN) -> Sequence[Row[Any]]:
    """What lies aside, the oldest first."""
    query = select(outbox).where(outbox.c.state == HELD).order_by(outbox.c.id).limit(limit)
    return (await connection.execute(query)).all()


async def count_of(connection: AsyncConnection, *states: str) -> int:
    """How many messages are in one of these states."""
    query = select(func.count()).select_from(outbox).where(outbox.c.state.in_(states))
    return int((await connection.execute(query)).scalar_one())


async def decide(connection: AsyncConnection, seal: Seal, decision: Decision, now: datetime) -> int:
    """Held messages are let go or dropped, each with its facts; how many there were.

    What is let go still waits for the reconciling, and is checked again when its turn comes.
    """
    mine: list[ColumnElement[bool]] = [outbox.c.state == HELD]
    if decision.ids is not None:
        mine.append(outbox.c.id.in_(decision.ids))
    rows = (await connection.execute(select(outbox).where(*mine).order_by(outbox.c.id))).all()
    await lock_houses(connection, {part["house"] for row in rows for part in row.parts if part["house"]})
    for state, its in _sorted_by_state(rows, decision.send).items():
        values: dict[str, Any] = {"state": state, "retry_at": None}
        values |= {} if decision.send else {"detail": DROP}
        await connection.execute(update(outbox).where(outbox.c.id.in_(its)).values(**values))
    kind = "notice_let_go" if decision.send else "notice_not_repeated"
    await append(connection, seal, [fact for row in rows for fact in _facts(row, kind, decision.by)], now)
    return len(rows)


def _sorted_by_state(rows: Iterable[Row[Any]], send: bool) -> dict[str, list[int]]:
    """The state that each comes to: what was to go on paper goes on paper."""
    found: dict[str, list[int]] = {}
    for row in rows:
        state = (PAPER if row.channel == LETTER else WAITING) if send else DROPPED
        found.setdefault(state, []).append(row.id)
    return found


def _facts(row: Row[Any], kind: str, by: str) -> list[tuple[str, Deed]]:
    """One fact for every house that a message was about."""
    kinds: dict[str, list[str]] = {}
    for part in row.parts:
        kinds.setdefault(part["house"], []).append(part["kind"])
    data = {"to": row.person_id, "channel": row.channel, "key": row.key}
    return [(house, Deed(kind, by, data | {"kinds": said})) for house, said in kinds.items()]


async def reconcile(connection: AsyncConnection, seal: Seal, by: str, now: datetime) -> int:
    """The database is an ordinary one again; what is still held is dropped. How many messages that were."""
    dropped = await decide(connection, seal, Decision(send=False, by=by), now)
    standing = (pauses.c.scope == RESTORED, pauses.c.until_at.is_(None))
    await connection.execute(update(pauses).where(*standing).values(until_at=now))
    await connection.execute(delete(service).where(service.c.name == NAME))
    deed = Deed("database_reconciled", by, {"scope": RESTORED, "dropped": dropped})
    await append(connection, seal, [(SERVICE, deed)], now)
    return dropped
