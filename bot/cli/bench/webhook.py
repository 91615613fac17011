"""A platform knocks: the signature is checked, the event stored and committed, the platform answered.

Beside it, bare Starlette that checks the same signature and stores nothing. Each is a process of its own, reached by as
many connections. What was said is understood afterwards, by the rounds, and is measured elsewhere.

``python -m bot.cli.bench.webhook stored FOLDER`` (or ``bare``) prints its port and serves until it is ended.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from statistics import quantiles

import aiohttp
import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.line.webhook import PATH
from bot.cli.bench.figures import Figure, Measured, Size, Tell, interleaved, ratio
from bot.cli.bench.place import folder, service_in
from bot.cli.bench.sink import LINE, LOOPBACK
from bot.cli.opening import collect_seldom
from main import Service, pages
from scheduler.clock import monotonic
from storage.tables import inbound

TOPIC = "webhook"
CONNECTIONS = 32
SECRET = "bench"
SIGNATURE = "X-Line-Signature"
STORED, BARE = "stored", "bare"
SETTINGS = {"ENGAWA_LINE_CHANNEL_SECRET": SECRET, "ENGAWA_LINE_CHANNEL_TOKEN": SECRET}


@dataclass(slots=True)
class Door:
    """A server that is knocked at. ``slowest``: milliseconds within which 99 of 100 knocks of a round were answered.

    ``accepted`` are the ids of the events to which it said that it has them.
    """

    port: int
    numbers: Iterator[int]
    slowest: list[float] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)

    async def knock(self, times: int) -> float:
        """Answers a second."""
        ids = [f"{next(self.numbers):026d}" for _ in range(times)]
        knocks = [(id, *_knock(id)) for id in ids]
        left, waits = iter(knocks), []
        url = f"http://{LOOPBACK}:{self.port}{PATH}"
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:

            async def work() -> None:
                for id, body, headers in left:
                    asked = monotonic()
                    async with session.post(url, data=body, headers=headers) as answer:
                        assert answer.status == 200
                    self.accepted.append(id)
                    waits.append(monotonic() - asked)

            begun = monotonic()
            await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
            took = monotonic() - begun
        self.slowest.append(quantiles(waits, n=100)[-1] * 1000)
        return times / took


async def measure(size: Size, tell: Tell) -> Measured:
    """Knocks a second, what that is of the bare server's, and how long the slowest waited."""
    numbers = count()
    with folder() as place:
        with _serving(STORED, place) as ours, _serving(BARE, place) as bare:
            tell(f"{CONNECTIONS} connections knock")
            stored, checked = Door(ours, numbers), Door(bare, numbers)
            measures = {"ours": partial(stored.knock, size.messages), "bare": partial(checked.knock, size.messages)}
            found = await interleaved(measures)
        tell("what was accepted is looked for")
        async with service_in(place) as service:
            gone = await lost(service, stored.accepted)
    assert not gone, f"{len(gone)} events were accepted and are not there, among them {min(gone)}"
    against = ratio(found["ours"], found["bare"], "Starlette and HMAC alone", "≥ 0.5")
    what = f"verified, stored and committed, {CONNECTIONS} connections"
    slowest = f"99 of 100 answered within, {CONNECTIONS} connections"
    return [
        Figure(TOPIC, what, "events/s", found["ours"], (against,)),
        Figure(TOPIC, "Starlette and HMAC alone, nothing stored", "events/s", found["bare"]),
        Figure(TOPIC, slowest, "ms", tuple(stored.slowest), wanted="< 50"),
    ]


async def lost(service: Service, accepted: Sequence[str]) -> set[str]:
    """Of the events that a platform was told we have, those that are no row: none is sent again."""
    query = select(inbound.c.event_id).where(inbound.c.channel == LINE)
    async with service.store.read() as connection:
        return set(accepted) - set((await connection.execute(query)).scalars())


def _knock(id: str) -> tuple[bytes, dict[str, str]]:
    """What the platform posts when somebody wrote."""
    number = int(id)
    event = {
        "type": "message",
        "webhookEventId": id,
        "timestamp": 1_800_000_000_000 + number,
        "source": {"type": "user", "userId": f"U{number:032x}"},
        "replyToken": f"{number:032x}",
        "deliveryContext": {"isRedelivery": False},
        "message": {"type": "text", "id": str(number), "text": "10月3日に終わりました。異常なしでした"},
    }
    body = json.dumps({"destination": "U" + "0" * 32, "events": [event]}, ensure_ascii=False).encode()
    return body, {SIGNATURE: _sign(body), "Content-Type": "application/json"}


def _sign(body: bytes) -> str:
    return base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256)).decode()


@contextmanager
def _serving(which: str, place: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "bot.cli.bench.webhook", which, str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def _bare(request: Request) -> Response:
    genuine = hmac.compare_digest(request.headers.get(SIGNATURE, ""), _sign(await request.body()))
    return Response(status_code=200 if genuine else 401)


async def _later(_: int) -> None:
    """What was said is understood by the rounds."""


async def _serve(which: str, place: Path) -> None:
    if which == BARE:
        await _listen(Starlette(routes=[Route(PATH, _bare, methods=["POST"])]))
        return
    async with service_in(place, SETTINGS) as service:
        await _listen(pages(service, _later))


async def _listen(app: Starlette) -> None:
    with socket.create_server((LOOPBACK, 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        await uvicorn.Server(uvicorn.Config(app, access_log=False, log_config=None)).serve(sockets=[listening])


if __name__ == "__main__":
    collect_seldom()
    asyncio.run(_serve(sys.argv[1], Path(sys.argv[2])))
