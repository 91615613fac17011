"""A day may be put off, but never past the last lawful one without anybody knowing."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.core.case import Case, Matter, Scene, Work
from bot.core.house import House, Household
from bot.core.matter import raise_matter
from bot.core.moves import fix, later, not_yet
from bot.core.people import Address, Person, Role
from bot.core.plan import DoneBy, Kind

NOW = datetime(2027, 1, 4, 1, tzinfo=UTC)
LAST = date(2027, 6, 1)
OWNER = Person("owner:O1", "山田", addresses=(Address("email", "o@example.jp"),))
SERVICER = Person("servicer:B1", "丸太工務店")
HOUSE = House("H1", date(2017, 4, 1), date(2017, 4, 1), 50, date(2026, 1, 1), servicer_id="B1")
WORK = Work("H1-1-1", "H1-1", "P1", "屋根", Kind.INSPECTION, True, DoneBy.SERVICER, date(2027, 4, 1), LAST)
CASE = Case("H1-1", "H1", 1, "visit/1", date(2027, 1, 1), date(2027, 4, 1))
SCENE = Scene(Household(HOUSE, (OWNER,), SERVICER, True), CASE, (WORK,), 2)


@pytest.mark.parametrize("put_off", [later, not_yet])
def test_asking_again_never_waits_past_the_last_lawful_day(put_off):
    """Whether they say "later" or "not yet", a day far away is brought before the law's."""
    (case,) = put_off(SCENE, OWNER, date(2030, 1, 1), NOW).cases
    assert case.later[Role.OWNER] < LAST


@pytest.mark.parametrize("open_matter", [None, Matter("asked", date(2027, 1, 4))])
def test_a_day_fixed_after_the_last_lawful_one_is_told_to_the_staff(open_matter: Matter | None):
    """Also while something else about the case lies with them already."""
    scene = replace(SCENE, case=replace(CASE, matter=open_matter))
    says = fix(scene, OWNER, date(2027, 6, 2), NOW).says
    assert [say.params["reason"] for say in says if say.to == "staff:desk"] == ["past_backstop"]


def test_the_last_lawful_day_itself_is_no_matter():
    """Ten years are not exceeded on the day on which they are full."""
    assert all(say.to != "staff:desk" for say in fix(SCENE, OWNER, LAST, NOW).says)


def test_what_somebody_has_taken_is_never_told_as_taken_by_nobody():
    """A talk about a silence that climbed goes on beside an alarm, in the hands that it is in."""
    silence = Matter("servicer_silent", date(2027, 1, 4), level=2, taken_by="slack:U1", talks_with=OWNER.id)
    scene = replace(SCENE, case=replace(CASE, matter=silence))
    _, outcome = raise_matter(scene, "emergency", date(2027, 1, 8), OWNER.id)
    assert {say.params["reason"]: say.params["level"] for say in outcome.says} == {"asked": 0, "emergency": 0}
