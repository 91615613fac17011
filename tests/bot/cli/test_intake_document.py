"""docs/intake.md tells the format as it is: every column, every choice, every verdict, and an example that works."""

import json
import re
from pathlib import Path

import pytest

from bot.intake.report import Verdict
from bot.intake.tables import TABLES, Table

DOCUMENT = (Path(__file__).parents[3] / "docs" / "intake.md").read_text("utf-8")
EXAMPLES = re.findall(r"```csv (\S+)\n(.*?)```", DOCUMENT, re.DOTALL)


def lines_of(table: Table) -> list[list[str]]:
    """The cells of the table's own section, without its heading."""
    _, _, rest = DOCUMENT.partition(f"\n### `{table.name}` {table.sheet}\n")
    rows = [line.strip("|").split("|") for line in rest.partition("\n### ")[0].splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row] for row in rows]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_is_told(table):
    """In its order, under both names, and whether it is required."""
    told = [tuple(cells[:3]) for cells in lines_of(table)]
    assert told == [(f"`{c.key}`", c.header, "yes" if c.required else "") for c in table.columns]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_choice_is_told(table):
    """What a cell may hold, and what a blank one means."""
    for column, cells in zip(table.columns, lines_of(table), strict=True):
        assert [choice for choice in column.choices if f"`{choice}`" not in cells[3]] == []
        assert column.default is None or f"`{column.default}` if blank" in cells[3]


def test_every_verdict_is_told():
    """From the best to the worst."""
    assert re.findall(r"^\| `(\w+)` \| (?!\S* \|)", DOCUMENT.partition("## Tables")[0], re.MULTILINE) == [
        verdict.name for verdict in Verdict
    ]


def test_the_example_is_taken_in(engawa, folder):
    """Without a warning."""
    for name, text in EXAMPLES:
        (folder / name).write_text(text, "utf-8")
    ended = engawa("import", *(name for name, _ in EXAMPLES), "--json", now="2026-11-01")
    assert [json.loads(line)["verdict"] for line in ended.out.splitlines()] == ["accept"] * len(EXAMPLES) != []
