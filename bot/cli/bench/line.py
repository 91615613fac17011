"""LINE, end to end: rows in the outbox are claimed, worded, formed, pushed over HTTP and written down with their facts.

Beside it, to the same far end and with as many requests under way: LINE's own SDK and a plain aiohttp session, which
only push the same messages prebuilt and write nothing down. LINE itself takes 2,000 pushes a second, and no load tests.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, Configuration, PushMessageRequest

from bot.channels.line.channel import PUSH
from bot.channels.line.form import BubbleWords, as_bytes, messages
from bot.channels.line.wire import CONNECTIONS
from bot.cli.bench.figures import Figure, Measured, Size, Tell, interleaved, ratio
from bot.cli.bench.office import Office, office
from bot.cli.bench.place import folder, service_in
from bot.cli.bench.sink import LINE, LOOPBACK, sink
from scheduler.clock import monotonic
from scheduler.dispatch import envelope

TOPIC = "line"
TOKEN = "bench"
CAP = 2000  # pushes a second that the platform takes
ROUNDS = 5
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Push:
    """One message as it goes out, and its key."""

    body: bytes
    key: str


async def measure(size: Size, tell: Tell) -> Measured:
    """Pushes a second, and what that is of the two others."""
    with folder() as place, sink(LINE) as port:
        tell(f"{size.messages:,} owners move in")
        environment = {
            "ENGAWA_LINE_CHANNEL_SECRET": TOKEN,
            "ENGAWA_LINE_CHANNEL_TOKEN": TOKEN,
            "ENGAWA_LINE_API_BASE": _api(port),
        }
        async with service_in(place, environment) as service, office(service, LINE, size.messages) as ours:
            tell("pushes go out")
            pushes = await _built(ours)
            measures = {
                "ours": ours.send,
                "sdk": lambda: _by_sdk(port, pushes),
                "aiohttp": lambda: _by_aiohttp(port, pushes),
            }
            found = await interleaved(measures, ROUNDS)
    return _figures(found, len(pushes[0].body))


def _figures(found: dict[str, tuple[float, ...]], octets: int) -> Measured:
    ours, sdk, bare = found["ours"], found["sdk"], found["aiohttp"]
    ratios = (
        ratio(ours, sdk, "line-bot-sdk alone", "≥ 0.7"),
        ratio(ours, bare, "aiohttp alone", "≥ 0.3"),
        ratio(ours, (CAP,), "LINE's own cap", "→ 1"),
    )
    return [
        Figure(TOPIC, f"end to end with its record, {octets:,} bytes each", "pushes/s", ours, ratios),
        Figure(TOPIC, "line-bot-sdk alone: prebuilt requests, no record", "pushes/s", sdk),
        Figure(TOPIC, "aiohttp alone: prebuilt bytes, one session, no record", "pushes/s", bare),
    ]


def _api(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


async def _built(ours: Office) -> list[Push]:
    words = {language: BubbleWords(**lines["bubble"]) for language, lines in ours.service.catalogue.words.items()}
    ready = [envelope(ours.service.post, row) for row in await ours.claimed()]
    said = [(each, messages(each, words[each.message.language])) for each in ready]
    return [Push(as_bytes({"to": each.address, "messages": shown}), each.key) for each, shown in said]


async def _by_sdk(port: int, pushes: Sequence[Push]) -> float:
    requests = [(PushMessageRequest.from_dict(json.loads(push.body)), push.key) for push in pushes]
    async with AsyncApiClient(Configuration(access_token=TOKEN, host=_api(port))) as client:
        api = AsyncMessagingApi(client)
        return await _timed(requests, lambda one: api.push_message(one[0], x_line_retry_key=one[1]))


async def _by_aiohttp(port: int, pushes: Sequence[Push]) -> float:
    url = _api(port) + PUSH
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS), headers=headers) as session:

        async def push(one: Push) -> None:
            async with session.post(url, data=one.body, headers={"X-Line-Retry-Key": one.key}) as answer:
                assert answer.status == 200
                await answer.read()

        return await _timed(pushes, push)


async def _timed(those: Sequence[One], send: Callable[[One], Awaitable[object]]) -> float:
    """How many a second, with as many under way as our own channel has."""
    left: Iterator[One] = iter(those)

    async def work(some: Iterable[One]) -> None:
        for one in some:
            await send(one)

    begun = monotonic()
    await asyncio.gather(*(work(left) for _ in range(CONNECTIONS)))
    return len(those) / (monotonic() - begun)
