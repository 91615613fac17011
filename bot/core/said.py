"""What two sides have said where they do not agree: the words that stand beside the reports of a case."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

WORDS = frozenset({"work_reported", "work_not_done", "day_wished"})  # the facts of what somebody says of a work
ROUNDS = frozenset(
    {"visit_fixed", "visit_moved", "visit_fell_through", "visit_called_off"}
)  # before them it is settled


def beside(facts: Iterable[Mapping[str, Any]], reporters: Iterable[str]) -> Sequence[Mapping[str, Any]]:
    """Of a case's facts, in their order, each person's last word that is none of the reports as they stand: "not yet",
    a day to come, or a report that another of the same side has replaced. ``reporters`` are whose reports stand."""
    last: dict[str, Mapping[str, Any]] = {}
    for fact in facts:
        if fact["kind"] in ROUNDS:
            last.clear()
        elif fact["kind"] in WORDS:
            last.pop(fact["by"], None)
            last[fact["by"]] = fact
    stand = set(reporters)
    return [fact for by, fact in last.items() if fact["kind"] != "work_reported" or by not in stand]
