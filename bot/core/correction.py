"""A lapse that was recorded by mistake is taken back by two people of the staff, as it was recorded: by a new fact.

What was proposed stands in the record alone. The guarantee then stands where its reasons put it, as on any other day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.core.days import civil
from bot.core.house import Household
from bot.core.outcome import Change, Deed, Mode, Outcome, Say
from bot.core.people import STAFF_DESK, Person
from bot.core.standing import Standing

LAPSED, PROPOSED, DROPPED, UNDONE = "guarantee_lapsed", "lapse_undo_proposed", "lapse_undo_dropped", "lapse_undone"
FALLEN = "lapse_undo_fallen"
TELLING = frozenset({LAPSED, PROPOSED, DROPPED, FALLEN, UNDONE})


@dataclass(frozen=True, slots=True)
class Correction:
    """A lapse that stands: the number of its fact, and who proposed to take it back, if anybody did."""

    lapse: int
    proposed_by: str = ""
    proposed_on: date | None = None


def standing_lapse(facts: Iterable[Mapping[str, Any]]) -> Correction | None:
    """The lapse on record with what was proposed about it since; None where none stands."""
    found: Correction | None = None
    for fact in facts:
        if fact["kind"] == LAPSED:
            found = Correction(fact["seq"])
        elif fact["kind"] == UNDONE:
            found = None
        elif found and fact["kind"] == PROPOSED:
            found = Correction(found.lapse, fact["by"], civil(fact["at"]))
        elif found and fact["kind"] in (DROPPED, FALLEN):
            found = Correction(found.lapse)
    return found


def lacking(correction: Correction, by: str, *, second: bool) -> str:
    """Why a step cannot be taken by this person (a code of the templates' ``lacking``); empty where it can."""
    if by == STAFF_DESK:
        return "unnamed"
    if not second:
        return "proposed" if correction.proposed_by else ""
    if not correction.proposed_by:
        return "no_proposal"
    return "same_person" if by == correction.proposed_by else ""


def proposed(house_id: str, correction: Correction, by: Person) -> Outcome:
    """One of the staff says that it was a mistake. Nothing changes before another agrees."""
    deed = Deed(PROPOSED, by.id, {"lapse": correction.lapse})
    return Outcome(house_id, deeds=(deed,), says=(_at_desk(house_id, by, "proposed"),))


def dropped(house_id: str, correction: Correction, by: Person) -> Outcome:
    """It was none after all."""
    deed = Deed(DROPPED, by.id, {"lapse": correction.lapse})
    return Outcome(house_id, deeds=(deed,), says=(_at_desk(house_id, by, "dropped"),))


def fallen(house_id: str, correction: Correction, by: Person) -> Outcome:
    """Whoever proposed it has left the staff: it can be proposed again, by somebody whom the second can ask."""
    deed = Deed(FALLEN, STAFF_DESK, {"lapse": correction.lapse, "of": by.id})
    return Outcome(house_id, deeds=(deed,), says=(_at_desk(house_id, by, "fallen"),))


def undone(household: Household, correction: Correction, what: tuple[Person, Standing], now: datetime) -> Outcome:
    """The second person agrees. ``what``: who that is, and where the guarantee stands without the lapse.

    Each owner is told once, under their mandate.
    """
    by, found = what
    house_id, today = household.house.id, civil(now)
    data = {"lapse": correction.lapse, "proposed_by": correction.proposed_by, "state": str(found.state)}
    deed = Deed(UNDONE, by.id, data | {"reasons": [reason.key for reason in found.reasons]})
    owners = household.owners if household.mandated else ()
    told = {"house": house_id, "on": today.isoformat()}
    says = tuple(Say(owner.id, "owner_lapse_undone", told, Mode.RELAY) for owner in owners)
    says += (_at_desk(house_id, by, "undone"),)
    change = Change(UNDONE, {"owners": [owner.id for owner in household.owners]})
    return Outcome(house_id, deeds=(deed,), says=says, changes=(change,), wake_on=today)


def _at_desk(house_id: str, by: Person, state: str) -> Say:
    """The others see who proposes what, so that the second signature does not wait for ever."""
    told = {"house": house_id, "by": by.name or by.id, "state": state}
    return Say(STAFF_DESK, "staff_lapse_undo", told, Mode.RELAY)
