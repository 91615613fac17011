"""The tables of phrases: every one can be read, and none lies about unused."""

import re
from importlib import resources
from pathlib import Path

import pytest

import bot.language
from bot.language.dates import words
from bot.language.dates.fields import READERS
from bot.language.text.phrasebook import any_of, lines, tables

PHRASES = resources.files("bot.language.phrases")
FILES = sorted(entry.name.removesuffix(".txt") for entry in PHRASES.iterdir() if entry.name.endswith(".txt"))
SOURCE = "".join(path.read_text("utf-8") for path in Path(str(bot.language.__path__[0])).rglob("*.py"))
# Tables whose names are put together, or that hold lists of other things than phrases.
BY_KIND = {"dates", "verbs", "bare", "words", "spelling"}


@pytest.mark.parametrize("file", FILES)
def test_every_table_can_be_read(file: str) -> None:
    """Each line is a pattern, and a table has at least one."""
    assert tables(file)
    for table in tables(file):
        assert lines(f"{file}.{table}")
        if file not in BY_KIND:
            any_of(f"{file}.{table}")


@pytest.mark.parametrize("file", [file for file in FILES if file not in BY_KIND])
def test_every_table_is_used(file: str) -> None:
    """A table that no rule reads is a mistake."""
    built = {"subject_arranging", "subject_other", "subject_repair", "subject_work"}
    built |= {"work_after", "repair_after", "arranging_after", "other_after"}
    unused = [table for table in tables(file) if f"{file}.{table}" not in SOURCE and table not in built]
    assert not unused


def test_every_kind_of_day_word_has_a_reader() -> None:
    """The tables of days and what they contribute stand side by side."""
    assert set(tables("dates")) == set(READERS)
    assert words.pattern()


def test_shared_words_exist_wherever_they_are_called() -> None:
    """「<業者>」 in a line is a list in words.txt."""
    books = [f"{file}.{table}" for file in FILES if file not in BY_KIND for table in tables(file)]
    called = {name for book in books for line in lines(book) for name in re.findall(r"<([^\W\d_]+)>", line)}
    assert called
    assert called <= set(tables("words"))
