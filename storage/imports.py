"""Each file that was taken in: who brought it, when, by which door, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import insert, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.outcome import Deed
from bot.core.people import servicer_key
from bot.core.submitter import Submitter
from storage.news import tell_submitters
from storage.pins import Pins
from storage.record import SERVICE, append
from storage.submitters import operator_now
from storage.tables import TROUBLED, houses, import_houses, imports, people

MOST_PROBLEMS = 1_000  # that stay with an import; the marked Excel has all of them
MOST_IN_A_SPAN, SPAN = 60, timedelta(hours=1)  # files of one submitter


@dataclass(frozen=True, slots=True)
class Came:
    """How a file came in. ``key`` is how its door tells it apart: the same from the same submitter is one import."""

    who: Submitter
    by: str
    door: str
    file_name: str = ""
    file_hash: str = ""
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Became:
    """What became of it; ``counts`` by kind, ``problems`` with their places and reasons only."""

    verdict: str
    rows_total: int
    rows_accepted: int
    counts: Mapping[str, int]
    problems: Sequence[Mapping[str, Any]]


async def begin_import(connection: AsyncConnection, came: Came, now: datetime) -> int:
    """Its number. Until it is closed it has no verdict."""
    who = await operator_now(connection) if came.who.everything else came.who
    new = insert(imports).values(
        submitter=who.id,
        key=came.key,
        by=came.by,
        at=now,
        door=came.door,
        file_name=came.file_name,
        file_hash=came.file_hash,
        representative=who.representative,
        address=who.address,
        acquired=who.acquired,
        counts={},
        problems=[],
    )
    return int((await connection.execute(new.returning(imports.c.id))).scalar_one())


async def unfinished(connection: AsyncConnection, submitter: str, key: str) -> tuple[int, dict[str, int]] | None:
    """The import under this key that was begun and never closed, with what it had counted when it was broken off."""
    mine = (imports.c.submitter == submitter, imports.c.key == key, imports.c.verdict == "")
    row = (await connection.execute(select(imports.c.id, imports.c.counts).where(*mine))).first()
    return (row.id, dict(row.counts)) if row is not None else None


async def note_counts(connection: AsyncConnection, import_id: int, counts: Mapping[str, int]) -> None:
    """How far it has come, written with the batch, so that whoever goes on with it counts on from there."""
    await connection.execute(update(imports).where(imports.c.id == import_id).values(counts=dict(counts)))


async def release(connection: AsyncConnection, import_id: int) -> None:
    """The same file may come once more: what it lacked may be there by then."""
    await connection.execute(update(imports).where(imports.c.id == import_id).values(key=None))


async def rest_of(connection: AsyncConnection, submitter: str, now: datetime) -> int:
    """Seconds until another file of this submitter is taken in; 0 for at once. Counted over every door and process."""
    newest = select(imports.c.at).where(imports.c.submitter == submitter).order_by(imports.c.id.desc())
    at = (await connection.execute(newest.offset(MOST_IN_A_SPAN - 1).limit(1))).scalar()
    return max(0, ceil((at + SPAN - now).total_seconds())) if at is not None else 0


async def tells_of(connection: AsyncConnection, import_id: int, house_ids: Collection[str]) -> None:
    """The import told of these houses."""
    known = select(houses.c.id).where(houses.c.id.in_(house_ids))
    told = select(import_houses.c.house_id).where(import_houses.c.import_id == import_id)
    query = known.where(houses.c.id.not_in(told.where(import_houses.c.house_id.in_(house_ids))))
    rows = [{"import_id": import_id, "house_id": id} for id in (await connection.execute(query)).scalars()]
    if rows:
        await connection.execute(insert(import_houses), rows)


async def close_import(
    connection: AsyncConnection, pins: Pins, number: tuple[int, Came], became: Became, now: datetime
) -> None:
    """Puts down what became of it. What a company brought is a fact: of the installation, since one file may tell of
    very many houses; which ones stands in rows."""
    import_id, came = number
    values = {
        "verdict": became.verdict,
        "rows_total": became.rows_total,
        "rows_accepted": became.rows_accepted,
        "counts": dict(became.counts),
        "problems": list(became.problems[:MOST_PROBLEMS]),
    }
    open_still = (imports.c.id == import_id, imports.c.verdict == "")
    closed = await connection.execute(update(imports).where(*open_still).values(**values))
    if not became.verdict.startswith("reject"):  # what went wrong before it was made good by this one
        before = (text(TROUBLED), imports.c.submitter == came.who.id, imports.c.id < import_id)
        await connection.execute(update(imports).where(*before).values(settled_at=now))
    if came.who.everything or not closed.rowcount:
        return
    told = {"import": import_id, "submitter": came.who.id, "door": came.door, "file": came.file_hash}
    told |= {"acquired": came.who.acquired, "verdict": became.verdict, "rows": became.rows_accepted}
    named = pins.seal.digest(f"{came.who.id}:{came.who.representative}:{came.who.address}")
    deed = Deed("import_taken", came.by, {**told, "provider": named})
    await append(connection, pins.seal, [(SERVICE, deed)], now)
    await tell_submitters(connection, pins, [(SERVICE, deed)], now)


async def import_under(connection: AsyncConnection, submitter: str, key: str) -> int | None:
    """The import that a submitter's door has made under this key."""
    query = select(imports.c.id).where(imports.c.submitter == submitter, imports.c.key == key)
    return (await connection.execute(query)).scalar()


async def let_go(connection: AsyncConnection, import_id: int) -> bool:
    """One that was cut short is told apart no more by the key of its door; False where it came to its end."""
    open_still = (imports.c.id == import_id, imports.c.verdict == "")
    return bool((await connection.execute(update(imports).where(*open_still).values(key=None))).rowcount)


async def imports_of(
    connection: AsyncConnection, submitter: str, limit: int = 20, before: int | None = None
) -> Sequence[Any]:
    """The newest of a submitter, the latest first; ``before`` is the number of one that is later than all of them."""
    query = select(imports).where(imports.c.submitter == submitter).order_by(imports.c.id.desc())
    query = query if before is None else query.where(imports.c.id < before)
    return (await connection.execute(query.limit(limit))).all()


async def import_at(connection: AsyncConnection, submitter: str, import_id: int) -> Any:
    """One of a submitter's own; None for anybody else's."""
    query = select(imports).where(imports.c.submitter == submitter, imports.c.id == import_id)
    return (await connection.execute(query)).one_or_none()


PROVIDED = ("submitter", "representative", "address", "acquired", "door", "at")


async def provisions(connection: AsyncConnection, house_id: str) -> list[dict[str, Any]]:
    """Who brought a house's data, when and how they had acquired it, in the order of time."""
    query = (
        select(imports, people.c.name.label("name"))
        .join(import_houses, import_houses.c.import_id == imports.c.id)
        .join(people, people.c.id == literal(servicer_key("")) + imports.c.submitter, isouter=True)
        .where(import_houses.c.house_id == house_id)
        .order_by(imports.c.id)
    )
    rows = [row._mapping for row in await connection.execute(query)]
    return [{"import": row["id"], "name": row["name"] or ""} | {key: row[key] for key in PROVIDED} for row in rows]
