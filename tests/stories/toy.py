"""A platform that does nothing but pass things on: what any channel brings about, without any platform's ways."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from bot.core.arrival import Inbound, Remote, What
from bot.core.delivery import Abilities, Envelope, Outcome, Receipt
from scheduler.understanding import Understanding
from storage.inbound import keep
from tests.stories.town import Town

TOY = "toy"
NOWHERE = datetime(2026, 11, 1, tzinfo=UTC)  # the platform's own clock, which nobody goes by


class Toy:
    """Remembers what it was given; ``answers`` are the receipts of the next messages, SENT when there are none.

    ``files`` are those that lie at the platform, by their id: bytes, or what goes wrong when they are fetched; none
    comes unless it is ``answering``.
    """

    name = TOY

    def __init__(self, **abilities: Any) -> None:
        self.abilities = replace(Abilities(repeatable=True, answers=True), **abilities)
        self.sent: list[Envelope] = []
        self.answers: list[Receipt] = []
        self.files: dict[str, bytes | Exception] = {}
        self.fetched: list[str] = []
        self.asked, self.answering = asyncio.Event(), asyncio.Event()
        self.answering.set()

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        given = {name: value for name, value in raw.items() if name != "what"}
        remote = tuple(Remote(id) for id in given.pop("remote", ()))
        return Inbound(channel=TOY, at=NOWHERE, what=What(raw["what"]), remote=remote, **given)

    async def fetch(self, remote: Remote) -> bytes:
        self.fetched.append(remote.id)
        self.asked.set()
        await self.answering.wait()
        found = self.files[remote.id]
        if isinstance(found, Exception):
            raise found
        return found

    async def send(self, envelope: Envelope) -> Receipt:
        self.sent.append(envelope)
        return self.answers.pop(0) if self.answers else Receipt(Outcome.SENT, provider_id=f"toy-{len(self.sent)}")

    async def close(self) -> None:
        return None

    def told(self, address: str) -> list[str]:
        """The kinds of everything said at an address."""
        return [envelope.message.kind for envelope in self.sent if envelope.address == address]


class Street:
    """A town in which the toy is one of the channels."""

    def __init__(self, town: Town, toy: Toy) -> None:
        self.town, self.toy = town, toy
        service = town.service
        post = replace(service.post, channels={**service.post.channels, TOY: toy}, paced=False)
        inbox = replace(service.inbox, channels={**service.inbox.channels, TOY: toy})
        understanding = Understanding(service.store, inbox)
        town.service = replace(service, post=post, inbox=inbox, understanding=understanding)

    async def happens(self, address: str, what: What = What.SAID, **given: Any) -> list[str]:
        """Something comes in from an address; the kinds that are said there in answer."""
        before = len(self.toy.told(address))
        await self.comes(address, what, **given)
        await self.town.run()
        return self.toy.told(address)[before:]

    async def comes(self, address: str, what: What = What.SAID, **given: Any) -> int:
        """Something comes in from an address, and nobody has looked at it yet; its row."""
        raw = {"event_id": uuid4().hex, "address": address, "what": what, **given}
        async with self.town.service.store.write() as connection:
            row_id = await keep(connection, TOY, raw["event_id"], raw, self.town.service.clock.now())
        assert row_id is not None
        return row_id
