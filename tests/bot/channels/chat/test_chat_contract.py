"""The web chat keeps what every channel keeps: its platform is our own page, so there is nothing to call."""

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import httpx2
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from bot.channels.chat import Chat
from bot.core.arrival import Answer, Event
from bot.core.delivery import Envelope, Receipt
from bot.core.message import Button
from handlers.web.forms import FIELD
from handlers.web.talk import Bubble
from storage.tables import inbound
from tests.bot.channels.contract import WRITTEN_AT, Outward
from tests.bot.channels.contract_inward import RUBBISH, Inward
from tests.handlers.web.street import Reader, Street, street_at
from tests.photos import photo

OWNER = "owner:O-H1"
FORM = "application/x-www-form-urlencoded"


class Page:
    """The channel with the page on which what it took is shown, as often as it was taken under another key."""

    def __init__(self, street: Street) -> None:
        self._channel = Chat()
        self._site = street.app.state.site
        self._taken: dict[str, Envelope] = {}
        self.name, self.abilities, self.parse = self._channel.name, self._channel.abilities, self._channel.parse

    async def send(self, envelope: Envelope) -> Receipt:
        receipt = await self._channel.send(envelope)
        self._taken[receipt.provider_id] = envelope
        return receipt

    async def close(self) -> None:
        await self._channel.close()

    def shown(self, address: str) -> list[str]:
        return [self._drawn(each) for each in self._taken.values() if each.address == address]

    def _drawn(self, envelope: Envelope) -> str:
        message = envelope.message
        bubble = Bubble(envelope.key, WRITTEN_AT, False, None, message, 1, self.name, message.buttons)
        given = {"bubble": bubble, "here": self.name, "office": self._site.office, "view": SimpleNamespace(newest="")}
        drawn = BeautifulSoup(self._site.pages.render("bubble", "ja", **given), "html.parser")
        assert drawn.select("a, b, script") == []  # nobody's words become markup
        return drawn.get_text()


class ChatRig:
    """A person at their own page. What is done there comes in by the page's own form."""

    refusals: Mapping[str, int] = dict.fromkeys(("forged", *RUBBISH), 403)  # it is not a form that we showed to them

    def __init__(self, street: Street, owner: Reader) -> None:
        self._street = street
        self._owner = owner
        self._path = street.link(OWNER)
        self.channel = Page(street)
        self.address = OWNER
        self.secrets: Sequence[str] = ()

    def reached(self, address: str) -> list[str]:
        return self.channel.shown(address)

    async def says(self, text: str) -> Event:
        return await self._does(text=text)

    async def presses(self, button: Button) -> Event:
        """What a genuine page offers, with the contract's own action in its place."""
        return Event("page:1:1", {**(await self.says("はい")).raw, "text": "", "action": button.action})

    async def sends_file(self, data: bytes) -> Event:
        await self._owner.opens(self._path)
        await self._owner.writes("写真です", ("a.jpg", photo(), "image/jpeg"))
        return (await self._stored())[-1]

    async def knocks(self, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """What is refused changes not one row of any table."""
        before, rows = {event.id for event in await self._stored()}, await self._street.everything()
        answer: httpx2.Response = await self._owner.client.post(self._path, content=body, headers=dict(headers))
        assert answer.status_code < 400 or await self._street.everything() == rows
        return Answer(answer.status_code, tuple(event for event in await self._stored() if event.id not in before))

    def signed(self, body: bytes) -> Mapping[str, str]:
        """A form is as good as the stamp in it."""
        return {"content-type": FORM}

    def genuine(self) -> bytes:
        return urlencode({"text": "終わりました", FIELD: self._owner.stamp}).encode()

    async def _does(self, **fields: str) -> Event:
        await self._owner.opens(self._path)
        body = urlencode({**fields, FIELD: self._owner.stamp}).encode()
        answer = await self.knocks(self.signed(body), body)
        assert answer is not None
        (event,) = answer.events
        return event

    async def _stored(self) -> list[Event]:
        query = select(inbound.c.event_id, inbound.c.raw).order_by(inbound.c.id)
        async with self._street.town.service.store.read() as connection:
            return [Event(row.event_id, row.raw) for row in await connection.execute(query)]


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[ChatRig]:
    async with street_at(tmp_path, "2026-11-01") as street:
        await street.town.house()
        yield ChatRig(street, await street.visits(OWNER))


@pytest.fixture
def hearing(rig: ChatRig) -> ChatRig:
    return rig


class TestOutward(Outward):
    pass


class TestInward(Inward):
    pass
