"""Where it was measured: the machine, its system, and the versions of what is measured and of what is beside it."""

import os
import platform
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from bot.cli.bench.beside import REDIS, postgresql_programs

GIB = 1 << 30
NUMBER = re.compile(r"\d+(\.\d+)+")


def machine() -> dict[str, Any]:
    """By name; ``memory`` in GiB. None, or empty, is what is not there or does not tell."""
    programs = postgresql_programs()
    return {
        "cpus": os.cpu_count(),
        "processor": _processor(),
        "memory": _memory(),
        "platform": platform.platform(terse=True),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": version(programs and programs / "postgres"),
        "redis": version(shutil.which(REDIS)),
    }


def told(here: dict[str, Any]) -> str:
    """The machine as a person reads it, without what is not there."""
    parts = [f"{here['cpus']} × {here['processor']}"]
    parts += [f"{here['memory']} GiB"] if here["memory"] else []
    parts += [f"{here['platform']} (kernel {here['kernel']})"]
    named = {"python": "Python", "sqlite": "SQLite", "postgresql": "PostgreSQL", "redis": "Redis"}
    return ", ".join([*parts, *(f"{name} {here[key]}" for key, name in named.items() if here[key])])


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _memory() -> float | None:
    """GiB of the whole machine; what a container may take of it can be less."""
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB, 1)
    except (ValueError, OSError):
        return None


def version(program: Path | str | None) -> str:
    """What a program calls itself; empty where there is none."""
    if not program:
        return ""
    try:
        said = subprocess.run([program, "--version"], stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
    except (OSError, subprocess.CalledProcessError):
        return ""
    found = NUMBER.search(said)
    return found.group() if found else ""
