"""Holds the record against the daily seals: whatever a sheet says of a chain must still be so.

Sheets are read one after the other, their lines checked in portions by primary key: memory does not grow with the
number of houses, and what is read is one year of seals at most. So look at it more than once a year.
"""

import asyncio
import hmac
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from storage.audit import LATE, Finding
from storage.places import Place
from storage.record import SERVICE, Seal
from storage.seals import WHOLE, Head, last_seal
from storage.tables import facts, houses

RESTORED = "database_reconciled"  # the fact that people have decided what a copy that was put back says
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PORTION = 1_000  # lines looked up together
HERE = select(facts.c.house_id, facts.c.mac).where(
    facts.c.seq == bindparam("count"), facts.c.house_id.in_(bindparam("wanted", expanding=True))
)
END = '{"seal": "'


@dataclass(frozen=True, slots=True)
class Read:
    """A sheet as it lies there. ``true``: it was made under our key, and is what its name says."""

    name: str
    true: bool
    heads: Sequence[Head] = ()


async def against_seals(connection: AsyncConnection, seal: Seal, place: Place, now: datetime) -> AsyncIterator[Finding]:
    """Every finding; none when the record holds all that was sealed. Raises OSError where the place fails."""
    names = await sheets(connection, place)
    async for finding in beside_sheets(connection, names, now):
        yield finding
    for name in names:
        async for finding in against_sheet(connection, seal, place, name):
            yield finding


async def sheets(connection: AsyncConnection, place: Place) -> list[str]:
    """The sheets that hold the record, by name, in their order. Raises OSError where the place fails."""
    return _of_the_last_year(await _of_this_life(connection, await asyncio.to_thread(place.names)))


async def against_sheet(connection: AsyncConnection, seal: Seal, place: Place, name: str) -> AsyncIterator[Finding]:
    """What one sheet says otherwise than the record. Raises OSError where the place fails."""
    sheet = _read(name, await asyncio.to_thread(place.read, name), seal)
    if not sheet.true:
        yield Finding("seal_changed", name)
    async for finding in _unlike(connection, seal, sheet):
        yield finding


async def beside_sheets(connection: AsyncConnection, names: Sequence[str], now: datetime) -> AsyncIterator[Finding]:
    """Sheets that are gone, and a record that has not been sealed for days."""
    async for finding in _missing(connection, set(names)):
        yield finding
    async for finding in _late(connection, now):
        yield finding


async def _of_this_life(connection: AsyncConnection, names: Sequence[str]) -> list[str]:
    """The sheets but those of days that were lost with a database: a copy was put back since, and does not know them.

    What people wrote down of that stands in the record (`engawa restore`).
    """
    told = select(facts.c.kind, facts.c.at, facts.c.data).where(facts.c.house_id == SERVICE)
    rows = (await connection.execute(told.where(facts.c.kind.in_(("heads_sealed", RESTORED))))).all()
    ours = {name for row in rows if row.kind == "heads_sealed" for name in json.loads(row.data)["files"]}
    put_back = max((civil(row.at).isoformat() for row in rows if row.kind == RESTORED), default="")
    return [name for name in names if name in ours or _day(name) > put_back]


def _day(name: str) -> str:
    """The day of a seal, from its sheet's name; a name that is none of ours is held to be of the last of days."""
    found = DAY.search(name)
    return found[0] if found else "9999-12-31"


def _of_the_last_year(names: Sequence[str]) -> list[str]:
    """From the newest seal of all houses on; each house stands in it, or in one after it."""
    sheets = sorted((name for name in names if name.endswith(".jsonl")), key=_number)
    whole = [_number(name) for name in sheets if f"-{WHOLE}-" in name]
    return [name for name in sheets if not whole or _number(name) >= whole[-1]]


def _number(name: str) -> str:
    """What its name begins with: the number of the seal, six digits."""
    return name.rpartition("/")[2][:6]


def _read(name: str, data: bytes | None, seal: Seal) -> Read:
    """What is not ours, or was changed, says nothing."""
    above, mark, below = (data or b"").decode("utf-8", "replace").rpartition(END)
    if not mark or not hmac.compare_digest(below.partition('"')[0].encode(), seal.sheet(above).encode()):
        return Read(name, true=False)
    heading, *heads = [json.loads(line) for line in above.splitlines()]
    said = f"{heading['number']:06d}-{heading['scope']}-{heading['part']:03d}-{heading['day']}-"
    return Read(name, f"/{said}" in f"/{name}", [(house, count, mac) for house, count, mac in heads])


async def _unlike(connection: AsyncConnection, seal: Seal, sheet: Read) -> AsyncIterator[Finding]:
    """The sealed fact is there, and closes the chain as it did."""
    for some in _portions(sheet.heads):
        count = some[0][1]
        rows = await connection.execute(HERE, {"count": count, "wanted": [house for house, _, _ in some]})
        known = {row.house_id: row.mac for row in rows}
        for house, _, mac in some:
            found = known.get(house)
            where = f"{house or 'service'}#{count}"
            if found is None:
                yield Finding("sealed_fact_missing", where, f"sealed in {sheet.name}")
            elif not hmac.compare_digest(seal.close(found), mac):
                yield Finding("sealed_fact_changed", where, f"sealed otherwise in {sheet.name}")


def _portions(heads: Sequence[Head]) -> Iterator[list[Head]]:
    """Lines that name a fact of the same number: these are looked up by their key, whatever the database.

    To pairs of values in a list SQLite goes by looking at every fact.
    """
    of_count: dict[int, list[Head]] = defaultdict(list)
    for head in heads:
        of_count[head[1]].append(head)
    for count in sorted(of_count.keys() - {0}):
        for start in range(0, len(of_count[count]), PORTION):
            yield of_count[count][start : start + PORTION]


async def _missing(connection: AsyncConnection, names: set[str]) -> AsyncIterator[Finding]:
    """Every sheet that is a fact is there, from the oldest that is asked for."""
    query = select(facts.c.data).where(facts.c.house_id == SERVICE, facts.c.kind == "heads_sealed")
    told: list[dict[str, Any]] = [
        json.loads(data) for data in (await connection.execute(query.order_by(facts.c.seq))).scalars()
    ]
    wholes = [seal["number"] for seal in told if seal["scope"] == WHOLE]
    for seal in told:
        if wholes and seal["number"] >= wholes[-1]:
            for name in seal["files"]:
                if name not in names:
                    yield Finding("seal_missing", name)


async def _late(connection: AsyncConnection, now: datetime) -> AsyncIterator[Finding]:
    """What was written days ago has been sealed since."""
    last = await last_seal(connection)
    grown = select(houses.c.id).where(houses.c.fact_count != houses.c.sealed_count)
    house = (await connection.execute(grown.order_by(houses.c.id).limit(1))).scalar()
    if house is None or not last.day:
        return
    if last.day < (civil(now) - LATE - timedelta(days=1)).isoformat():
        yield Finding("not_sealed", house, f"the last seal is of {last.day}")
