"""What strangers and broken platforms bring to the platforms' doors: the right answer, and not one row more or less."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from bot.channels.telegram.door import HEADER
from engawa_fakes import Arrival
from engawa_fakes.guarantor import FakeGuarantor
from engawa_fakes.line import FakeLine
from engawa_fakes.slack import FakeSlack
from engawa_fakes.telegram import FakeTelegram
from handlers.web.limits import FROM_PLATFORMS
from main import pages
from scheduler.clock import machine_now
from tests.bot.channels.contract_inward import RUBBISH, STATUSES
from tests.bot.channels.slack.conftest import environment as of_slack
from tests.counterparts.database import SQLITE
from tests.handlers.web.street import HOST, Street
from tests.stories.town import town_at

WHISPER = "whisper"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
Sign = Callable[[bytes], Mapping[str, str]]


@dataclass
class Door:
    """One door of the running service, and how its platform knocks there."""

    path: str
    media_type: str
    genuine: bytes
    sign: Sign
    refusals: Mapping[str, int] = field(default_factory=dict)

    def signed(self, body: bytes) -> dict[str, str]:
        return {**self.sign(body), "content-type": self.media_type}


@dataclass
class Entrance:
    """The service with all its doors."""

    street: Street
    client: httpx2.AsyncClient
    doors: Mapping[str, Door]

    async def refuses(self, door: Door, body: bytes, headers: Mapping[str, str], status: int) -> None:
        before = await self.street.everything()
        answer = await self.client.post(door.path, content=body, headers=dict(headers))
        assert answer.status_code == status
        assert await self.street.everything() == before


@pytest_asyncio.fixture
async def entrance(
    tmp_path: Path, database_url: str, fake_line: FakeLine, fake_telegram: FakeTelegram, fake_slack: FakeSlack
) -> AsyncIterator[Entrance]:
    environment = {
        "ENGAWA_LINE_CHANNEL_SECRET": fake_line.secret,
        "ENGAWA_LINE_CHANNEL_TOKEN": fake_line.token,
        "ENGAWA_LINE_API_BASE": fake_line.url,
        "ENGAWA_TELEGRAM_TOKEN": fake_telegram.token,
        "ENGAWA_TELEGRAM_WEBHOOK_SECRET": WHISPER,
        "ENGAWA_TELEGRAM_API_BASE": fake_telegram.api,
        **of_slack(fake_slack),
        "ENGAWA_GUARANTOR_URL": "http://127.0.0.1:9",
        "ENGAWA_GUARANTOR_SECRET": FakeGuarantor.secret,
    }
    async with town_at(tmp_path, database_url, "2026-11-01", environment) as town:

        async def receive(row: int) -> None:
            """What came in is understood another time."""

        app = pages(town.service, receive)
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=HOST) as client:
            yield Entrance(Street(town, app), client, doors(fake_line, fake_telegram, fake_slack))


def doors(line: FakeLine, telegram: FakeTelegram, slack: FakeSlack) -> Mapping[str, Door]:
    update = telegram.says(telegram.starts(), "終わりました")

    def of_slack(body: bytes) -> Mapping[str, str]:
        return slack.sign(body, machine_now().timestamp())

    def known(body: bytes) -> Mapping[str, str]:
        return {HEADER: WHISPER}

    message, command = slack.message("U0FIRM", "終わりました"), slack.command("U0FIRM", "pending")
    press = {"type": "block_actions", "user": {"id": "U0FIRM"}, "actions": [{"action_id": "a", "action_ts": "1.0"}]}
    texts_alone = {"no text": 401}  # the SDKs sign texts: such bytes carry no signature
    said = line.people.body(line.people.say(line.people.user(), "はい"))
    found = {
        "line": Door("/webhooks/line", JSON, said, line.people.signed, texts_alone),
        "telegram": Door("/webhooks/telegram", JSON, httpx2.Request("POST", HOST, json=update).content, known),
    }
    for name, body, kind in (("events", message, JSON), ("interactions", press, FORM), ("commands", command, FORM)):
        path, packed = slack.packed(body)
        assert path.endswith(name)
        found[f"slack {name}"] = Door(path, kind, packed, of_slack, texts_alone)
    core = FakeGuarantor()
    event = {"id": "e1", "kind": "death", "guarantee_no": "Z-1", "on": "2026-11-01", "at": "2026-11-01T10:00:00+09:00"}
    told = core.request(event).body
    long = {"wrong types": 422, "deep lists": 413, "deep objects": 413}

    def by_guarantor(body: bytes) -> Mapping[str, str]:
        return core.signed(body)

    found["guarantor"] = Door("/webhooks/guarantor", JSON, told, by_guarantor, long)
    return found


# What comes in is kept in either database; what is not let in never reaches one.
refused = pytest.mark.parametrize("database_url", [SQLITE], indirect=True)
NAMES = ["guarantor", "line", "telegram", "slack events", "slack interactions", "slack commands"]


@pytest.fixture(params=NAMES)
def door(entrance: Entrance, request: pytest.FixtureRequest) -> Door:
    return entrance.doors[request.param]


async def test_what_is_genuine_comes_in_once(entrance: Entrance, door: Door):
    """A request that is replayed is answered like the first one, and is nothing new."""
    for _ in range(2):
        answer = await entrance.client.post(door.path, content=door.genuine, headers=door.signed(door.genuine))
        assert answer.status_code == 200
    assert len((await entrance.street.everything())["inbound"]) == 1


@refused
async def test_what_is_forged_is_not_let_in(entrance: Entrance, door: Door):
    body = door.genuine
    for headers in ({}, dict.fromkeys(door.signed(body), "x")):
        await entrance.refuses(door, body, headers | {"content-type": door.media_type}, 401)


@refused
async def test_rubbish_is_no_request(entrance: Entrance, door: Door):
    for name, body in RUBBISH.items():
        status = (STATUSES | dict(door.refusals))[name]
        await entrance.refuses(door, body, door.signed(body), status)


@refused
async def test_too_much_is_not_read(entrance: Entrance, door: Door):
    body = b" " * (FROM_PLATFORMS + 1)
    await entrance.refuses(door, body, door.signed(body), 413)


@refused
async def test_what_comes_as_something_else_is_not_read(entrance: Entrance, door: Door):
    """A form is no JSON and JSON no form, whatever is signed."""
    other = FORM if door.media_type == JSON else JSON
    for wrong in ("", "text/plain", "multipart/form-data; boundary=x", other):
        await entrance.refuses(door, door.genuine, {**door.sign(door.genuine), "content-type": wrong}, 415)


@refused
async def test_an_expired_signature_is_none(entrance: Entrance, fake_slack: FakeSlack):
    """Slack's alone are dated."""
    for name in NAMES[2:]:
        door = entrance.doors[name]
        old = fake_slack.sign(door.genuine, machine_now().timestamp() - 301)
        await entrance.refuses(door, door.genuine, {**old, "content-type": door.media_type}, 401)


@pytest.mark.parametrize("how", [(Arrival.TWICE,), (Arrival.REORDERED,), (Arrival.TWICE, Arrival.REORDERED)])
async def test_whatever_order_things_come_in_each_comes_in_once(
    entrance: Entrance,
    fake_line: FakeLine,
    fake_telegram: FakeTelegram,
    fake_slack: FakeSlack,
    how: tuple[Arrival, ...],
):
    """Three words on each platform, repeated and the last first, as after an outage."""
    fake_slack.at, fake_telegram.secret = machine_now().timestamp(), WHISPER
    user, chat = fake_line.people.user(), fake_telegram.starts()
    calls = {
        "/webhooks/line": fake_line.requests(*[fake_line.people.say(user, word) for word in "一二三"], how=how),
        "/webhooks/telegram": fake_telegram.requests(*[fake_telegram.says(chat, word) for word in "一二三"], how=how),
        "/webhooks/slack": fake_slack.requests(*[fake_slack.message("U0FIRM", word) for word in "一二三"], how=how),
    }
    for path, requests in calls.items():
        for one in requests:
            answer = await entrance.client.post(f"{path}{one.door}", content=one.body, headers=one.headers)
            assert answer.status_code == 200
    assert len((await entrance.street.everything())["inbound"]) == 9


async def test_a_charset_beside_the_type_is_no_other_type(entrance: Entrance, door: Door):
    headers = door.signed(door.genuine) | {"content-type": f"{door.media_type}; charset=UTF-8"}
    assert (await entrance.client.post(door.path, content=door.genuine, headers=headers)).status_code == 200
