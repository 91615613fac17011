"""A town with all five channels on, their platforms on loopback, and people who each use one of them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import delete

from bot.channels import chat, registry
from engawa_fakes.line import FakeLine
from engawa_fakes.slack import FakeSlack
from engawa_fakes.telegram import FakeTelegram
from main import pages
from storage.tables import addresses
from tests.bot.channels.slack.conftest import environment as of_slack
from tests.counterparts.smtp import Sink
from tests.stories.phones import ChatPhone, LinePhone, MailPhone, Phone, Platforms, SlackPhone, TelegramPhone
from tests.stories.town import PLAN, town_at

WHISPER = "whisper"
HOST = "http://127.0.0.1:8000"


@dataclass
class Pair:
    """A house's owner and its company, each with their phone."""

    house_id: str
    owner: Phone
    company: Phone


@dataclass
class Loopback:
    """The platforms."""

    line: FakeLine
    telegram: FakeTelegram
    slack: FakeSlack
    mail: Sink

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "ENGAWA_LINE_CHANNEL_SECRET": self.line.secret,
            "ENGAWA_LINE_CHANNEL_TOKEN": self.line.token,
            "ENGAWA_LINE_API_BASE": self.line.url,
            "ENGAWA_TELEGRAM_TOKEN": self.telegram.token,
            "ENGAWA_TELEGRAM_WEBHOOK_SECRET": WHISPER,
            "ENGAWA_TELEGRAM_API_BASE": self.telegram.api,
            "ENGAWA_SMTP_URL": self.mail.url,
            "ENGAWA_IMAP_URL": "imap://engawa:secret@127.0.0.1:1",
            "ENGAWA_MAIL_FROM": "縁側 <engawa@engawa.example.jp>",
            **of_slack(self.slack),
        }


def switch_off(monkeypatch: pytest.MonkeyPatch, channel: str) -> None:
    """The next service to open knows no such channel. The others, and all of them afterwards, keep their order."""
    left = {name: path for name, path in registry.CHANNELS.items() if name != channel}
    monkeypatch.setattr(registry, "CHANNELS", left)


@asynccontextmanager
async def platforms_at(folder: Path, database_url: str, loopback: Loopback) -> AsyncIterator[Platforms]:
    """The town on 28 December 2026. What comes in is understood with the next round, and nothing keeps to a pace."""
    async with AsyncExitStack() as stack:
        town = await stack.enter_async_context(town_at(folder, database_url, "2026-12-28", loopback.environment))
        service = town.service
        town.service = replace(service, post=replace(service.post, paced=False, digest=False))

        async def receive(row: int) -> None:
            """Nothing yet."""

        transport = httpx2.ASGITransport(pages(town.service, receive))
        client = await stack.enter_async_context(httpx2.AsyncClient(transport=transport, base_url=HOST))
        yield Platforms(town, client, loopback.line, loopback.telegram, loopback.slack, loopback.mail, WHISPER)


def company(n: int, mail: str) -> dict[str, str]:
    return {"servicer_id": f"B{n}", "name": f"第{n}工務店", "status": "営業", "email": mail}


async def settled_in(at: Platforms, **told: str) -> list[Pair]:
    """Five houses, so that each channel is one owner's or more and one company's; ``told`` is what a file says more."""
    await at.town.take(servicers=[company(n, "b2@example.jp" if n == 2 else "") for n in range(1, 6)])
    for n in range(1, 6):
        mail = "o3@example.jp" if n == 3 else ""
        row = {"servicer_id": f"B{n}", "builder_id": f"B{n}", "email": mail}
        await at.town.house(f"H{n}", PLAN, **row, **{name: value.format(n=n) for name, value in told.items()})
    async with at.town.service.store.write() as connection:
        page = (addresses.c.person_id == "owner:O-H3", addresses.c.channel == chat.NAME)
        await connection.execute(delete(addresses).where(*page))
    pairs = [
        Pair("H1", LinePhone(at, "owner:O-H1"), SlackPhone(at, "servicer:B1")),
        Pair("H2", TelegramPhone(at, "owner:O-H2"), MailPhone(at, "servicer:B2", "b2@example.jp")),
        Pair("H3", MailPhone(at, "owner:O-H3", "o3@example.jp"), LinePhone(at, "servicer:B3")),
        Pair("H4", ChatPhone(at, "owner:O-H4"), TelegramPhone(at, "servicer:B4")),
        Pair("H5", LinePhone(at, "owner:O-H5"), ChatPhone(at, "servicer:B5")),
    ]
    for phone in (phone for pair in pairs for phone in (pair.owner, pair.company)):
        await phone.links()
    return pairs
