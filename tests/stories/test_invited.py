"""Somebody opens the page with their number, points their phone at the code, and is known there from then on."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from engawa_fakes.line import FakeLine
from engawa_fakes.telegram import FakeTelegram
from main import pages
from scheduler.answering import Answering
from tests.handlers.web.street import Reader, Street
from tests.stories.town import town_at

OWNER = "owner:O-H1"


@pytest_asyncio.fixture
async def street(
    tmp_path: Path, database_url: str, fake_line: FakeLine, fake_telegram: FakeTelegram
) -> AsyncIterator[Street]:
    environment = {
        "ENGAWA_LINE_CHANNEL_SECRET": fake_line.secret,
        "ENGAWA_LINE_CHANNEL_TOKEN": fake_line.token,
        "ENGAWA_LINE_API_BASE": fake_line.url,
        "ENGAWA_TELEGRAM_TOKEN": fake_telegram.token,
        "ENGAWA_TELEGRAM_WEBHOOK_SECRET": "whisper",
        "ENGAWA_TELEGRAM_API_BASE": fake_telegram.api,
    }
    async with town_at(tmp_path, database_url, "2026-11-01", environment) as town:
        await town.companies()
        await town.house()
        answering = Answering(town.service.post, town.service.inbox.handle, town.service.clock, asyncio.Event())
        street = Street(town, pages(town.service, answering))
        yield street
        await answering.finish()
        for reader in street.readers:
            await reader.aclose()


async def shown_ways(street: Street) -> tuple[Reader, dict[str, str]]:
    """The page with the number, and where its links lead, by platform."""
    owner = await street.visits(OWNER)
    await owner.opens(f"{owner.path.split('#')[0].split('?')[0]}/link")
    await owner.presses("番号を出す")
    ways = owner.page.select("section.way")
    assert len(owner.page.select("section.way .qr svg")) == len(ways)
    return owner, {str(way.h2.get_text()): str(way.a["href"]) for way in ways if way.h2 and way.a}


async def test_the_link_opens_line_with_the_number_typed(street: Street, fake_line: FakeLine):
    _, ways = await shown_ways(street)
    user = fake_line.people.user()
    body = fake_line.people.body(fake_line.people.opens(user, ways["LINE"]))
    answer = await street.reader().client.post("/webhooks/line", content=body, headers=fake_line.people.signed(body))
    assert answer.status_code == 200
    await street.town.run()
    assert "LINEでお知らせ" in fake_line.received(user)[-1]
    assert "channel_linked" in await street.town.facts()


async def test_the_link_opens_telegram_and_start_links(street: Street, fake_telegram: FakeTelegram):
    _, ways = await shown_ways(street)
    chat = fake_telegram.opens(ways["Telegram"])
    headers = {"x-telegram-bot-api-secret-token": "whisper"}
    answer = await street.reader().client.post("/webhooks/telegram", json=fake_telegram.updates[-1], headers=headers)
    assert answer.status_code == 200
    await street.town.run()
    assert "Telegramでお知らせ" in fake_telegram.received(chat)[-1].text
    assert "channel_linked" in await street.town.facts()
