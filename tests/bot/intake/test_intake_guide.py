"""The guide plan: what a house gets whose builder gave none."""

from bot.intake.guide import GUIDE_CODES, guide_plan
from bot.intake.rows import STATUTORY_PARTS
from bot.intake.tables import PLAN


def test_every_part_the_law_names_is_inspected_within_ten_years():
    """The first time counted from the handover, then from the last."""
    inspections = [row for row in guide_plan("H-1") if row.kind == "点検" and row.statutory]
    named = {row.item_name for row in inspections}
    assert named == {
        "基礎",
        "土台",
        "床組",
        "軸組",
        "小屋組",
        "屋根",
        "外壁",
        "開口部",
        "バルコニー",
        "給水管",
        "排水管",
    }
    assert all(any(part in name for part in STATUTORY_PARTS) for name in named)
    assert all(1 <= row.first_year <= 10 and 1 <= row.interval_years <= 10 for row in inspections)


def test_each_part_is_inspected_once_not_once_per_material():
    """An outside wall is made of one thing."""
    inspected = [row.item_name for row in guide_plan("H-1") if row.kind == "点検"]
    assert len(inspected) == len(set(inspected))
    assert {row.item_code: row.interval_years for row in guide_plan("H-1")}["G-外壁"] == 3
    assert {row.item_code: row.interval_years for row in guide_plan("H-1")}["G-給水管"] == 5


def test_every_line_says_that_it_is_a_default_and_where_from():
    """And would pass as a row of a file."""
    rows = guide_plan("H-1")
    assert {row.house_id for row in rows} == {"H-1"}
    assert all(row.source.startswith("guide ") for row in rows)
    assert len(GUIDE_CODES) == len(rows)
    for key in ("kind", "legal_class", "done_by"):
        assert {getattr(row, key) for row in rows} <= set(PLAN.column(key).choices)
    assert rows[0].item_code == "G-基礎"


def test_repairs_and_renewals_are_advisory():
    """The law asks for inspections; the rest is good advice."""
    others = [row for row in guide_plan("H-1") if row.kind != "点検"]
    assert others
    assert not any(row.statutory for row in others)
