"""What the steps of looking at a house's history share: a change to its row, and a matter for the staff."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core.case import Case, Matter, Scene
from bot.core.days import civil
from bot.core.history.access import Shelf
from bot.core.ladder import AT_DESK
from bot.core.matter import CLOCK, apart
from bot.core.outcome import Change, Outcome


def noted(**values: Any) -> Change:
    """Changes to the row of a house's access."""
    return Change("history_noted", values)


def changed(shelf: Shelf, **values: Any) -> tuple[Shelf, Change]:
    """The same, and the house as it is known from then on."""
    return replace(shelf, access=replace(shelf.access, **values)), noted(**values)


def at_desk(shelf: Shelf, reason: str, now: datetime) -> tuple[Shelf, Outcome]:
    """A case of its own at the desk, unless one about the same already lies there: the staff are told once."""
    if reason in shelf.at_desk:
        return shelf, Outcome()
    blank = Case("", shelf.house_id, 0, AT_DESK, civil(now), civil(now))
    scene = Scene(shelf.household, blank, (), shelf.next_number)
    after, outcome = apart(scene, Matter(reason, civil(now)), CLOCK)
    raised = replace(shelf, next_number=after.next_number, at_desk=shelf.at_desk | {reason})
    return raised, outcome
