"""The blank workbook: every column of the format, nothing that frightens, and an example that is taken in whole."""

from pathlib import Path

import pytest

from bot.cli.workbook_words import Language, words_in
from bot.intake.tables import EXAMPLES_SHEET, TABLES, Kind
from bot.intake.workbook.blank import SHEETS, blank_workbook
from bot.intake.workbook.examples import example_rows
from tests.bot.intake.books import WORDS, load, taken


@pytest.fixture(params=[Language.JA, Language.EN])
def blank(request, tmp_path: Path) -> Path:
    path = tmp_path / "blank.xlsx"
    path.write_bytes(blank_workbook(words_in(request.param)))
    return path


def filled(path: Path) -> Path:
    """The blank with the rows of its own example sheet copied to where they belong."""
    book = load(path)
    examples = list(book[EXAMPLES_SHEET].iter_rows(values_only=True))
    for table in SHEETS:
        headers = [cell.value for cell in book[table.sheet][1]]
        begins = next(at for at, row in enumerate(examples) if list(row[: len(headers)]) == headers)
        for line, row in enumerate(examples[begins + 1 :], 2):
            if not any(row):
                break
            for at, value in enumerate(row[: len(headers)], 1):
                book[table.sheet].cell(line, at, value)
    book.save(path)
    return path


def test_every_table_and_column_is_there(blank):
    """Under the headings of the format, in its order."""
    book = load(blank)
    assert book.sheetnames == ["住宅", "維持保全計画", "実施記録", "事業者", "ローン", "記入例"]
    for table in TABLES:
        assert [cell.value for cell in book[table.sheet][1]] == [column.header for column in table.columns]
        assert book[table.sheet].freeze_panes == "B2"


def test_a_builder_has_no_columns_that_only_operators_fill_in(tmp_path):
    """Ids of chats are for those who can verify them."""
    path = tmp_path / "blank.xlsx"
    path.write_bytes(blank_workbook(WORDS, for_builder=True))
    book = load(path)
    for table in TABLES:
        theirs = [column.header for column in table.columns if not column.operators]
        assert [cell.value for cell in book[table.sheet][1]] == theirs
    assert sum(column.operators for table in TABLES for column in table.columns) == 6
    assert taken(filled(path))[0].verdict.name == "accept"


def test_each_column_says_what_belongs_there(blank):
    """As a comment at its heading and beside a cell that is being filled in."""
    book = load(blank)
    for table in TABLES:
        rules = {str(rule.sqref): rule for rule in book[table.sheet].data_validations.dataValidation}
        for cell, column in zip(book[table.sheet][1], table.columns, strict=True):
            rule = rules[f"{cell.column_letter}2:{cell.column_letter}1048576"]
            assert column.key in cell.comment.text
            assert cell.comment.text.endswith(rule.prompt)
            assert len(rule.prompt) < 255
            assert rule.promptTitle == column.header


def test_named_values_are_offered(blank):
    """Every column that takes some words only has a list of exactly those."""
    book = load(blank)
    for table in TABLES:
        offered = [rule.formula1 for rule in book[table.sheet].data_validations.dataValidation]
        assert offered == [f'"{",".join(column.choices)}"' if column.choices else None for column in table.columns]


def test_text_stays_text_and_dates_are_dates(blank):
    """A number typed into an id keeps the zeros in front."""
    book = load(blank)
    for table in TABLES:
        for cell, column in zip(book[table.sheet][1], table.columns, strict=True):
            form = book[table.sheet].column_dimensions[cell.column_letter].number_format
            numbers = column.kind in (Kind.WHOLE, Kind.DECIMAL)
            assert form == ("yyyy-mm-dd" if column.kind is Kind.DATE else "General" if numbers else "@")


def test_blank_it_says_plainly_that_nothing_is_in_it(blank):
    """No error, and nothing about the sheet of examples."""
    (report,) = taken(blank)
    assert [(problem.reason, problem.severity) for problem in report.problems] == [("nothing_written", "warning")]
    assert "まだ何も記入されていません" in next(iter(report.problems)).message


def test_filled_in_as_the_example_shows_it_is_taken_in_whole(blank):
    """Without a warning, and nothing brought into another form."""
    (report,) = taken(filled(blank))
    assert (report.verdict.name, list(report.problems)) == ("accept", [])
    assert report.rows_total == report.rows_accepted == sum(len(example_rows(table)) for table in TABLES)


def test_every_column_has_an_example_somewhere():
    """But those that stay blank in a builder's hands."""
    for table in TABLES:
        shown = [any(row[at] is not None for row in example_rows(table)) for at in range(len(table.columns))]
        assert shown == [not column.operators for column in table.columns]
