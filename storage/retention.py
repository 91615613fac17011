"""How long each kind of data is kept, as data, and what lets go of it, a bounded batch a round.

The reasons stand in docs/retention.md. Words have a setting of their own (ENGAWA_WORDS_DAYS, see storage.expiry), and
erasing a person at their wish is storage.erasure. The record itself stays for as long as the house has a plan: it holds
ids, codes and dates.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, Table, cast, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.absence import State as Absent
from bot.core.days import civil
from bot.core.history.access import Held
from bot.core.outcome import Change, Deed, Outcome
from bot.core.people import Role
from storage.histories import files_to_go
from storage.letter_batches import files_ended
from storage.outbox import HELD, PAPER, SENDING, UNKNOWN, WAITING
from storage.record import SERVICE, get_value, set_value
from storage.tables import (
    DISUSED,
    absences,
    addresses,
    attempts,
    house_owners,
    house_people,
    imports,
    inbound,
    letters,
    link_codes,
    looks,
    mandates,
    outbox,
    people,
    sealed_contacts,
    sessions,
    uploads,
)

BATCH = 500  # rows of a kind in one round
# Days after which it goes; see docs/retention.md.
PERIODS: Mapping[str, int] = {
    "contact data of people who left": 30,
    "files that the house's provider has": 90,
    "link codes": 30,
    "disused addresses": 365,
    "strangers' addresses": 365,
    "platforms' ids": 365,
    "letters": 3 * 365,
    "printed letters": 90,
    "looks of the staff": 3 * 365,
    "absences of the staff": 365,
    "sealed contact data": 90,
    "uploaded files": 1,
    "reports of imports": 90,
    "sessions": 365,
    "consents that ended": 10 * 365 + 3,
}
SOLD, ENDED = "sold", "ended"  # why contact data goes: the last house is another's, or the support ended
UNSENT = (WAITING, SENDING, UNKNOWN, PAPER, HELD)
DONE_ON, REACHED = "let_go_on", "let_go_until"  # values: the day that is done, and the row that each walk has reached

Step = Callable[[AsyncConnection, datetime], Awaitable[int]]


async def is_done(connection: AsyncConnection, now: datetime) -> bool:
    """Whether everything of that civil day is done with: it is looked for once a day."""
    return await get_value(connection, DONE_ON) == civil(now).isoformat()


async def let_go(connection: AsyncConnection, now: datetime) -> None:
    """One batch of everything that has outlived its period, in as many rounds as it takes; people have to be gone
    before the day is done (see left_before)."""
    counts = [await step(connection, now - timedelta(days=PERIODS[kind])) for kind, step in STEPS.items()]
    waits = await left_before(connection, now, 1) or await handed_before(connection, now, 1)
    waits = waits or await uploaded_before(connection, now, 1)
    if max(counts) < BATCH and not waits:
        await set_value(connection, DONE_ON, civil(now).isoformat())


async def left_before(connection: AsyncConnection, now: datetime, limit: int = BATCH) -> list[tuple[str, str]]:
    """Owners whose contact data has outlived its period, each with the reason (SOLD or ENDED)."""
    day = civil(now) - timedelta(days=PERIODS["contact data of people who left"])
    there = (people.c.erased_on.is_(None), people.c.id.like(f"{Role.OWNER}:%"))
    blank = or_(addresses.c.address.like("erased-%"), addresses.c.address.like("disused-%"))
    reached = select(addresses.c.address).where(addresses.c.person_id == people.c.id, ~blank)
    known = or_(people.c.phone != "", reached.exists())
    ended = select(people.c.id).where(people.c.ended_on.is_not(None), people.c.ended_on <= day, *there, known)
    sold = (
        select(house_owners.c.person_id)
        .join(people, people.c.id == house_owners.c.person_id)
        .where(
            house_owners.c.until_on.is_not(None),
            house_owners.c.until_on <= day,
            *there,
            ~_owns(house_owners.c.person_id, day),
        )
    )
    sold = sold.where(~_near(house_owners.c.person_id, day))
    beside = (
        select(house_people.c.person_id)
        .join(people, people.c.id == house_people.c.person_id)
        .where(house_people.c.until_on.is_not(None), house_people.c.until_on <= day, *there)
        .where(~_near(house_people.c.person_id, day), ~_owns(house_people.c.person_id, day))
    )
    found = dict.fromkeys((await connection.execute(ended.limit(limit))).scalars(), ENDED)
    found |= dict.fromkeys((await connection.execute(beside.distinct().limit(limit))).scalars(), SOLD)
    found |= dict.fromkeys((await connection.execute(sold.distinct().limit(limit))).scalars(), SOLD)
    return sorted(found.items())[:limit]


def _owns(person_id: ColumnElement[str], day: date) -> ColumnElement[bool]:
    """Whether they own a house, or have not long owned none."""
    mine = house_owners.alias()
    later = or_(mine.c.until_on.is_(None), mine.c.until_on > day)
    return select(mine.c.house_id).where(mine.c.person_id == person_id, later).exists()


def _near(person_id: ColumnElement[str], day: date) -> ColumnElement[bool]:
    """Whether they are something at a house beside its owners, or have not long been nothing there."""
    mine = house_people.alias()
    later = or_(mine.c.until_on.is_(None), mine.c.until_on > day)
    return select(mine.c.house_id).where(mine.c.person_id == person_id, later).exists()


async def handed_before(connection: AsyncConnection, now: datetime, limit: int = BATCH) -> list[tuple[str, str]]:
    """Files that who keeps the house's history has had for their period, as (house, reference)."""
    day = civil(now) - timedelta(days=PERIODS["files that the house's provider has"])
    return await files_to_go(connection, day, limit)


async def uploaded_before(connection: AsyncConnection, now: datetime, limit: int = BATCH) -> list[tuple[str, str]]:
    """Files that a submitter has uploaded and that have lain for their period, as (person, reference)."""
    before = now - timedelta(days=PERIODS["uploaded files"])
    query = select(uploads.c.person_id, uploads.c.ref).where(uploads.c.kept_at < before)
    rows = await connection.execute(query.order_by(uploads.c.kept_at).limit(limit))
    return [(row.person_id, row.ref) for row in rows]


async def printed_before(connection: AsyncConnection, now: datetime, limit: int = BATCH) -> Sequence[Row[Any]]:
    """Batches of letters whose files have lain for their period, or hold a letter of somebody who was erased."""
    return await files_ended(connection, now - timedelta(days=PERIODS["printed letters"]), limit)


def file_gone(house_id: str, ref: str, now: datetime) -> Outcome:
    """What is left of a file: who has it, its hash, and their reference."""
    digest = ref.rpartition("/")[2].partition(".")[0]
    change = Change("evidence_noted", {"files": [ref], "state": Held.GONE, "gone_on": civil(now)})
    return Outcome(house_id, deeds=(Deed("evidence_gone", "engawa", {"files": [digest]}),), changes=(change,))


def farewell(person_id: str, why: str, house_ids: Sequence[str]) -> list[Outcome]:
    """What is left of who left: which house, until when, and why their data went."""
    deed = Deed("contact_expired", "engawa", {"person": person_id, "why": why})
    change = Change("person_erased" if why == SOLD else "contact_forgotten", {"person_id": person_id})
    first, *others = house_ids or [SERVICE]
    return [Outcome(first, deeds=(deed,), changes=(change,)), *(Outcome(house, deeds=(deed,)) for house in others)]


async def houses_ever(connection: AsyncConnection, person_id: str) -> list[str]:
    """The houses that are or were a person's, or at which they were something else."""
    owned = select(house_owners.c.house_id).where(house_owners.c.person_id == person_id)
    near = select(house_people.c.house_id).where(house_people.c.person_id == person_id)
    return sorted((await connection.execute(owned.union(near))).scalars())


async def _link_codes(connection: AsyncConnection, before: datetime) -> int:
    old = select(link_codes.c.digest).where(link_codes.c.expires_at < before).limit(BATCH)
    gone = await connection.execute(delete(link_codes).where(link_codes.c.digest.in_(old)))
    return gone.rowcount


async def _addresses(connection: AsyncConnection, before: datetime) -> int:
    """An address that ended long ago is nobody's any more; that there was one stays."""
    query = select(addresses.c.person_id, addresses.c.channel, addresses.c.address)
    rows = (await connection.execute(query.where(text(DISUSED), addresses.c.ended_at <= before).limit(BATCH))).all()
    taken = await _disused(connection, {row.person_id for row in rows})
    for row in rows:
        taken[row.person_id] += 1
        here = (getattr(addresses.c, name) == value for name, value in row._mapping.items())
        await connection.execute(update(addresses).where(*here).values(address=f"disused-{taken[row.person_id]}"))
    return len(rows)


async def _strangers(connection: AsyncConnection, before: datetime) -> int:
    """Somebody who wrote once and whom nobody knows: where they wrote from."""
    wrote = select(inbound.c.id).where(inbound.c.person_id == addresses.c.person_id, inbound.c.received_at >= before)
    # By its ends and not by LIKE, which goes by no key: ";" comes after ":".
    stranger = addresses.c.person_id.between(f"{Role.GUEST}:", f"{Role.GUEST};")
    guests = (stranger, addresses.c.ended_at.is_(None), ~wrote.exists())
    rows = (await connection.execute(select(addresses.c.person_id).where(*guests).limit(BATCH))).scalars().all()
    ended = update(addresses).where(addresses.c.person_id.in_(rows), addresses.c.ended_at.is_(None))
    await connection.execute(ended.values(ended_at=before, ended_why="disused"))
    return len(rows)


async def _disused(connection: AsyncConnection, person_ids: set[str]) -> dict[str, int]:
    """How many addresses of these people are blank already: each keeps a name of its own."""
    blank = (addresses.c.person_id.in_(person_ids), addresses.c.address.like("disused-%"))
    query = select(addresses.c.person_id, func.count()).where(*blank).group_by(addresses.c.person_id)
    counted = {person_id: int(count) for person_id, count in (await connection.execute(query)).all()}
    return dict.fromkeys(person_ids, 0) | counted


async def _platforms_ids(connection: AsyncConnection, before: datetime) -> int:
    """By which a platform's log could be searched, or a message answered or taken back: nobody does any more.

    Rows are added in the order of time, so each walk goes on where the last one stopped.
    """
    settled = outbox.c.state.not_in(UNSENT)
    walks: list[tuple[Table, str, dict[str, Any], list[Any]]] = [
        (attempts, "at", {"provider_id": ""}, []),
        (outbox, "written_at", {"provider_id": "", "ticket": ""}, [settled]),
        (inbound, "received_at", {"message_id": "", "withdraws": ""}, []),
    ]
    return max([await _walk(connection, walk, before) for walk in walks])


async def _walk(
    connection: AsyncConnection, walk: tuple[Table, str, dict[str, Any], list[Any]], before: datetime
) -> int:
    table, since, values, which = walk
    reached = json.loads(await get_value(connection, REACHED) or "{}")
    query: Select[Any] = select(table.c.id, table.c[since].label("since")).where(
        table.c.id > reached.get(table.name, 0)
    )
    rows = (await connection.execute(query.order_by(table.c.id).limit(BATCH))).all()
    old = _until(rows, before)
    if old:
        await connection.execute(update(table).where(table.c.id.in_(old), *which).values(**values))
        await set_value(connection, REACHED, json.dumps(reached | {table.name: old[-1]}))
    return len(old)


def _until(rows: Sequence[Row[Any]], before: datetime) -> list[int]:
    """The rows up to the first that is newer."""
    found: list[int] = []
    for row in rows:
        if row.since >= before:
            break
        found.append(row.id)
    return found


async def _letters(connection: AsyncConnection, before: datetime) -> int:
    """A letter's code answers no more; that it was written, posted and came back are facts."""
    waits = select(outbox.c.id).where(outbox.c.id == letters.c.outbox_id, outbox.c.state.in_(UNSENT))
    old = select(letters.c.outbox_id).where(letters.c.written_on < civil(before), ~waits.exists())
    gone = delete(letters).where(letters.c.outbox_id.in_(old.order_by(letters.c.written_on).limit(BATCH)))
    return (await connection.execute(gone)).rowcount


async def _consents(connection: AsyncConnection, before: datetime) -> int:
    """Text and time of a consent stand in the record as well; the row is what shows whose it was."""
    old = select(mandates.c.id).where(mandates.c.withdrawn_on.is_not(None), mandates.c.withdrawn_on < civil(before))
    gone = await connection.execute(delete(mandates).where(mandates.c.id.in_(old.limit(BATCH))))
    return gone.rowcount


async def _looks(connection: AsyncConnection, before: datetime) -> int:
    old = select(looks.c.id).where(looks.c.at < before).order_by(looks.c.at)
    return (await connection.execute(delete(looks).where(looks.c.id.in_(old.limit(BATCH))))).rowcount


async def _absences(connection: AsyncConnection, before: datetime) -> int:
    old = select(absences.c.id).where(absences.c.state == Absent.OVER, absences.c.until_on < civil(before))
    return (await connection.execute(delete(absences).where(absences.c.id.in_(old.limit(BATCH))))).rowcount


async def _sessions(connection: AsyncConnection, before: datetime) -> int:
    old = select(sessions.c.id).where(sessions.c.until < before).order_by(sessions.c.until)
    return (await connection.execute(delete(sessions).where(sessions.c.id.in_(old.limit(BATCH))))).rowcount


async def _sealed(connection: AsyncConnection, before: datetime) -> int:
    """How people are reached who have not agreed since a file told of them."""
    old = select(sealed_contacts.c.person_id).where(sealed_contacts.c.at < before)
    gone = delete(sealed_contacts).where(sealed_contacts.c.person_id.in_(old.limit(BATCH)))
    return (await connection.execute(gone)).rowcount


async def _reports(connection: AsyncConnection, before: datetime) -> int:
    """What a file was called, and where in it something was wrong; who brought what and when stays."""
    some = or_(imports.c.file_name != "", cast(imports.c.problems, String) != "[]")
    old = select(imports.c.id).where(imports.c.at < before, some).limit(BATCH)
    blank = update(imports).where(imports.c.id.in_(old)).values(file_name="", problems=[])
    return (await connection.execute(blank)).rowcount


STEPS: Mapping[str, Step] = {
    "link codes": _link_codes,
    "strangers' addresses": _strangers,  # before the next one, which blanks what has ended
    "disused addresses": _addresses,
    "platforms' ids": _platforms_ids,
    "letters": _letters,
    "looks of the staff": _looks,
    "absences of the staff": _absences,
    "sessions": _sessions,
    "consents that ended": _consents,
    "sealed contact data": _sealed,
    "reports of imports": _reports,
}
