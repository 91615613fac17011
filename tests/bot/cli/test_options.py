"""An option that cannot be is told on stderr, with the exit status 2 of a command that was given wrong."""

import pytest


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("understand", "x", "--now", "rubbish"), "--now must be a date"),
        (("understand", "x", "--role", "emperor"), "role must be owner, servicer or staff"),
        (("understand", "x", "--context", "nonsense"), "context must be one of reminder_due, "),
        (("run-once", "--at", "rubbish", "--dry-run"), "--at must be a date"),
        (("run-once", "--at", "9999-12-31", "--dry-run"), "--at must be a date"),
        (("run-once", "--at", "0001-01-01", "--dry-run"), "--at must be a date"),
    ],
)
def test_an_option_that_cannot_be(engawa, words, line):
    """On stderr, with the status of a command that was given wrong."""
    ended = engawa(*words)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"engawa: {line}")
    assert ended.err.count("\n") == 1


def test_a_port_that_cannot_be(engawa):
    """It is a usage error, not a traceback."""
    ended = engawa("serve", "--port", "99999")
    assert (ended.status, ended.out) == (2, "")
    assert "65535" in ended.err


def test_one_reply_is_understood_with_and_without_json(engawa):
    """Every command that answers something takes --json; this answer is JSON anyway."""
    plain = engawa("understand", "終わりました", "--now", "2027-04-01")
    assert plain == engawa("understand", "終わりました", "--now", "2027-04-01", "--json")
    assert plain.status == 0
    assert '"intent": "done"' in plain.out
