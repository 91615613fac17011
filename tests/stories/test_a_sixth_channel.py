"""A channel is added by a module and a line in the registry: whoever is reached by it is asked there, and answers."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from sqlalchemy import insert

from bot.channels import registry
from bot.config import SettingsError
from main import pages, read_settings
from storage.tables import addresses
from tests.stories.town import Town, town_at

COMPANY = "servicer:B1"
MODULE = '''
"""Carrier pigeons."""

import json

from bot.core.arrival import Answer, Event, Inbound, Webhook, What
from bot.core.days import TOKYO
from bot.core.delivery import Abilities, Outcome, Receipt
from datetime import datetime

SETTINGS = ("ENGAWA_PIGEON_LOFT",)
FLOWN = []


class Pigeons:
    name = "pigeon"
    abilities = Abilities(repeatable=True, answers=True)

    def __init__(self):
        self.webhooks = (Webhook("/webhooks/pigeon", self.read),)

    async def read(self, headers, body):
        raw = json.loads(body)
        return Answer(200, (Event(raw["id"], raw),))

    def parse(self, raw):
        at = datetime(2027, 1, 4, tzinfo=TOKYO)
        what = {"text": raw.get("text", ""), "action": raw.get("action", "")}
        return Inbound("pigeon", raw["id"], raw["loft"], at, What.SAID, **what)

    async def send(self, envelope):
        FLOWN.append(envelope)
        return Receipt(Outcome.SENT, provider_id=str(len(FLOWN)))

    async def close(self):
        return None


def open(context):
    return Pigeons() if context.environment.get("ENGAWA_PIGEON_LOFT") else None
'''


@pytest_asyncio.fixture
async def town(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """The module lies where any module of ours may lie, and the registry has one line more."""
    (tmp_path / "pigeon_post.py").write_text(MODULE, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(registry.CHANNELS, "pigeon", "pigeon_post")
    monkeypatch.delitem(sys.modules, "pigeon_post", raising=False)
    async with town_at(tmp_path, database_url, "2026-11-01", {"ENGAWA_PIGEON_LOFT": "roof"}) as found:
        await found.take(servicers=[{"servicer_id": "B1", "name": "丸太工務店", "status": "営業"}])
        await found.house()
        row = {"person_id": COMPANY, "channel": "pigeon", "address": "loft-7", "rank": -1}
        async with found.service.store.write() as connection:
            await connection.execute(insert(addresses).values(**row))
        yield found


async def answers(town: Town, *events: dict[str, Any]) -> None:
    """A pigeon comes to the running service's own door."""

    async def receive(row: int) -> None:
        await town.service.inbox.handle(row, town.service.clock.now())

    transport = httpx2.ASGITransport(pages(town.service, receive))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        for event in events:
            assert (await client.post("/webhooks/pigeon", json=event)).status_code == 200
    await town.run()


async def test_a_company_is_asked_and_answers_by_pigeon(town: Town):
    flown = sys.modules["pigeon_post"].FLOWN
    await town.until("2027-01-04")
    (asked,) = flown
    assert (asked.address, asked.message.kind) == ("loft-7", "servicer_offer")
    press = {"id": "1", "loft": "loft-7", "action": asked.message.buttons[0].action}
    await answers(town, press, press)  # as platforms do it: twice
    assert len(flown) == 2
    await answers(town, {"id": "2", "loft": "loft-8", "text": "どなたですか"})
    assert [(each.address, each.message.kind) for each in flown[2:]] == [("loft-8", "reply_stranger")]
    await town.all_is_well()


def test_its_setting_is_known_with_it_and_unknown_without(town: Town, monkeypatch: pytest.MonkeyPatch):
    environment = {"ENGAWA_PIGEON_LOFT": "roof"}
    assert read_settings(environment)
    monkeypatch.delitem(registry.CHANNELS, "pigeon")
    with pytest.raises(SettingsError, match="unknown setting: ENGAWA_PIGEON_LOFT"):
        read_settings(environment)
