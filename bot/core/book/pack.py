"""The pack of one house: everything that the company which takes it over needs, within the owner's mandate.

What the owner agreed that a new company is given: names and how to reach them, place, plan, and what was done, with
what the authority changed in the plan, ordered and advised. Loan, funding, guarantee and the record itself are not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.core.book.beside import beside_sections, parts_of
from bot.core.book.law import law_sections
from bot.core.book.section import Book, Coded, Section, Sources, Value, listed, single
from bot.core.book.turns import turns
from bot.core.book.way import way_to
from bot.core.case import Phase
from bot.core.disclosure import CONSENTS
from bot.core.notes import OF_THE_OWNER

CONTACTS = ("owner", "kana", "phone", "hours", "language")
APPOINTMENTS = ("visit_on", "wished_on", "offered", "case", "holder")


@dataclass(frozen=True, slots=True)
class Contact:
    """An owner as a company may reach them: hours are o'clock in Tokyo, from and until."""

    name: str
    kana: str
    phone: str
    hours: tuple[int, int]
    language: str


def pack(sources: Sources, contacts: Sequence[Contact], today: date) -> Book:
    """The pack as it stands today, with what is not known as such."""
    found = {section.code: section for section in (*law_sections(sources), *beside_sections(sources))}
    sections = [found["house"], _contacts(contacts), _appointments(sources), found["open_works"], _access(sources)]
    sections += [_in_force(found["plan_items"]), found["upkeep"], found["gaps"]]
    sections += [found["plan_changes"], found["orders"], found["advice"], found["warranties"]]
    sections += [_history(sources), found["companies"]]
    names = {person: name for person, name in sources.names.items() if person.startswith("servicer:")}
    return Book(sources.house["id"], today, tuple(sections), tuple(sources.facts), names, parts_of(sources))


def consent_of(facts: Sequence[Mapping[str, Any]]) -> str:
    """The fact of the consent under which something is given to a company, as ``fact:NUMBER``; empty for none."""
    return next((f"fact:{fact['seq']}" for fact in reversed(facts) if fact["kind"] in CONSENTS), "")


def _contacts(contacts: Sequence[Contact]) -> Section:
    rows: list[dict[str, Value]] = [
        {
            "owner": one.name,
            "kana": one.kana,
            "phone": one.phone,
            "hours": f"{one.hours[0]}:00–{one.hours[1]}:00",
            "language": Coded("language", one.language),
        }
        for one in contacts
    ]
    return listed("contacts", CONTACTS, rows)


def _appointments(sources: Sources) -> Section:
    """Days that were fixed, wished for or offered and are still to come about."""
    rows: list[dict[str, Value]] = []
    for case in sources.cases:
        state = case["state"]
        days = (case["visit_on"], state["wished_on"], state["offered"])
        if case["phase"] == Phase.CLOSED or not any(days):
            continue
        wished = date.fromisoformat(state["wished_on"]) if state["wished_on"] else None
        rows.append(
            {
                "visit_on": case["visit_on"],
                "wished_on": wished,
                "offered": tuple(map(date.fromisoformat, state["offered"])) or None,
                "case": case["id"],
                "holder": Coded("roles", case["holder"].partition(":")[0]),
            }
        )
    return listed("appointments", APPOINTMENTS, rows)


def _in_force(items: Section) -> Section:
    """Without the versions of the plan that were replaced."""
    rows = tuple(row for row in items.rows if row["in_force"] in (None, Coded("yes_no", "yes")))
    return Section(items.code, items.columns, rows, items.law)


def _access(sources: Sources) -> Section:
    """How to get in, as an owner or the staff told it. What nobody told has its place, so that the company asks."""
    notes = sources.notes
    return single("access", {topic: notes[topic].text if topic in notes else None for topic in OF_THE_OWNER})


def _history(sources: Sources) -> Section:
    """Of one that closes also its last day, so that nobody writes to it later."""
    row: dict[str, Value] = {**way_to(sources.house, sources.history)}
    return single("history", row | {"provider_closed_on": sources.history.get("provider_closed_on")})


def visits_since(sources: Sources) -> date | None:
    """Since when the house has the company that it has; None for the one with which it came to us."""
    return max((turn.on for turn in turns(sources.facts)), default=None)
