"""What staff do about a message of unknown outcome, and about an event that could not be handled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.outcome import Deed, Mode
from bot.core.people import Person
from bot.core.reach import next_address
from storage.households import lock_houses
from storage.inbound import DONE, FAILED, NEW
from storage.outbox import MOVED, SENT, UNKNOWN, Facts, move
from storage.people import load_people
from storage.record import SERVICE, Seal, append
from storage.tables import inbound, outbox


@dataclass(frozen=True, slots=True)
class Lost:
    """A row as it moves on to the person's next channel."""

    person: Person
    mode: Mode
    parts: tuple[dict[str, Any], ...]
    servicer_id: str
    send_at: datetime


async def settle_unknown(
    connection: AsyncConnection, seal: Seal, row_id: int, arrived: bool, by: str, now: datetime
) -> bool:
    """It arrived after all, or it goes out through the next channel; False if somebody settled it before."""
    query = select(outbox).where(outbox.c.id == row_id, outbox.c.state == UNKNOWN)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return False
    houses = {part["house"] for part in row.parts}
    await lock_houses(connection, houses - {SERVICE})
    state = SENT if arrived else MOVED
    values = {"state": state, "detail": "staff", "sent_at": now if arrived else None}
    mine = (outbox.c.id == row_id, outbox.c.state == UNKNOWN)  # two of the staff may press at once
    if not (await connection.execute(update(outbox).where(*mine).values(**values))).rowcount:
        return False
    data = {"to": row.person_id, "channel": row.channel, "key": row.key, "state": state}
    kinds = [part["kind"] for part in row.parts]
    deeds = [(house, Deed(f"notice_{state}", by, data | {"kinds": kinds})) for house in sorted(houses)]
    await append(connection, seal, deeds, now)
    if not arrived:
        await append(connection, seal, await _move(connection, row, now), now)
    return True


async def _move(connection: AsyncConnection, row: Row[Any], now: datetime) -> Facts:
    person = (await load_people(connection, [row.person_id]))[row.person_id]
    lost = Lost(person, Mode(row.mode), tuple(row.parts), row.servicer_id, row.send_at)
    return await move(connection, lost, next_address(person, row.channel, row.address), now)


async def settle_event(
    connection: AsyncConnection, seal: Seal, row_id: int, again: bool, by: str, now: datetime
) -> bool:
    """An event that was laid aside is tried once more, or was dealt with by hand; False if it was settled before."""
    values = {"state": NEW if again else DONE, "tries": 0}
    mine = (inbound.c.id == row_id, inbound.c.state == FAILED)
    changed = await connection.execute(update(inbound).where(*mine).values(**values))
    if not changed.rowcount:
        return False
    deed = Deed("event_tried_again" if again else "event_dealt_with", by, {"source": f"inbound:{row_id}"})
    await append(connection, seal, [(SERVICE, deed)], now)
    return True
