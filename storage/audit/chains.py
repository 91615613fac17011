"""Every chain of facts, from its first to its head."""

import hmac
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit.finding import UNREADABLE, Finding, unreadable
from storage.audit.span import Span
from storage.record import SERVICE, Head, Seal, read_head
from storage.tables import cases, facts, houses

# The instant as it lies there: what is none is a finding of that fact, and not the end of the walk.
AS_STORED = [type_coerce(each, BigInteger).label("at") if each.name == "at" else each for each in facts.c]


@dataclass(slots=True)
class Chain:
    """How far a chain has been walked."""

    house: str
    seq: int = 0
    mac: str = ""

    def step(self, row: Any, seal: Seal) -> Iterator[Finding]:
        """The next fact of the chain."""
        where = f"{self.house or 'service'}#{row.seq}"
        try:
            if row.seq != self.seq + 1:
                yield Finding("fact_missing", f"{self.house or 'service'}#{self.seq + 1}")
            elif not _sealed(row, seal, self.mac):
                yield Finding("fact_changed", where)
        except UNREADABLE as error:
            yield unreadable(where, error)
        self.seq = row.seq if isinstance(row.seq, int) else self.seq + 1
        self.mac = seal.close(str(row.mac))

    def end(self, known: Head) -> Iterator[Finding]:
        """The chain ends where its head says it ends, so that a cut-off end shows too."""
        if known != (self.seq, self.mac):
            yield Finding("chain_cut", self.house or "service", f"{self.seq} facts, {known[0]} were written")


def _sealed(row: Any, seal: Seal, before: str) -> bool:
    fact = dict(row._mapping) | {"at": datetime.fromtimestamp(row.at, UTC)}
    return hmac.compare_digest(seal.mac(fact, before).encode(), row.mac.encode())


async def own_chain(connection: AsyncConnection, seal: Seal) -> AsyncIterator[Finding]:
    """The installation's own chain is walked from its first fact to its head."""
    chain, own = Chain(SERVICE), await _own_head(connection)
    query = select(*AS_STORED).where(facts.c.house_id == SERVICE).order_by(facts.c.seq)
    async for row in await connection.stream(query):
        for finding in chain.step(row, seal):
            yield finding
    for finding in chain.end(own):
        yield finding


async def chains(connection: AsyncConnection, seal: Seal, span: Span) -> AsyncIterator[Finding]:
    """The chain of every house is walked from its first fact to its head."""
    chain = None
    query = select(*AS_STORED).where(span.holds(facts.c.house_id)).order_by(facts.c.house_id, facts.c.seq)
    async for row in await connection.stream(query):
        if chain is None or row.house_id != chain.house:
            for finding in await _ended(connection, chain):
                yield finding
            chain = Chain(row.house_id)
        for finding in chain.step(row, seal):
            yield finding
    for finding in await _ended(connection, chain):
        yield finding
    async for finding in _gone(connection, span):
        yield finding


async def _own_head(connection: AsyncConnection) -> Head:
    try:
        return await read_head(connection)
    except UNREADABLE:
        return -1, ""  # no chain ends there


async def _ended(connection: AsyncConnection, chain: Chain | None) -> list[Finding]:
    if chain is None:
        return []
    query = select(houses.c.fact_count, houses.c.fact_mac).where(houses.c.id == chain.house)
    row = (await connection.execute(query)).one_or_none()
    return list(chain.end((row.fact_count, row.fact_mac) if row else (0, "")))


async def _gone(connection: AsyncConnection, span: Span) -> AsyncIterator[Finding]:
    """Chains of which no fact is left."""
    told = select(facts.c.seq).where(facts.c.house_id == houses.c.id).exists()
    lived = or_(houses.c.fact_count > 0, select(cases.c.id).where(cases.c.house_id == houses.c.id).exists())
    empty = select(houses.c.id).where(span.holds(houses.c.id), lived, ~told)
    for house_id in (await connection.execute(empty)).scalars():
        yield Finding("facts_removed", house_id)
