"""The documents are true: what they point to, tell people to run, and show on a map is there."""

import re
from pathlib import Path

import pytest

from bot.channels.registry import CHANNELS

ROOT = Path(__file__).parent.parent
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
FOLDERS = {path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("[!.]*/__init__.py")} | {
    path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("bot/*/__init__.py")
}
DOCUMENTS = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "engawa_fakes/README.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/*.md")),
)


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> str:
    return (ROOT / request.param).read_text("utf-8")


def test_every_link_leads_somewhere(document: str):
    """A relative link names a file that is there."""
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", document)
    assert [link for link in links if not ((ROOT / link).exists() or (ROOT / "docs" / link).exists())] == []


def test_every_row_of_a_table_has_its_cells(document: str):
    """A cell too many is shown nowhere."""
    tables = re.findall(r"(?:^\|.*\|\n)+", document, re.MULTILINE)
    cells = [{len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()} for table in tables]
    assert [table.splitlines()[0] for table, found in zip(tables, cells, strict=True) if len(found) > 1] == []


def test_the_readme_leads_to_every_document():
    """What stands in no list is found by nobody."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [path.name for path in ROOT.glob("docs/*.md") if f"docs/{path.name}" not in readme] == []


def test_accounts_are_named_by_their_channel(document: str):
    """`engawa staff add` takes an account under the name of its channel, and no other."""
    told = re.findall(r"--account ([a-z]+)=", document)
    assert set(told) - set(CHANNELS) == set()


def test_every_make_target_exists(document: str):
    """Nobody is told to run what make does not know."""
    told = re.findall(r"(?:`|^[ \t$]*)make ([a-z-]+)", document, re.MULTILINE)
    assert set(told) - TARGETS == set()


def test_every_path_exists(document: str):
    """A path of ours in backquotes is there; angle brackets and braces mark what stands for something else."""
    paths = re.findall(r"`((?:bot|handlers|scheduler|storage|templates|tests)/[\w/.-]+)`", document)
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_map_shows_every_folder():
    """ARCHITECTURE.md leaves no folder of ours out."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert {folder for folder in FOLDERS if folder not in text} == set()
