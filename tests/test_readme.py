"""What the README tells people to run works, and it leaves no command and no setting out."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bot.channels.registry import setting_names
from bot.cli.app import app
from bot.config import PREFIX, Settings
from tests.stories.houses import write_houses

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^engawa (\S.*?)(?:\s+#.*)?$", README, re.MULTILINE)
LONG = ("serve", "worker", "bench", "demo", "pilot", "move")  # these have tests of their own


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files of the README's examples."""
    write_houses(tmp_path, 12)
    (tmp_path / "records.csv").write_text("house_id,item_code,done_on\nH00001,P1,2025-05-02\n", "utf-8")
    for name in ("houses.csv", "plan.csv"):
        text = (tmp_path / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("H00000", "H0001"), "utf-8")
    return tmp_path


def test_the_examples_run(folder: Path):
    """In the order in which they stand, in one folder, each ends well and says something."""
    root = str(Path(__file__).parent.parent)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment |= {"PYTHONPATH": root}
    for command in COMMANDS:
        if command.split()[0] in LONG:
            continue
        words = [sys.executable, "-c", "from bot.cli.app import main; main()", *shlex.split(command)]
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        assert done.stdout.strip(), command


def test_every_setting_is_in_the_readme():
    """Nobody has to read code to set it up."""
    names = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | setting_names()
    assert {name for name in names if f"`{name}`" not in README} == set()


def test_every_command_is_in_the_readme():
    """A command that nobody is told of is not there."""
    names = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    assert {name for name in names if not re.search(rf"(engawa|make) {name}\b", README)} == set()
