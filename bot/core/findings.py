"""What an auditor may find, by what it means: the one promise, the sealed record, or rows beside it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.outcome import Mode, Say
from bot.core.people import STAFF_DESK

ORPHAN, RECORD, ROWS = "orphan", "record", "rows"
FRESH = timedelta(days=2)  # for how long a whole run says how things are
NAMED = 10  # places that are named in one message
# By group: an obligation that nobody holds or will look at; a fact or a daily seal; a row that says otherwise.
GROUPS: Mapping[str, frozenset[str]] = {
    ORPHAN: frozenset(
        {
            "no_holder",
            "holder_gone",
            "holder_away",
            "no_next_action",
            "next_action_late",
            "closed_with_open_work",
            "work_without_case",
        }
        | {"not_looked_at", "orphan_item", "overlooked", "asleep_too_long", "put_off", "open_twice", "event_left"}
    ),
    RECORD: frozenset(
        {"fact_missing", "fact_changed", "chain_cut", "facts_removed", "not_sealed"}
        | {"seal_changed", "seal_missing", "sealed_fact_changed", "sealed_fact_missing"}
    ),
    ROWS: frozenset({"row_differs", "row_gone", "row_untold", "plan_differs", "dates_differ"})
    | {"attempt_missing", "unreadable"},
}


def group_of(kind: str) -> str:
    """Raises LookupError for what no auditor finds."""
    for group, kinds in GROUPS.items():
        if kind in kinds:
            return group
    raise LookupError(f"no auditor finds {kind}")


def is_well(last_at: datetime | None, findings: int, now: datetime) -> bool:
    """Whether the auditor has been through lately, and nothing is found and not mended."""
    return last_at is not None and not findings and now - last_at <= FRESH


def new_findings(counts: Mapping[str, int], places: Sequence[str]) -> Say:
    """What the desk hears of new findings: how many of each group, and the first places, by their ids alone."""
    groups = Counter[str]()
    for kind, count in counts.items():
        groups[group_of(kind)] += count
    told = [{"group": group, "count": groups[group]} for group in GROUPS if groups[group]]
    params = {"groups": told, "places": list(places[:NAMED]), "more": len(places) > NAMED}
    return Say(STAFF_DESK, "staff_audit", params, Mode.PROMPT)
