"""A company talks on LINE: it links its account, is asked, answers with a button, and leaves; all over real HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest_asyncio
from sqlalchemy import select

from bot.core.delivery import Envelope, Receipt
from engawa_fakes import Trouble
from engawa_fakes.line import FakeLine
from main import pages
from scheduler.dispatch import recover
from storage.guests import new_code
from storage.photos import bare
from storage.tables import addresses, inbound, months, outbox
from tests.photos import photo
from tests.stories.town import Town, town_at

COMPANY = "servicer:B1"


@dataclass
class Talk:
    """The town, the platform, and the company's phone."""

    town: Town
    line: FakeLine
    client: httpx2.AsyncClient
    user: str

    async def does(self, *events: dict[str, Any]) -> list[str]:
        """The platform calls the webhook with this; what the company is shown thereupon."""
        before = len(self.line.received(self.user))
        body = self.line.people.body(*events)
        answer = await self.client.post("/webhooks/line", content=body, headers=self.line.people.signed(body))
        assert answer.status_code == 200
        await self.town.run()
        return self.line.received(self.user)[before:]

    async def links(self) -> list[str]:
        store = self.town.service.store
        async with store.write() as connection:
            code = await new_code(connection, store.pins.seal, COMPANY, self.town.service.clock.now())
        return await self.does(self.line.people.say(self.user, f"{code[:4]}-{code[4:]}"))

    async def rows(self) -> list[tuple[str, str]]:
        async with self.town.service.store.read() as connection:
            query = select(outbox.c.channel, outbox.c.state).where(outbox.c.person_id == COMPANY)
            return [tuple(row) for row in await connection.execute(query.order_by(outbox.c.id))]


@pytest_asyncio.fixture
async def talk(tmp_path: Path, database_url: str, fake_line: FakeLine) -> AsyncIterator[Talk]:
    environment = {
        "ENGAWA_LINE_CHANNEL_SECRET": fake_line.secret,
        "ENGAWA_LINE_CHANNEL_TOKEN": fake_line.token,
        "ENGAWA_LINE_API_BASE": fake_line.url,
    }
    async with town_at(tmp_path, database_url, "2026-11-01", environment) as town:
        await town.take(servicers=[{"servicer_id": "B1", "name": "丸太工務店", "status": "営業"}])
        await town.house()

        async def receive(row: int) -> None:
            await town.service.inbox.handle(row, town.service.clock.now())

        transport = httpx2.ASGITransport(pages(town.service, receive))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            yield Talk(town, fake_line, client, fake_line.people.user("丸太"))


async def test_somebody_unknown_is_answered_for_nothing_and_learns_nothing(talk: Talk):
    (answer,) = await talk.does(talk.line.people.say(talk.user, "こんにちは"))
    assert "丸太" not in answer
    assert [sent.way for sent in talk.line.sent] == ["reply"]


async def test_a_company_links_is_asked_answers_and_leaves(talk: Talk):
    assert await talk.links()
    await talk.town.until("2027-01-04")
    (asked,) = [sent for sent in talk.line.sent if sent.way == "push"]
    assert asked.messages[0]["type"] == "flex"
    pressed = asked.messages[0]["contents"]["footer"]["contents"][0]["action"]
    assert pressed["type"] == "postback"
    assert await talk.does(talk.line.people.press(talk.user, pressed["data"]))
    assert talk.line.sent[-1].way == "reply"
    await talk.does(talk.line.people.unfollow(talk.user))
    async with talk.town.service.store.read() as connection:
        ended = select(addresses.c.ended_why).where(addresses.c.person_id == COMPANY, addresses.c.channel == "line")
        assert (await connection.execute(ended)).scalar() == "left"
    assert "address_ended" in await talk.town.facts()
    await talk.town.all_is_well()


async def test_the_same_event_twice_is_one(talk: Talk):
    event = talk.line.people.say(talk.user, "こんにちは")
    assert len(await talk.does(event, {**event, "deliveryContext": {"isRedelivery": True}})) == 1
    assert await talk.does(event) == []
    async with talk.town.service.store.read() as connection:
        assert len((await connection.execute(select(inbound.c.id))).all()) == 1


async def test_when_the_month_is_almost_used_up_the_next_way_serves(talk: Talk):
    """The ordinary question goes on paper; nothing waits for the month to end."""
    await talk.links()
    talk.line.month, talk.line.used = 100, 90
    await talk.town.until("2027-01-04")
    assert ("line", "moved") in await talk.rows()
    assert ("letter", "paper") in await talk.rows()
    assert talk.line.used == 90
    await talk.town.all_is_well()


async def test_a_restart_forgets_nothing_of_the_month(talk: Talk):
    """What went out since LINE was last asked is counted in the database: one ordinary message is left, and it goes."""
    await talk.links()
    await talk.town.house("H2")
    talk.line.month, talk.line.used = 100, 89
    await talk.town.until("2027-01-04")
    assert talk.line.used == 90
    async with talk.town.service.store.read() as connection:
        (month,) = (await connection.execute(select(months))).all()
    assert (month.most, month.used, month.ours) == (100, 89, 1)
    await talk.town.until("2027-01-16")
    assert talk.line.used == 90
    assert ("line", "moved") in await talk.rows()


async def answers(talk: Talk) -> list[tuple[str, str]]:
    """State and reason of what somebody unknown was answered."""
    async with talk.town.service.store.read() as connection:
        query = select(outbox.c.state, outbox.c.detail).where(outbox.c.channel == "line").order_by(outbox.c.id)
        return [tuple(row) for row in await connection.execute(query)]


async def test_an_answer_that_may_have_arrived_is_not_pushed_as_well(talk: Talk):
    """LINE took the reply, and neither its word nor the second one came: it was read once, and staff see the doubt."""
    talk.line.next(Trouble.BROKEN, Trouble.LOST, Trouble.DROPPED)  # the first is asked for a link token
    assert len(await talk.does(talk.line.people.say(talk.user, "こんにちは"))) == 1
    await talk.town.until("2026-11-05")
    assert [state for state, _ in await answers(talk)] == ["unknown"]
    assert [sent.way for sent in talk.line.sent] == ["reply"]
    await talk.town.all_is_well()


class Killed:
    """LINE's channel in a process that dies once the platform has taken what it sent; the next one starts up."""

    def __init__(self, channel: Any, talk: Talk) -> None:
        self._channel, self._talk, self._dead = channel, talk, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    async def send(self, envelope: Envelope) -> Receipt:
        receipt: Receipt = await self._channel.send(envelope)
        if not self._dead:
            self._dead = True
            await recover(self._talk.town.service.post, self._talk.town.service.clock.now(), all_dead=True)
        return receipt


async def test_a_process_that_dies_over_an_answer_says_it_once(talk: Talk):
    """That it would go by reply was noted before, so what nobody can know any more is not pushed afterwards."""
    service = talk.town.service
    channels = {**service.post.channels, "line": Killed(service.post.channels["line"], talk)}
    talk.town.service = replace(service, post=replace(service.post, channels=channels))
    assert len(await talk.does(talk.line.people.say(talk.user, "こんにちは"))) == 1
    await talk.town.until("2026-11-05")
    assert await answers(talk) == [("unknown", "sender died")]
    assert [sent.way for sent in talk.line.sent] == ["reply"]
    await talk.town.all_is_well()


async def test_a_photo_is_kept(talk: Talk):
    await talk.links()
    jpeg = bare(photo())  # as it is kept, so that its size tells that it was
    answers = await talk.does(talk.line.people.image(talk.user, jpeg))
    assert answers
    async with talk.town.service.store.read() as connection:
        said = (await connection.execute(select(inbound.c.said).order_by(inbound.c.id.desc()))).scalars().first()
    assert said is not None
    assert [file["size"] for file in said["files"]] == [len(jpeg)]
