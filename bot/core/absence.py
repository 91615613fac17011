"""Somebody of the staff is away: who holds meanwhile what they held, and what would come to them.

Whatever goes to another because of an absence stays there when it is over: it came by a fact, and it goes back by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.core.outcome import Deed
from bot.core.people import Person, of_named_staff
from bot.core.rights import Right, rights_of

LONGEST = 366  # days; who is away for longer has left the staff, or comes back to a new entry


class State(StrEnum):
    """How an absence stands."""

    PLANNED = "planned"
    STANDING = "standing"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Absence:
    """``person`` is away from the first day to the last, both counted; ``substitute`` is empty for the desk."""

    person: str
    from_on: date
    until_on: date
    substitute: str = ""

    def stands(self, today: date) -> bool:
        return self.from_on <= today <= self.until_on


def wrong(absence: Absence, people: Mapping[str, Person], today: date) -> str:
    """Why an absence cannot be entered, as a code of the templates' list; empty where it can."""
    person, substitute = people.get(absence.person), people.get(absence.substitute)
    days = (absence.until_on - absence.from_on).days
    found = {
        "nobody": person is None or not person.active or not of_named_staff(absence.person),
        "days": days < 0 or days > LONGEST or absence.until_on < today,
        "oneself": absence.substitute == absence.person,
        "substitute": bool(absence.substitute) and (substitute is None or Right.ACT not in rights_of(substitute)),
    }
    return next((code for code, is_so in found.items() if is_so), "")


def was_entered(absence: Absence, by: str) -> Deed:
    days = {"from_on": absence.from_on.isoformat(), "until": absence.until_on.isoformat()}
    return Deed("absence_entered", by, {"person": absence.person, "to": absence.substitute, **days})


def has_ended(person_id: str, by: str) -> Deed:
    return Deed("absence_ended", by, {"person": person_id})
