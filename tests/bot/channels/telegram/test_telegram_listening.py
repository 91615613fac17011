"""How updates get here: asked for again and again, or brought to the door."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.api import Api
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.door import Door
from bot.channels.telegram.listening import Listener
from bot.core.arrival import Event
from engawa_fakes import Trouble
from engawa_fakes.telegram import FakeTelegram
from tests.bot.channels.telegram.conftest import HEADER, SECRET, OpenTelegram, Pauses

PATIENCE = 10  # seconds until a test that waits for what never comes gives up


@dataclass
class Kept:
    """Where events are kept; each can be waited for."""

    events: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)
    fails: list[Exception] = field(default_factory=list)

    async def __call__(self, event: Event) -> None:
        if self.fails:
            raise self.fails.pop()
        self.events.put_nowait(event)

    async def next(self) -> Event:
        return await asyncio.wait_for(self.events.get(), PATIENCE)


@asynccontextmanager
async def listening(channel: Telegram, kept: Kept) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(channel.listen(kept))
    yield task
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled() or task.exception() is not None


def asked(platform: FakeTelegram) -> list[str]:
    return [call.path.rpartition("/")[2] for call in platform.calls]


@pytest.fixture
def kept() -> Kept:
    return Kept()


class TestAsking:
    async def test_what_happens_is_kept_in_order(
        self, open_telegram: OpenTelegram, fake_telegram: FakeTelegram, kept: Kept
    ):
        chat = fake_telegram.starts()
        async with listening(open_telegram(), kept):
            first = await kept.next()
            fake_telegram.says(chat, "終わりました")
            second = await kept.next()
        assert first.raw["message"]["text"] == "/start"
        assert second.raw["message"]["text"] == "終わりました"
        assert int(second.id) == int(first.id) + 1

    async def test_an_update_is_confirmed_only_once_it_is_kept(
        self, open_telegram: OpenTelegram, fake_telegram: FakeTelegram, kept: Kept
    ):
        """The database fails between two: the one that was not kept comes again to whoever asks next."""
        chat = fake_telegram.starts()
        kept.fails = [OSError("disk full")]
        async with listening(open_telegram(), kept) as task:
            await asyncio.wait({task}, timeout=PATIENCE)
            assert isinstance(task.exception(), OSError)
        async with listening(open_telegram(), kept):
            assert (await kept.next()).raw["message"]["chat"]["id"] == chat
            started = fake_telegram.updates[0]
            fake_telegram.says(chat, "はい")
            await kept.next()
        assert started not in fake_telegram.updates

    async def test_a_bad_day_of_the_platform_is_lived_through(
        self, open_telegram: OpenTelegram, fake_telegram: FakeTelegram, kept: Kept, pauses: Pauses
    ):
        fake_telegram.starts()
        fake_telegram.next(*(trouble for trouble in Trouble if trouble is not Trouble.SILENT))
        async with listening(open_telegram(), kept):
            await kept.next()
        assert len(pauses.taken) == len(Trouble) - 1
        assert pauses.taken[0] == 3.0  # the platform's own word

    async def test_a_webhook_from_before_is_taken_down(
        self, open_telegram: OpenTelegram, fake_telegram: FakeTelegram, kept: Kept
    ):
        """One setting decides: without a secret nobody calls us."""
        fake_telegram.webhook = {"url": "https://engawa.example.jp/webhooks/telegram"}
        fake_telegram.starts()
        async with listening(open_telegram(), kept):
            await kept.next()
        assert fake_telegram.webhook == {}

    async def test_another_instance_that_asks_is_waited_for(
        self, open_telegram: OpenTelegram, fake_telegram: FakeTelegram, kept: Kept, pauses: Pauses
    ):
        async with listening(open_telegram(), kept), listening(open_telegram(), kept):
            await asyncio.wait_for(pauses.one.wait(), PATIENCE)
            fake_telegram.starts()
            await kept.next()
        assert pauses.taken[0] == 5.0

    async def test_a_poisoned_update_blocks_none_behind_it(
        self, open_telegram: OpenTelegram, fake_telegram: FakeTelegram, kept: Kept
    ):
        """Odd ones are stored as they are and understood, or not, later; what cannot be stored is passed over."""
        fake_telegram.happens("message", {"message_id": "x", "chat": []})
        fake_telegram.happens("message", {"deep": json.loads("[" * 50 + "]" * 50)})
        fake_telegram.updates.append({"message": {}})
        fake_telegram.starts()
        async with listening(open_telegram(), kept):
            odd, good = await kept.next(), await kept.next()
        assert odd.raw["message"]["message_id"] == "x"
        assert good.raw["message"]["text"] == "/start"

    async def test_only_what_is_understood_is_asked_for(
        self, open_telegram: OpenTelegram, fake_telegram: FakeTelegram, kept: Kept
    ):
        chat = fake_telegram.starts()
        async with listening(open_telegram(), kept):
            await kept.next()
            fake_telegram.edits(chat, "やっぱり")
            fake_telegram.blocks(chat)
            assert "my_chat_member" in (await kept.next()).raw


class Platform:
    """Answers with one batch after the other, and then not any more; ``after`` is what it was asked from."""

    def __init__(self, *batches: list[dict[str, Any]]) -> None:
        self.batches, self.through = list(batches), asyncio.Event()
        self.after: list[int | None] = []

    async def updates(self, after: int | None) -> list[dict[str, Any]]:
        self.after.append(after)
        if not self.batches:
            self.through.set()
            await asyncio.Event().wait()
        return self.batches.pop(0)


async def test_numbers_that_begin_anew_below_the_last_ones_hide_nothing(kept: Kept):
    """So they do after a week in which nothing has happened."""
    platform = Platform([{"update_id": 900}], [], [{"update_id": 4}, {"update_id": 5}])
    asking = asyncio.create_task(Listener(cast(Api, platform)).ask(kept))
    await platform.through.wait()
    asking.cancel()
    assert platform.after == [None, 901, None, 6]
    assert [(await kept.next()).id for _ in range(3)] == ["900", "4", "5"]


class TestBeingCalled:
    async def test_the_door_is_registered_and_then_left_alone(
        self, open_telegram: OpenTelegram, fake_telegram: FakeTelegram, kept: Kept, pauses: Pauses
    ):
        fake_telegram.next(Trouble.BROKEN)
        async with listening(open_telegram(SECRET), kept):
            await asyncio.wait_for(fake_telegram.webhook_set.wait(), PATIENCE)
        assert fake_telegram.webhook["url"] == "https://engawa.example.jp/webhooks/telegram"
        assert fake_telegram.webhook["secret_token"] == SECRET
        assert json.loads(fake_telegram.webhook["allowed_updates"]) == ["message", "callback_query", "my_chat_member"]
        assert asked(fake_telegram) == ["setWebhook"] * 2
        assert pauses.taken == [5.0]

    def test_a_channel_that_asks_has_no_door(self, open_telegram: OpenTelegram):
        assert open_telegram().webhooks == ()

    async def test_an_update_is_one_event(self, open_telegram: OpenTelegram, fake_telegram: FakeTelegram):
        (webhook,) = open_telegram(SECRET).webhooks
        fake_telegram.starts()
        (update,) = fake_telegram.updates
        answer = await webhook.read({HEADER: SECRET}, json.dumps(update).encode())
        assert webhook.path == "/webhooks/telegram"
        assert (answer.status, answer.events) == (200, (Event(str(update["update_id"]), update),))

    @pytest.mark.parametrize("given_secret", ["", "x", SECRET + "x", SECRET[:-1], "縁側", "\udcff"])
    async def test_whoever_does_not_know_the_secret_is_turned_away(self, given_secret: str):
        answer = await Door(SECRET).read({HEADER: given_secret}, b'{"update_id": 1}')
        assert (answer.status, answer.events) == (401, ())

    @given(st.dictionaries(st.sampled_from([HEADER, "x"]), st.text()), st.binary())
    async def test_nothing_is_raised_for_whatever_comes(self, headers: Mapping[str, str], body: bytes):
        assert (await Door(SECRET).read(headers, body)).status == 401
        assert (await Door(SECRET).read({HEADER: SECRET}, body)).status == 400

    @given(st.integers() | st.text() | st.none() | st.floats(allow_nan=False) | st.booleans())
    async def test_an_update_is_known_by_its_number(self, number: object):
        answer = await Door(SECRET).read({HEADER: SECRET}, json.dumps({"update_id": number}).encode())
        counts = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**63
        assert answer.status == (200 if counts else 400)


@pytest.mark.parametrize("text", ["[" * 60, "(´・ω・`){" * 60, '"[\\' * 60])
async def test_whoever_likes_brackets_stops_nobody(text: str):
    """An update that is refused comes again and again, and those behind it wait for it."""
    update = {"update_id": 1, "message": {"text": text}}
    answer = await Door(SECRET).read({HEADER: SECRET}, json.dumps(update).encode())
    assert (answer.status, answer.events) == (200, (Event("1", update),))
