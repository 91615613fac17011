"""Rows of one kind that wait for the staff, read a page at a time from a place of their list on.

A queue is in the order of ``at`` and ``id``. The day by which a row is due follows from the day of ``at`` and never
falls with it, so what comes behind a place is a condition on these two, and no row is read that a page does not show.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, or_, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import TOKYO, civil, morning
from bot.core.waiting import OPEN_RANK, ORDER, Kind, Line, Place, Wanted, due_after

LARGEST = 2**63  # what no row of a database is numbered
SOME = 100  # rows looked at together where not all of them are wanted
At = date | datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """``rows`` are to be read with ``at`` and ``id`` among their columns, under the names of those; ``line`` makes a
    row a line of the list, all but its place."""

    kind: Kind
    rows: Select[Any]
    at: ColumnElement[Any]
    id: ColumnElement[Any]
    line: Callable[[Row[Any]], Line]
    by_itself: bool = False  # ``at`` is the day by which it is due

    def due(self, day: date) -> date:
        return day if self.by_itself else due_after(self.kind, day)


async def queued(
    connection: AsyncConnection, queue: Queue, wanted: Wanted, after: Place | None, size: int
) -> list[Line]:
    """The first lines of a queue that are wanted, behind a place, in the queue's order."""
    if wanted.reason not in ("", queue.kind):
        return []
    found: list[Line] = []
    async for line in _all(connection, queue, _behind(queue, after), max(size, SOME)):
        if wanted.fits(line):
            found.append(line)
        if len(found) == size:
            break
    return found


async def _all(
    connection: AsyncConnection, queue: Queue, behind: ColumnElement[bool], size: int
) -> AsyncIterator[Line]:
    ordered = queue.rows.order_by(queue.at, queue.id).limit(size)
    while True:
        rows = (await connection.execute(ordered.where(behind))).all()
        for row in rows:
            yield queue.line(row)
        if len(rows) < size:
            return
        last = rows[-1]._mapping
        behind = _later(queue, last[queue.at], last[queue.id])


def _later(queue: Queue, at: At, row_id: Any) -> ColumnElement[bool]:
    return or_(queue.at > at, and_(queue.at == at, queue.id > row_id))


def _behind(queue: Queue, after: Place | None) -> ColumnElement[bool]:
    """What of a queue comes behind a place of the whole list; all of it where the place cannot be read."""
    if after is None or after.rank < OPEN_RANK:
        return true()
    if after.rank > OPEN_RANK:
        return false()
    if after.kind is queue.kind:
        place = _read(queue, after.id)
        return true() if place is None else _later(queue, *place)
    first = after.due if ORDER[queue.kind] > ORDER[after.kind] else after.due + timedelta(days=1)
    day = first
    while queue.due(day - timedelta(days=1)) >= first:
        day -= timedelta(days=1)
    return queue.at >= (day if queue.by_itself else morning(day, 0))


def place_id(at: At, row_id: int | str) -> str:
    """Where a row stands in its queue, as a place of the list tells it: in the order of texts too."""
    when = f"{int(at.timestamp()):012}" if isinstance(at, datetime) else at.isoformat()
    return f"{when}.{row_id:019}" if isinstance(row_id, int) else f"{when}.{row_id}"


def _read(queue: Queue, text: str) -> tuple[At, Any] | None:
    when, _, row_id = text.partition(".")
    numbered = queue.id.type.python_type is int
    try:
        if numbered and not 0 <= int(row_id) < LARGEST:
            return None
        at: At = date.fromisoformat(when) if queue.by_itself else datetime.fromtimestamp(int(when), TOKYO)
        return at, int(row_id) if numbered else row_id
    except (ValueError, OverflowError, OSError):
        return None


def day_of(at: At) -> date:
    return civil(at) if isinstance(at, datetime) else at
