"""What comes in: one row per event, whatever stands beside it, and what each of them was."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linebot.v3.webhooks.models import Event as SdkEvent

from bot.channels.line.channel import LineChannel
from bot.channels.line.events import RECEIVED, parse
from bot.channels.line.ticket import living_token
from bot.channels.line.webhook import LARGEST, Door, event_id
from bot.core.arrival import GoneError, Inbound, Remote, What
from engawa_fakes import Trouble
from engawa_fakes.line.people import EPOCH, People
from tests.bot.channels.line.conftest import Line

AT = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
PEOPLE = People("secret")
USER = PEOPLE.user()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
MESSAGE = ["message", "id", "text", "postback", "data", "unsend", "messageId", "link", "nonce", "result", "odd"]
KEYS = st.sampled_from(
    ["type", "mode", "timestamp", "source", "userId", "webhookEventId", "replyToken", "contentProvider", *MESSAGE]
)
VALUES = st.sampled_from(
    ["user", USER, "message", "text", "image", "postback", "unsend", "accountLink", "ok", "standby", EPOCH, -1, 10**30]
)
EVENTS = st.recursive(VALUES | JSON, lambda inner: st.dictionaries(KEYS, inner, max_size=8), max_leaves=20)


def heard(event: dict[str, Any]) -> Inbound:
    return parse({**event, RECEIVED: AT.isoformat()}, event_id(event))


def test_words():
    event = PEOPLE.say(USER, "11月3日に終わりました")
    found = heard(event)
    assert (found.what, found.address, found.text) == (What.SAID, USER, "11月3日に終わりました")
    assert found.message_id == event["message"]["id"]
    assert found.at.timestamp() * 1000 == event["timestamp"]
    assert found.at.tzinfo is not None
    assert found.event_id == event["webhookEventId"]


def test_a_button():
    found = heard(PEOPLE.press(USER, "pick:H-0001-1:0:2027-02-24"))
    assert (found.what, found.action, found.text) == (What.SAID, "pick:H-0001-1:0:2027-02-24", "")


@pytest.mark.parametrize("event", [PEOPLE.image(USER, b"jpeg"), PEOPLE.file(USER, b"%PDF")])
def test_files_lie_at_the_platform(event: dict[str, Any]):
    found = heard(event)
    assert (found.what, found.remote) == (What.SAID, (Remote(event["message"]["id"]),))


def test_a_photo_that_lies_elsewhere_is_not_fetched():
    """Its address was chosen by whoever sent it."""
    event = PEOPLE.image(USER, b"jpeg")
    event["message"]["contentProvider"] = {"type": "external", "originalContentUrl": "http://169.254.169.254/"}
    found = heard(event)
    assert (found.what, found.remote, found.refused) == (What.SAID, (), True)


def test_a_sticker_says_nothing():
    assert heard(PEOPLE.sticker(USER)).what is What.NOTHING


def test_coming_and_leaving():
    assert heard(PEOPLE.follow(USER)).what is What.CAME
    assert heard(PEOPLE.follow(USER, again=True)).what is What.CAME
    assert heard(PEOPLE.unfollow(USER)).what is What.LEFT


def test_what_was_taken_back_is_named():
    found = heard(PEOPLE.unsend(USER, "468789577898262530"))
    assert (found.what, found.about) == (What.TOOK_BACK, "468789577898262530")


def test_an_account_is_linked_only_where_the_platform_says_so():
    found = heard(PEOPLE.link(USER, "n0nce"))
    assert (found.what, found.text, found.address) == (What.LINKED, "n0nce", USER)
    for failed in (heard(PEOPLE.link(USER, "n0nce", result="failed")), heard(PEOPLE.link(USER, ""))):
        assert (failed.what, failed.text) == (What.LINKED, "")  # told so, with nothing in hand


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "standby"},
        {"source": {"type": "group", "groupId": "C1", "userId": USER}},
        {"source": {"type": "room", "roomId": "R1"}},
        {"source": {"type": "user", "userId": "nobody"}},
        {"source": None},
        {"type": "membership"},
        {"type": "message", "message": {"type": "location", "id": "1"}},
        {"type": "message", "message": None},
        {"type": 7},
    ],
)
def test_what_is_not_for_us_is_nothing(change: dict[str, Any]):
    """Another module has the talk, a group, a kind of event that does not exist yet."""
    found = heard({**PEOPLE.say(USER, "はい"), **change})
    assert found.what is What.NOTHING
    assert found.ticket == ""


def test_the_ticket_is_the_reply_token_and_when_it_came():
    event = PEOPLE.say(USER, "はい")
    assert living_token(heard(event).ticket, AT) == event["replyToken"]
    assert parse(event, "1").ticket == ""  # without our note nobody knows how old it is


@pytest.mark.parametrize("stamp", [None, "x", True, -1, 10**30, 1.5])
def test_an_odd_time_is_ours(stamp: Any):
    assert heard({**PEOPLE.say(USER, "はい"), "timestamp": stamp}).at == AT


def test_an_event_without_any_time_is_refused():
    with pytest.raises(ValueError, match="time"):
        parse({"type": "message"}, "1")


def test_words_hold_nothing_that_cannot_be_kept():
    """Half a character and NUL come through JSON, and through no database."""
    found = heard(PEOPLE.say(USER, "終わ\ud83dり\0ました"))
    assert found.text == "終わりました"
    assert len(heard(PEOPLE.say(USER, "長" * 20_000)).text) == 5000


def test_the_sdk_reads_the_same():
    """What is read here by hand is what the platform's own models read."""
    sdk = SdkEvent.from_dict(PEOPLE.say(USER, "はい"))
    assert heard(PEOPLE.say(USER, "はい")).text == sdk.message.text
    for event in (PEOPLE.press(USER, "x"), PEOPLE.follow(USER), PEOPLE.unfollow(USER), PEOPLE.unsend(USER, "1")):
        sdk = SdkEvent.from_dict(event)
        assert type(sdk) is not SdkEvent
        assert (sdk.webhook_event_id, sdk.timestamp) == (heard(event).event_id, event["timestamp"])


@given(EVENTS)
def test_whatever_an_event_holds_it_is_something_or_refused(event: Any):
    """Never an exception but ValueError; what comes out can be written down."""
    raw = event if isinstance(event, dict) else {"odd": event}
    try:
        found = parse(raw, event_id(raw))
    except ValueError:
        return
    assert "".join((found.text, found.action, found.message_id, found.about, found.ticket)).encode("utf-8") is not None
    assert found.event_id.isascii()


async def test_events_come_in_one_by_one(line: Line):
    people = line.fake.people
    answer = await line.knock(people.say(line.user, "一つ"), people.press(line.user, "x"), people.unfollow(line.user))
    assert answer.status == 200
    assert len({event.id for event in answer.events}) == 3


async def test_a_platform_that_only_tries_the_door_is_let_in(line: Line):
    answer = await line.knock()
    assert (answer.status, answer.events) == (200, ())


async def test_what_is_delivered_again_has_the_same_id(line: Line):
    event = line.fake.people.say(line.user, "はい")
    again = {**event, "deliveryContext": {"isRedelivery": True}}
    assert (await line.event(event)).id == (await line.event(again)).id
    nameless = {name: value for name, value in event.items() if name != "webhookEventId"}
    again = {**nameless, "deliveryContext": {"isRedelivery": True}}
    line.time.wind(60)
    assert (await line.event(nameless)).id == (await line.event(again)).id


async def test_odd_events_take_nothing_along(line: Line):
    """A null id and an unknown mode make the SDK refuse the whole request; here they stand beside what is good."""
    good = line.fake.people.say(line.user, "終わりました")
    odd: list[Any] = [None, 7, "x", [], {}, {**good, "webhookEventId": None}, {**good, "mode": "future"}]
    odd += [{**good, "webhookEventId": "\ud800"}, {**good, "webhookEventId": "x" * 10_000}, {**good, "type": []}]
    body = json.dumps({"events": [*odd, good]}).encode()
    answer = await line.channel.webhooks[0].read(line.fake.people.signed(body), body)
    assert answer.status == 200
    assert len(answer.events) == len(odd) + 1
    assert all(event.id.isascii() and 0 < len(event.id) <= 64 for event in answer.events)
    assert line.channel.parse(answer.events[-1].raw).text == "終わりました"
    assert all(line.channel.parse(event.raw) for event in answer.events)


async def test_the_long_words_of_many_come_in_together(line: Line):
    """One request that is turned away would take the words of all of them along."""
    long = [line.fake.people.say(line.user, "長" * 5000) for _ in range(100)]
    body = json.dumps({"events": long}, ensure_ascii=False).encode()
    answer = await line.channel.webhooks[0].read(line.fake.people.signed(body), body)
    assert (answer.status, len(answer.events)) == (200, 100)


async def test_too_long_is_too_long_before_anything_else(line: Line):
    body = b" " * (LARGEST + 1)
    assert (await line.channel.webhooks[0].read(line.fake.people.signed(body), body)).status == 413


@given(
    st.binary(max_size=300)
    | JSON.map(lambda found: json.dumps(found).encode())
    | EVENTS.map(lambda event: json.dumps({"events": [event, event]}).encode())
)
async def test_whatever_knocks_is_answered(body: bytes):
    door = Door("secret", lambda: AT)
    answer = await door.read(PEOPLE.signed(body), body)
    assert answer.status in (200, 400, 401)
    assert (await door.read({"x-line-signature": "\u3042"}, body)).status == 401
    assert json.dumps([event.raw for event in answer.events])


async def test_a_file_is_fetched(line: Line):
    event = await line.event(line.fake.people.image(line.user, b"\xff\xd8 jpeg"))
    (remote,) = line.channel.parse(event.raw).remote
    assert await line.channel.fetch(remote) == b"\xff\xd8 jpeg"


async def test_a_file_that_is_gone_or_too_large_is_not(line: Line):
    taken = line.fake.people.image(line.user, b"x")
    line.fake.people.unsend(line.user, taken["message"]["id"])
    large = line.fake.people.file(line.user, b"x" * (10 * 1024 * 1024 + 1))
    for message_id, why in (
        (taken["message"]["id"], "gone"),
        ("../../bot/info", "gone"),
        (large["message"]["id"], "large"),
    ):
        with pytest.raises(GoneError, match=why):
            await line.channel.fetch(Remote(message_id))


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.BROKEN, Trouble.HTML, Trouble.BAD_UTF8])
async def test_trouble_with_a_file_passes(line: Line, trouble: Trouble):
    event = line.fake.people.image(line.user, b"jpeg")
    line.fake.next(trouble)
    with pytest.raises(OSError, match="content"):
        await line.channel.fetch(Remote(event["message"]["id"]))
    assert await line.channel.fetch(Remote(event["message"]["id"])) == b"jpeg"


async def test_a_file_that_never_comes_may_come_later(line: Line, impatient: LineChannel):
    event = line.fake.people.image(line.user, b"jpeg")
    line.fake.next(Trouble.SILENT)
    with pytest.raises(OSError, match="TimeoutError"):
        await impatient.fetch(Remote(event["message"]["id"]))
    line.fake.next(Trouble.DROPPED)  # asked for again at once: nothing is changed by asking
    assert await line.channel.fetch(Remote(event["message"]["id"])) == b"jpeg"
