"""A counterpart that is neither found nor installable skips its tests, and the run says so in one line.

With ``--missing-fails`` such a run fails at its end.
"""

from collections import Counter
from typing import NoReturn

import pytest

MARK = "missing: "


def missing(what: str, remedy: str) -> NoReturn:
    """Skip the tests that ask for ``what``; ``remedy`` says in a few words why it is not there, or how to get it."""
    pytest.skip(f"{MARK}{what} ({remedy})")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--missing-fails", action="store_true", help="fail when a missing counterpart skipped a test")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    verdict = ", which fails this run" if terminalreporter.config.getoption("--missing-fails") else ""
    for reason, tests in sorted(_skipped_for(terminalreporter).items()):
        terminalreporter.write_line(f"{reason}: {tests} test{'s' if tests != 1 else ''} skipped{verdict}")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a run that passed into one that failed; a worker of a distributed run has no reporter and no say."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not session.config.getoption("--missing-fails"):
        return
    if _skipped_for(reporter) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _skipped_for(reporter: pytest.TerminalReporter) -> Counter[str]:
    reasons = (report.longrepr[2].removeprefix("Skipped: ") for report in reporter.stats.get("skipped", ()))
    return Counter(reason for reason in reasons if reason.startswith(MARK))
