"""The words of the workbooks: a hint for every column, every problem in both languages, polite, and without blame."""

import re
from string import Formatter

import pytest

from bot.cli.workbook_words import Language, words_in
from bot.intake.reasons import MESSAGES, Severity
from bot.intake.report import Verdict
from bot.intake.tables import TABLES
from templates.workbook import workbook_words

POLITE = re.compile(r"(です|ます|ません|ました|でした|ください)。$")
BLAME = re.compile(r"責任|違反|誤り|間違|不正|エラー|must|wrong|mistake|fault", re.I)


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", Language)
def test_every_column_has_a_hint_and_no_other(language):
    """But those that operators fill in, of which one thing is said."""
    hints = workbook_words(language)["hints"]
    for table in TABLES:
        assert list(hints[table.name]) == [column.key for column in table.columns if not column.operators]
    assert {table.name for table in TABLES} == hints.keys()


@pytest.mark.parametrize("language", Language)
def test_every_verdict_and_severity_has_words(language):
    words = words_in(language)
    assert words.verdicts.keys() == {verdict.name for verdict in Verdict}
    assert {*Severity} <= words.result.keys()


def test_both_languages_say_the_same_things():
    """The report itself has its words in Japanese, so that only the other language has them here."""
    japanese, english = workbook_words("ja"), workbook_words("en")
    assert english.keys() - japanese.keys() == {"reasons"}
    assert all(english[key].keys() == japanese[key].keys() for key in ("hints", "result", "verdicts"))
    assert english["reasons"].keys() == MESSAGES.keys()
    for reason, text in english["reasons"].items():
        assert names_in(text) == names_in(MESSAGES[reason]), reason
    for key in ("more", "unmarked"):
        assert names_in(english["result"][key]) == names_in(japanese["result"][key]) == {"count"}


def test_words_are_polite_and_blame_nobody():
    """Each sentence ends as one speaks to a customer."""
    words = workbook_words("ja")
    hints = [hint for table in words["hints"].values() for hint in table.values()]
    for text in [*hints, *words["verdicts"].values()]:
        plain = re.sub(r"（[^）]*）", "", text)
        assert all(POLITE.search(f"{sentence}。") for sentence in plain.split("。") if sentence), text
        assert not BLAME.search(text)
    assert not [text for text in workbook_words("en")["verdicts"].values() if BLAME.search(text)]


@pytest.mark.parametrize("language", Language)
def test_whether_a_column_is_required_is_said(language):
    words = words_in(language)
    for table in TABLES:
        for column in table.columns:
            if not column.operators:
                assert words.hint(table, column).endswith(words.required if column.required else words.optional)
                assert (words.pick in words.hint(table, column)) == bool(column.choices)
