"""People and their addresses, as a file gives them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.intake.batch import Arrival, add, change
from storage.tables import addresses, people

Key = tuple[str, str, str]  # person, channel, address
Changes = dict[str, dict[str, str]]  # by person: what changed, an address under its channel's name
REPLACED = "replaced"  # why an address ended: a file gave another
STOPPED = "stopped"  # why: the person ended the channel


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person is called and reached; ``addresses`` are (channel, address) pairs. None is what nobody said."""

    person_id: str
    name: str
    kana: str | None = None
    language: str | None = None
    phone: str | None = None
    order: tuple[str, ...] | None = None
    addresses: tuple[tuple[str, str], ...] = ()

    @property
    def ranked(self) -> list[tuple[str, str]]:
        """The addresses in the person's order; those it does not name come after."""
        place = {channel: index for index, channel in enumerate(self.order or ())}
        return sorted(self.addresses, key=lambda pair: place.get(pair[0], len(place)))


async def take_contacts(connection: AsyncConnection, arrival: Arrival, contacts: Sequence[Contact]) -> Changes:
    """Adds or updates people, and says what changed about those who were known. Who was erased stays erased."""
    ids = [contact.person_id for contact in contacts]
    known = {row.id: row for row in await connection.execute(select(people).where(people.c.id.in_(ids)))}
    wanted = {contact.person_id: _completed(contact, known.get(contact.person_id)) for contact in contacts}
    gone = {row.id for row in known.values() if row.erased_on is not None}
    rows = {person_id: _row(contact) for person_id, contact in wanted.items() if person_id not in gone}
    await add(connection, people, [row for person_id, row in rows.items() if person_id not in known])
    changes = {person_id: _differing(row, known[person_id]) for person_id, row in rows.items() if person_id in known}
    await change(connection, people, [rows[person_id] for person_id, changed in changes.items() if changed])
    for person_id, channel, address in await _take_addresses(connection, arrival, [wanted[id] for id in rows]):
        if person_id in changes:
            changes[person_id][channel] = address
    return changes


def _completed(contact: Contact, before: Any) -> Contact:
    """A contact with what is known already of what it leaves out, and with the language that they chose themselves."""
    if before is None:
        return contact
    order = tuple(before.channel_order.split(">")) if before.channel_order else ()
    return replace(
        contact,
        kana=before.kana if contact.kana is None else contact.kana,
        language=before.language if before.own_language else contact.language or before.language,
        phone=before.phone if contact.phone is None else contact.phone,
        order=order if contact.order is None else contact.order,
    )


def _row(contact: Contact) -> dict[str, str]:
    return {
        "id": contact.person_id,
        "name": contact.name,
        "kana": contact.kana or "",
        "language": contact.language or "ja",
        "phone": contact.phone or "",
        "channel_order": ">".join(contact.order or ()),
    }


def _differing(row: dict[str, str], before: object) -> dict[str, str]:
    return {name: value for name, value in row.items() if value != getattr(before, name)}


async def _take_addresses(connection: AsyncConnection, arrival: Arrival, contacts: Sequence[Contact]) -> list[Key]:
    """The address a file gives lives, and the one it replaces ends; those that have come to life.

    What ended otherwise stays ended whatever a file says: a channel that the person stopped, also under a new address,
    and an address at which nobody is reached. In another case it is the same address, and stays as it was written.
    """
    query = select(addresses).where(addresses.c.person_id.in_([contact.person_id for contact in contacts]))
    known = {(row.person_id, row.channel, row.address): row for row in await connection.execute(query)}
    living = {key for key, row in known.items() if row.ended_at is None}
    closed = {key[:2] for key, row in known.items() if row.ended_why == STOPPED} - {key[:2] for key in living}
    standing = {(*key[:2], key[2].lower()): key for key in sorted(known, key=living.__contains__)}
    new, states, come = [], [], []
    for contact in contacts:
        for rank, (channel, address) in enumerate(contact.ranked):
            key = standing.get((contact.person_id, channel, address.lower()), (contact.person_id, channel, address))
            before = known.get(key)
            if key[:2] in closed or (before is not None and before.ended_why not in ("", REPLACED)):
                continue
            if before is None:
                new.append(dict(zip(("person_id", "channel", "address", "rank"), (*key, rank), strict=True)))
            elif key not in living or before.rank != rank:
                states.append(_state(key, rank))
            if key not in living:
                come.append(key)
                others = [other for other in living if other[:2] == key[:2]]
                states += [_state(other, known[other].rank, arrival.now) for other in others]
    await _change_states(connection, states)
    await add(connection, addresses, new)
    return come


def _state(key: Key, rank: int, ended_at: datetime | None = None) -> dict[str, Any]:
    """What is to be written of an address: its rank, and whether a newer one has replaced it."""
    return dict(zip("pca", key, strict=True)) | {"rank": rank, "at": ended_at, "why": REPLACED if ended_at else ""}


async def _change_states(connection: AsyncConnection, states: Sequence[dict[str, Any]]) -> None:
    if states:
        mine = (addresses.c[name] == bindparam(name[0]) for name in ("person_id", "channel", "address"))
        values: dict[str, Any] = {"rank": bindparam("rank"), "ended_at": bindparam("at"), "ended_why": bindparam("why")}
        await connection.execute(update(addresses).where(*mine).values(values), list(states))
