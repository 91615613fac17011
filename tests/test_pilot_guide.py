"""The pilot's guide is followed as it is written, from an empty folder to the end of a shadow run."""

import json
import os
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path

from bot.config import PREFIX
from tests.stories.houses import write_houses

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "pilot.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]
MEASURED = re.findall(r"^\| (?!ものさし|---)(\S.*?) \|", GUIDE, re.MULTILINE)


def follow(folder: Path, command: str, loaded: bool) -> subprocess.CompletedProcess[str]:
    """One line of the guide, in a terminal that has or has not read the settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment |= {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    words = [sys.executable, "-c", "from bot.cli.app import main; main()", *shlex.split(command)[1:]]
    line = f"set -a; . ./.env; set +a; exec {shlex.join(words)}" if loaded else f"exec {shlex.join(words)}"
    return subprocess.run(["sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def mailed(folder: Path) -> list[str]:
    files = sorted(file for file in (folder / "mail").rglob("*") if file.is_file())
    return [text for file in files for text in re.findall(r"^To: .*$", file.read_text("utf-8"), re.MULTILINE)]


def test_the_guide_works_as_it_is_written(tmp_path: Path):
    """空のフォルダと表から、シャドー運用、そのやり直し、その終わりまで。"""
    assert [command.split()[0] for command in COMMANDS].count("engawa") == 5
    write_houses(tmp_path, 3)
    pilot, _, serve, day, look, end = COMMANDS
    assert serve == "engawa serve"  # has a test of its own
    first = follow(tmp_path, pilot, loaded=False)
    assert first.returncode == 0, first.stderr
    assert "would_have_been_sent" in first.stdout
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "engawa.key").stat().st_mode) == 0o600
    kept = (tmp_path / ".env").read_bytes()
    again = json.loads(follow(tmp_path, f"{pilot} --json", loaded=False).stdout)
    assert (again["settings"], again["houses"]["before"]) == (".env was there already", 3)
    assert not again["staff"]["new"]
    assert (tmp_path / ".env").read_bytes() == kept
    for command in (day, look):
        done = follow(tmp_path, command, loaded=True)
        assert done.returncode == 0, done.stderr
        assert "owner:O0" in done.stdout or "waiting" in done.stdout
    assert {line for line in mailed(tmp_path) if "sato@example.jp" not in line} == set()
    assert mailed(tmp_path)
    assert "still set" in follow(tmp_path, end, loaded=True).stderr
    assert follow(tmp_path, end, loaded=False).returncode == 0
    assert "no shadow run" in follow(tmp_path, look, loaded=False).stdout


def test_a_pilot_is_begun_in_no_folder_of_a_living_service(tmp_path: Path):
    """動いているサービスのフォルダで呼んでも、黙らせない。断られたファイルからは、何も残さない。"""
    files = " ".join(path.name for path in write_houses(tmp_path, 1))
    (tmp_path / "bad.csv").write_text("x,y\n1,2\n", "utf-8")
    bad = follow(tmp_path, "engawa pilot bad.csv", loaded=False)
    assert bad.returncode == 4
    checked = follow(tmp_path, "engawa import --dry-run bad.csv", loaded=False)
    assert checked.stdout.splitlines()[1].strip() in bad.stdout  # the same sentence for the same file
    assert "見出しから表の種類を判別できません" in bad.stdout
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv"] * 4
    assert follow(tmp_path, f"engawa import {files}", loaded=False).returncode == 0
    refused = follow(tmp_path, f"engawa pilot {files}", loaded=False)
    assert refused.returncode == 2
    assert "empty folder" in refused.stderr
    assert not (tmp_path / ".env").exists()


def test_every_measure_is_explained():
    """The table of the guide names the measures as the report does."""
    words = (ROOT / "templates" / "ja" / "words.toml").read_text("utf-8")
    said = re.search(r"\[measures\]\n(.*?)(?:\n\n|\Z)", words, re.DOTALL)
    assert said is not None
    assert re.findall(r'= "(.*)"', said[1]) == MEASURED
