"""A search looks first whether a find can begin where it stands; what it finds is never another for that."""

import re

import pytest

from bot.language.text.opening import guarded, openings


@pytest.mark.parametrize(
    ("pattern", "begins"),
    [
        ("点検|検査", {"点", "検"}),
        ("(?:お|ご)?連絡", {"お", "ご", "連"}),
        ("(?<!ご)迷惑", {"迷"}),
        ("(?!まだ)(?:ま|も)う", {"ま", "も"}),
        ("(?<=わりま)(?=た(?:$|。))", {"た"}),
        (r"\b(?:by )?friday", {"b", "f"}),
        (r"[./-]\d{1,2}|[~0-9]月", {r"\.", "/", r"\-", r"\~", "0-9"}),
        ("(?:(?<=もう)|^)でき", {"^", "で"}),
        ("^[^。]{0,8}?同意", {"^"}),
        ("あ{0,2}い*う+え", {"あ", "い", "う"}),
    ],
)
def test_it_knows_with_what_a_find_begins(pattern: str, begins: set[str]):
    assert openings(pattern) == frozenset(begins)


@pytest.mark.parametrize("pattern", ["", "点?", "(?:点|検?)", ".点", "[^。]点", r"\W点", "(?:^|[^a-z])unsub", "(?i:a)"])
def test_it_says_so_where_it_does_not_know(pattern: str):
    assert openings(pattern) is None


def test_a_guard_changes_nothing():
    patterns = ["まだ?", "(?<=外)壁", ".壁", "^(?:もう)?いい", "[^、]い$", "x?", "[./-]9"]
    plain = re.compile("|".join(patterns))
    behind_guards = re.compile(guarded(patterns))

    for text in ("もういい", "まままだ", "外壁", "いい、もういい", "-9/9", "", "xあx"):
        assert [m.span() for m in behind_guards.finditer(text)] == [m.span() for m in plain.finditer(text)]


def test_a_long_table_is_parted_behind_guards_and_still_tried_in_its_order():
    patterns = [
        "まだ",
        "外壁?",
        "屋根",
        "まだです",
        "済み?",
        "点検",
        "検査",
        "^点",
        "まもなく",
        "外",
        "[一-九]日",
        "済んだ",
    ]
    plain = re.compile("|".join(patterns))
    behind_guards = re.compile(guarded(patterns))

    for text in ("点検は済んだ、外はまだです", "まもなく検査", "外壁と屋根、三日", "点点検", "無し"):
        assert [m[0] for m in behind_guards.finditer(text)] == [m[0] for m in plain.finditer(text)]
