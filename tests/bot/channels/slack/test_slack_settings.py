"""When Slack is on, and what its settings may be."""

import subprocess
import sys

import pytest

from bot.channels.slack.settings import NAMES, read_settings

ON = {"ENGAWA_SLACK_BOT_TOKEN": "xoxb-1", "ENGAWA_SLACK_SIGNING_SECRET": "s3cr3t"}


def test_off_without_a_token():
    assert read_settings({}) is None
    assert read_settings({"ENGAWA_SLACK_SIGNING_SECRET": "x"}) is None


def test_on_with_a_token_and_a_way_to_hear():
    assert read_settings(ON) is not None
    assert read_settings({"ENGAWA_SLACK_BOT_TOKEN": "xoxb-1", "ENGAWA_SLACK_APP_TOKEN": "xapp-1"}) is not None


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"ENGAWA_SLACK_SIGNING_SECRET": ""}, "ENGAWA_SLACK_SIGNING_SECRET"),
        ({"ENGAWA_SLACK_API_BASE": "https://slack.com/"}, "/api/"),
        ({"ENGAWA_SLACK_API_BASE": "slack.com/api/"}, "/api/"),
        ({"ENGAWA_SLACK_STAFF_CHANNEL": "#担当"}, "channel's id"),
        ({"ENGAWA_SLACK_BOT_TOKEN": "xoxb-全角"}, "token"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(given: dict[str, str], word: str):
    """And never repeats a secret."""
    with pytest.raises(ValueError, match=word) as told:
        read_settings(ON | given)
    assert "\n" not in str(told.value)
    assert "s3cr3t" not in str(told.value)
    assert "全角" not in str(told.value)


def test_no_secret_shows():
    shown = repr(read_settings(ON | {"ENGAWA_SLACK_APP_TOKEN": "xapp-1"}))
    assert not any(secret in shown for secret in ("xoxb-1", "s3cr3t", "xapp-1"))


def test_slacks_libraries_are_loaded_only_where_it_is_on():
    """Whoever does not use Slack does not wait for it."""
    code = "import sys, bot.channels.slack.opening; sys.exit('slack_sdk' in sys.modules or 'slack_bolt' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert len(NAMES) == 5
