"""Telegram keeps what every channel keeps."""

from tests.bot.channels.contract import CallingOut
from tests.bot.channels.contract_inward import Inviting, Inward


class TestOutward(CallingOut):
    pass


class TestInward(Inward):
    pass


class TestInviting(Inviting):
    pass
