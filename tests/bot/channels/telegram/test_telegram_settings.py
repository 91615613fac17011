"""When the channel is on, and what its settings may be."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.channels.registry import Context
from bot.channels.telegram import opening
from bot.channels.telegram.settings import API_BASE, TOKEN, WEBHOOK_SECRET, read_settings
from bot.config import Settings
from bot.core.arrival import Answered, Fetching, Listening, Webhooked
from bot.core.delivery import Channel
from scheduler.clock import machine_now, monotonic
from templates.catalogue import Catalogue

ROOT = Path(__file__).parents[4]
PUBLIC = "https://engawa.example.jp/"


async def opened(**environment: str) -> Channel | None:
    found = opening.open(Context(Settings(), environment, Catalogue().words, monotonic, machine_now))
    if found is not None:
        await found.close()
    return found


async def test_without_a_token_it_is_off():
    assert await opened() is None
    assert await opened(**{TOKEN: " ", WEBHOOK_SECRET: "s"}) is None


async def test_with_a_token_it_answers_hears_and_fetches():
    channel = await opened(**{TOKEN: "1:a"})
    assert channel is not None
    for protocol in (Answered, Listening, Webhooked, Fetching):
        assert isinstance(channel, protocol)
    assert (channel.abilities.per_second, channel.abilities.rest) == (30, 1)
    assert channel.abilities.answers
    assert not channel.abilities.repeatable


def test_one_setting_decides_who_calls_whom():
    asked = read_settings({TOKEN: "1:a"}, PUBLIC)
    called = read_settings({TOKEN: "1:a", WEBHOOK_SECRET: "s"}, PUBLIC)
    assert asked
    assert called
    assert (asked.secret, called.secret) == ("", "s")
    assert called.webhook_url == "https://engawa.example.jp/webhooks/telegram"


def test_files_lie_beside_the_methods():
    usual = read_settings({TOKEN: "1:a"}, PUBLIC)
    other = read_settings({TOKEN: "1:a", API_BASE: "http://127.0.0.1:8081/x/bot"}, PUBLIC)
    assert usual
    assert other
    assert (usual.api, usual.files) == ("https://api.telegram.org/bot", "https://api.telegram.org/file/bot")
    assert other.files == "http://127.0.0.1:8081/x/file/bot"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (TOKEN, "two words"),
        (TOKEN, "1:a/../2"),
        (WEBHOOK_SECRET, "空"),
        (WEBHOOK_SECRET, "x" * 257),
        (API_BASE, "https://api.telegram.org"),
        (API_BASE, "ftp://127.0.0.1/bot"),
        (API_BASE, "https:///bot"),
        (API_BASE, "https://[/bot"),
        (API_BASE, "https://127.0.0.1:99999/bot"),
        (API_BASE, "https://user:word@127.0.0.1/bot"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(name: str, value: str):
    with pytest.raises(ValueError, match=name) as raised:
        read_settings({TOKEN: "1:a"} | {name: value}, PUBLIC)
    assert "\n" not in str(raised.value)
    assert name == API_BASE or value not in str(raised.value)


def test_no_secret_shows_in_the_settings():
    shown = repr(read_settings({TOKEN: "1:abc-token", WEBHOOK_SECRET: "whisper"}, PUBLIC))
    assert "abc-token" not in shown
    assert "whisper" not in shown


def test_while_it_is_off_its_library_is_not_loaded():
    code = "import sys, bot.channels.registry as r; r.setting_names(); sys.exit('telegram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=60).returncode == 0
