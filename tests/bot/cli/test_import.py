"""`engawa import` and `engawa show`, the real commands: what a script and a person at a terminal get to see."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from bot.cli.app import main; main()"]
SERVICERS = "servicer_id,name\nS-1,丸太工務店\n"
HOUSES = "house_id,builder_id,servicer_id,handed_over_on,owner_name,owner_id,address\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAWA_")}
    return kept | {
        "ENGAWA_DATABASE_URL": f"sqlite:///{tmp_path / 'engawa.db'}",
        "ENGAWA_KEY_FILE": str(tmp_path / "engawa.key"),
        "ENGAWA_MAIL_DIR": str(tmp_path / "mail"),
        "ENGAWA_FILES_DIR": str(tmp_path / "files"),
        "ENGAWA_NOW": "2026-11-21",
    }


@pytest.fixture
def engawa(tmp_path: Path, environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs the command in a folder with a company's file."""
    (tmp_path / "servicers.csv").write_text(SERVICERS, encoding="utf-8")

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*COMMAND, *words], cwd=tmp_path, env=environment | more, capture_output=True, check=False
        )

    return run


def test_an_answer_is_utf_8_wherever_it_is_given(engawa, tmp_path: Path):
    """One line per file, nothing else on stdout, nothing on stderr, and the exit status of refused rows."""
    (tmp_path / "houses.csv").write_text(HOUSES + "H1,S-1,S-1,昨日,山田,,\n", encoding="utf-8")
    done = engawa("import", "servicers.csv", "houses.csv", "--json", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (3, b"")
    reports = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [report["verdict"] for report in reports] == ["accept", "reject_row"]
    assert "昨日" in done.stdout.decode("utf-8")


def test_what_a_file_says_is_shown_as_it_is_written(engawa, tmp_path: Path):
    """No square bracket is taken for a style, also where it would close one that nobody opened."""
    address, owner = r"[bold]1-1[/bold] \[/b] [/red]", "O[/b]"
    row = f"H1,S-1,S-1,2020-04-01,[red]山田,{owner},{address}\n"
    (tmp_path / "houses.csv").write_text(HOUSES + row, encoding="utf-8")
    assert engawa("import", "servicers.csv", "houses.csv").returncode == 0
    shown = engawa("show", "house", "H1", COLUMNS="4000")
    assert shown.returncode == 0, shown.stderr.decode()
    for text in (address, owner, "[red]山田"):
        assert text in shown.stdout.decode()
    done = engawa("run-once", "--dry-run", COLUMNS="4000")
    assert done.returncode == 0, done.stderr.decode()


def test_a_house_without_a_completion_date_says_what_serves_for_it(engawa, tmp_path: Path):
    """Whoever looks at the law's dates sees from which day they are counted."""
    heading = HOUSES.replace("address", "completed_on")
    rows = "H1,S-1,S-1,2020-04-01,山田,,\nH2,S-1,S-1,2020-04-01,山田,,2020-03-20\n"
    (tmp_path / "houses.csv").write_text(heading + rows, encoding="utf-8")
    assert engawa("import", "servicers.csv", "houses.csv").returncode == 0
    found = [json.loads(engawa("show", "house", house_id, "--json").stdout) for house_id in ("H1", "H2")]
    assert [house["counted_from"] for house in found] == ["handed_over_on", "completed_on"]


def test_nothing_in_a_report_is_obeyed_by_the_terminal(engawa, tmp_path: Path):
    """A heading that nobody knows is repeated without colours, window titles and lines of its own."""
    heading = HOUSES.replace("address", '"\x1b[2J\x1b]0;x\x07odd\nfile: accept"')
    (tmp_path / "houses.csv").write_text(heading + "H1,S-1,S-1,2020-04-01,山田,,\n", encoding="utf-8")
    done = engawa("import", "servicers.csv", "houses.csv")
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    assert b"\x07" not in done.stdout
    assert not any(line.startswith("file") for line in done.stdout.decode().splitlines())


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_to_people_only(engawa, tmp_path: Path, environment: dict[str, str], terminal: bool):
    """A bar on a terminal's stderr, and not a byte in a log."""
    mine, theirs = pty.openpty()
    try:
        errors = theirs if terminal else subprocess.PIPE
        words = [*COMMAND, "import", "servicers.csv", "--json"]
        done = subprocess.run(words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=errors, check=True)
        seen = os.read(mine, 1 << 16) if terminal else done.stderr
    finally:
        os.close(mine)
        os.close(theirs)
    assert len(done.stdout.splitlines()) == 1
    assert (b"servicers.csv" in seen) is terminal
    assert bool(seen) is terminal
