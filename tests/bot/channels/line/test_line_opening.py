"""Switching the channel on: what it is told, what it costs, and what it never shows."""

import subprocess
import sys

import pytest

from bot.channels.line.opening import SETTINGS
from bot.channels.line.opening import open as open_line
from bot.channels.line.settings import API, DATA, read_settings
from bot.core.arrival import Answered, Fetching, Webhooked
from tests.bot.channels.line.conftest import MachineTime, context_for

SECRET, TOKEN, BASE = SETTINGS
BOTH = {SECRET: "5ec3e7", TOKEN: "t0ken+/="}


def test_it_is_off_without_settings(machine_time: MachineTime):
    assert open_line(context_for({}, machine_time)) is None
    assert open_line(context_for({SECRET: " ", TOKEN: ""}, machine_time)) is None


async def test_it_opens_with_both(machine_time: MachineTime):
    """And is everything that the door, the inbox and the dispatcher look for."""
    channel = open_line(context_for(BOTH, machine_time))
    assert channel is not None
    assert isinstance(channel, Answered)
    assert isinstance(channel, Fetching)
    assert isinstance(channel, Webhooked)
    assert channel.abilities.per_second == 2000
    assert [door.path for door in channel.webhooks] == ["/webhooks/line"]
    await channel.close()


@pytest.mark.parametrize(
    "environment",
    [
        {SECRET: "5ec3e7"},
        {TOKEN: "t0ken+/="},
        BOTH | {TOKEN: "two words"},
        BOTH | {TOKEN: "t0ken\u3042"},
        *(
            BOTH | {BASE: base}
            for base in ("api.line.me", "ftp://x", "http://", "http://x/v2", "http://u:p@x", "http://x:y")
        ),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line_without_secrets(environment: dict[str, str]):
    with pytest.raises(ValueError, match="ENGAWA_LINE") as caught:
        read_settings(environment)
    assert "\n" not in str(caught.value)
    assert not any(environment.get(name, "-") in str(caught.value) for name in (SECRET, TOKEN))


def test_files_lie_on_a_host_of_their_own_unless_another_place_is_given():
    usual, other = read_settings(BOTH), read_settings(BOTH | {BASE: "http://127.0.0.1:8080/"})
    assert usual is not None
    assert other is not None
    assert (usual.api, usual.data) == (API, DATA)
    assert (other.api, other.data) == ("http://127.0.0.1:8080", "http://127.0.0.1:8080")
    assert not any(value in repr(usual) for value in BOTH.values())


def test_its_sdk_costs_nothing_while_it_is_off():
    """Whoever asks for help does not wait for a library of 64 MB."""
    asked = (
        "import sys; from bot.channels.registry import setting_names; setting_names(); print('linebot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
