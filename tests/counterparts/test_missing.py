"""What a run says about tests that had nobody to talk to."""

from pathlib import Path

import pytest

ASKING = """
    import pytest
    from tests.counterparts.missing import missing

    @pytest.fixture(scope="session")
    def fax():
        missing("fax machine", "not installed")

    @pytest.mark.parametrize("page", [1, 2, 3])
    def test_sends(fax, page): ...

    def test_is_independent(): ...
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makeconftest("from tests.counterparts.missing import *")
    return pytester


@pytest.mark.parametrize("how", [[], ["-n", "2"]], ids=["alone", "distributed"])
def test_a_missing_counterpart_is_named_once_and_its_tests_are_counted(project: pytest.Pytester, how: list[str]):
    """One plain line, and the run passes."""
    project.makepyfile(ASKING)
    run = project.runpytest_subprocess(*how)
    assert run.ret == pytest.ExitCode.OK
    assert run.outlines.count("missing: fax machine (not installed): 3 tests skipped") == 1
    run.assert_outcomes(passed=1, skipped=3)


@pytest.mark.parametrize("how", [[], ["-n", "2"]], ids=["alone", "distributed"])
def test_it_fails_the_run_where_nothing_may_be_missing(project: pytest.Pytester, how: list[str]):
    """The line says so, and so does the status."""
    project.makepyfile(ASKING)
    run = project.runpytest_subprocess("--missing-fails", *how)
    assert run.ret == pytest.ExitCode.TESTS_FAILED
    assert run.outlines.count("missing: fax machine (not installed): 3 tests skipped, which fails this run") == 1


def test_other_skips_are_nobodys_absence(project: pytest.Pytester):
    """A test skipped for a reason of its own is neither named nor counted against the run."""
    project.makepyfile("import pytest\n\ndef test_later(): pytest.skip('not on a Sunday')")
    run = project.runpytest_subprocess("--missing-fails")
    assert run.ret == pytest.ExitCode.OK
    assert "missing:" not in run.stdout.str()
