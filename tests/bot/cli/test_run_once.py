"""`engawa run-once` as people use it: what it prints is what happened."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.stories.houses import write_houses

ENGAWA = Path(sys.executable).with_name("engawa")


def engawa(folder: Path, *arguments: str, **settings: str) -> str:
    """The command in a folder of its own; what it printed."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "ENGAWA_DATABASE_URL": f"sqlite:///{folder / 'engawa.db'}",
        "ENGAWA_KEY_FILE": str(folder / "engawa.key"),
        "ENGAWA_MAIL_DIR": str(folder / "mail"),
        **settings,
    }
    done = subprocess.run([ENGAWA, *arguments], env=environment, cwd=folder, capture_output=True, check=True, text=True)
    return done.stdout


@pytest.mark.parametrize(("arguments", "settings"), [(("--dry-run",), {}), ((), {"ENGAWA_SHADOW": "true"})])
def test_what_only_would_be_sent_is_called_so(tmp_path: Path, arguments: tuple[str, ...], settings: dict[str, str]):
    """Neither a dry run nor a shadow says that anything was sent, and no mail is there."""
    engawa(tmp_path, "import", *map(str, write_houses(tmp_path, 1)), ENGAWA_NOW="2026-11-01")
    at = ("run-once", "--at", "2026-11-02", *arguments)
    answer: dict[str, Any] = json.loads(engawa(tmp_path, *at, "--dry-run", "--json", **settings))
    assert answer["shadow"]
    assert answer["sent"]
    said = engawa(tmp_path, *at, **settings)
    assert "would be sent (" in said
    assert "\nsent" not in said
    assert [file for file in (tmp_path / "mail").rglob("*") if file.is_file()] == []


def test_what_was_sent_is_called_sent(tmp_path: Path):
    """And the mails are there."""
    engawa(tmp_path, "import", *map(str, write_houses(tmp_path, 1)), ENGAWA_NOW="2026-11-01")
    assert "\nsent (" in engawa(tmp_path, "run-once", "--at", "2026-11-02")
    assert [file for file in (tmp_path / "mail").rglob("*") if file.is_file()] != []
