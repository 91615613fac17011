"""A platform that does nothing but pass things on: what any channel brings about, without any platform's ways."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from bot.core.arrival import Inbound, What
from bot.core.delivery import Abilities, Envelope, Outcome, Receipt
from storage.inbound import keep
from tests.stories.town import Town

TOY = "toy"
NOWHERE = datetime(2026, 11, 1, tzinfo=UTC)  # the platform's own clock, which nobody goes by


class Toy:
    """Remembers what it was given; ``answers`` are the receipts of the next messages, SENT when there are none."""

    name = TOY

    def __init__(self, **abilities: Any) -> None:
        self.abilities = replace(Abilities(repeatable=True, answers=True), **abilities)
        self.sent: list[Envelope] = []
        self.answers: list[Receipt] = []

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        given = {name: value for name, value in raw.items() if name != "what"}
        return Inbound(channel=TOY, at=NOWHERE, what=What(raw["what"]), **given)

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
        town.service = replace(service, post=post, inbox=inbox)

    async def happens(self, address: str, what: What = What.SAID, **given: Any) -> list[str]:
        """Something comes in from an address; the kinds that are said there in answer."""
        before = len(self.toy.told(address))
        raw = {"event_id": uuid4().hex, "address": address, "what": what, **given}
        async with self.town.service.store.write() as connection:
            await keep(connection, TOY, raw["event_id"], raw, self.town.service.clock.now())
        await self.town.run()
        return self.toy.told(address)[before:]
