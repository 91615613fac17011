"""What the Telegram tests share: its counterpart, channels that are closed again, and a rig for the contract."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from bot.channels.telegram.api import ANSWER
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.settings import TelegramSettings
from bot.core.arrival import Answer, Event
from bot.core.message import Button
from engawa_fakes import Trouble
from engawa_fakes.telegram import FakeTelegram
from templates.catalogue import Catalogue
from tests.bot.channels.contract import PLAIN, envelope

SECRET = "the-webhook_secret"
WORDS = {language: lines["bubble"] for language, lines in Catalogue().words.items()}
HEADER = "x-telegram-bot-api-secret-token"
OpenTelegram = Callable[..., Telegram]


@dataclass
class Pauses:
    """Waits for nothing, and remembers for how long it should have."""

    taken: list[float] = field(default_factory=list)
    one: asyncio.Event = field(default_factory=asyncio.Event)  # set once one was taken

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        self.one.set()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def open_telegram(fake_telegram: FakeTelegram, pauses: Pauses) -> AsyncIterator[OpenTelegram]:
    """``open_telegram(secret)``: a channel to the counterpart, closed after the test."""
    opened: list[Telegram] = []

    def opener(secret: str = "", token: str = "", answer: float = ANSWER) -> Telegram:
        url = "https://engawa.example.jp/webhooks/telegram"
        settings = TelegramSettings(token or fake_telegram.token, secret, fake_telegram.api, url)
        opened.append(Telegram(settings, WORDS, pauses, answer))
        return opened[-1]

    yield opener
    for channel in opened:
        await channel.close()


@dataclass
class TelegramRig:
    """The contract's rig: a channel that is called by its platform, and one person who pressed Start."""

    channel: Telegram
    hasty: Telegram
    platform: FakeTelegram
    address: str
    blocked: str
    secrets: Sequence[str]
    refusals: Mapping[str, int] = field(default_factory=dict)

    def reached(self, address: str) -> list[str]:
        return ["\n".join([said.text, *said.labels]) for said in self.platform.received(int(address))]

    def busy(self) -> float | None:
        self.platform.next(Trouble.BUSY)
        return 3.0

    def broken(self) -> None:
        self.platform.next(Trouble.BROKEN)

    def odd(self) -> Sequence[str]:
        return (Trouble.HTML, Trouble.BAD_JSON, Trouble.BAD_UTF8, Trouble.DROPPED)

    def strange(self, how: str) -> None:
        self.platform.next(Trouble(how))

    def lost(self) -> None:
        self.platform.next(Trouble.LOST)

    def hangs(self) -> None:
        self.platform.next(Trouble.SILENT)

    def locked_out(self) -> None:
        self.platform.token = "1:another"

    async def says(self, text: str) -> Event:
        return self._event(self.platform.says(int(self.address), text))

    async def opens(self, url: str) -> Event:
        self.platform.updates.clear()
        self.platform.opens(url)
        return self._event(self.platform.updates[-1])

    async def presses(self, button: Button) -> Event:
        await self.channel.send(envelope(self.address, PLAIN))
        return self._event(self.platform.presses(int(self.address), button.label))

    async def sends_file(self, data: bytes) -> Event:
        return self._event(self.platform.sends_photo(int(self.address), data))

    async def knocks(self, headers: Mapping[str, str], body: bytes) -> Answer | None:
        (webhook,) = self.channel.webhooks
        return await webhook.read(headers, body)

    def signed(self, body: bytes) -> Mapping[str, str]:
        return {HEADER: SECRET}

    def genuine(self) -> bytes:
        return b'{"update_id": 1, "message": {}}'

    @staticmethod
    def _event(update: Mapping[str, object]) -> Event:
        return Event(str(update["update_id"]), update)


@pytest.fixture
def rig(open_telegram: OpenTelegram, fake_telegram: FakeTelegram) -> TelegramRig:
    blocked = fake_telegram.starts()
    fake_telegram.blocks(blocked)
    secrets = (fake_telegram.token, SECRET)
    channels = (open_telegram(SECRET), open_telegram(SECRET, answer=0.5))
    return TelegramRig(*channels, fake_telegram, str(fake_telegram.starts()), str(blocked), secrets)


@pytest.fixture
def hearing(rig: TelegramRig) -> TelegramRig:
    return rig
