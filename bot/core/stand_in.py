"""Who holds what would lie with somebody of the staff who is away."""

from collections.abc import Mapping

from bot.core.people import STAFF_DESK

Away = Mapping[str, str]  # who is away now, and who stands in for them; empty for the desk


def stand_in(away: Away, person_id: str) -> str:
    """Who holds what would lie with this person: they themselves, who stands in for them, or who does for that one.

    Where all of them are away it is the desk, which is nobody and so never is.
    """
    seen: set[str] = set()
    while person_id in away and person_id not in seen:
        seen.add(person_id)
        person_id = away[person_id] or STAFF_DESK
    return STAFF_DESK if person_id in away else person_id
