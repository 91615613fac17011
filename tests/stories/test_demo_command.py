"""The demo as a command: it stays on this machine, finds a free port, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot.cli.demo import LOOPBACK, listen

ROOT = Path(__file__).parents[2]
RUN = "import typer; from bot.cli.demo import command; typer.run(command)"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """The real command in a process of its own, the address it printed, and where it keeps its things."""
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT), "ENGAWA_DATABASE_URL": "mine"}
    arguments = [sys.executable, "-c", RUN, "--no-browser", "--port", "0"]
    with subprocess.Popen(arguments, env=environment, cwd=tmp_path, text=True, stdout=-1, stderr=-1) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield process, next((word for word in line.split() if word.startswith("http")), line), tmp_path
        process.kill()


def test_it_opens_at_the_address_it_prints_and_ctrl_c_ends_it(running):
    """One line to follow, no account asked for, and after Ctrl-C neither a complaint nor a file is left."""
    process, url, folder = running
    with urlopen(url) as answer:
        page = answer.read().decode()
    assert url.startswith(f"http://{LOOPBACK}:")
    assert "まもなく点検" in page
    assert len(list(folder.iterdir())) == 1
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert process.stderr.read() == ""
    assert list(folder.iterdir()) == []


def test_a_port_in_use_is_no_hindrance():
    """Where somebody else listens already, another port of loopback is taken."""
    with listen(0) as first:
        host, port = first.getsockname()
        with listen(port) as second:
            assert host == second.getsockname()[0] == LOOPBACK
            assert second.getsockname()[1] not in (0, port)
