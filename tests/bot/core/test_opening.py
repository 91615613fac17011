"""What is open next at a house, from its plan and everything on record."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.core.house import House, Household
from bot.core.ledger import Ledger, Noted, upcoming
from bot.core.opening import sweep
from bot.core.plan import Kind, PlanItem, Record

NOW = datetime(2026, 11, 1, 1, tzinfo=UTC)
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


def test_every_gap_becomes_one_fact_also_when_an_earlier_one_is_filled_later():
    """A record that turns up for a gap makes room for no other: what is written down is not counted, but known."""
    every_two = PlanItem("P1", "屋根", Kind.INSPECTION, 2, 2, True)
    house = replace(HOUSE, handed_over_on=date(2010, 4, 1), completed_on=date(2010, 4, 1))
    records = tuple(Record("P1", "屋根", date(year, 4, 1)) for year in (2018, 2012, 2014, 2024))
    told: list[object] = []
    noted: dict[str, Noted] = {}
    for known in (1, 3, 4):
        outcome = sweep(Ledger(Household(house, (), None, True), (every_two,), records[:known], noted=noted), NOW)
        told += [deed.data["due_on"] for deed in outcome.deeds if deed.kind == "occurrence_unrecorded"]
        noted |= {code: row for change in outcome.changes for code, row in change.data.items()}
    assert told == ["2012-04-01", "2014-04-01", "2016-04-01", "2020-04-01", "2022-04-01"]
