"""A row in hand is leased: whose lease has run out can mark nothing, and what a dead sender held is taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, false, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.attempts import DIED
from storage.outbox import SENDING, UNKNOWN, WAITING
from storage.tables import outbox, spelled

LEASE = timedelta(minutes=3)  # machine time; its holder renews it while at work, so that only death lets it run out
MARKED = ("state", "attempts", "retry_at", "provider_id", "detail", "sent_at")
MARK = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), outbox.c.lease == bindparam("token"), outbox.c.state == SENDING)
    .values({name: bindparam(name) for name in MARKED} | {"lease": "", "once": false()})
)
HELD = (outbox.c.lease == bindparam("token"), outbox.c.state == spelled(SENDING))
RENEW = update(outbox).where(*HELD).values(lease_until=bindparam("until"))
NAMED = (outbox.c.id, outbox.c.person_id, outbox.c.channel, outbox.c.key, outbox.c.parts, outbox.c.attempts)
OURS = select(outbox.c.id).where(outbox.c.id.in_(bindparam("wanted", expanding=True)), *HELD)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows whose sender died: those that will be sent again, and those of which nobody knows whether they went out."""

    again: Sequence[Row[Any]]
    unknown: Sequence[Row[Any]]


async def reclaim(
    connection: AsyncConnection, machine: datetime, repeatable: Iterable[str], *, all_dead: bool
) -> Found:
    """Rows whose sender died: sent again under their key where a repeat folds into one, otherwise marked unknown.

    What had gone a way that knows no key is of the latter.

    ``all_dead``: nobody else can be sending, so every lease is dead whatever its time.
    """
    dead = [outbox.c.state == spelled(SENDING)] + ([] if all_dead else [outbox.c.lease_until < machine])
    again = and_(outbox.c.channel.in_(list(repeatable)), ~outbox.c.once)
    died = update(outbox).values(attempts=outbox.c.attempts + 1, lease="", detail=DIED.detail).returning(*NAMED)
    back = await connection.execute(died.where(*dead, again).values(state=WAITING))
    rest = await connection.execute(died.where(*dead, ~again).values(state=UNKNOWN))
    return Found(back.all(), rest.all())


async def renew(connection: AsyncConnection, token: str, machine: datetime) -> None:
    """Whatever is still held under this token is held for another while."""
    await connection.execute(RENEW, {"token": token, "until": machine + LEASE})


async def note_once(connection: AsyncConnection, token: str, row_ids: Iterable[int]) -> None:
    """These are about to go a way that knows no key: should we die now, nobody can tell, and nothing is repeated."""
    mine = (outbox.c.id.in_(list(row_ids)), outbox.c.lease == token)
    await connection.execute(update(outbox).where(*mine).values(once=True))


async def ours(connection: AsyncConnection, token: str, row_ids: Iterable[int], *, to_write: bool = False) -> set[int]:
    """Those of these rows that are still held under this token; ``to_write``: until the transaction ends."""
    query = OURS.with_for_update() if to_write else OURS
    return set((await connection.execute(query, {"token": token, "wanted": list(row_ids)})).scalars())


async def mark(connection: AsyncConnection, marks: Sequence[Mapping[str, Any]]) -> None:
    """Writes results, each only while its lease is still ours."""
    if not marks:
        return
    await connection.execute(MARK, list(marks))
