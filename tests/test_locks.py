"""The locks say the same, everywhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def pins(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def test_what_is_tested_is_what_is_run():
    """The lock of the tests pins everything that the lock of the service pins, at the same version."""
    tested = pins("requirements-test.lock")
    assert {name: tested.get(name) for name in pins("requirements.lock")} == pins("requirements.lock")


def test_what_learns_reads_as_the_service_does():
    """What the lock of the learning shares with the service's is the same version."""
    served, learning = pins("requirements.lock"), pins("requirements-learn.lock")
    shared = served.keys() & learning.keys()
    assert "holidays" in shared
    assert {name: learning[name] for name in shared} == {name: served[name] for name in shared}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock", "requirements-learn.lock"])
def test_a_lock_names_no_host_and_no_path(lock: str):
    """It means the same everywhere, and every pin carries hashes."""
    text = (ROOT / lock).read_text("utf-8")
    assert re.findall(r"\w+://\S+|(?:^|\s)/\S+", text) == []
    assert len(re.findall(r"^[\w.-]+==", text, re.MULTILINE)) == len(
        re.findall(r"^[\w.-]+==.*\\\n +--hash=", text, re.MULTILINE)
    )
