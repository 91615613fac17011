"""Checks of houses against others: ids that must be unique, companies that must exist, one owner's several houses."""

import json
from datetime import date

from bot.intake.known import Ask, Contacts, Known, KnownHouse, contacts_of
from bot.intake.page import Candidate, Page
from bot.intake.reasons import refuses
from bot.intake.rows import HouseRow
from bot.intake.seen import Entry
from bot.intake.tables import ADDRESSES, HOUSES

COMPANIES = ("builder_id", "servicer_id", "backup_servicer_id")
UNIQUE = ("common_id", "guarantee_no")
_CONTACTS = ("owner_name", "owner_kana", "phone", "channel_order")


def named_by_house(row: HouseRow) -> list[tuple[str, str]]:
    """What of the things seen before concerns this row."""
    companies = [("servicers", id) for key in COMPANIES if (id := getattr(row, key))]
    unique = [(key, value) for key in UNIQUE if (value := getattr(row, key))]
    return [*companies, *unique, *([("owner", row.owner_id)] if row.owner_id else [])]


def ask_for_houses(rows: list[HouseRow], page: Page) -> Ask:
    companies = {id for row in rows for key in COMPANIES if (id := getattr(row, key))}
    return Ask(
        servicers=frozenset(id for id in companies if page.get("servicers", id) is None),
        houses=frozenset(row.house_id for row in rows if row.owner_id),
        common_ids=frozenset(row.common_id for row in rows if row.common_id),
        guarantee_nos=frozenset(row.guarantee_no for row in rows if row.guarantee_no),
        owners=frozenset(row.owner_id for row in rows if row.owner_id),
    )


def settle_house(candidate: Candidate, known: Known, page: Page) -> None:
    row = candidate.row
    assert isinstance(row, HouseRow)
    _check_companies(candidate, row, known, page)
    for key in UNIQUE:
        _check_unique(candidate, key, known, page)
    before = house_before(row.house_id, known, page)
    note = json.dumps([row.handed_over_on.toordinal(), row.owner_id])
    if refuses(candidate.faults) or not page.stands(HOUSES, candidate, note):
        return
    for key in UNIQUE:
        if value := getattr(row, key):
            page.put(row.house_id, key, value)
    if row.owner_id and not candidate.repeated:
        _settle_owner(candidate, known, page, before)


def house_before(house_id: str, known: Known, page: Page) -> KnownHouse | None:
    """A house as it is known at this point: from this call, else from the store."""
    seen = page.get("houses", house_id)
    if seen is None:
        return known.houses.get(house_id)
    ordinal, owner_id = json.loads(str(seen.note))
    return KnownHouse(date.fromordinal(ordinal), owner_id)


def _check_companies(candidate: Candidate, row: HouseRow, known: Known, page: Page) -> None:
    for key in COMPANIES:
        company = getattr(row, key)
        if company and company not in known.servicers and page.get("servicers", company) is None:
            candidate.fault("unknown_servicer", key, company)


def _check_unique(candidate: Candidate, key: str, known: Known, page: Page) -> None:
    value = getattr(candidate.row, key)
    if not value:
        return
    seen = page.get(key, value)
    stored = known.common_ids if key == "common_id" else known.guarantee_nos
    holder = seen.note if seen else stored.get(value)
    if holder is not None and holder != getattr(candidate.row, "house_id", None):
        candidate.fault("not_unique", key, value)


def _settle_owner(candidate: Candidate, known: Known, page: Page, before: KnownHouse | None) -> None:
    """The first row of an owner in a file holds; so do stored contacts when a further house of the owner comes.

    A row about a house that was this owner's already is an update of what is stored.
    """
    row = candidate.row
    assert isinstance(row, HouseRow)
    first = page.get("owner", row.owner_id)
    held = _unpacked(first) if first else known.owners.get(row.owner_id or "")
    first_in_file = first is None or first.file != page.file
    own = before is not None and before.owner_id == row.owner_id
    if held is None or (own and first_in_file):
        page.put(_packed(contacts_of(row)), "owner", row.owner_id)
        return
    for key, value in _differing(held, contacts_of(row)):
        candidate.fault("contacts_differ", key, value)
    candidate.row = row.behind_first_contacts()


def _differing(held: Contacts, said: Contacts) -> list[tuple[str, str]]:
    """What a later row gives otherwise than the one that holds. What it leaves blank is no difference."""
    found: list[tuple[str, str]] = []
    for key in _CONTACTS:
        value = getattr(said, key)
        if value and value != getattr(held, key):
            found.append((key, ">".join(value) if isinstance(value, tuple) else value))
    if said.language not in (held.language, "ja"):
        found.append(("language", said.language))
    ours, theirs = dict(held.addresses), dict(said.addresses)
    return found + [(c.key, a) for c in ADDRESSES if (a := theirs.get(c.channel)) and a != ours.get(c.channel)]


def _packed(contacts: Contacts) -> str:
    return json.dumps([getattr(contacts, key) for key in Contacts.__slots__], ensure_ascii=False)


def _unpacked(entry: Entry) -> Contacts:
    name, kana, language, addresses, phone, order = json.loads(str(entry.note))
    pairs = tuple((channel, address) for channel, address in addresses)
    return Contacts(name, kana, language, pairs, phone, tuple(order))
