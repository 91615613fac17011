"""The examples of the package's README run as they stand, in a project that has nothing but the plugin."""

import re
from pathlib import Path

import pytest

import engawa_fakes
from engawa_fakes import Arrival, Trouble

README = Path(engawa_fakes.__file__).with_name("README.md")
EXAMPLES = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_runs(pytester: pytest.Pytester, number: int):
    pytester.makeini("[pytest]\nasyncio_mode = auto\n")
    pytester.makepyfile(EXAMPLES[number])
    ran = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider")
    ran.assert_outcomes(passed=1)


def test_the_whole_vocabulary_is_told():
    text = README.read_text("utf-8")
    assert [word.name for word in (*Trouble, *Arrival) if f"`{word.name}`" not in text] == []
    assert len(EXAMPLES) >= 4


@pytest.mark.parametrize("fixture", ["fake_line", "fake_telegram", "fake_slack", "fake_mail"])
def test_every_fixture_is_told_and_there(pytester: pytest.Pytester, fixture: str):
    assert f"`{fixture}`" in README.read_text("utf-8")
    pytester.makepyfile(f"def test_it({fixture}):\n    assert {fixture}.url")
    pytester.makeini("[pytest]\nasyncio_mode = auto\n")
    pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_a_project_without_asynchronous_tests_is_left_in_peace(pytester: pytest.Pytester):
    """Engawa may be installed beside anything; the plugin breaks no run that has no use for it."""
    pytester.makepyfile("def test_it():\n    pass")
    pytester.makepyfile(pytest_asyncio="raise ImportError('not installed')")
    pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", "-p", "no:asyncio").assert_outcomes(passed=1)
