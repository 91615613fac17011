"""The command line in this process, in a folder of its own."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli.app import main
from bot.config import PREFIX


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which commands run, with no setting given."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def engawa(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Runs ``engawa WORDS`` under these settings; their names come without the prefix."""
    monkeypatch.setattr("bot.cli.opening.configure_log", lambda level: None)  # it would outlive this test's stderr
    monkeypatch.setenv("COLUMNS", "80")

    def run(*words: str, **settings: str) -> Ended:
        monkeypatch.setattr("sys.argv", ["engawa", *words])
        with monkeypatch.context() as given:
            for name, value in settings.items():
                given.setenv(f"{PREFIX}{name.upper()}", value)
            with pytest.raises(SystemExit) as end:
                main()
        code = end.value.code
        return Ended(code if isinstance(code, int) else 0, *capsys.readouterr())

    return run
