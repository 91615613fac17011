"""The counterpart refuses what LINE refuses, in its words, and remembers what reached whom."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from linebot.v3.messaging import (
    AsyncApiClient,
    AsyncMessagingApi,
    AsyncMessagingApiBlob,
    Configuration,
    PushMessageRequest,
    ReplyMessageRequest,
    TextMessage,
)
from linebot.v3.messaging.exceptions import ApiException
from linebot.v3.webhook import WebhookParser
from linebot.v3.webhooks import FollowEvent, MessageEvent, PostbackEvent, UnfollowEvent, UnsendEvent

from engawa_fakes import Trouble
from engawa_fakes.line import FakeLine, complaints

HELLO = {"type": "text", "text": "こんにちは"}
PRESS = {"type": "postback", "label": "はい", "data": "yes"}


def quick(*actions: dict[str, Any]) -> dict[str, Any]:
    return HELLO | {"quickReply": {"items": [{"type": "action", "action": action} for action in actions]}}


def flex(body: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "flex", "altText": "x", "contents": {"type": "bubble", "body": body}} | more


def box(*contents: dict[str, Any]) -> dict[str, Any]:
    return {"type": "box", "layout": "vertical", "contents": list(contents)}


@pytest.fixture
async def sdk(fake_line: FakeLine) -> AsyncIterator[AsyncApiClient]:
    client = AsyncApiClient(Configuration(access_token=fake_line.token, host=fake_line.url))
    yield client
    await client.close()


@pytest.fixture
async def http(fake_line: FakeLine) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"Authorization": f"Bearer {fake_line.token}"}
    async with aiohttp.ClientSession(base_url=fake_line.url, headers=headers) as session:
        yield session


@pytest.mark.parametrize(
    "good",
    [
        [HELLO] * 5,
        [{"type": "text", "text": "長" * 5000}],
        [quick(*[PRESS] * 13)],
        [quick(PRESS | {"label": "長" * 20, "data": "x" * 300})],
        [flex(box({"type": "text", "text": "x", "size": "xl"}), altText="長" * 1500)],
        [{"type": "sticker", "packageId": "446", "stickerId": "1988"}],
    ],
)
def test_it_takes_what_line_takes(good: list[Any]):
    assert complaints(good) == []


@pytest.mark.parametrize(
    ("bad", "where"),
    [
        (None, "messages"),
        ([], "messages"),
        ([HELLO] * 6, "messages"),
        ([{"type": "text", "text": "長" * 5001}], "messages[0]/text"),
        ([{"type": "text", "text": "🏠" * 2501}], "messages[0]/text"),
        ([{"type": "text", "text": ""}], "messages[0]/text"),
        ([HELLO, {"type": "poem"}], "messages[1]/type"),
        (["x"], "messages[0]/type"),
        ([HELLO | {"bold": True}], "messages[0]/bold"),
        ([quick(*[PRESS] * 14)], "messages[0]/quickReply/items"),
        ([quick(PRESS | {"label": "長" * 21})], "messages[0]/quickReply/items[0]/action/label"),
        ([quick(PRESS | {"data": "x" * 301})], "messages[0]/quickReply/items[0]/action/data"),
        ([quick({"type": "postback", "label": "x"})], "messages[0]/quickReply/items[0]/action/data"),
        ([quick({"type": "uri", "label": "x", "uri": "javascript:x"})], "messages[0]/quickReply/items[0]/action/uri"),
        ([flex(box(), altText="長" * 1501)], "messages[0]/altText"),
        ([flex(box({"type": "text", "text": "x", "font": "x"}))], "messages[0]/contents/body/contents[0]/font"),
        ([flex(box({"type": "text", "text": "x", "size": "huge"}))], "messages[0]/contents/body/contents[0]/size"),
        ([flex(box({"type": "marquee"}))], "messages[0]/contents/body/contents[0]/type"),
        ([flex({"type": "box", "contents": []})], "messages[0]/contents/body/layout"),
        ([flex(box(*[{"type": "text", "text": "長" * 3000}] * 4))], "messages[0]/contents"),
        ([flex(box()) | {"contents": {"type": "bubble"}}], "messages[0]/contents"),
    ],
)
def test_it_refuses_what_line_refuses(bad: Any, where: str):
    assert where in [found["property"] for found in complaints(bad)]


async def test_the_sdk_speaks_to_it(fake_line: FakeLine, sdk: AsyncApiClient):
    user = fake_line.people.user("山田 花子")
    api, said = AsyncMessagingApi(sdk), TextMessage(text="点検の時期です")
    await api.push_message(PushMessageRequest(to=user, messages=[said]), x_line_retry_key=str(uuid4()))
    event = fake_line.people.say(user, "はい")
    await api.reply_message(ReplyMessageRequest(reply_token=event["replyToken"], messages=[said]))
    assert fake_line.received(user) == ["点検の時期です"] * 2
    assert [sent.way for sent in fake_line.of(user)] == ["push", "reply"]
    assert (await api.get_message_quota_consumption()).total_usage == 1
    assert (await api.get_profile(user)).display_name == "山田 花子"
    assert (await api.get_bot_info()).chat_mode == "bot"
    assert (await api.issue_link_token(user)).link_token
    photo = fake_line.people.image(user, b"jpeg")
    assert bytes(await AsyncMessagingApiBlob(sdk).get_message_content(photo["message"]["id"])) == b"jpeg"


async def test_a_key_is_accepted_once(fake_line: FakeLine, sdk: AsyncApiClient):
    user, key = fake_line.people.user(), str(uuid4())
    request = PushMessageRequest(to=user, messages=[TextMessage(text="x")])
    first = await AsyncMessagingApi(sdk).push_message_with_http_info(request, x_line_retry_key=key)
    with pytest.raises(ApiException) as again:
        await AsyncMessagingApi(sdk).push_message(request, x_line_retry_key=key)
    assert again.value.status == 409
    assert again.value.headers["X-Line-Accepted-Request-Id"] == first.headers["X-Line-Request-Id"]
    assert len(fake_line.received(user)) == 1


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"to": None}, 400, "The property, 'to',"),
        ({"to": "U" + "0" * 32}, 400, "Failed to send messages"),
        ({"messages": [{"type": "poem"}]}, 400, "The request body has 1 error(s)"),
        ({"key": "x"}, 400, "retry key"),
        ({"token": "x"}, 401, "Authentication failed"),
        ({"month": 0}, 429, "You have reached your monthly limit."),
    ],
)
async def test_a_refusal_is_in_lines_words(
    fake_line: FakeLine, http: aiohttp.ClientSession, change: dict[str, Any], status: int, word: str
):
    request: dict[str, Any] = {
        "to": fake_line.people.user(),
        "messages": [HELLO],
        "key": str(uuid4()),
        "token": fake_line.token,
    }
    request |= change
    fake_line.month = request.pop("month", None)
    headers = {"X-Line-Retry-Key": request.pop("key"), "Authorization": f"Bearer {request.pop('token')}"}
    async with http.post("/v2/bot/message/push", json=request, headers=headers) as response:
        assert response.status == status
        assert word in (await response.json())["message"]
    assert fake_line.sent == []


async def test_a_reply_token_works_once_and_not_for_long(fake_line: FakeLine, http: aiohttp.ClientSession):
    user = fake_line.people.user()
    used, old = fake_line.people.say(user, "x"), fake_line.people.say(user, "y")

    async def reply(event: dict[str, Any], **headers: str) -> tuple[int, str]:
        body = {"replyToken": event["replyToken"], "messages": [HELLO]}
        async with http.post("/v2/bot/message/reply", json=body, headers=headers) as response:
            return response.status, (await response.json()).get("message", "")

    assert (await reply(used, **{"X-Line-Retry-Key": str(uuid4())}))[0] == 400
    assert [await reply(used), await reply(used)] == [(200, ""), (400, "Invalid reply token")]
    fake_line.people.expire()
    assert await reply(old) == (400, "Invalid reply token")


async def test_who_blocked_the_account_gets_nothing_and_costs_nothing(fake_line: FakeLine, sdk: AsyncApiClient):
    user = fake_line.people.user()
    fake_line.people.unfollow(user)
    await AsyncMessagingApi(sdk).push_message(PushMessageRequest(to=user, messages=[TextMessage(text="x")]))
    assert (fake_line.received(user), fake_line.used) == ([], 0)


async def test_it_misbehaves_on_order(fake_line: FakeLine, http: aiohttp.ClientSession):
    fake_line.next(Trouble.BUSY, Trouble.BROKEN)
    statuses = []
    for _ in range(3):
        async with http.get("/v2/bot/info") as response:
            statuses.append(response.status)
    assert statuses == [429, 500, 200]


def test_what_people_do_is_what_the_sdk_reads():
    """Genuine requests, as the platform's own parser wants them."""
    fake = FakeLine()
    people, user = fake.people, fake.people.user()
    did = [people.say(user, "はい"), people.press(user, "x"), people.follow(user), people.unfollow(user)]
    body = people.body(*did, people.unsend(user, "1"), people.image(user, b"x"), people.sticker(user))
    parsed = WebhookParser(fake.secret).parse(body.decode(), people.signed(body)["x-line-signature"])
    kinds = [MessageEvent, PostbackEvent, FollowEvent, UnfollowEvent, UnsendEvent, MessageEvent, MessageEvent]
    assert [type(event) for event in parsed] == kinds


async def opened(fake_line: FakeLine, **query: str) -> int:
    """A browser is led to the dialog of account linking; the status it sees."""
    url = f"{fake_line.url}/dialog/bot/accountLink"
    async with aiohttp.ClientSession() as browser, browser.get(url, params=query) as answer:
        return answer.status


NONCE = "dGhpcyBpcyBhIG5vbmNlIG9mIG91cnM"


async def test_a_link_token_opens_the_dialog_once_and_not_for_long(fake_line: FakeLine, sdk: AsyncApiClient):
    user, api = fake_line.people.user(), AsyncMessagingApi(sdk)
    used, old = [(await api.issue_link_token(user)).link_token for _ in range(2)]
    assert [await opened(fake_line, linkToken=used, nonce=NONCE) for _ in range(2)] == [200, 400]
    fake_line.people.expire()
    assert await opened(fake_line, linkToken=old, nonce=NONCE) == 400
    (told,) = fake_line.people.linked
    assert (told["source"]["userId"], told["link"]) == (user, {"result": "ok", "nonce": NONCE})


@pytest.mark.parametrize(
    "change",
    [{"nonce": "x" * 9}, {"nonce": "x" * 256}, {"nonce": ""}, {"nonce": "あ" * 20}, {"more": "x"}, {"linkToken": "x"}],
)
async def test_the_dialog_refuses_what_line_refuses(fake_line: FakeLine, change: dict[str, str]):
    good = {"linkToken": fake_line.people.link_token(fake_line.people.user()), "nonce": NONCE}
    assert await opened(fake_line, **good | change) == 400
    assert fake_line.people.linked == []


async def test_another_persons_browser_fails_and_is_told_so(fake_line: FakeLine):
    user, thief = fake_line.people.user(), fake_line.people.user()
    fake_line.people.signed_in = thief
    assert await opened(fake_line, linkToken=fake_line.people.link_token(user), nonce=NONCE) == 200
    (told,) = fake_line.people.linked
    assert (told["source"]["userId"], told["link"]["result"]) == (thief, "failed")


async def test_no_link_token_for_nobody(fake_line: FakeLine, sdk: AsyncApiClient):
    gone = fake_line.people.user()
    fake_line.people.unfollow(gone)
    for nobody in ("U" + "0" * 32, gone):
        with pytest.raises(ApiException) as refused:
            await AsyncMessagingApi(sdk).issue_link_token(nobody)
        assert refused.value.status == 404
