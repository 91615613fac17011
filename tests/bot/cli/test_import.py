"""`engawa import` and `engawa show`, the real commands: what a script and a person at a terminal get to see."""

import json
import os
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
    """Runs the command in a folder with a company's file and these rows of houses."""

    def run(*words: str, houses: str = "", **more: str) -> subprocess.CompletedProcess[bytes]:
        (tmp_path / "servicers.csv").write_text(SERVICERS, encoding="utf-8")
        (tmp_path / "houses.csv").write_text(HOUSES + houses, encoding="utf-8")
        return subprocess.run(
            [*COMMAND, *words], cwd=tmp_path, env=environment | more, capture_output=True, check=False
        )

    return run


def test_an_answer_is_utf_8_wherever_it_is_given(engawa):
    """One line per file, nothing else on stdout, nothing on stderr, and the exit status of refused rows."""
    done = engawa(
        "import", "servicers.csv", "houses.csv", "--json", houses="H1,S-1,S-1,昨日,山田,,\n", PYTHONIOENCODING="ascii"
    )
    assert (done.returncode, done.stderr) == (3, b"")
    reports = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [report["verdict"] for report in reports] == ["accept", "reject_row"]
    assert "昨日" in done.stdout.decode("utf-8")
