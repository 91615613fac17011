"""The daily seals: once a day the head of every chain that grew is put down outside the database, under the record key.

The chain of a house shows every change made without the key, except one: that the whole of it was put back to an older
state which somebody had kept. A sheet kept elsewhere says where the chain had got to. Whatever it says holds for good:
fact 7 of a house never becomes another one, so every line can be checked by itself, in any order.

The first seal of a year takes down all houses, the others only those whose chain has grown: a day costs what happened
on it, and whoever checks reads one year at most. Sheets hold a bounded number of lines, and nothing here is ever in
memory whole.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.outcome import Deed
from storage.places import Place
from storage.record import SERVICE, Seal, append, get_value, read_head, set_value
from storage.store import Store
from storage.tables import houses

LINES = 10_000  # of one sheet: about 1 MB
MARKS = 2_000  # written in one transaction, so that nobody waits long
FORMAT = 1
WHOLE, CHANGED = "whole", "changed"
STATE = "sealed"  # the name under which the installation keeps the last seal
Head = tuple[str, int, str]  # house, facts, what closes the chain
MARK = (
    update(houses)
    .where(houses.c.id == bindparam("house"), houses.c.sealed_count < bindparam("count"))
    .values(sealed_count=bindparam("count"))
)


@dataclass(frozen=True, slots=True)
class Last:
    """The last seal: its day (ISO), its number, and how long the installation's own chain was after it."""

    day: str = ""
    number: int = 0
    own: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sealed file. ``number`` grows by one a seal; ``part`` counts the sheets of one seal from 1."""

    day: str
    number: int
    scope: str
    part: int
    heads: Sequence[Head]

    def text(self, seal: Seal) -> str:
        """JSON lines: a heading, one line a chain, and the seal of all that stands above it."""
        heading = {"engawa_seals": FORMAT, "day": self.day, "number": self.number}
        heading |= {"scope": self.scope, "part": self.part}
        above = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (heading, *self.heads))
        return above + json.dumps({"seal": seal.sheet(above)}) + "\n"

    def name(self, text: str) -> str:
        """Where it is kept: two tries at the same seal do not meet."""
        mark = text.rpartition('"seal": "')[2][:8]
        return f"{self.day[:4]}/{self.number:06d}-{self.scope}-{self.part:03d}-{self.day}-{mark}.jsonl"


async def seal_day(store: Store, place: Place, now: datetime) -> int:
    """Seals what has grown since the last seal, once a civil day; how many heads. Raises OSError where the place fails.

    The sheets are written first and become a fact of the installation's own chain, then the houses are marked.
    Killed in between, it seals again: what a sheet says stays true.
    """
    day = civil(now).isoformat()
    async with store.read() as connection:
        last, own = await last_seal(connection), await read_head(connection)
    if last.day >= day:
        return 0
    scope = CHANGED if last.day[:4] == day[:4] else WHOLE
    number, names, heads = last.number + 1, list[str](), 0
    async for found in _portions(store, scope, (SERVICE, *own)):
        if not names and len(found) == 1 and own[0] == last.own:
            return 0
        sheet = Sheet(day, number, scope, len(names) + 1, found)
        text = sheet.text(store.pins.seal)
        await asyncio.to_thread(place.write, sheet.name(text), text.encode())
        names.append(sheet.name(text))
        heads += len(found)
    if names:
        await _note(store, {"day": day, "number": number, "scope": scope, "heads": heads, "files": names}, now)
        await _mark(store, place, names)
    return heads


async def last_seal(connection: AsyncConnection) -> Last:
    kept = await get_value(connection, STATE)
    return Last(*json.loads(kept)) if kept else Last()


async def _portions(store: Store, scope: str, own: Head) -> AsyncIterator[list[Head]]:
    """The heads to be sealed, a sheet at a time, our own chain's first.

    Each portion is read by itself, so that no transaction stays open.
    """
    found, after, rows = [own], "", LINES
    while rows == LINES:
        async with store.read() as connection:
            grown = (await connection.execute(_query(scope, after))).all()
        rows = len(grown)
        found += [(row.id, row.fact_count, row.fact_mac) for row in grown]
        if found:
            yield found
        after, found = grown[-1].id if grown else after, []


def _query(scope: str, after: str) -> Select[Any]:
    query = select(houses.c.id, houses.c.fact_count, houses.c.fact_mac).where(houses.c.id > after)
    grown = houses.c.fact_count > 0 if scope == WHOLE else houses.c.fact_count != houses.c.sealed_count
    return query.where(grown).order_by(houses.c.id).limit(LINES)


async def _note(store: Store, data: dict[str, Any], now: datetime) -> None:
    """The seal is a fact, in the same transaction in which the day becomes a sealed one."""
    async with store.write() as connection:
        await append(connection, store.pins.seal, [(SERVICE, Deed("heads_sealed", "engawa", data))], now)
        count, _ = await read_head(connection)
        await set_value(connection, STATE, json.dumps([data["day"], data["number"], count]))


async def _mark(store: Store, place: Place, names: Sequence[str]) -> None:
    """Up to which fact each house is sealed, from the sheets as they were written."""
    for name in names:
        written = await asyncio.to_thread(place.read, name) or b""
        lines = (json.loads(line) for line in written.splitlines())
        marks = [{"house": line[0], "count": line[1]} for line in lines if isinstance(line, list)]
        for start in range(0, len(marks), MARKS):
            async with store.write() as connection:
                await connection.execute(MARK, marks[start : start + MARKS])
