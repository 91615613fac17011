"""LINE keeps what every channel keeps."""

from collections.abc import Mapping, Sequence

import pytest

from bot.channels.line.channel import LineChannel
from bot.core.arrival import Answer, Event
from bot.core.message import Button
from engawa_fakes import Trouble
from tests.bot.channels.contract import CallingOut
from tests.bot.channels.contract_inward import Inviting, Inward
from tests.bot.channels.line.conftest import Line
from tests.bot.channels.line.samples import NOBODY

ODD = (Trouble.HTML, Trouble.BAD_JSON, Trouble.BAD_UTF8, Trouble.DROPPED)


class LineRig:
    """The platform as the contract wants it."""

    refusals: Mapping[str, int] = {"no text": 401}  # the platform signs texts alone

    def __init__(self, line: Line, hasty: LineChannel) -> None:
        self._line = line
        self.hasty = hasty
        self.channel = line.channel
        self.address = line.user
        self.blocked = NOBODY
        self.secrets: Sequence[str] = (line.fake.secret, line.fake.token)

    def reached(self, address: str) -> list[str]:
        return self._line.fake.received(address)

    def busy(self) -> float | None:
        self._line.fake.next(Trouble.BUSY)
        return None

    def broken(self) -> None:
        self._line.fake.next(Trouble.BROKEN)

    def odd(self) -> Sequence[str]:
        return ODD

    def strange(self, how: str) -> None:
        self._line.fake.next(Trouble(how))

    def lost(self) -> None:
        self._line.fake.next(Trouble.LOST)

    def hangs(self) -> None:
        self._line.fake.next(Trouble.SILENT)

    def locked_out(self) -> None:
        self._line.fake.token = "another"

    async def says(self, text: str) -> Event:
        return await self._line.event(self._line.fake.people.say(self.address, text))

    async def opens(self, url: str) -> Event:
        return await self._line.event(self._line.fake.people.opens(self.address, url))

    async def presses(self, button: Button) -> Event:
        return await self._line.event(self._line.fake.people.press(self.address, button.action))

    async def sends_file(self, data: bytes) -> Event:
        return await self._line.event(self._line.fake.people.file(self.address, data))

    async def knocks(self, headers: Mapping[str, str], body: bytes) -> Answer | None:
        return await self._line.channel.webhooks[0].read(headers, body)

    def signed(self, body: bytes) -> Mapping[str, str]:
        return self._line.fake.people.signed(body)

    def genuine(self) -> bytes:
        return self._line.fake.people.body(self._line.fake.people.say(self.address, "はい"))


@pytest.fixture
def rig(knowing: Line, impatient: LineChannel) -> LineRig:
    return LineRig(knowing, impatient)


@pytest.fixture
def hearing(line: Line, impatient: LineChannel) -> LineRig:
    return LineRig(line, impatient)


class TestOutward(CallingOut):
    pass


class TestInward(Inward):
    pass


class TestInviting(Inviting):
    pass
