"""What people send in Slack is fetched with the bot's token, which is shown to nobody but Slack."""

import pytest

from bot.channels.slack.channel import LARGEST_FILE
from bot.core.arrival import GoneError, Remote, What
from engawa_fakes import Trouble
from engawa_fakes.line import FakeLine
from engawa_fakes.slack import BOT, DESK
from tests.bot.channels.slack.conftest import SlackRig

PHOTO = b"\xff\xd8\xff" + bytes(range(256))


async def test_a_file_comes_as_it_was_sent(rig: SlackRig):
    heard = await rig.heard(rig.slack.sends_file("U0FIRM", PHOTO, "報告書です"))
    assert (heard.what, heard.text) == (What.SAID, "報告書です")
    (remote,) = heard.remote
    assert await rig.channel.fetch(remote) == PHOTO


async def test_what_the_staff_show_each_other_is_not_fetched(rig: SlackRig):
    assert (await rig.heard(rig.slack.sends_file("U0SATO", PHOTO, channel=DESK))).remote == ()


async def test_the_token_goes_to_slack_alone(rig: SlackRig, fake_line: FakeLine):
    """Whatever address an answer names, and wherever Slack's own might lead."""
    rig.slack.files["F1"] = PHOTO
    others = (f"{fake_line.url}/v2/bot/info", "https://files.slack.com.example/x", "https://files.slack.com:1/x")
    for url in (*others, "http://files.slack.com/x", "file:///etc/passwd", "http://[", ""):
        rig.slack.elsewhere["F1"] = url
        with pytest.raises(GoneError, match="gone"):
            await rig.channel.fetch(Remote("F1"))
    assert fake_line.calls == []


async def test_what_is_gone_or_too_large_is_said(rig: SlackRig):
    rig.slack.files["F1"] = bytes(LARGEST_FILE + 1)
    with pytest.raises(GoneError, match="large"):
        await rig.channel.fetch(Remote("F1"))
    assert [call.path for call in rig.slack.calls] == ["/api/files.info"]
    with pytest.raises(GoneError, match="gone"):
        await rig.channel.fetch(Remote("F2"))
    rig.slack.words = ["missing_scope"]
    with pytest.raises(GoneError, match="gone"):
        await rig.channel.fetch(Remote("F1"))


ASKED_AGAIN = (Trouble.DROPPED, Trouble.LOST)  # reading harms nothing: the line itself asks once more
TROUBLES = [each for each in Trouble if each not in (Trouble.SILENT, *ASKED_AGAIN)]


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_what_may_come_back_is_told_apart(rig: SlackRig, trouble: Trouble):
    """A platform's bad day costs one attempt; no error holds the token."""
    rig.slack.files["F1"] = PHOTO
    rig.slack.next(trouble)
    with pytest.raises(OSError, match="file: ") as raised:
        await rig.channel.fetch(Remote("F1"))
    assert BOT not in str(raised.value)
    assert await rig.channel.fetch(Remote("F1")) == PHOTO
