"""Every counterpart misbehaves in the same few words, and calls a webhook as it likes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from engawa_fakes import Arrival, Platform, Trouble
from engawa_fakes.line import FakeLine
from engawa_fakes.slack import BOT, DESK, FakeSlack
from engawa_fakes.telegram import FakeTelegram

TAKEN = {Trouble.LOST, Trouble.SILENT, Trouble.BAD_JSON}
STATUSES = {Trouble.BUSY: 429, Trouble.BROKEN: 500, Trouble.HTML: 502, Trouble.BAD_JSON: 200, Trouble.BAD_UTF8: 500}
PLATFORMS = ["line", "telegram", "slack"]
HELLO = {"type": "text", "text": "x"}


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest, fake_line: FakeLine, fake_telegram: FakeTelegram, fake_slack: FakeSlack):
    return {"line": fake_line, "telegram": fake_telegram, "slack": fake_slack}[request.param]


def message(platform: Platform) -> tuple[str, dict[str, str], dict[str, Any]]:
    """Address, headers and body of a message that the platform takes."""
    if isinstance(platform, FakeLine):
        body = {"to": platform.people.user(), "messages": [HELLO]}
        return f"{platform.url}/v2/bot/message/push", {"Authorization": f"Bearer {platform.token}"}, body
    if isinstance(platform, FakeTelegram):
        return f"{platform.api}{platform.token}/sendMessage", {}, {"chat_id": platform.starts(), "text": "x"}
    assert isinstance(platform, FakeSlack)
    return f"{platform.api}chat.postMessage", {"Authorization": f"Bearer {BOT}"}, {"channel": DESK, "text": "x"}


def taken(platform: Platform) -> int:
    assert isinstance(platform, FakeLine | FakeTelegram | FakeSlack)
    return len(platform.sent if isinstance(platform, FakeLine) else platform.messages)


async def sent(platform: Platform, session: aiohttp.ClientSession) -> int:
    """The status; 0 where no answer came."""
    url, headers, body = message(platform)
    try:
        async with session.post(url, json=body, headers=headers) as answer:
            return answer.status
    except (aiohttp.ClientError, TimeoutError):
        return 0


@pytest.mark.parametrize("trouble", Trouble)
async def test_each_trouble_comes_once_and_says_what_it_says(platform: Platform, trouble: Trouble):
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.5)) as hasty:
        platform.next(trouble)
        assert await sent(platform, hasty) == STATUSES.get(trouble, 0)
        assert taken(platform) == (trouble in TAKEN)
        assert await sent(platform, hasty) == 200
        assert taken(platform) == 1 + (trouble in TAKEN)


def deeds(platform: Platform) -> list[dict[str, Any]]:
    """Three things that somebody does."""
    if isinstance(platform, FakeLine):
        return [platform.people.say(platform.people.user(), text) for text in "123"]
    if isinstance(platform, FakeTelegram):
        chat = platform.starts()
        return [platform.says(chat, text) for text in "123"]
    assert isinstance(platform, FakeSlack)
    return [platform.message("U0FIRM", text) for text in "123"]


@pytest.mark.parametrize(
    ("how", "order"),
    [
        ((), "123"),
        ((Arrival.TWICE,), "112233"),
        ((Arrival.REORDERED,), "321"),
        ((Arrival.TWICE, Arrival.REORDERED), "332211"),
    ],
)
def test_what_people_did_arrives_as_ordered(platform: Platform, how: tuple[Arrival, ...], order: str):
    bodies = [request.body for request in platform.requests(*deeds(platform), how=how)]
    assert "".join(next(text for text in "123" if f'"text": "{text}"'.encode() in body) for body in bodies) == order


async def test_a_webhook_is_called(platform: Platform):
    """The platform's own call: its headers, its body, its door; and the answer's status."""
    came: list[tuple[str, str, bytes]] = []

    async def hook(request: web.BaseRequest) -> web.Response:
        came.append((request.path, request.content_type, await request.read()))
        return web.Response(status=200 if len(came) < 3 else 503)

    async with Served(hook) as url:
        statuses = await platform.post(f"{url}/hook", *deeds(platform)[:2], how=(Arrival.TWICE,))
    assert statuses == [200, 200, 503, 503]
    assert {path for path, _, _ in came} == {"/hook/events" if isinstance(platform, FakeSlack) else "/hook"}
    assert {kind for _, kind, _ in came} == {"application/json"}


class Served:
    """A handler on loopback, used as ``async with``."""

    def __init__(self, handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> None:
        self._server = web.Server(handler)

    async def __aenter__(self) -> str:
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(self._server, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._listening.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        await self._server.shutdown()
        self._listening.close()


def test_line_says_that_it_delivers_again():
    """And Slack does in its headers; Telegram does not."""
    line, slack = FakeLine(), FakeSlack()
    event = line.people.say(line.people.user(), "x")
    first, again = line.requests(event, how=(Arrival.TWICE,))
    assert b'"isRedelivery": false' in first.body
    assert b'"isRedelivery": true' in again.body
    first, again = slack.requests(slack.message("U0FIRM", "x"), how=(Arrival.TWICE,))
    assert first.body == again.body
    assert again.headers["x-slack-retry-num"] == "1"
