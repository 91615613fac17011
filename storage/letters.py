"""Letters: to be printed and posted by staff, answered under their code."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.delivery import Outcome, Receipt
from bot.core.outcome import Deed
from storage.attempts import attempt, keep_attempts
from storage.households import lock_houses
from storage.outbox import PAPER, SENT
from storage.record import Seal, append
from storage.tables import facts, houses, letters, outbox, people

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, with the message that it carries. ``state`` is that of its row in the outbox."""

    outbox_id: int
    code: str
    person_id: str
    case_id: str
    written_on: date
    posted_on: date | None
    returned_on: date | None
    key: str
    language: str
    parts: Sequence[Mapping[str, Any]]
    state: str
    name: str

    @property
    def house_id(self) -> str:
        return next((part["house"] for part in self.parts if part["house"]), "")


OF_LETTER = ("outbox_id", "code", "person_id", "case_id", "written_on", "posted_on", "returned_on")
OF_OUTBOX = ("key", "language", "parts", "state")
COLUMNS = [*(letters.c[name] for name in OF_LETTER), *(outbox.c[name] for name in OF_OUTBOX), people.c.name]
POSTED = Receipt(Outcome.SENT, detail="posted")
QUERY: Select[Any] = select(*COLUMNS).join_from(letters, outbox).join(people, people.c.id == letters.c.person_id)


async def read_letters(connection: AsyncConnection, query: Select[Any]) -> list[Letter]:
    return [Letter(**row._mapping) for row in await connection.execute(query)]


async def unposted(connection: AsyncConnection) -> list[Letter]:
    """Letters to be printed and posted, the oldest first."""
    query = QUERY.where(outbox.c.state == PAPER, letters.c.posted_on.is_(None))
    return await read_letters(connection, query.order_by(letters.c.outbox_id).limit(SHOWN))


async def posted(connection: AsyncConnection, limit: int = 50) -> list[Letter]:
    """The letters posted last that have not come back yet, neither their slip nor they themselves."""
    query = QUERY.where(letters.c.posted_on.is_not(None), letters.c.returned_on.is_(None))
    return await read_letters(connection, query.order_by(letters.c.outbox_id.desc()).limit(limit))


async def by_code(connection: AsyncConnection, code: str) -> Letter | None:
    return next(iter(await read_letters(connection, QUERY.where(letters.c.code == code))), None)


async def by_ids(connection: AsyncConnection, outbox_ids: Collection[int]) -> list[Letter]:
    """Those of these letters that are to be posted, or were."""
    query = QUERY.where(letters.c.outbox_id.in_(outbox_ids), outbox.c.state.in_((PAPER, SENT)))
    return [row for row in await read_letters(connection, query.order_by(outbox.c.id)) if row.parts]


async def postal(connection: AsyncConnection, house_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Postcode and address of houses: where their owners are written to."""
    query = select(houses.c.id, houses.c.postcode, houses.c.address).where(houses.c.id.in_(house_ids))
    return {row.id: (row.postcode, row.address) for row in await connection.execute(query)}


async def mark_posted(
    connection: AsyncConnection, seal: Seal, outbox_ids: Collection[int], by: str, now: datetime
) -> int:
    """The letters are in the post: rows and facts together; how many were not marked before."""
    rows = [row for row in await by_ids(connection, outbox_ids) if row.state == PAPER]
    ids = [row.outbox_id for row in rows]
    await lock_houses(connection, {part["house"] for row in rows for part in row.parts if part["house"]})
    sent = {"state": SENT, "sent_at": now, "attempts": 1}
    await connection.execute(update(outbox).where(outbox.c.id.in_(ids), outbox.c.state == PAPER).values(**sent))
    await connection.execute(update(letters).where(letters.c.outbox_id.in_(ids)).values(posted_on=civil(now)))
    await keep_attempts(connection, [attempt(row_id, 1, now, POSTED) for row_id in ids])
    await append(connection, seal, [fact for row in rows for fact in _facts(row, by)], now)
    return len(rows)


def _facts(row: Letter, by: str) -> list[tuple[str, Deed]]:
    """One fact for every house that the letter was about, as for any message."""
    kinds: dict[str, list[str]] = {}
    for part in row.parts:
        kinds.setdefault(part["house"], []).append(part["kind"])
    data = {"to": row.person_id, "channel": "letter", "key": row.key, "state": SENT}
    return [(house, Deed("notice_sent", by, data | {"kinds": said}, row.case_id)) for house, said in kinds.items()]


async def why_returned(connection: AsyncConnection, house_id: str) -> str:
    """Why the last letter about a house came back, as a code of bot.core.unreached; empty where nobody said."""
    query = select(facts.c.data).where(facts.c.house_id == house_id, facts.c.kind == "letter_came_back")
    data = (await connection.execute(query.order_by(facts.c.seq.desc()).limit(1))).scalar()
    return str(json.loads(data).get("why", "")) if data else ""
