"""What is open next at a house, from its plan and everything on record."""

from datetime import date

import pytest

from bot.core.house import House
from bot.core.opening import upcoming
from bot.core.plan import Kind, PlanItem, Record

HOUSE = House("H1", date(2022, 4, 1), date(2022, 4, 1), 50, date(2026, 1, 1))
ROOF = PlanItem("P1", "屋根", Kind.INSPECTION, 5, 5, True)


@pytest.mark.parametrize("part", ["屋根", "", "屋根・雨どい"])
def test_an_items_own_record_moves_its_backstop_whatever_its_part_was_called(part: str):
    """A file of records may come before the plan that names the part, and a later plan may name it anew."""
    done = Record("P1", part, date(2026, 10, 1))
    assert upcoming(HOUSE, [ROOF], [done])["P1"].backstop_on == date(2036, 10, 1)


def test_what_was_done_to_another_part_moves_nothing():
    """The law counts ten years for each part."""
    done = Record("P2", "基礎", date(2026, 10, 1))
    assert upcoming(HOUSE, [ROOF], [done])["P1"].backstop_on == date(2032, 4, 1)


def test_a_repair_of_the_part_moves_the_backstop_and_not_the_grid():
    """Inspection, repair or improvement of the part: each begins the ten years anew."""
    following = upcoming(HOUSE, [ROOF], [Record("P9", "屋根", date(2026, 10, 1))])["P1"]
    assert (following.due_on, following.backstop_on) == (date(2027, 4, 1), date(2036, 10, 1))
