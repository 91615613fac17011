"""All that is kept about one owner, as rows: what they are given when they ask for their own data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.inbound import files_of
from storage.loans import own_loans
from storage.notes import own_notes
from storage.outbox import SENT
from storage.statements import own_statements
from storage.tables import addresses, house_owners, houses, inbound, mandates, outbox, people


@dataclass(frozen=True, slots=True)
class Personal:
    """One person's rows, each list in the order of time."""

    person: Row[Any]
    addresses: Sequence[Row[Any]]
    houses: Sequence[Row[Any]]  # with from when and until when they are theirs
    consents: Sequence[Row[Any]]
    told: Sequence[Row[Any]]
    said: Sequence[Row[Any]]
    notes: Sequence[Row[Any]]
    stated: Sequence[Row[Any]]
    loans: Sequence[Row[Any]]

    @property
    def files(self) -> list[str]:
        """The files they sent, as they are kept."""
        return sorted({ref for row in self.said for ref in files_of(row.raw, row.said)})


async def personal(connection: AsyncConnection, person_id: str) -> Personal | None:
    """None for nobody we know, and for who was erased: there is nothing left."""
    person = (await connection.execute(select(people).where(people.c.id == person_id))).one_or_none()
    if person is None or person.erased_on is not None:
        return None
    owned = select(houses, house_owners.c.until_on).join_from(houses, house_owners)
    queries = (
        select(addresses).where(addresses.c.person_id == person_id).order_by(addresses.c.rank, addresses.c.address),
        owned.where(house_owners.c.person_id == person_id).order_by(houses.c.id),
        select(mandates).where(mandates.c.person_id == person_id).order_by(mandates.c.id),
        select(outbox).where(outbox.c.person_id == person_id, outbox.c.state == SENT).order_by(outbox.c.id),
        select(inbound).where(inbound.c.person_id == person_id).order_by(inbound.c.id),
        own_notes(person_id),
        own_statements(person_id),
        own_loans(person_id),
    )
    return Personal(person, *[(await connection.execute(query)).all() for query in queries])
