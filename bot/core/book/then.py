"""The record as it stood on an earlier day: what became known later is left out, and what changed later is as it was.

What the record keeps of a house's own particulars (address, structure …) are digests: those are always today's, and so
are the words of the builder's guarantee.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.core.book.section import Sources
from bot.core.book.turns import came_by, turns
from bot.core.days import civil

LATER = {"done_on": None, "result": None, "performer": "", "basis": None}
OF_FILES = ("record_taken_in", "record_updated")
Rows = Sequence[Mapping[str, Any]]


def as_of(sources: Sources, day: date, today: date) -> Sources:
    """What was known at the end of that civil day; the same for today and later."""
    if day >= today:
        return sources
    facts = [fact for fact in sources.facts if civil(fact["at"]) <= day]
    noted = {fact["data"]["topic"] for fact in facts if fact["kind"] == "note_told"}
    closed = {fact["data"]["work"] for fact in facts if fact["kind"] == "work_closed"}
    return replace(
        sources,
        facts=facts,
        house=dict(sources.house) | {"servicer_id": _company(sources, day)},
        owners=_lasting([owner for owner in sources.owners if _owned(sources, owner["id"], day)], "until_on", day),
        mandates=_lasting([row for row in sources.mandates if _agreed_on(row) <= day], "withdrawn_on", day),
        plan=_plan(sources.plan, facts),
        records=_records(sources.records, facts, closed),
        works=[
            work if work["id"] in closed else dict(work) | LATER
            for work in sources.works
            if any(case["id"] == work["case_id"] and case["opened_on"] <= day for case in sources.cases)
        ],
        cases=[case for case in sources.cases if case["opened_on"] <= day],
        statements=[one for one in sources.statements if one.source.told_on <= day],
        notes={topic: note for topic, note in sources.notes.items() if topic in noted},
        history={},  # its columns are today's; what was told then stands among the facts
        entries=_told(sources.entries, ("closed_on", "registered_on"), day),
        evidence=_told(sources.evidence, ("kept_on", "handed_on", "gone_on"), day),
        head=(len(facts), ""),
        sealed_on="",
    )


def _lasting(rows: Rows, name: str, day: date) -> Rows:
    """An end that had not come yet is none."""
    return [dict(row) | {name: None} if row[name] is not None and row[name] > day else row for row in rows]


def _told(rows: Rows, days: tuple[str, ...], day: date) -> Rows:
    """Rows that were there, without what was told later. The first of ``days`` is since when, the next is told last."""
    there = [row for row in rows if row[days[0]] <= day]
    return [
        dict(row) | {name: None for name in (*days[1:], "reference", "told_by") if name in row}
        if row[days[1]] is not None and row[days[1]] > day
        else dict(row) | {name: None for name in days[2:] if row[name] is not None and row[name] > day}
        for row in there
    ]


def _company(sources: Sources, day: date) -> str | None:
    """Who looked after the house then, as far as the next change tells."""
    later = next((turn for turn in turns(sources.facts) if turn.on > day), None)
    servicer_id: str | None = later.before if later else sources.house["servicer_id"]
    return servicer_id or None


def _owned(sources: Sources, owner_id: str, day: date) -> bool:
    came = came_by(sources.facts, owner_id)
    return came is None or civil(came["at"]) <= day


def _agreed_on(row: Mapping[str, Any]) -> date:
    return min((day for day in (row["information_on"], row["mandate_on"]) if day), default=date.min)


def _plan(plan: Rows, facts: Rows) -> Rows:
    """The rows of the versions that had come in; the next dates of then are not kept."""
    newest = max((fact["data"]["version"] for fact in facts if fact["kind"] == "plan_taken_in"), default=0)
    known = [row for row in plan if row["version"] <= newest]
    return [dict(row) | {"current": _current(row, known), "next_due_on": None, "backstop_on": None} for row in known]


def _current(row: Mapping[str, Any], known: Rows) -> bool:
    """A newer version of a row takes its place; a builder's own plan takes that of a whole guide."""
    newer = any(other["code"] == row["code"] and other["version"] > row["version"] for other in known)
    own = bool(row["source"]) and any(not other["source"] for other in known)
    return not (newer or own)


def _records(records: Rows, facts: Rows, closed: set[str]) -> Rows:
    said: dict[tuple[str, str], Any] = {}
    for fact in facts:
        if fact["kind"] in OF_FILES:
            said[fact["data"]["item"], fact["data"]["done_on"]] = fact["data"]["result"]
    ours = [row for row in records if row["work_id"] in closed]
    filed = [(row, (row["code"], row["done_on"].isoformat())) for row in records if not row["work_id"]]
    return [*ours, *(dict(row) | {"result": said[key]} for row, key in filed if key in said)]
