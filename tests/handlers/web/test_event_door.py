"""Another system tells of an earthquake: signed, proposed to the staff, and never twice."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.core.signature import OLDEST, sign
from handlers.web.event_door import PATH, READ
from handlers.web.limits import TOLD
from main import pages
from scheduler.clock import machine_now
from storage.events import load_event
from tests.handlers.web.street import HOST
from tests.stories.event_town import SETAGAYA, STAFF, at, bulletin
from tests.stories.town import Town, town_at

SECRET = "a-secret-of-theirs"
JSON, XML = "application/json", "application/xml"
HERE: dict[str, Any] = {"municipality_code": "131121"}
SHAKEN: dict[str, Any] = {
    "hazard": "earthquake",
    "at": "2026-11-01T22:05:00+09:00",
    "municipalities": ["1311200", {"code": "131156", "level": "5強"}],
    "intensity": "6弱",
    "id": "shake-1",
}
NEVER_WAS: dict[str, Any] = {"id": "shake-1", "hazard": "earthquake", "cancelled": True}
DOCUMENT = json.loads((Path(__file__).parents[3] / "docs" / "events-api.json").read_text("utf-8"))


@dataclass
class Teller:
    """The other system, with the town that it tells."""

    town: Town
    client: httpx2.AsyncClient
    answer: dict[str, Any] = field(default_factory=dict)

    async def tells(self, told: object, media: str = JSON, *, ago: int = 0, **headers: str) -> int:
        """What it says, signed so many seconds ago; the status of the answer."""
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        signed = sign(SECRET, int(machine_now().timestamp()) - ago, body) | {"content-type": media} | headers
        return await self.sends(body, signed)

    async def sends(self, body: bytes, headers: Mapping[str, str]) -> int:
        answer = await self.client.post(PATH, content=body, headers=dict(headers))
        self.answer = answer.json()
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert self.answer["status"] == answer.status_code
            assert self.answer["detail"]
        await self.town.run()
        return answer.status_code

    async def areas(self, event_id: str = "shake-1") -> dict[str, str]:
        async with self.town.service.store.read() as connection:
            event = await load_event(connection, event_id)
        return dict(event.bulletin.areas) if event else {}


async def _told_by(folder: Path, secret: str) -> AsyncIterator[Teller]:
    async with town_at(folder, f"sqlite:///{folder / 'engawa.db'}", "2026-11-01") as town:
        await town.companies()

        async def receive(row: int) -> None:
            """Nothing comes in here that would be understood."""

        settings = town.service.settings.model_copy(update={"events_secret": SecretStr(secret)})
        transport = httpx2.ASGITransport(pages(replace(town.service, settings=settings), receive))
        async with httpx2.AsyncClient(transport=transport, base_url=HOST) as client:
            await town.house("H1", **HERE)
            await at(town, "2026-11-01T22:15")
            yield Teller(town, client)


@pytest_asyncio.fixture
async def teller(tmp_path: Path) -> AsyncIterator[Teller]:
    async for found in _told_by(tmp_path, SECRET):
        yield found


async def test_it_proposes_and_one_of_the_staff_lets_it_begin(teller: Teller):
    assert await teller.tells(SHAKEN) == 200
    assert teller.answer == {
        "event": "shake-1",
        "hazard": "earthquake",
        "at": "2026-11-01T22:05:00+09:00",
        "state": "proposed",
        "undecided": True,
        "version": 1,
        "new": True,
        "houses": 1,
        "without_mandate": 0,
        "without_municipality_code": 0,
    }
    assert await teller.town.hears(STAFF) == ["staff_event"]
    await at(teller.town, "2026-11-02T09:05")
    assert "owner_event" not in await teller.town.hears("owner:O-H1")
    await teller.town.taps(STAFF, "event_release")
    await at(teller.town, "2026-11-02T09:15")
    assert "owner_event" in await teller.town.hears("owner:O-H1")


@pytest.mark.parametrize("ago", [0, 60], ids=["the same bytes", "signed anew"])
async def test_a_repeat_changes_nothing(teller: Teller, ago: int):
    """Who got no answer asks again, in a minute or at once."""
    assert await teller.tells(SHAKEN, ago=ago) == 200
    await teller.town.hears(STAFF)
    assert await teller.tells(SHAKEN) == 200
    assert (teller.answer["new"], teller.answer["version"]) == (False, 1)
    assert await teller.town.hears(STAFF) == []


async def test_a_correction_counts_and_an_older_word_played_back_does_not(teller: Teller):
    first = json.dumps(SHAKEN).encode()
    signed = sign(SECRET, int(machine_now().timestamp()) - 90, first) | {"content-type": JSON}
    assert await teller.sends(first, signed) == 200
    assert await teller.tells(SHAKEN | {"municipalities": ["13115"], "intensity": "5強"}) == 200
    assert (teller.answer["version"], teller.answer["houses"]) == (2, 0)
    assert await teller.sends(first, signed) == 200
    assert teller.answer["new"] is False
    assert await teller.areas() == {"13115": "5強"}


async def test_a_word_told_again_later_is_the_newest(teller: Teller):
    """What says the same once more counts from then on: an older one that comes late is older than that."""
    other = SHAKEN | {"municipalities": ["13115"], "intensity": "5強"}
    await teller.tells(SHAKEN, ago=90)
    await teller.tells(SHAKEN, ago=10)
    assert await teller.tells(other, ago=50) == 200
    assert teller.answer["new"] is False
    assert await teller.areas() == {"13112": "6弱", "13115": "5強"}


async def test_there_was_no_such_earthquake(teller: Teller):
    """Nobody else is asked, who was is told, and what was said before that comes too late."""
    await teller.tells(SHAKEN, ago=90)
    await teller.town.taps(STAFF, "event_release")
    await at(teller.town, "2026-11-02T09:05")
    assert "owner_event" in await teller.town.hears("owner:O-H1")
    assert await teller.tells(NEVER_WAS) == 200
    assert (teller.answer["state"], teller.answer["undecided"], teller.answer["version"]) == ("cancelled", False, 2)
    assert datetime.fromisoformat(teller.answer["at"]) == datetime.fromisoformat(SHAKEN["at"])
    assert "owner_event_off" in await teller.town.hears("owner:O-H1")
    await teller.tells(SHAKEN, ago=60)
    assert (teller.answer["new"], teller.answer["state"]) == (False, "cancelled")
    await teller.town.all_is_well()


@pytest.mark.parametrize("media", ["application/xml", "text/xml; charset=utf-8"])
async def test_a_bulletin_of_the_agency_comes_in_as_it_was_published(teller: Teller, media: str):
    assert await teller.tells(bulletin({SETAGAYA: "6-"}), media) == 200
    assert (teller.answer["event"], teller.answer["houses"]) == ("jma-20261101220500", 1)
    assert await teller.tells(bulletin({}, info="取消", serial=2, told="2026-11-01T22:12:00"), media) == 200
    assert teller.answer["state"] == "cancelled"


@pytest.mark.parametrize(
    "headers",
    [
        {"Engawa-Signature": "v1=" + "0" * 64},
        {"Engawa-Signature": ""},
        {"Engawa-Timestamp": "now"},
        {"Engawa-Timestamp": "1"},
    ],
)
async def test_whoever_does_not_know_the_secret_stays_outside(teller: Teller, headers: dict[str, Any]):
    assert await teller.tells(SHAKEN, **headers) == 401
    assert await teller.areas() == {}


@pytest.mark.parametrize("ago", [OLDEST + 5, -OLDEST - 5])
async def test_an_old_signature_opens_nothing(teller: Teller, ago: int):
    assert await teller.tells(SHAKEN, ago=ago) == 401
    assert await teller.areas() == {}


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (b"", "the body must be one JSON object in UTF-8"),
        (b"\xff", "the body must be"),
        (b"[" * 100_000, "the body must be"),
        (b"[]", "the body must be"),
        (b'{"wind": NaN}', "the body must be"),
        (SHAKEN | {"hazzard": "wind"}, "a field is unknown: 'hazzard'"),
        (SHAKEN | {"\ud800": 1}, "a field is unknown"),
        (SHAKEN | {"hazard": "fire"}, "hazard must be earthquake, wind, flood or snow"),
        (SHAKEN | {"hazard": None}, "hazard is missing"),
        (SHAKEN | {"hazard": "flood"}, "hazard flood has no measure"),
        (SHAKEN | {"hazard": "wind"}, "wind must be the strongest gust"),
        (SHAKEN | {"hazard": "wind", "intensity": "", "wind": True}, "wind is missing, or no text"),
        (SHAKEN | {"intensity": "8"}, "intensity must be a 震度"),
        (SHAKEN | {"intensity": "5弱以上"}, "intensity must be a 震度"),
        (SHAKEN | {"at": "2026-11-01T22:05:00"}, "at must be an instant with its time zone"),
        (SHAKEN | {"at": "0001-01-01T00:00:00+14:00"}, "at must be an instant"),
        (SHAKEN | {"at": "2026-11-01T22:25:00+09:00"}, "it has not happened yet"),
        (SHAKEN | {"municipalities": []}, "municipalities must name one or more"),
        (SHAKEN | {"municipalities": "13112"}, "municipalities must be a list"),
        (SHAKEN | {"municipalities": ["131122"]}, "its check digit is wrong"),
        (SHAKEN | {"municipalities": ["\ud800"]}, "is no municipality code"),
        (SHAKEN | {"municipalities": [{"code": 13112}]}, "municipalities is missing, or no text"),
        (SHAKEN | {"municipalities": [{"code": "13112", "felt": "7"}]}, "municipalities must be a list"),
        (SHAKEN | {"id": "a=b"}, "id must be up to 40"),
        (SHAKEN | {"cancelled": "true"}, "cancelled must be true or false"),
        (SHAKEN | {"cancelled": True}, "at has no place in a cancellation"),
        (NEVER_WAS | {"id": ""}, "id must name the event that is cancelled"),
        (NEVER_WAS | {"hazard": None}, "hazard is missing"),
        (SHAKEN | {"id": "a" * 41}, "id must be up to 40"),
    ],
)
async def test_rubbish_is_refused_with_one_clear_reason(teller: Teller, told: object, reason: str):
    assert await teller.tells(told) == 400
    assert reason in teller.answer["detail"]
    assert await teller.town.hears(STAFF) == []


@pytest.mark.parametrize("told", [b"<a/>", b"<!DOCTYPE a><a/>", b"{}", bulletin({SETAGAYA: "6-"}, status="訓練")])
async def test_what_is_no_bulletin_is_refused(teller: Teller, told: bytes):
    assert await teller.tells(told, XML) == 400
    assert await teller.town.hears(STAFF) == []


async def test_what_is_too_large_is_refused(teller: Teller):
    assert await teller.tells(b" " * (TOLD + 1)) == 413


async def test_what_is_neither_json_nor_xml_is_refused(teller: Teller):
    assert await teller.tells(SHAKEN, "text/plain") == 415
    answer = await teller.client.put(PATH)
    assert (answer.status_code, answer.json()["status"]) == (405, 405)
    assert answer.headers["allow"] == "GET, POST"


async def test_an_event_stays_what_it_is(teller: Teller):
    """A slip in the kind of event would call everybody off who was asked."""
    await teller.tells(SHAKEN, ago=10)
    await teller.town.taps(STAFF, "event_release")
    assert (
        await teller.tells(SHAKEN | {"hazard": "wind", "intensity": "", "wind": 40, "municipalities": ["13112"]}) == 409
    )
    assert teller.answer["detail"] == "shake-1 is known as earthquake, not wind"
    await at(teller.town, "2026-11-02T09:05")
    assert "owner_event" in await teller.town.hears("owner:O-H1")


async def test_without_a_secret_there_is_no_door(tmp_path: Path):
    async for teller in _told_by(tmp_path, ""):
        assert await teller.tells(SHAKEN) == 404


async def test_the_document_says_what_the_door_takes(teller: Teller):
    post = DOCUMENT["paths"][PATH]["post"]
    assert set(post["requestBody"]["content"]) == set(READ)
    assert set(post["responses"]) == {"200", "400", "401", "404", "409", "413", "415"}
    schemas = DOCUMENT["components"]["schemas"]
    assert set(SHAKEN) | {"wind", "cancelled"} == set(schemas["event"]["properties"])
    for name in schemas["event"]["required"]:
        assert await teller.tells({key: value for key, value in SHAKEN.items() if key != name}) == 400
    assert await teller.tells(schemas["event"]["examples"][0] | {"at": SHAKEN["at"]}) == 200
    assert set(NEVER_WAS) == set(schemas["cancellation"]["properties"]) == set(schemas["cancellation"]["required"])
    assert await teller.tells(schemas["cancellation"]["examples"][0]) == 200
    assert teller.answer["state"] == "cancelled"
    assert set(teller.answer) == set(schemas["taken"]["properties"])
