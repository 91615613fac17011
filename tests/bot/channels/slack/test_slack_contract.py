"""Slack keeps what every channel keeps."""

from tests.bot.channels.contract import Inward, Outward


class TestOutward(Outward):
    pass


class TestInward(Inward):
    pass
