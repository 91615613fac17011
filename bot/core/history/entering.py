"""A work that is over goes into the house's history: what storage has to note when a case closes."""

from collections.abc import Sequence
from typing import Any

from bot.core.case import Report, Scene, Work
from bot.core.history.access import PROVIDER_CLOSED
from bot.core.outcome import Change
from bot.core.plan import Kind


def to_enter(scene: Scene, closed: Sequence[Work], report: Report, servicer: str) -> tuple[Change, ...]:
    """The works and the evidence of a case that closed on this report; nothing where it was no work on the house.

    ``servicer`` is the person who did it, empty where that was none of ours.
    """
    works = [work.id for work in closed if work.kind is not Kind.MILESTONE]
    moved = any(work.code == PROVIDER_CLOSED for work in closed)
    if not works and not moved:
        return ()
    files = dict.fromkeys(ref for word in (*scene.case.reports, report) for ref in word.evidence)
    data: dict[str, Any] = {
        "works": works,
        "case": scene.case.id,
        "servicer": servicer,
        "files": list(files) if works else [],
    }
    return (Change("works_closed", data),)
