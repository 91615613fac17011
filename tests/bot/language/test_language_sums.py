"""A price as people write it: the one sum, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.sums import MOST, yen


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("3万円", 30_000),
        ("３万５千円（税込）です", 35_000),
        ("30,000円", 30_000),
        ("税込で33,000円になります", 33_000),
        ("三万円です", 30_000),
        ("1.5万円", 15_000),
        ("8千円", 8_000),
        ("25000", 25_000),
        ("500円", 500),
        ("無料です", 0),
        ("サービスで伺います", 0),
        ("free of charge", 0),
    ],
)
def test_it_is_the_price(text: str, amount: int):
    assert yen(text) == amount


@pytest.mark.parametrize(
    "text", ["", "現地を見てからです", "2万円から3万円", "3日かかります", "はい", "90000万円", "9"]
)
def test_it_is_none(text: str):
    assert yen(text) is None


@given(st.integers(1_000, MOST))
def test_however_it_is_written(amount: int):
    assert yen(f"{amount}円") == yen(f"{amount:,}円(税込)") == yen(f"費用は{amount:,}円です") == amount


@given(st.text(max_size=300))
def test_no_text_raises(text: str):
    assert yen(text) is None or 0 <= (yen(text) or 0) <= MOST
