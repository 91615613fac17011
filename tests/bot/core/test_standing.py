"""Where a guarantee stands on a day: by what was known then, with reasons that each have what mends them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.book.section import Sources
from bot.core.book.standing import standing_on
from bot.core.standing import GRACE, MENDS, Due, Position, State, Unconfirmed, standing, turns_on

TAKEN_IN = date(2026, 1, 1)
LAST = date(2030, 12, 31)
SOUND = Position("H1", True, TAKEN_IN, date(2072, 3, 31), owned=True, mandated=True, planned=True, served=True)
ROOF = Due("H1-1-1", "屋根", date(2027, 4, 1), date(2032, 3, 31), date(2027, 1, 1))
days = st.dates(date(2026, 1, 1), date(2080, 1, 1))


def codes(position: Position, on: date) -> list[str]:
    return [reason.code for reason in standing(position, on).reasons]


def test_a_house_of_which_nothing_is_missing_stands_well():
    found = standing(SOUND, date(2027, 6, 1))
    assert (found.state, found.reasons) == (State.GOOD, ())


@given(days)
def test_a_house_without_a_guarantee_has_none_whatever_is_missing(on: date):
    bare = replace(SOUND, guaranteed=False, owned=False, mandated=False, planned=False, served=False)
    assert standing(bare, on).state is State.NONE
    assert turns_on(bare, on) is None


def test_the_plans_date_has_a_month_of_grace_and_the_law_has_none():
    """A visit that is a week late alarms nobody; the last lawful day is the last."""
    late = replace(SOUND, dues=(ROOF,))
    assert codes(late, ROOF.due_on + GRACE) == []
    assert codes(late, ROOF.due_on + GRACE + timedelta(days=1)) == ["overdue"]
    strict = replace(SOUND, dues=(replace(ROOF, backstop_on=date(2027, 4, 5)),))
    assert codes(strict, date(2027, 4, 5)) == []
    assert codes(strict, date(2027, 4, 6)) == ["overdue"]


def test_who_comes_to_us_long_overdue_is_asked_before_anybody_is_alarmed():
    old = replace(SOUND, dues=(replace(ROOF, due_on=date(2015, 4, 1), backstop_on=date(2020, 4, 1)),))
    assert codes(old, date(2027, 1, 31)) == []
    assert codes(old, date(2027, 2, 1)) == ["overdue"]


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ({"owned": False}, "no_owner"),
        ({"mandated": False}, "no_mandate"),
        ({"mandated": False, "withdrawn": {"owner:O1": date(2027, 1, 5)}}, "mandate_withdrawn"),
        ({"served": False}, "no_servicer"),
        ({"planned": False}, "no_plan"),
        ({"plan_until": date(2027, 3, 31)}, "plan_over"),
        ({"uncertified": ((1, date(2027, 1, 5)),)}, "units_uncertified"),
        ({"dues": (replace(ROOF, finding=True, backstop_on=None),)}, "finding"),
        ({"unconfirmed": (Unconfirmed("H1-1-1", "屋根", date(2027, 4, 1)),)}, "unconfirmed"),
    ],
)
def test_each_thing_that_is_missing_is_a_reason_that_says_what_mends_it(missing: dict[str, Any], code: str):
    found = standing(replace(SOUND, **missing), date(2027, 6, 1))
    assert [reason.code for reason in found.reasons] == [code]
    assert found.state is State.AT_RISK
    assert found.reasons[0].at
    assert found.reasons[0].mend == MENDS[code]


def test_a_lapse_holds_from_the_day_on_which_it_was_recorded_and_is_never_computed():
    hopeless = replace(SOUND, owned=False, planned=False, dues=(ROOF,), lapsed_on=date(2028, 1, 1))
    assert standing(hopeless, date(2027, 12, 31)).state is State.AT_RISK
    assert standing(hopeless, date(2028, 1, 1)).state is State.LAPSED
    assert standing(replace(hopeless, lapsed_on=None), LAST).state is State.AT_RISK


@given(days, st.booleans(), st.booleans(), st.dates(date(2026, 1, 1), date(2060, 1, 1)))
def test_between_two_turns_nothing_changes(on: date, mandated: bool, served: bool, due_on: date):
    """The sweep need not look in between."""
    due = replace(ROOF, due_on=due_on, backstop_on=None, opened_on=due_on - timedelta(days=90))
    position = replace(SOUND, mandated=mandated, served=served, dues=(due,))
    turn = turns_on(position, on)
    before = (turn or date(2090, 1, 1)) - timedelta(days=1)
    assert standing(position, before).reasons == standing(position, on).reasons
    assert turn is None or standing(position, turn).reasons != standing(position, on).reasons


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was recorded on a day."""

    on: date
    kind: str
    what: int = 0


KINDS = (
    "opened",
    "closed",
    "unconfirmed",
    "confirmed",
    "withdrew",
    "agreed",
    "sold",
    "company",
    "lapsed",
    "guaranteed",
)
events = st.lists(
    st.builds(Event, st.dates(date(2026, 2, 1), LAST), st.sampled_from(KINDS), st.integers(0, 2)), max_size=14
).map(lambda found: sorted(found, key=lambda event: event.on))


class Life:
    """A house as storage would keep it, after some events."""

    def __init__(self, told: Sequence[Event]) -> None:
        self.house: dict[str, Any] = {"id": "H1", "taken_in_on": TAKEN_IN, "handed_over_on": date(2022, 4, 1)}
        self.house |= {"plan_years": 50, "servicer_id": "B1", "guarantee_no": None}
        self.facts: list[dict[str, Any]] = []
        self.works: dict[int, dict[str, Any]] = {}
        self.cases: list[dict[str, Any]] = []
        self.records: list[dict[str, Any]] = []
        self.owners: list[dict[str, Any]] = [{"id": "owner:O0", "rank": 0, "until_on": None}]
        self.mandates: list[dict[str, Any]] = []
        self.fact(TAKEN_IN, "house_taken_in")
        self.fact(TAKEN_IN, "plan_taken_in", version=1, items=1, default=False)
        self.agreed(TAKEN_IN, 0)
        for event in told:
            getattr(self, event.kind)(event.on, event.what)

    def fact(self, when: date, kind: str, **data: Any) -> None:
        at = datetime(when.year, when.month, when.day, 3, tzinfo=UTC)
        self.facts.append({"seq": len(self.facts) + 1, "at": at, "kind": kind, "by": "engawa", "data": data})

    def opened(self, on: date, n: int) -> None:
        if n in self.works:
            return
        case = f"H1-{n + 1}"
        work: dict[str, Any] = {"id": f"{case}-1", "case_id": case, "code": f"P{n}", "part": "屋根"}
        work |= {"kind": "inspection", "statutory": True, "due_on": on + timedelta(days=90), "backstop_on": None}
        self.works[n] = work | {"done_on": None, "basis": None, "result": None, "performer": ""}
        self.cases.append({"id": case, "opened_on": on})
        self.fact(on, "work_opened", work=work["id"])

    def closed(self, on: date, n: int, basis: str = "both") -> None:
        work = self.works.get(n)
        if work is None or work["basis"] is not None:
            return
        work |= {"basis": basis, "done_on": on, "result": "ok"}
        self.records.append({"code": work["code"], "done_on": on, "work_id": work["id"], "part": work["part"]})
        self.fact(on, "work_closed", work=work["id"], basis=basis)

    def unconfirmed(self, on: date, n: int) -> None:
        self.closed(on, n, "unconfirmed")

    def confirmed(self, on: date, n: int) -> None:
        if n in self.works and self.works[n]["basis"] == "unconfirmed":
            self.works[n]["basis"] = "both"
            self.fact(on, "closure_confirmed", works=[self.works[n]["id"]])

    @property
    def owner(self) -> str:
        return next(str(owner["id"]) for owner in self.owners if owner["until_on"] is None)

    def withdrew(self, on: date, n: int) -> None:
        for row in self.mandates:
            if row["person_id"] == self.owner and row["withdrawn_on"] is None:
                row["withdrawn_on"] = on
        self.fact(on, "mandate_withdrawn")

    def agreed(self, on: date, n: int) -> None:
        row: dict[str, Any] = {"person_id": self.owner, "information_on": on, "mandate_on": on, "source": "inbound:1"}
        self.mandates.append(row | {"withdrawn_on": None})
        self.fact(on, "mandate_given")

    def sold(self, on: date, n: int) -> None:
        before = self.owner
        self.withdrew(on, n)
        next(owner for owner in self.owners if owner["id"] == before)["until_on"] = on
        self.owners.append({"id": f"owner:O{len(self.owners)}", "rank": 0, "until_on": None})
        self.fact(on, "owners_changed", now=[self.owner], ended=[before])

    def company(self, on: date, n: int) -> None:
        before, self.house["servicer_id"] = self.house["servicer_id"], f"B{n}"
        self.fact(on, "servicer_changed", **{"from": f"servicer:{before}", "to": f"servicer:B{n}"})

    def lapsed(self, on: date, n: int) -> None:
        self.house["lapsed_on"] = on
        self.fact(on, "guarantee_lapsed", on=on.isoformat())

    def guaranteed(self, on: date, n: int) -> None:
        before, self.house["guarantee_no"] = self.house["guarantee_no"], f"Z-{n}"
        self.fact(on, "house_updated", fields={"guarantee_no": "0"}, guaranteed_before=bool(before))

    @property
    def sources(self) -> Sources:
        item = {"code": "P0", "version": 1, "source": "", "statutory": True, "current": True, "done_by": "servicer"}
        return Sources(
            house=self.house,
            owners=self.owners,
            plan=[item],
            records=self.records,
            works=list(self.works.values()),
            cases=self.cases,
            mandates=self.mandates,
            facts=self.facts,
            names={},
            head=(0, ""),
            companies={f"servicer:B{n}": {"active": n != 2, "closed_on": date(2020, 1, 1)} for n in range(3)},
        )


@given(events, st.dates(TAKEN_IN, LAST))
def test_what_is_recorded_later_changes_nothing_about_an_earlier_day(told: list[Event], on: date):
    """The standing on a day is what it was said to be on that day, whatever came in since."""
    then = Life([event for event in told if event.on <= on]).sources
    assert standing_on(Life(told).sources, on, LAST + timedelta(days=1)) == standing_on(then, on, on)


@given(events, st.dates(TAKEN_IN, LAST))
def test_the_same_facts_give_the_same_reasons(told: list[Event], on: date):
    """Nothing but facts and the day goes in: asked twice, or with a fact that is about something else."""
    life = Life(told)
    first = standing_on(life.sources, on, LAST)
    life.fact(on, "rung_reached", to="owner")
    assert standing_on(life.sources, on, LAST) == first


@given(events)
def test_nothing_that_is_not_recorded_lapses(told: list[Event]):
    recorded = [event.on for event in told if event.kind == "lapsed"]
    found = standing_on(Life(told).sources, LAST, LAST)
    assert (found.state is State.LAPSED) <= bool(recorded)


def test_before_the_house_came_to_us_nothing_is_known():
    assert standing_on(Life([]).sources, date(2025, 12, 31), LAST).state is State.NONE
