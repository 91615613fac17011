"""Letters that were printed together: who printed which of them when, that they were posted, and their files.

A batch prints the same bytes again for as long as its files are kept (see storage.retention). They go at once when
somebody whose letter is among them is erased; the row stays, with the digest of what was printed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Result, Row, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.outcome import Deed
from storage.letters import QUERY, Letter, read_letters
from storage.outbox import PAPER
from storage.record import SERVICE, Seal, append
from storage.tables import batched_letters, letter_batches, letters, outbox

SHOWN = 50
OPEN = text("posted_at IS NULL")
KEPT = text("pdf <> ''")
ENDED = text("ended AND pdf <> ''")


class TakenError(Exception):
    """One of the letters was put into another batch meanwhile, or is not to be posted any more."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed: where the sheets and the addresses are kept, and the SHA-256 of the sheets."""

    pdf: str
    list: str
    digest: str


async def unbatched(connection: AsyncConnection, limit: int) -> list[Letter]:
    """Letters to be printed and posted that are in no batch yet, the oldest first."""
    waits = QUERY.where(outbox.c.state == PAPER, letters.c.posted_on.is_(None), ~_in_batch(letters.c.outbox_id))
    return await read_letters(connection, waits.order_by(letters.c.outbox_id).limit(limit))


async def make_batch(
    connection: AsyncConnection, seal: Seal, outbox_ids: Sequence[int], printed: Printed, made: tuple[str, datetime]
) -> int:
    """Its number. ``made``: by whom, and when. Raises TakenError where a letter is not free any more."""
    by, now = made
    free = select(outbox.c.id).where(outbox.c.id.in_(outbox_ids), outbox.c.state == PAPER, ~_in_batch(outbox.c.id))
    if set((await connection.execute(free.with_for_update())).scalars()) != set(outbox_ids):
        raise TakenError
    row = {"made_at": now, "made_by": by, "letters": len(outbox_ids)}
    row |= {"pdf": printed.pdf, "list": printed.list, "digest": printed.digest}
    made_row = insert(letter_batches).values(**row).returning(letter_batches.c.id)
    number = int((await connection.execute(made_row)).scalar_one())
    rows = [{"outbox_id": outbox_id, "batch_id": number} for outbox_id in outbox_ids]
    await connection.execute(insert(batched_letters), rows)
    deed = Deed("letters_printed", by, {"batch": number, "count": len(rows), "digest": printed.digest})
    await append(connection, seal, [(SERVICE, deed)], now)
    return number


async def batch_at(connection: AsyncConnection, number: int) -> Row[Any] | None:
    return (await connection.execute(select(letter_batches).where(letter_batches.c.id == number))).one_or_none()


async def letters_of(connection: AsyncConnection, number: int) -> list[Letter]:
    """The letters of a batch as they stand now, in the order in which they were printed."""
    mine = QUERY.join(batched_letters, batched_letters.c.outbox_id == letters.c.outbox_id)
    return await read_letters(connection, mine.where(batched_letters.c.batch_id == number).order_by(outbox.c.id))


async def open_batches(connection: AsyncConnection) -> Sequence[Row[Any]]:
    """Batches that nobody has posted yet, the oldest first."""
    query = select(letter_batches).where(OPEN)
    return (await connection.execute(query.order_by(letter_batches.c.id).limit(SHOWN))).all()


async def posted_batches(connection: AsyncConnection) -> Sequence[Row[Any]]:
    """Batches that were posted, the newest first."""
    query = select(letter_batches).where(letter_batches.c.posted_at.is_not(None))
    return (await connection.execute(query.order_by(letter_batches.c.id.desc()).limit(SHOWN))).all()


async def end_batch(
    connection: AsyncConnection, seal: Seal, number: int, posted: Collection[int], by: tuple[str, datetime]
) -> None:
    """The batch is in the post, but for those of its letters that are not among ``posted``: these are free again."""
    who, now = by
    left = (batched_letters.c.batch_id == number, batched_letters.c.outbox_id.not_in(posted))
    await connection.execute(delete(batched_letters).where(*left))
    mine = (letter_batches.c.id == number, OPEN)
    await connection.execute(update(letter_batches).where(*mine).values(posted_at=now, posted_by=who))
    deed = Deed("letters_posted", who, {"batch": number, "count": len(posted)})
    await append(connection, seal, [(SERVICE, deed)], now)


async def end_files_of(connection: AsyncConnection, person_id: str) -> None:
    """Whoever is erased stands in no file of a batch any more: it goes in the next round."""
    theirs = select(batched_letters.c.batch_id).join(outbox, outbox.c.id == batched_letters.c.outbox_id)
    mine = letter_batches.c.id.in_(theirs.where(outbox.c.person_id == person_id))
    await connection.execute(update(letter_batches).where(mine, KEPT).values(ended=True))


async def files_ended(connection: AsyncConnection, before: datetime, limit: int) -> Sequence[Row[Any]]:
    """Batches whose files are to go: they have lain for their period, or somebody in them was erased."""
    query = select(letter_batches.c.id, letter_batches.c.pdf, letter_batches.c.list).limit(limit)
    ended: Result[Any] = await connection.execute(query.where(ENDED))
    over: Result[Any] = await connection.execute(query.where(KEPT, letter_batches.c.made_at < before))
    found = {row.id: row for row in (*ended, *over)}  # each by an index of its own
    return [found[number] for number in sorted(found)]


async def forget_batch_files(connection: AsyncConnection, numbers: Collection[int]) -> None:
    gone = update(letter_batches).where(letter_batches.c.id.in_(numbers))
    await connection.execute(gone.values(pdf="", list=""))


def _in_batch(outbox_id: Any) -> Any:
    return select(batched_letters.c.outbox_id).where(batched_letters.c.outbox_id == outbox_id).exists()
