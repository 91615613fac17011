"""People and their addresses, as a file gives them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.intake.batch import Arrival, add, change
from storage.tables import addresses, people


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person is called and reached; ``addresses`` are (channel, address) pairs."""

    person_id: str
    name: str
    kana: str
    language: str
    phone: str
    order: tuple[str, ...]
    addresses: tuple[tuple[str, str], ...]

    @property
    def ranked(self) -> list[tuple[str, str]]:
        """The addresses in the person's order; those it does not name come after."""
        place = {channel: index for index, channel in enumerate(self.order)}
        return sorted(self.addresses, key=lambda pair: place.get(pair[0], len(place)))


async def take_contacts(connection: AsyncConnection, arrival: Arrival, contacts: Sequence[Contact]) -> None:
    """Adds or updates people. A person who was erased stays erased."""
    wanted = {contact.person_id: contact for contact in contacts}
    query = select(people).where(people.c.id.in_(wanted))
    known = {row.id: row for row in await connection.execute(query)}
    gone = {row.id for row in known.values() if row.erased_on is not None}
    rows = {person_id: _row(contact) for person_id, contact in wanted.items() if person_id not in gone}
    await add(connection, people, [row for person_id, row in rows.items() if person_id not in known])
    differing = [row for person_id, row in rows.items() if person_id in known and _differs(row, known[person_id])]
    await change(connection, people, differing)
    await _take_addresses(connection, arrival, [wanted[person_id] for person_id in rows])


def _row(contact: Contact) -> dict[str, str]:
    return {
        "id": contact.person_id,
        "name": contact.name,
        "kana": contact.kana,
        "language": contact.language,
        "phone": contact.phone,
        "channel_order": ">".join(contact.order),
    }


def _differs(row: dict[str, str], before: object) -> bool:
    return any(value != getattr(before, name) for name, value in row.items())


async def _take_addresses(connection: AsyncConnection, arrival: Arrival, contacts: Sequence[Contact]) -> None:
    """New addresses are added, those they replace end; one that ended is not brought back by the same file."""
    ids = [contact.person_id for contact in contacts]
    query = select(addresses).where(addresses.c.person_id.in_(ids))
    known = {(row.person_id, row.channel, row.address): row for row in await connection.execute(query)}
    new, ranks, ended = [], [], []
    for contact in contacts:
        for rank, (channel, address) in enumerate(contact.ranked):
            key = (contact.person_id, channel, address)
            if key not in known:
                new.append(dict(zip(("person_id", "channel", "address", "rank"), (*key, rank), strict=True)))
                ended += [other for other in known if other[:2] == key[:2] and known[other].ended_at is None]
            elif known[key].rank != rank:
                ranks.append({"p": key[0], "c": channel, "a": address, "rank": rank})
    mine = (
        addresses.c.person_id == bindparam("p"),
        addresses.c.channel == bindparam("c"),
        addresses.c.address == bindparam("a"),
    )
    if ended:
        over = update(addresses).where(*mine).values(ended_at=arrival.now, ended_why="replaced")
        await connection.execute(over, [dict(zip("pca", key, strict=True)) for key in ended])
    if ranks:
        await connection.execute(update(addresses).where(*mine).values(rank=bindparam("rank")), ranks)
    await add(connection, addresses, new)
