"""The rules of the house, executed: what no linter knows about this project."""

import tomllib
from pathlib import Path

import pytest

from tests.house import clock_reads, local_imports, vague_name

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "scheduler", "storage", "templates")
MODULES = sorted(path for folder in PACKAGES for path in (ROOT / folder).rglob("*.py"))
MODULES += [path for path in [ROOT / "main.py"] if path.exists()]
CLOCK = ROOT / "scheduler" / "clock.py"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def offences(rule, paths=MODULES) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{offence}" for path in paths for offence in rule(path.read_text("utf-8"))]


def test_only_one_file_reads_a_clock():
    """Time is an argument everywhere else, so that any day of fifty years can be tried."""
    assert offences(clock_reads, [path for path in MODULES if path != CLOCK]) == []


def test_no_import_hides_in_a_function():
    """What a module needs stands at its top."""
    assert offences(local_imports) == []


def test_every_module_is_named_after_what_is_in_it():
    """Nothing is called utils, base, manager or helper."""
    named = (path.relative_to(ROOT) for path in MODULES)
    assert [str(path) for path in named if any(map(vague_name, path.with_suffix("").parts))] == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nx = datetime.now()",
        "import datetime as d\nx = d.datetime.now(d.UTC)",
        "from datetime import datetime as moment\nx = moment.utcnow",
        "import datetime\nx = field(default_factory=datetime.date.today)",
        "from datetime import date\nx = date.today()",
        "import time\nx = time.monotonic()",
        "from time import perf_counter_ns as tick\nx = tick()",
        "import time as t\nx = t.time()",
        "import asyncio\nx = asyncio.get_running_loop().time()",
        "from sqlalchemy import func\nx = func.now()",
        "import sqlalchemy as sa\nx = sa.func.current_timestamp()",
        "x = text('select * from work where due_on < NOW()')",
        "x = text(\"select date('now')\")",
        "x = 'default CURRENT_TIMESTAMP'",
    ],
)
def test_reading_a_clock_is_seen(source: str):
    """However it is written: imported under another name, handed on uncalled, or left to the database."""
    assert clock_reads(source) != []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nx = datetime.fromisoformat('2026-11-21')",
        "from datetime import time\nx = time(9, 0)",
        "def due(now):\n    '''Reads no clock: no now(), no CURRENT_TIMESTAMP.'''\n    return now",
        "x = clock.now()",
        "from scheduler.clock import civil\nx = civil.today()",
        "x = 'select due_on, date(due_on) from work'",
    ],
)
def test_using_a_time_that_was_handed_in_is_fine(source: str):
    """The rule is about reading clocks, not about dates."""
    assert clock_reads(source) == []


@pytest.mark.parametrize(("source", "count"), [("import os", 0), ("def f():\n    import os", 1)])
def test_an_import_in_a_function_is_seen(source: str, count: int):
    """At the top of a module it is fine."""
    assert len(local_imports(source)) == count


@pytest.mark.parametrize(("name", "vague"), [("mail_utils", True), ("base", True), ("based", False), ("ladder", False)])
def test_a_vague_name_is_seen(name: str, vague: bool):
    """As a whole word of the name."""
    assert vague_name(name) is vague


def our_folders() -> set[str]:
    parts = {f"bot.{path.stem}" for path in (ROOT / "bot").iterdir() if not path.name.startswith("_")}
    return parts | (set(PACKAGES) - {"bot"})


def test_every_folder_has_its_place_in_the_import_rules():
    """A contract names in its title what it allows, and forbids all the rest; a new folder has to be placed in each."""
    contracts = [each for each in SETTINGS["tool"]["importlinter"]["contracts"] if " import" in each["name"]]
    unplaced = {
        (contract["source_modules"][0], folder)
        for contract in contracts
        for folder in our_folders() - set(contract["forbidden_modules"])
        if folder not in contract["name"]
    }
    assert unplaced == set()
    assert {each["source_modules"][0] for each in contracts} == our_folders() - {"bot.cli"}
