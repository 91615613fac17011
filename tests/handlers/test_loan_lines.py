"""What an owner is told of a loan in a chat: one thing a line, by its day, and each line has its words."""

from datetime import date
from itertools import product

import pytest

from bot.core.meaning import Topic
from handlers.loans import LINES, lines
from templates.catalogue import Catalogue

ON = date(2030, 1, 1)
WHOLE = {
    "days": {"reduction-end": "2041-04-01", "rate-review": "2041-03-01", "restriction-end": "2029-12-31"},
    "insured_until": "2031-01-31",
    "contracted_on": "2026-03-01",
    "first_payment_on": "2026-05-01",
    "reductions": True,
    "fixed_years": 15,
    "restricted": True,
}

BASES = {"contracted_on": "", "first_payment_on": ""}  # what their days are counted from, not told


def test_lines_stand_by_their_days():
    """What is without a day comes last."""
    assert [(one["said"], one["day"]) for one in lines(WHOLE, "", ON)] == [
        ("prepayment_over", "2029-12-31"),
        ("insurance_until", "2031-01-31"),
        ("fixed_rate_until", "2041-03-01"),
        ("reduction_until", "2041-04-01"),
    ]
    later = WHOLE | {"days": {"rate-review": "2041-03-01"}, "insured_until": ""} | BASES
    assert [one["said"] for one in lines(later, "", ON)] == ["fixed_rate_until", "reduction_open", "prepayment_open"]


@pytest.mark.parametrize(
    ("topic", "base"), [(Topic.PREPAYMENT, "contracted_on"), (Topic.REDUCTION, "first_payment_on")]
)
def test_a_day_that_a_programme_does_not_print_is_not_put_on_what_nobody_told(topic: Topic, base: str):
    """「契約の日はお伝えしたのに」: nobody is told that a day is missing which stands on record."""
    bare = WHOLE | {"days": {}}
    assert [one["said"] for one in lines(bare, topic, ON)] == [f"{topic}_unprinted"]
    assert [one["said"] for one in lines(bare | {base: ""}, topic, ON)] == [f"{topic}_open"]


def test_where_the_programme_prints_no_such_day_nobody_is_told_that_theirs_is_missing():
    """「契約の日をお伝えすれば、わかるのでしょうか」: no, it would not."""
    bare = WHOLE | {"days": {}} | BASES
    for prints, said in (([], "unprinted"), (["restriction-end"], "open")):
        assert [one["said"] for one in lines(bare | {"prints": prints}, Topic.PREPAYMENT, ON)] == [f"prepayment_{said}"]


@pytest.mark.parametrize("topic", [one.topic for one in LINES])
def test_what_is_asked_for_is_answered_in_one_line_also_where_nothing_is_on_record(topic: Topic):
    nothing = {"days": {}, "insured_until": "", "reductions": False, "fixed_years": None, "restricted": False} | BASES
    assert [one["said"] for one in lines(nothing, topic, ON)] == [f"{topic}_none"]
    assert lines(nothing, "", ON) == []
    assert len(lines(WHOLE, topic, ON)) == 1


def test_every_line_has_its_words_in_both_languages():
    bare = WHOLE | {"days": {}, "insured_until": ""}
    loans = (WHOLE, bare, bare | BASES, bare | {"reductions": False, "fixed_years": None, "restricted": False})
    asked = product(loans, [one.topic for one in LINES], (date(2026, 1, 1), date(2050, 1, 1)))
    said = {one["said"] for loan, topic, on in asked for one in lines(loan, topic, on)}
    for words in Catalogue().words.values():
        assert said == words["loan_lines"].keys()
