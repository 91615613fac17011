"""What is stored of a house for the company that takes it over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.book.pack import Contact
from bot.core.book.section import Sources
from bot.core.days import civil
from bot.core.history.access import Shelf
from storage.book import book_sources
from storage.histories import shelf_of
from storage.people import IN_BUSINESS
from storage.tables import facts, house_owners, people, servicers

CHANGES = ("company_agreed", "servicer_changed")  # the facts with which a house goes to another company


@dataclass(frozen=True, slots=True)
class Packed:
    """A house with its owners as they may be reached. ``since``: when its company last changed, if it did."""

    sources: Sources
    contacts: Sequence[Contact]
    since: date | None
    in_business: bool  # its company
    shelf: Shelf

    @property
    def mandated(self) -> bool:
        return bool(self.sources.house["mandated"])

    @property
    def company(self) -> str:
        return f"servicer:{self.sources.house['servicer_id']}"


async def packed(connection: AsyncConnection, house_id: str) -> Packed | None:
    """None for a house that is not there."""
    sources = await book_sources(connection, house_id)
    if sources is None:
        return None
    query = select(servicers.c.status).where(servicers.c.id == sources.house["servicer_id"])
    status = (await connection.execute(query)).scalar()
    contacts, since = await _contacts(connection, house_id), await taken_over_on(connection, house_id)
    shelf = await shelf_of(connection, house_id)
    assert shelf is not None
    return Packed(sources, contacts, since, status in IN_BUSINESS, shelf)


async def taken_over_on(connection: AsyncConnection, house_id: str) -> date | None:
    """The day on which the house went to another company for the last time; None where it never did."""
    query = select(func.max(facts.c.at)).where(facts.c.house_id == house_id, facts.c.kind.in_(CHANGES))
    at = (await connection.execute(query)).scalar()
    return civil(at) if at is not None else None


async def _contacts(connection: AsyncConnection, house_id: str) -> list[Contact]:
    query = select(people.c.name, people.c.kana, people.c.phone, people.c.hour_from, people.c.hour_until)
    query = query.add_columns(people.c.language).join_from(
        house_owners, people, people.c.id == house_owners.c.person_id
    )
    mine = query.where(house_owners.c.house_id == house_id, house_owners.c.until_on.is_(None))
    living = mine.where(people.c.erased_on.is_(None)).order_by(house_owners.c.rank, people.c.id)
    return [
        Contact(row.name, row.kana, row.phone, (row.hour_from, row.hour_until), row.language)
        for row in await connection.execute(living)
    ]
