"""Yen as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programmes.yen import yen_of


@pytest.mark.parametrize(
    ("text", "yen"),
    [
        ("100000000", 100_000_000),
        ("100,000,000円", 100_000_000),
        ("1億円", 100_000_000),
        ("1億2,000万円", 120_000_000),
        ("１億２０００万円", 120_000_000),
        ("10,000万円", 100_000_000),
        ("3000万", 30_000_000),
        ("1.5億円", 150_000_000),
        ("3万500円", 30_500),
        ("¥3,000", 3_000),
        ("1 億 円", 100_000_000),
        ("1億5", 100_000_005),
    ],
)
def test_a_sum_that_people_write(text, yen):
    assert yen_of(text) == yen


@pytest.mark.parametrize(
    "text", ["", "円", "億", "1.00001万円", "1,00円", "-5", "1万1億", "10 dollars", "1e8", "9" * 99]
)
def test_what_is_no_sum_of_yen(text):
    assert yen_of(text) is None


@given(st.integers(0, 10**14))
def test_a_sum_is_read_back_from_its_parts(yen: int):
    high, low = divmod(yen, 10**8)
    assert yen_of(f"{high:,}億{low // 10**4:,}万{low % 10**4:,}円") == yen
    assert yen_of(f"{yen:,}円") == yen_of(str(yen)) == yen


@given(st.text(max_size=50))
def test_any_text_is_a_sum_or_none(text: str):
    found = yen_of(text)
    assert found is None or found >= 0
