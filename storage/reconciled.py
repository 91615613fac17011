"""The guarantor's list against ours: what only one of us has, since when."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, collate, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.store import Store
from storage.tables import guarantee_gaps, guarantor_events, houses

PAGE = 500  # numbers read at once
COLUMNS = ("guarantee_no", "only_with", "house_id", "since_on")  # of the table that staff save
US, THEM = "us", "them"
of_gap = guarantee_gaps.c


@dataclass(frozen=True, slots=True)
class Gap:
    """A guarantee that only ``only_with`` (us or them) has; ``house_id`` is ours, empty for theirs."""

    guarantee_no: str
    only_with: str
    house_id: str = ""
    since_on: date | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are: with us alone, with them alone, and told of no house that we know; ``new`` since today."""

    ours: int
    theirs: int
    unmatched: int
    new: int


async def numbers_of_ours(store: Store, today: date) -> AsyncIterator[tuple[str, str]]:
    """Every living guarantee with its house, sorted by code point as the guarantor's list is, a page at a time."""
    after = ""
    while True:
        async with store.read() as connection:
            rows = await _page(connection, after, today)
        for row in rows:
            yield row.guarantee_no, row.id
        if len(rows) < PAGE:
            return
        after = rows[-1].guarantee_no


async def _page(connection: AsyncConnection, after: str, today: date) -> Sequence[Row[str, str]]:
    number = collate(houses.c.guarantee_no, "C" if connection.dialect.name == "postgresql" else "BINARY")
    lives = or_(houses.c.guarantee_ended_on.is_(None), houses.c.guarantee_ended_on > today)
    query = select(houses.c.guarantee_no, houses.c.id).where(houses.c.guarantee_no.is_not(None), lives, number > after)
    return (await connection.execute(query.order_by(number).limit(PAGE))).all()


async def keep_gaps(connection: AsyncConnection, gaps: Sequence[Gap], today: date) -> None:
    """What was found today; what was known before keeps its day."""
    numbers = [gap.guarantee_no for gap in gaps]
    known = select(guarantee_gaps).where(of_gap.guarantee_no.in_(numbers))
    since = {(row.guarantee_no, row.only_with): row.since_on for row in (await connection.execute(known)).all()}
    await connection.execute(delete(guarantee_gaps).where(of_gap.guarantee_no.in_(numbers)))
    rows = [
        {
            "guarantee_no": gap.guarantee_no,
            "only_with": gap.only_with,
            "house_id": gap.house_id,
            "since_on": since.get((gap.guarantee_no, gap.only_with), today),
            "seen_on": today,
        }
        for gap in gaps
    ]
    if rows:
        await connection.execute(insert(guarantee_gaps), rows)


async def close_gaps(connection: AsyncConnection, today: date) -> Count:
    """The comparison is through: what was not found today is over. How many are left."""
    await connection.execute(delete(guarantee_gaps).where(of_gap.seen_on < today))
    columns = (of_gap.only_with, func.count(), func.count().filter(of_gap.since_on == today))
    rows = (await connection.execute(select(*columns).group_by(of_gap.only_with))).all()
    counts = {side: (count, new) for side, count, new in rows}
    lost = select(func.count()).select_from(guarantor_events).where(guarantor_events.c.house_id.is_(None))
    new_lost = lost.where(guarantor_events.c.told_on == today)
    unmatched, fresh = [(await connection.execute(query)).scalar_one() for query in (lost, new_lost)]
    ours, theirs = counts.get(US, (0, 0)), counts.get(THEM, (0, 0))
    return Count(ours[0], theirs[0], unmatched, ours[1] + theirs[1] + fresh)


async def gaps_after(connection: AsyncConnection, after: str = "", limit: int = PAGE) -> list[Gap]:
    """What only one of us has, in the order of the numbers, a page at a time."""
    query = select(guarantee_gaps).where(of_gap.guarantee_no > after).order_by(of_gap.guarantee_no).limit(limit)
    rows = (await connection.execute(query)).all()
    return [Gap(row.guarantee_no, row.only_with, row.house_id, row.since_on) for row in rows]
