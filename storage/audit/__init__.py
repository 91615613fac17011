"""The auditor: is the record unbroken, do the rows say what it says, and has every obligation a holder and a day?

``chains`` walks the facts; ``rows``, ``plans``, ``guarantees`` and ``statements`` hold the rows of a house against its
facts; ``asleep`` works out anew the days on which a house is looked at again; ``orphans`` and ``events`` look for
whatever nobody will ever take up. Houses are read some hundred at a time, so memory does not grow with their number.
"""

from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit.chains import chains
from storage.audit.events import waiting_events
from storage.audit.finding import LATE, Finding
from storage.audit.houses import each_house
from storage.audit.orphans import orphans
from storage.record import Seal

__all__ = ["LATE", "Finding", "audit"]


async def audit(connection: AsyncConnection, seal: Seal, now: datetime) -> AsyncIterator[Finding]:
    """Every finding; none when all is well."""
    async for finding in chains(connection, seal):
        yield finding
    async for finding in each_house(connection, seal, now):
        yield finding
    async for finding in orphans(connection, now):
        yield finding
    async for finding in waiting_events(connection, now):
        yield finding
