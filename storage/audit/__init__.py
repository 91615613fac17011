"""The auditor: is the record unbroken, do the rows say what it says, and has every obligation a holder and a day?

``chains`` walks the facts; ``rows``, ``plans``, ``guarantees`` and ``statements`` hold the rows of a house against its
facts; ``asleep`` works out anew the days on which a house is looked at again; ``orphans`` and ``events`` look for
whatever nobody will ever take up, ``sent`` for attempts that nobody wrote down. Houses are read some hundred at a time,
so memory does not grow with their number; ``of_houses`` looks at some of them alone.
"""

from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit.chains import chains, own_chain
from storage.audit.events import waiting_events
from storage.audit.finding import LATE, Finding
from storage.audit.houses import Auditor, each_house
from storage.audit.orphans import orphans
from storage.audit.sent import untold
from storage.audit.span import Span
from storage.record import Seal

__all__ = ["LATE", "Auditor", "Finding", "Span", "as_of_one_moment", "audit", "of_houses"]


async def audit(connection: AsyncConnection, seal: Seal, now: datetime) -> AsyncIterator[Finding]:
    """Every finding; none when all is well."""
    looks = (
        own_chain(connection, seal),
        of_houses(Auditor(connection, seal, now), Span()),
        untold(connection),
        waiting_events(connection, now),
    )
    for look in looks:
        async for finding in look:
            yield finding


async def of_houses(auditor: Auditor, span: Span) -> AsyncIterator[Finding]:
    """Everything about these houses: their chains, their rows, and what is open or due there."""
    looks = (
        chains(auditor.connection, auditor.seal, span),
        each_house(auditor, span),
        orphans(auditor.connection, span, auditor.now),
    )
    for look in looks:
        async for finding in look:
            yield finding


async def as_of_one_moment(connection: AsyncConnection) -> None:
    """To be asked before the first read of a transaction: what others commit meanwhile is not seen in it.

    A fact that is added between two looks would be a chain that does not end where it should. SQLite reads so anyway.
    """
    if connection.dialect.name == "postgresql":
        await connection.execution_options(isolation_level="REPEATABLE READ")
