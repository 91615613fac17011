"""The standing of a guarantee on any day, past ones too: from what was known at the end of that day, and nothing later.

A correction that comes in later changes what is said of today, never what was said then.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from bot.core.book.section import Sources
from bot.core.book.then import as_of
from bot.core.case import Basis
from bot.core.closing import FINDING
from bot.core.days import add_years, civil
from bot.core.plan import DoneBy, Kind
from bot.core.standing import Due, Position, Standing, State, Unconfirmed, standing

LEAST_YEARS = 30  # the shortest period a certified plan may have (法第6条第1項); it holds where none was given
LOANS = ("loan_recorded", "loan_corrected", "loan_repaid")
FORGOTTEN = "contact_expired"  # who ended the support: what they borrowed is not on record any more
# The facts that a standing rests on, and that a month's figures are counted from; what companies said comes with them.
KINDS = frozenset(
    {
        *("house_taken_in", "house_updated", "owners_changed", "plan_taken_in", "record_taken_in", "record_updated"),
        *("work_opened", "work_closed", "closure_confirmed", "servicer_changed", "rung_reached", "person_erased"),
        *("consent_claimed", "mandate_given", "mandate_withdrawn", "guarantee_lapsed"),
        "lapse_undone",
        *("guarantee_told", "guarantee_ended"),
        *(*LOANS, FORGOTTEN),
    }
)
NO_COMPANY: Mapping[str, Any] = {"active": False, "closed_on": date.min}
Row = Mapping[str, Any]


def standing_on(sources: Sources, day: date, today: date) -> Standing:
    """The standing on a civil day. Before the house came to us nothing is known, so there is none."""
    if day < sources.house["taken_in_on"]:
        return Standing(State.NONE, day)
    return standing(position_on(sources, day, today), day)


def position_on(sources: Sources, day: date, today: date) -> Position:
    """What was known of the house at the end of that day."""
    then = as_of(sources, day, today)
    facts = [fact for fact in sources.facts if civil(fact["at"]) <= day]
    house = then.house
    owners = [owner["id"] for owner in then.owners if owner["until_on"] is None and not _erased(owner, day)]
    agreed = {row["person_id"] for row in then.mandates if _holds(row, facts, day)}
    statutory = [item for item in then.plan if item["current"] and item["statutory"]]
    company = f"servicer:{house['servicer_id']}" if house["servicer_id"] else ""
    firm = sources.companies.get(company, NO_COMPANY)
    served = in_business(firm, day, today)
    lapsed = _lapsed(facts)
    return Position(
        house_id=house["id"],
        guaranteed=_guaranteed(sources, day),
        taken_in_on=house["taken_in_on"],
        plan_until=add_years(house["handed_over_on"], house["plan_years"] or LEAST_YEARS),
        owned=bool(owners),
        mandated=bool(owners) and agreed.issuperset(owners),
        planned=bool(statutory),
        served=served or all(item["done_by"] != DoneBy.SERVICER for item in statutory),
        company=company,
        company_gone_on=None if served or not company else firm["closed_on"],
        withdrawn=dict(_withdrawn(then.mandates, set(owners) - agreed, day)),
        parted_on=max(_ends(then.mandates, day), default=None),
        dues=tuple(_dues(then)),
        unconfirmed=tuple(_unconfirmed(then, facts)),
        uncertified=tuple(_uncertified(facts, set(owners))),
        lapsed_on=date.fromisoformat(lapsed) if lapsed else None,
        ended_on=_ended(facts),
    )


def _uncertified(facts: Iterable[Row], owners: set[str]) -> Iterator[tuple[int, date]]:
    """By loan, since when it was on record that not all its units are certified. Whoever sells takes the loan along."""
    last: dict[int, Row] = {}
    for fact in facts:
        if fact["kind"] in LOANS:
            last[fact["data"]["loan"]] = fact["data"]
        elif fact["kind"] == FORGOTTEN:
            last = {number: told for number, told in last.items() if told["person"] != fact["data"]["person"]}
    for number, told in sorted(last.items()):
        if told["person"] in owners and told.get("uncertified_since"):
            yield number, date.fromisoformat(told["uncertified_since"])


def _lapsed(facts: Iterable[Row]) -> str | None:
    """Since when it had lapsed, as was on record then: what was taken back as a mistake is none from that day on."""
    last = next((fact for fact in reversed(list(facts)) if fact["kind"] in ("guarantee_lapsed", "lapse_undone")), None)
    return last["data"]["on"] if last is not None and last["kind"] == "guarantee_lapsed" else None


def _guaranteed(sources: Sources, day: date) -> bool:
    """Whether it had a guarantee then: as the next change of the number tells, otherwise as it is."""
    for fact in sources.facts:
        told = fact["kind"] in ("house_updated", "guarantee_told") and "guaranteed_before" in fact["data"]
        if told and civil(fact["at"]) > day:
            return bool(fact["data"]["guaranteed_before"])
    return bool(sources.house["guarantee_no"])


def _ended(facts: Iterable[Row]) -> date | None:
    """The first day without the guarantee that the house had then; another number begins anew."""
    found: str | None = None
    for fact in facts:
        if fact["kind"] == "guarantee_told":
            found = None
        elif fact["kind"] == "guarantee_ended":
            found = fact["data"]["on"]
    return date.fromisoformat(found) if found else None


def _erased(owner: Row, day: date) -> bool:
    erased_on = owner.get("erased_on")
    return erased_on is not None and erased_on <= day


def _holds(row: Row, facts: Iterable[Row], day: date) -> bool:
    """Whether a mandate was on record then and held: a file's claim counts from the day on which it came."""
    given = [row["information_on"], row["mandate_on"]]
    if None in given or max(given) > day or (row["withdrawn_on"] is not None and row["withdrawn_on"] <= day):
        return False
    return not row["source"].startswith("file:") or any(
        fact["kind"] == "consent_claimed" and fact["data"]["person"] == row["person_id"] for fact in facts
    )


def _withdrawn(mandates: Iterable[Row], persons: set[str], day: date) -> Iterator[tuple[str, date]]:
    """Who of these took back what they had agreed to, and when last."""
    for person in sorted(persons):
        days = list(_ends((row for row in mandates if row["person_id"] == person), day))
        if days:
            yield person, max(days)


def _ends(mandates: Iterable[Row], day: date) -> Iterator[date]:
    return (row["withdrawn_on"] for row in mandates if row["withdrawn_on"] is not None and row["withdrawn_on"] <= day)


def in_business(firm: Row, day: date, today: date) -> bool:
    """Whether the company was in business then. Where its last day is not known it is gone as of today, not before."""
    if firm["active"]:
        return True
    return day < today and (firm["closed_on"] is None or firm["closed_on"] > day)


def _dues(then: Sources) -> Iterator[Due]:
    opened = {case["id"]: case["opened_on"] for case in then.cases}
    for work in then.works:
        if work["basis"] is None and work["statutory"] and work["kind"] != Kind.MILESTONE:
            on, finding = opened[work["case_id"]], work["code"] == FINDING
            yield Due(work["id"], work["part"], work["due_on"], work["backstop_on"], on, finding)


def _unconfirmed(then: Sources, facts: Iterable[Row]) -> Iterator[Unconfirmed]:
    """By the facts, which tell on whose word a work was closed then; what was done to the item since makes it good."""
    basis: dict[str, str] = {}
    for fact in facts:
        if fact["kind"] == "work_closed":
            basis[fact["data"]["work"]] = fact["data"]["basis"]
        elif fact["kind"] == "closure_confirmed":
            basis |= dict.fromkeys(fact["data"]["works"], Basis.BOTH)
    alone = {work for work, on in basis.items() if on == Basis.UNCONFIRMED}
    later = [(row["code"], row["done_on"]) for row in then.records if row["work_id"] not in alone]
    for work in then.works:
        done_on = work["done_on"]
        made_good = any(code == work["code"] and day > done_on for code, day in later) if done_on else True
        if work["id"] in alone and work["statutory"] and not made_good:
            yield Unconfirmed(work["id"], work["part"], done_on)
