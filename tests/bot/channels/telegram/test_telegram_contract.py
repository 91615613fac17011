"""Telegram keeps what every channel keeps."""

from tests.bot.channels.contract import Inviting, Inward, Outward


class TestOutward(Outward):
    pass


class TestInward(Inward):
    pass


class TestInviting(Inviting):
    pass
