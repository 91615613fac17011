"""Lines broken as Japanese and western printers break them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.paper.font import legible, width
from templates.paper.lines import balanced, largest, wrap

FIVE = width("あ" * 5, 12) + 0.01  # room for five kanji of 12 points


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("あいうえおか", ["あいうえお", "か"]),
        ("あいうえお。か", ["あいうえ", "お。か"]),
        ("あいうえ（か）", ["あいうえ", "（か）"]),
        ("点検は11月に", ["点検は", "11月に"]),
        ("今日はスマホで", ["今日は", "スマホで"]),
        ("you can come", ["you can", "come"]),
        ("上\n下", ["上", "下"]),
        ("", []),
    ],
)
def test_a_line_ends_where_a_reader_expects_it(text, lines):
    """Not before 。 or after （, not inside a number with its unit, a word, or a word taken from abroad."""
    assert wrap(text, 12, FIVE) == lines


signs = st.text(alphabet="あ漢ーカ、。（）「」 ab-/1年月\n", max_size=120)


@given(signs | st.text(max_size=80), st.sampled_from([8.0, 12.0, 16.0]), st.floats(6, 180))
def test_nothing_is_lost_and_no_line_is_too_long(text, size, room):
    """All signs are there in their order, in lines that fit (a line may always hold one sign)."""
    text = legible(text)
    lines = wrap(text, size, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) == 1 or width(line, size) <= room + 1e-6 for line in lines)


@given(signs, st.floats(20, 180))
def test_balancing_takes_no_more_lines(text, room):
    """Evenly long lines are as many as full ones, hold the same and fit as well."""
    lines = balanced(text, 11, room)
    assert len(lines) == len(wrap(text, 11, room))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line, 11) <= room + 1e-6 for line in lines)


def test_type_is_as_large_as_the_room_allows():
    """The first size that fits, and the last where none does."""
    assert largest("あ" * 5, (16, 12, 8), FIVE) == 12
    assert largest("あ" * 50, (16, 12, 8), FIVE) == 8
