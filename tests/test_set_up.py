"""What sets the service up on one machine or on several is true to the program: its commands, settings and times."""

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import time
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.registry import setting_names
from bot.cli.app import app
from bot.cli.serve import GRACE, LAST_ROUND
from bot.config import PREFIX, Settings, with_secret_files
from main import read_settings
from scheduler.bell import LAST_JOBS, LEAVE
from tests.counterparts.schema import migrated_file

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
KNOWN = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | setting_names()
SECRET = re.compile(r"(KEY|TOKEN|TOKENS|SECRET|DATABASE_URL|SMTP_URL|IMAP_URL|HEARTBEAT_URL)$")
SPARE = 5  # seconds between the longest graceful stop and being killed
WHOLE_DAY = 86400


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    return found


OURS = sorted(name for name, service in services().items() if "build" in service)


def unit(name: str) -> list[tuple[str, str]]:
    """Every setting of a unit, in order: some stand more than once."""
    lines = (DEPLOY / name).read_text("utf-8").splitlines()
    split = (line.partition("=") for line in lines if line and line[0] not in "#[")
    return [(key, value) for key, _, value in split]


def test_the_image_has_everything_that_is_installed():
    """What the wheel is made of is copied, and let in by .dockerignore."""
    made_of = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    copied = {word for line in re.findall(r"^COPY (?!--)(.*)", dockerfile, re.MULTILINE) for word in line.split()[:-1]}
    let_in = re.findall(r"^!(.*)", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    assert set(made_of["only-include"]) <= copied
    assert copied == set(let_in)
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_image_is_pinned_and_nobodys_root():
    """Packages by their hashes, bases by a tag that names a version, and an account without rights at the end."""
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    installs = re.findall(r"pip install.*", dockerfile)
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    images = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE) + [
        one.get("image", "") for one in services().values()
    ]
    assert all(re.search(r":\d", image) for image in images if image != "engawa:latest")
    assert not any("/" in image for image in images)
    assert dockerfile.rindex("\nUSER engawa\n") > dockerfile.rindex("\nRUN ")


@pytest.mark.parametrize("name", OURS)
def test_each_of_ours_is_shut_in(name: str):
    """Nothing is written but the volume and /tmp, and no right of root is there."""
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert all(":/var/lib/engawa" in volume or volume.endswith(":ro") for volume in service["volumes"])
    assert service["deploy"]["replicas"] >= 2
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


@pytest.mark.parametrize("name", sorted(services()))
def test_each_comes_back_is_watched_and_fills_no_disk(name: str):
    """Started again, asked how it is, and its log is cut."""
    service = services()[name]
    assert service["restart"] == "always"
    assert service["healthcheck"]["test"][0] == "CMD"
    assert {"max-size", "max-file"} <= set(service["logging"]["options"])


def test_only_the_proxys_ports_are_open():
    """The database and Redis are reached by nobody outside; a port for each of the pages' processes."""
    assert {name for name, service in services().items() if "ports" in service} == {"web"}
    assert all(services()[name]["networks"] == ["inside"] for name in services() if name not in OURS)
    first, last = map(int, re.findall(r"\d+", services()["web"]["ports"][0].split(":")[1]))
    assert last - first + 1 == services()["web"]["deploy"]["replicas"]


def test_no_secret_stands_in_an_environment():
    """They come in files; what is set besides is known, and accepted."""
    told = {name: value for service in services().values() for name, value in service.get("environment", {}).items()}
    told |= {
        name: value
        for key, value in unit("engawa.service")
        if key == "Environment"
        for name, value in [tuple(value.split("=", 1))]
    }
    example = (DEPLOY / "engawa.env.example").read_text("utf-8").splitlines()
    given = dict(line.split("=", 1) for line in example if line and not line.startswith("#"))
    ours = {name for name in told | given if name.startswith(PREFIX)}
    assert ours <= KNOWN
    assert [name for name in ours if SECRET.search(name)] == []
    assert not any(value.startswith(("'", '"')) for value in given.values())
    assert read_settings(given).public_url == "https://engawa.example.jp"


def test_what_they_run_is_there():
    """Every command is one of `engawa`."""
    commands = {command.name for command in app.registered_commands}
    run = [services()[name]["command"][0] for name in OURS]
    run += [shlex.split(value)[1] for key, value in unit("engawa.service") if key == "ExecStart"]
    run.append(services()["worker"]["healthcheck"]["test"][2])
    assert set(run) == {"serve", "worker"} <= commands


def test_nobody_is_killed_in_the_middle_of_a_stop():
    """The time given is longer than the longest graceful stop."""
    stop = {key: int(value) for key, value in unit("engawa.service") if key == "TimeoutStopSec"}["TimeoutStopSec"]
    grace = {name: int(services()[name]["stop_grace_period"].rstrip("s")) for name in OURS}
    assert stop >= GRACE + LAST_ROUND + SPARE
    assert grace["web"] >= GRACE + SPARE
    assert grace["worker"] >= LAST_ROUND + LAST_JOBS + 2 * LEAVE + SPARE  # with a Redis that does not answer


@pytest.mark.parametrize("name", ["engawa.service", "engawa-backup.service"])
def test_a_unit_is_shut_in(name: str):
    """As an account of its own that may write in its own folder alone."""
    told = unit(name)
    wanted = {
        "User": "engawa",
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "StateDirectory": "engawa",
        "CapabilityBoundingSet": "",
    }
    assert wanted.items() <= dict(told).items()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_takes_the_units(tmp_path: Path):
    """Its own look at them, with a program in the place of ours that is there."""
    units = [shutil.copy(path, tmp_path) for path in DEPLOY.glob("engawa*") if path.suffix in (".service", ".timer")]
    assert len(units) == 3
    service = tmp_path / "engawa.service"
    service.write_text(service.read_text("utf-8").replace("/opt/engawa/.venv/bin/engawa", "/usr/bin/true"), "utf-8")
    words = ["systemd-analyze", "verify", "--man=no", *map(str, units)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A state folder as the service leaves it, and a backup folder with what earlier nights left."""
    state, backups = tmp_path / "state", tmp_path / "backups"
    (state / "files" / "aa").mkdir(parents=True)
    (state / "seals").mkdir()
    (backups / "files" / "bb").mkdir(parents=True)
    shutil.copy(migrated_file(), state / "engawa.db")
    (state / "files" / "aa" / "new.jpg").write_bytes(b"new")
    (state / "seals" / "2027-01-01").write_text("sheet", "utf-8")
    (backups / "files" / "bb" / "erased.jpg").write_bytes(b"erased since")
    (backups / "unfinished.db").write_bytes(b"broken off")
    for name, days in (("engawa-2026-12-01.db", 31), ("engawa-2026-12-20.db", 12)):
        (backups / name).touch()
        at = time.time() - days * WHOLE_DAY
        os.utime(backups / name, (at, at))
    return tmp_path


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the sqlite3 command is not here")
def test_the_backup_makes_a_copy_and_forgets_what_is_to_be_forgotten(machine: Path):
    """Line by line as systemd would, while somebody writes: the copy is whole, files come along, old copies go."""
    state, backups = machine / "state", machine / "backups"
    with closing(sqlite3.connect(state / "engawa.db")) as living:
        living.execute("INSERT INTO service VALUES ('seen', '1')")
        living.commit()
        living.execute("INSERT INTO service VALUES ('unseen', '1')")  # not committed
        for key, line in unit("engawa-backup.service"):
            if key.startswith("ExecStart"):
                here = line.replace("/var/backups/engawa", str(backups)).replace("/var/lib/engawa", str(state))
                subprocess.run(shlex.split(here.replace("%%", "%")), cwd=state, check=True, timeout=60)
    [copy] = set(backups.glob("engawa-*.db")) - {backups / "engawa-2026-12-20.db"}
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT name FROM service").fetchall() == [("seen",)]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    left = {path.relative_to(backups).as_posix() for path in backups.rglob("*") if path.is_file()}
    assert left == {copy.name, "engawa-2026-12-20.db", "files/aa/new.jpg", "seals/2027-01-01"}


PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def ran(block: str, folder: Path) -> None:
    done = subprocess.run(["sh", "-eu", "-c", block], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def block_with(words: str) -> str:
    [found] = [block for block in BLOCKS if words in block]
    return found


def test_the_page_makes_secrets_that_are_taken(tmp_path: Path):
    """Line by line as it stands there: for several processes, in files named as the settings."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(DEPLOY / "engawa.env.example", tmp_path / "deploy")
    ran(block_with("new() {"), tmp_path)
    given = with_secret_files({"ENGAWA_SECRETS_DIR": str(tmp_path / "secrets" / "engawa")})
    settings = read_settings(given)
    password = (tmp_path / "secrets" / "postgres_password").read_text("utf-8").strip()
    assert settings.database_url == f"postgresql://engawa:{password}@db/engawa"
    keys = {settings.secret_key.get_secret_value(), settings.record_key.get_secret_value(), password}
    assert len(keys) == 3
    assert min(map(len, keys)) >= 32
    assert (tmp_path / "engawa.env").exists()


def test_the_page_makes_keys_for_one_machine(tmp_path: Path):
    """Readable by root alone, and under the names that systemd puts ENGAWA_ before."""
    loop = re.search(r"^for each in SECRET_KEY.*?^done", block_with("useradd"), re.MULTILINE | re.DOTALL)
    assert loop is not None
    ran(loop.group().replace("/etc/engawa/secrets", str(tmp_path)), tmp_path)
    made = sorted(tmp_path.iterdir())
    assert [f"ENGAWA_{path.name}" for path in made] == ["ENGAWA_RECORD_KEY", "ENGAWA_SECRET_KEY"]
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}
    assert ("LoadCredential", "ENGAWA:/etc/engawa/secrets") in unit("engawa.service")


def test_the_page_names_what_is_there():
    """Settings, commands, files of ours, and the services of compose.yaml."""
    assert set(re.findall(r"ENGAWA_[A-Z_]*[A-Z]", PAGE)) <= KNOWN
    commands = {command.name for command in app.registered_commands}
    assert set(re.findall(r"`?engawa (check|audit|move|serve|worker)\b", PAGE)) <= commands
    assert [name for name in re.findall(r"deploy/[\w.-]+", PAGE) if not (ROOT / name).exists()] == []
    composed = re.findall(r"docker compose (?:run --rm|stop|exec -T)(?: --volume \S+)? (\w+)", PAGE)
    assert composed
    assert set(composed) <= services().keys()
    assert set(re.findall(r"TimeoutStopSec=\d+", PAGE)) == {
        f"{key}={value}" for key, value in unit("engawa.service") if key == "TimeoutStopSec"
    }
