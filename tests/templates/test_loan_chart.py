"""The words of a chart: the same in both languages, and sums as people read them."""

from decimal import Decimal

import pytest

from bot.programmes.loan import Loan, Method, Step
from templates.catalogue import LANGUAGES
from templates.loan_chart import chart_words, sum_of, titled, yen_of


def test_both_languages_say_the_same_things():
    """But for 万円, which English has not."""
    japanese, english = (chart_words(language) for language in ("ja", "en"))
    assert {*japanese} - {*english} == {"man"}
    for language in LANGUAGES:
        assert set(chart_words(language)["method"]) == set(Method)


@pytest.mark.parametrize(
    ("yen", "ja", "en"),
    [
        (100_000_000, "10,000万円", "100,000,000 yen"),
        (306_184, "306,184円", "306,184 yen"),
        (0, "0円", "0 yen"),
        (-2_745_149, "▲2,745,149円", "−2,745,149 yen"),
    ],
)
def test_sums(yen, ja, en):
    assert (sum_of(yen, "ja"), sum_of(yen, "en")) == (ja, en)
    assert yen_of(310_000, "ja") == "310,000円"


def test_a_chart_is_headed_by_its_loan():
    loan = Loan(30_000_000, 425, (Step(1, Decimal(1)),), Method.PRINCIPAL)
    assert titled(loan, "ja") == "3,000万円・425か月・元金均等"
    assert titled(loan, "en") == "30,000,000 yen, 425 months, level principal"
