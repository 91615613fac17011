"""Houses with their owners and the consents a file claims."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import owner_key
from storage.history_changes import want_list
from storage.intake.batch import Arrival, Row, add, change
from storage.intake.contacts import Contact, take_contacts
from storage.intake.histories import take_histories
from storage.mandates import refresh_mandates
from storage.notes import forget_notes
from storage.sealed_contacts import agreed, put_aside
from storage.tables import house_owners, houses, mandates, people
from storage.transfers import gone_from

TEXTS = (
    *("certification_kind", "history_provider", "certificate_no", "authority", "structure", "postcode"),
    *("address", "municipality_code", "event_intensity", "lender"),
)
NAMED = "named_servicer_id"  # whom the last file named as servicer
VALUES = (
    *("common_id", "guarantee_no", "completed_on", "builder_id", "servicer_id", "backup_servicer_id", NAMED),
    *("certified_on", "handed_over_on", "storeys", "floor_area_m2", "event_wind", "plan_years"),
)
GUARANTEE = ("guarantee_no", "residual_month")  # what a file tells of the guarantee
CO_OWNERS = "・"  # between the names of several


async def take_houses(connection: AsyncConnection, arrival: Arrival, rows: Sequence[Row]) -> None:
    """Adds or updates houses, their owners and the consents claimed for them."""
    ids = [row["house_id"] for row in rows]
    known = {row.id: row._mapping for row in await connection.execute(select(houses).where(houses.c.id.in_(ids)))}
    owners = await _first_owners(connection, known)
    gone = await gone_from(connection, known)
    wanted = {id: _completed(row, known.get(id), owners.get(id)) for id, row in zip(ids, rows, strict=True)}
    wanted = {id: _without_sellers(row, owners.get(id), gone.get(id, set())) for id, row in wanted.items()}
    columns = {house_id: _columns(row) for house_id, row in wanted.items()}
    new = {house_id: row for house_id, row in columns.items() if house_id not in known}
    first = {"source": arrival.source, "taken_in_on": arrival.today, "wake_on": arrival.today}
    await add(connection, houses, [row | first for row in new.values()])
    await take_histories(connection, arrival, new, {k: v for k, v in columns.items() if k in known})
    for house_id in new:
        given = {name: value for name, value in new[house_id].items() if name in GUARANTEE and value}
        arrival.fact(house_id, "house_taken_in", guarantee=arrival.sealed(house_id, given))
    contacts = _contacts(wanted.values())
    shut = await _shut(connection, arrival, contacts)
    open_to_all = [_without_ways(one) if one.person_id in shut else one for one in contacts]
    changes = await take_contacts(connection, arrival, open_to_all)
    await put_aside(connection, shut, arrival.import_id, arrival.now)
    told = {
        house_id: _of_owner(changes.get(owner_of(row), {})) for house_id, row in wanted.items() if house_id in known
    }
    await _update(connection, arrival, {k: v for k, v in columns.items() if k in known}, known, told)
    await _take_owners(connection, arrival, wanted)
    await _take_consents(connection, arrival, wanted)
    await refresh_mandates(connection, list(wanted), arrival.today)


async def _update(
    connection: AsyncConnection,
    arrival: Arrival,
    columns: Mapping[str, dict[str, Any]],
    known: Mapping[str, Any],
    told: Mapping[str, Mapping[str, str]],
) -> None:
    """What differs, about a house or (``told``) about its owner, is a fact of the house."""
    changed = []
    for house_id, row in columns.items():
        differing = {name: value for name, value in row.items() if value != known[house_id][name]}
        if differing:
            changed.append(row | {"source": arrival.source})
            arrival.touched.add(house_id)
        differing.pop(NAMED, None)
        if fields := {**differing, **told[house_id]}:
            before = known[house_id]["servicer_id"] if "servicer_id" in differing else None
            until: dict[str, Any] = {"from": f"servicer:{before}"} if before else {}  # who it was until then
            if "guarantee_no" in differing:
                until["guaranteed_before"] = bool(known[house_id]["guarantee_no"])
            arrival.fact(house_id, "house_updated", fields=arrival.sealed(house_id, fields), **until)
    await change(connection, houses, changed)
    before_it = {house_id: known[house_id]["servicer_id"] for house_id in columns}
    moved = [house_id for house_id, it in before_it.items() if it and it != columns[house_id]["servicer_id"]]
    await want_list(connection, moved, arrival.today)


async def _first_owners(connection: AsyncConnection, house_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Who owns these houses now, the first named: their own id and their name."""
    query = select(house_owners.c.house_id, people.c.id, people.c.name).join(
        people, people.c.id == house_owners.c.person_id
    )
    current = (
        house_owners.c.house_id.in_(list(house_ids)),
        house_owners.c.rank == 0,
        house_owners.c.until_on.is_(None),
    )
    return {
        row.house_id: (row.id.partition(":")[2], row.name) for row in await connection.execute(query.where(*current))
    }


def _completed(row: Row, before: Any, owner: tuple[str, str] | None) -> Row:
    """A row with what is known already of what it leaves out: a blank cell says nothing, and so takes nothing away.

    Without an id, an owner of the same name is the same owner.
    """
    if before is None:
        return {**row, NAMED: row["servicer_id"]}
    kept = {name: before[name] for name in (*TEXTS, *VALUES) if name not in row["given"]}
    if "residual_month" not in row["given"] and before["residual_month"]:
        kept["residual_month"] = f"{before['residual_month']:%Y-%m}"
    if "co_owners" not in row["given"] and before["co_owners"]:
        kept["co_owners"] = tuple(before["co_owners"].split(CO_OWNERS))
    if "owner_id" not in row["given"] and owner and owner[1] == row["owner_name"]:
        kept["owner_id"] = owner[0]
    return {**row, **kept, **_servicer(row, before)}


def _without_sellers(row: Row, owner: tuple[str, str] | None, gone: Collection[str]) -> Row:
    """A file from before the sale names who has left on a document: the house keeps the owners whom it has."""
    named = (owner_of(row), *(key for key, _ in co_owners_of(row)))
    if not any(key in gone for key in named):
        return row
    present = {"owner_id": owner[0], "owner_name": owner[1]} if owner else {}
    silent = {"co_owners": (), "lender": "", "contacts_hold": False, "owners_hold": False}
    unclaimed = dict.fromkeys(("consent_information_on", "consent_mandate_on", "consent_withdrawn_on"))
    return {**row, **present, **silent, **unclaimed}


def _servicer(row: Row, before: Any) -> Row:
    """A file that names the same company as the last one does not undo what the staff have chosen since."""
    if row["servicer_id"] == before[NAMED]:
        return {"servicer_id": before["servicer_id"], NAMED: before[NAMED]}
    return {NAMED: row["servicer_id"]}


def _of_owner(changes: Mapping[str, str]) -> dict[str, str]:
    """What changed about an owner, under the names that a house's row has for it."""
    names = {"name": "owner_name", "kana": "owner_kana"}
    return {names.get(name, name): value for name, value in changes.items()}


def _columns(row: Row) -> dict[str, Any]:
    month = row["residual_month"]
    return {
        "id": row["house_id"],
        **{name: row[name] or "" for name in TEXTS},
        **{name: row[name] for name in VALUES},
        "residual_month": date.fromisoformat(f"{month}-01") if month else None,
        "co_owners": CO_OWNERS.join(row["co_owners"]),
    }


def owner_of(row: Row) -> str:
    """The owner's key: their own id, or one made from the house's where the file gives none."""
    return owner_key(row["owner_id"] or f"~{row['house_id']}")


def co_owners_of(row: Row) -> list[tuple[str, str]]:
    """Co-owners are known by name only: (key, name), the key stable for house and name."""
    return [(owner_key(f"~{row['house_id']}~{_short(name)}"), name) for name in row["co_owners"]]


def _short(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def _contacts(rows: Iterable[Row]) -> list[Contact]:
    """The owners' contacts. Where another row of the same owner came first, that one's hold."""
    found: dict[str, Contact] = {}
    for row in rows:
        if row["contacts_hold"]:
            found[owner_of(row)] = _contact(row)
        found |= {key: Contact(key, name, language=_language(row)) for key, name in co_owners_of(row)}
    return list(found.values())


async def _shut(
    connection: AsyncConnection, arrival: Arrival, contacts: Sequence[Contact]
) -> dict[str, dict[str, Any]]:
    """How those are reached of whom any file tells and who have not agreed: by person, to be put aside.

    Whose consent the same file claims is reached as soon as that is taken in: see storage.mandates.
    """
    known = await agreed(connection, [one.person_id for one in contacts], arrival.today)
    gone = select(people.c.id).where(
        people.c.id.in_([one.person_id for one in contacts]), people.c.erased_on.is_not(None)
    )
    known |= set((await connection.execute(gone)).scalars())
    return {one.person_id: _ways(one) for one in contacts if one.person_id not in known and _ways(one)}


def _ways(contact: Contact) -> dict[str, Any]:
    """How somebody is reached; nothing where the file does not say."""
    if not contact.addresses and not contact.phone:
        return {}
    order = ">".join(contact.order or ())
    return {"phone": contact.phone or "", "channel_order": order, "addresses": [list(pair) for pair in contact.ranked]}


def _without_ways(contact: Contact) -> Contact:
    return replace(contact, phone=None, order=None, addresses=())


def _language(row: Row) -> str | None:
    return row["language"] if "language" in row["given"] else None


def _contact(row: Row) -> Contact:
    return Contact(
        person_id=owner_of(row),
        name=row["owner_name"],
        kana=row["owner_kana"],
        language=_language(row),
        phone=row["phone"],
        order=tuple(row["channel_order"]) or None,
        addresses=tuple(row["addresses"]),
    )


async def _take_owners(connection: AsyncConnection, arrival: Arrival, wanted: Mapping[str, Row]) -> None:
    """Who owns a house now. An owner whom the file no longer names ends, and one whom it names again is back."""
    query = select(house_owners).where(house_owners.c.house_id.in_(wanted))
    known: dict[str, dict[str, Any]] = {house_id: {} for house_id in wanted}
    for old in await connection.execute(query):
        known[old.house_id][old.person_id] = old
    new = []
    for house_id, row in wanted.items():
        before = known[house_id]
        if not row.get("owners_hold", True) or _one_of_them(row, before):
            continue
        named = list(dict.fromkeys([owner_of(row), *(key for key, _ in co_owners_of(row))]))
        ranks = {key: rank for rank, key in enumerate(named)}
        new += [{"house_id": house_id, "person_id": key, "rank": ranks[key]} for key in named if key not in before]
        back = [key for key in named if key in before and before[key].until_on is not None]
        left = [key for key, old in before.items() if key not in named and old.until_on is None]
        await _end(connection, house_id, left, arrival.today)
        await _bring_back(connection, house_id, {key: ranks[key] for key in back})
        added = [key for key in named if key in back or key not in before]
        if left:
            await forget_notes(connection, [house_id], [*left, *added])
        if before and (added or left):
            arrival.fact(house_id, "owners_changed", now=added, ended=left)
            arrival.touched.add(house_id)
    await add(connection, house_owners, new)


def _one_of_them(row: Row, before: Mapping[str, Any]) -> bool:
    """A file that names an owner and says nothing of co-owners takes none of them away: two heirs stay two."""
    owner = before.get(owner_of(row))
    return "co_owners" not in row["given"] and owner is not None and owner.until_on is None


async def _end(connection: AsyncConnection, house_id: str, person_ids: Sequence[str], today: date) -> None:
    """They own it no longer, and what they agreed to for it is over."""
    owned = (house_owners.c.house_id == house_id, house_owners.c.person_id.in_(person_ids))
    agreed = (mandates.c.house_id == house_id, mandates.c.person_id.in_(person_ids), mandates.c.withdrawn_on.is_(None))
    if person_ids:
        await connection.execute(update(house_owners).where(*owned).values(until_on=today))
        await connection.execute(update(mandates).where(*agreed).values(withdrawn_on=today))


async def _bring_back(connection: AsyncConnection, house_id: str, ranks: Mapping[str, int]) -> None:
    """They own it again; they are asked for their consent like anybody who buys a house."""
    for person_id, rank in ranks.items():
        owned = (house_owners.c.house_id == house_id, house_owners.c.person_id == person_id)
        await connection.execute(update(house_owners).where(*owned).values(until_on=None, rank=rank))


async def _take_consents(connection: AsyncConnection, arrival: Arrival, wanted: Mapping[str, Row]) -> None:
    """A date in a file is the submitter's claim, kept with the file. It never takes a withdrawal or a consent back.

    It speaks for the owner whom the row names; co-owners are invited and consent for themselves.
    """
    claimed = select(mandates).where(mandates.c.house_id.in_(wanted), mandates.c.source.like("file:%"))
    known = {(row.house_id, row.person_id): row for row in await connection.execute(claimed)}
    withdrawn = await _withdrawn(connection, arrival, wanted)
    new, changed = [], []
    for house_id, row in wanted.items():
        claim = _claim(row, arrival)
        person_id = owner_of(row)
        if not any(claim.values()) or (house_id, person_id) in withdrawn:
            continue
        before = known.get((house_id, person_id))
        if before is None:
            new.append({"house_id": house_id, "person_id": person_id, "source": f"file:{arrival.source}", **claim})
            _consent_fact(arrival, house_id, person_id, claim)
            continue
        kept = {name: day or getattr(before, name) for name, day in claim.items()}
        if any(day != getattr(before, name) for name, day in kept.items()):
            changed.append({"id": before.id, **kept})
            _consent_fact(arrival, house_id, person_id, kept)
    await add(connection, mandates, new)
    await change(connection, mandates, changed)


async def _withdrawn(connection: AsyncConnection, arrival: Arrival, house_ids: Collection[str]) -> set[tuple[str, str]]:
    """Who has withdrawn for which house: no submitter's file has them agree again."""
    if not arrival.guarded:
        return set()
    query = select(mandates.c.house_id, mandates.c.person_id).where(mandates.c.house_id.in_(list(house_ids)))
    rows = await connection.execute(query.where(mandates.c.withdrawn_on.is_not(None)))
    return {(row.house_id, row.person_id) for row in rows}


def _claim(row: Row, arrival: Arrival) -> dict[str, date | None]:
    """The consents claimed; one dated in the future is none."""
    information, mandate = row["consent_information_on"], row["consent_mandate_on"]
    return {
        "information_on": information if information and information <= arrival.today else None,
        "mandate_on": mandate if mandate and mandate <= arrival.today else None,
        "withdrawn_on": row["consent_withdrawn_on"],
    }


def _consent_fact(arrival: Arrival, house_id: str, person_id: str, claim: Mapping[str, date | None]) -> None:
    dates = {name: day.isoformat() for name, day in claim.items() if day is not None}
    arrival.fact(house_id, "consent_claimed", person=person_id, **dates)
    arrival.touched.add(house_id)
