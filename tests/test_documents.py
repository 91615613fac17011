"""The documents are true: what they point to, tell people to run, and show on a map is there."""

import re
from pathlib import Path

import pytest

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
    "docs/intake.md",
    "docs/record.md",
    "engawa_fakes/README.md",
)


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> str:
    return (ROOT / request.param).read_text("utf-8")


def test_every_link_leads_somewhere(document: str):
    """A relative link names a file that is there."""
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", document)
    assert [link for link in links if not (ROOT / link).exists()] == []


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
