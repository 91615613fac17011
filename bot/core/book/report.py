"""The report that the authority's letter asks an owner for, filled from the owner's own record (法第12条).

Asked are, by the municipalities' forms: which records are kept, whether changes were filed, what was done to each part,
and what was looked at after an earthquake or a typhoon. What only the company says is not confirmed: it stays 記録なし,
and so does whatever a guide plan, which no authority has certified, would ask for. Where the plan's time has not come,
the line says 該当なし (大阪府の質問と回答 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.core.book.beside import parts_of
from bot.core.book.law import company, upkeep
from bot.core.book.notice import SENT
from bot.core.book.section import Book, Coded, Section, Sources, Value, listed, single
from bot.core.book.stated import rows_of
from bot.core.case import Basis
from bot.core.days import add_years
from bot.core.house import House
from bot.core.milestones import SAMPLING_YEARS, milestones
from bot.core.plan import DoneBy, Kind, PlanItem, occurrences
from bot.core.statements import Line

STANDS = timedelta(days=210)  # after 1 September: letters come in autumn, and some answers are due in winter
PARTS = ("part", "planned_on", "done_on", "result", "entrusted_to", "facts")
AFTER_EVENTS = ("event", "done_on", "result", "facts")
KEPT = ("kept", "there")


@dataclass(frozen=True, slots=True)
class Asked:
    """The year after completion for which the authority asks, and until when our page says so."""

    year: int
    until: date


def asked(house: House, today: date) -> Asked | None:
    """The sampling year that is under way; None in all other times."""
    for milestone in milestones(house):
        if milestone.code.startswith("sampling-"):
            until = milestone.due_on + STANDS
            if milestone.told_from <= today <= until:
                return Asked(int(milestone.code.partition("-")[2]), until)
    return None


def year_of(house: House, today: date) -> int:
    """For which year a report made today is: the one that is asked for, or the last that was."""
    known = asked(house, today)
    passed = [year for year in SAMPLING_YEARS if add_years(house.completed_on, year) <= today]
    return known.year if known else max(passed, default=SAMPLING_YEARS[0])


def report(sources: Sources, house: House, today: date) -> Book:
    """The report as it can be made today, from what is on record."""
    sections = (
        _house(sources, house, today),
        listed("report_kept", KEPT, _kept(sources)),
        listed("report_changes", ("changed_on", "content"), _filed(sources)),
        listed("report_parts", PARTS, _parts(sources, house, today)),
        listed("report_events", AFTER_EVENTS, _after_events(sources)),
    )
    return Book(house.id, today, sections, (), sources.names, parts_of(sources))


def _house(sources: Sources, house: House, today: date) -> Section:
    row: dict[str, Value] = {"report_year": year_of(house, today), "address": sources.house["address"]}
    row |= {name: sources.house[name] for name in ("certificate_no", "certified_on", "authority", "completed_on")}
    present = [sources.names.get(owner["id"], "") for owner in sources.owners if owner["until_on"] is None]
    row |= {"owners": tuple(filter(None, present)) or None, "builder": company(sources, sources.house["builder_id"])}
    return single("report_house", row)


def _kept(sources: Sources) -> list[dict[str, Value]]:
    """What the service knows to be kept; where the papers of the certification are, the owner knows."""
    own = any(item["current"] and not item["source"] for item in sources.plan)
    done = bool(sources.records)
    known = {"certification": False, "plan": own, "upkeep": done}
    return [
        {"kept": Coded("kept", what), "there": Coded("given", "yes") if there else None}
        for what, there in known.items()
    ]


def _filed(sources: Sources) -> list[dict[str, Value]]:
    """Notices that the owner filed, by their own word, and changes of the plan that were certified."""
    sent = (fact for fact in sources.facts if fact["kind"] == SENT)
    filed: list[dict[str, Value]] = [
        {"changed_on": fact["data"]["sent_on"], "content": Coded("report", "company")} for fact in sent
    ]
    for one, _ in rows_of(sources, Line.PLAN_CHANGE):
        filed.append({"changed_on": one.content.on_day, "content": one.content.text})
    return filed


def _parts(sources: Sources, house: House, today: date) -> list[dict[str, Value]]:
    """Every part that the law names in the plan, with the last planned day and the last thing confirmed."""
    done = upkeep(sources)
    items = [item for item in sources.plan if item["current"] and item["statutory"]]
    return [_part(item, house, today, done) for item in sorted(items, key=lambda item: item["code"])]


def _part(item: Any, house: House, today: date, done: Sequence[dict[str, Value]]) -> dict[str, Value]:
    planned = None if item["source"] else _planned(item, house, today)
    last = next((row for row in reversed(done) if row["part"] == item["part"] and _confirmed(row)), None)
    if last is not None:
        return {"part": item["part"], "planned_on": planned} | {name: last[name] for name in PARTS[2:]}
    not_yet = Coded("report", "not_yet") if planned is None and not item["source"] else None
    return {"part": item["part"], "planned_on": planned or not_yet, "done_on": not_yet, "result": not_yet}


def _after_events(sources: Sources) -> list[dict[str, Value]]:
    """What the owner looked at after an earthquake or a storm, by the question that opened it."""
    told = {fact["case_id"]: fact["data"] for fact in sources.facts if fact["kind"] in ("check_opened", "check_joined")}
    cases = {work["id"]: work["case_id"] for work in sources.works}
    rows = (row for row in sources.records if cases.get(row["work_id"]) in told)
    return [
        {
            "event": Coded("hazards", told[cases[row["work_id"]]]["hazard"]),
            "done_on": row["done_on"],
            "result": Coded("results", row["result"]) if row["result"] else None,
            "facts": tuple(f"#{fact['seq']}" for fact in sources.facts if fact["case_id"] == cases[row["work_id"]]),
        }
        for row in rows
    ]


def _planned(item: Any, house: House, today: date) -> date | None:
    """The last day up to today on which the plan asks for it."""
    line = PlanItem(
        item["code"],
        item["part"],
        Kind(item["kind"]),
        item["first_year"],
        item["interval_years"],
        item["statutory"],
        DoneBy(item["done_by"]),
    )
    days = occurrences(house.handed_over_on, line, house.plan_years)
    return max((day for day in days if day <= today), default=None)


def _confirmed(row: dict[str, Value]) -> bool:
    """The company's word alone, with an owner who said nothing, is not for the owner to sign unseen."""
    return row["word"] != Coded("bases", Basis.UNCONFIRMED)
