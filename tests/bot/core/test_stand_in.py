"""With any absences, and whatever a case is, what lies with the staff has one holder, and that one is not away."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.absence import Absence, State
from bot.core.case import Candidacy, Case, Matter, Phase, Scene
from bot.core.course import holder
from bot.core.house import House, Household
from bot.core.matter import apart
from bot.core.passing import cover
from bot.core.people import STAFF_DESK, Person
from bot.core.stand_in import stand_in

NOW = datetime(2027, 1, 12, 1, tzinfo=UTC)
TODAY = date(2027, 1, 12)
NAMED = [f"staff:{name}" for name in ("sato", "tanaka", "mori", "kanda")]
STAFF = st.sampled_from(NAMED)
NOBODY = st.just("")
HOUSE = House("H1", date(2022, 4, 1), date(2022, 4, 1), 50, date(2022, 4, 1))
AWAY = st.dictionaries(STAFF, STAFF | NOBODY)
TAKEN = st.builds(
    Matter,
    st.sampled_from(["human", "no_mandate", "overdue", "emergency"]),
    st.just(TODAY - timedelta(days=3)),
    taken_by=STAFF | NOBODY,
    until=st.just(TODAY + timedelta(days=4)),
)
ASKED = st.builds(
    Candidacy,
    st.just("servicer:B2"),
    STAFF,
    st.just(TODAY),
    st.just(TODAY + timedelta(days=7)),
    handover=st.integers(1, 9),
)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """A case that lies with the staff, at a house that some of them may keep."""
    company = Person("servicer:B1", "丸太工務店", active=False)
    keeper, approver = draw(STAFF | NOBODY), draw(STAFF | NOBODY)
    household = Household(HOUSE, (), company, True, keeper=keeper, approver=approver)
    matter, candidacy = draw(TAKEN | st.none()), draw(ASKED | st.none())
    ladder = draw(st.sampled_from(["visit/1", "desk/1"]))
    case = Case("H1-1", "H1", 1, ladder, TODAY, TODAY, phase=Phase.ARRANGING, matter=matter, candidacy=candidacy)
    return Scene(household, replace(case, holder=draw(STAFF)), (), 2)


@given(scenes(), AWAY)
def test_every_matter_of_the_staff_has_one_holder_who_is_not_away(scene: Scene, away: dict[str, str]):
    scene = replace(scene, household=replace(scene.household, away=away))
    assert holder(scene) in {STAFF_DESK, *NAMED} - set(away)
    matter = Matter("human", TODAY)
    _, beside = apart(scene, matter, "engawa")
    assert beside.cases[0].holder in {STAFF_DESK, *NAMED} - set(away)


@given(scenes(), AWAY)
def test_what_is_covered_stays_covered_when_they_are_back(scene: Scene, away: dict[str, str]):
    """It came by a fact, its taking runs out when it did, and the end of the absence moves nothing of it."""
    gone = scene.case.holder
    away = {**away, gone: away.get(gone, "")}
    present = replace(scene.household, keeper="", approver="")
    covered = cover(replace(scene, household=replace(present, away=away)), gone, stand_in(away, gone), NOW)
    case = next(each for each in covered.cases if each.id == "H1-1")
    assert [deed.data["of"] for deed in covered.deeds if deed.kind == "case_covered"] == [gone]
    assert case.holder not in away
    back = replace(scene, household=present, case=case)
    if case.matter is not None and case.matter.taken_by != gone:
        assert holder(back) == (case.matter.taken_by or STAFF_DESK)
    assert gone not in (case.matter.taken_by if case.matter else "", case.candidacy.by if case.candidacy else "")
    before = scene.case.matter
    if before is not None and before.taken_by == gone and stand_in(away, gone) != STAFF_DESK:
        assert case.matter is not None
        assert case.matter.until == before.until


@given(AWAY, STAFF)
def test_who_stands_in_is_there(away: dict[str, str], person: str):
    found = stand_in(away, person)
    assert found not in away
    assert (found == person) is (person not in away)


@given(st.integers(-3, 3), st.integers(0, 3), st.integers(-8, 8))
def test_both_its_days_belong_to_an_absence(first: int, length: int, day: int):
    absence = Absence("staff:sato", TODAY + timedelta(first), TODAY + timedelta(first + length))
    assert absence.stands(TODAY + timedelta(day)) is (first <= day <= first + length)


def test_its_states_are_stored_by_name():
    assert [str(state) for state in State] == ["planned", "standing", "over"]
