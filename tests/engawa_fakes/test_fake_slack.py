"""The counterpart refuses what Slack refuses, in its words, and shows what people see."""

from typing import Any

import pytest
from aiohttp import ClientSession

from engawa_fakes import Trouble
from engawa_fakes.slack import APP, BOT, DESK, GONE, RETRY_AFTER, FakeSlack

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "点検の時期です"}}
BUTTON = {"type": "button", "action_id": "a", "value": "yes", "text": {"type": "plain_text", "text": "はい"}}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str, kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": "section", "text": {"type": kind, "text": text}}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


async def call(slack: FakeSlack, method: str, token: str = BOT, **given: Any) -> dict[str, Any]:
    headers, url = {"Authorization": f"Bearer {token}"}, f"{slack.api}{method}"
    async with ClientSession(headers=headers) as session, session.post(url, json=given) as answer:
        found: dict[str, Any] = await answer.json()
        return found


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
        ({"channel": GONE}, "account_inactive"),
        ({"thread_ts": "yesterday"}, "invalid_thread_ts"),
        ({"colour": "red"}, "invalid_arguments_colour"),
        ({"blocks": [SECTION] * 51}, "invalid_blocks"),
        ({"blocks": [{"type": "poem"}]}, "invalid_blocks"),
        ({"blocks": [SECTION | {"colour": "red"}]}, "invalid_blocks"),
        ({"blocks": [actions(BUTTON | {"colour": "red"})]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "text": plain("x") | {"size": "xl"}}]}, "invalid_blocks"),
        ({"blocks": [section("x" * 3001)]}, "invalid_blocks"),
        ({"blocks": [section("")]}, "invalid_blocks"),
        ({"blocks": [{"type": "header", "text": plain("x" * 151)}]}, "invalid_blocks"),
        ({"blocks": [actions()]}, "invalid_blocks"),
        ({"blocks": [actions(*[BUTTON | {"action_id": str(n)} for n in range(26)])]}, "invalid_blocks"),
        ({"blocks": [actions(BUTTON | {"text": plain("x" * 76)})]}, "invalid_blocks"),
        ({"blocks": [actions(BUTTON | {"value": "x" * 2001})]}, "invalid_blocks"),
        ({"blocks": [actions(BUTTON, BUTTON)]}, "invalid_blocks"),
        ({"blocks": [SECTION | {"block_id": "b"}] * 2}, "invalid_blocks"),
        ({"blocks": [section("x" * 2900)] * 5}, "msg_blocks_too_long"),
        ({"text": "<!channel> x"}, "calls_out_<!channel>"),
        ({"blocks": [section("<@U0SATO>")]}, "calls_out_<@U0SATO>"),
    ],
)
async def test_what_slack_would_not_post_is_refused(fake_slack: FakeSlack, given: dict[str, Any], word: str):
    answer = await call(fake_slack, "chat.postMessage", **{"channel": DESK, "text": "x"} | given)
    assert (answer["ok"], answer["error"]) == (False, word)
    assert fake_slack.messages == []


async def test_what_fits_is_seen_as_it_reads(fake_slack: FakeSlack):
    blocks = [section("1 &lt; 2 &amp; more"), actions(*[BUTTON | {"action_id": str(n)} for n in range(25)])]
    assert (await call(fake_slack, "chat.postMessage", channel=DESK, text="x", blocks=blocks))["ok"]
    (shown,) = fake_slack.received(DESK)
    assert shown.words.startswith("1 < 2 & more")
    assert list(shown.buttons) == ["はい"]


async def test_who_asks_must_be_the_bot(fake_slack: FakeSlack):
    assert (await call(fake_slack, "auth.test"))["ok"]
    for method, token in (("auth.test", "xoxb-wrong"), ("auth.test", APP), ("apps.connections.open", BOT)):
        assert (await call(fake_slack, method, token))["error"] == "invalid_auth"
    assert (await call(fake_slack, "houses.list"))["error"] == "unknown_method"


async def test_only_what_stands_there_is_edited(fake_slack: FakeSlack):
    ts = (await call(fake_slack, "chat.postMessage", channel=DESK, text="x"))["ts"]
    assert (await call(fake_slack, "chat.update", channel=DESK, ts=ts, text="y"))["ok"]
    assert (await call(fake_slack, "chat.update", channel=DESK, ts="1.000000", text="y"))[
        "error"
    ] == "message_not_found"
    assert (await call(fake_slack, "chat.update", channel=DESK, ts=ts))["error"] == "no_text"
    assert [(shown.text, shown.edits) for shown in fake_slack.received(DESK)] == [("y", 1)]


MODAL = {"type": "modal", "title": plain("閉じる"), "submit": plain("閉じる")}
INPUT = {
    "type": "input",
    "block_id": "b",
    "label": plain("理由"),
    "element": {"type": "plain_text_input", "action_id": "a"},
}


@pytest.mark.parametrize(
    "view",
    [
        {"type": "poem"},
        {**MODAL, "title": plain("x" * 25), "blocks": [INPUT]},
        {**MODAL, "submit": None, "blocks": [INPUT]},
        {**MODAL, "blocks": [SECTION] * 101},
        {**MODAL, "blocks": [{"type": "poem"}]},
    ],
)
async def test_a_modal_that_slack_would_not_open(fake_slack: FakeSlack, view: dict[str, Any]):
    given: dict[str, Any] = {"trigger_id": fake_slack.trigger()}
    given |= {"view": {name: value for name, value in view.items() if value}}
    answer = await call(fake_slack, "views.open", **given)
    assert answer["error"] in ("invalid_arguments", "invalid_blocks")
    assert fake_slack.modals == []


async def test_a_trigger_opens_one_modal(fake_slack: FakeSlack):
    given: dict[str, Any] = {"trigger_id": fake_slack.trigger(), "view": {**MODAL, "blocks": [INPUT]}}
    assert (await call(fake_slack, "views.open", **given))["ok"]
    assert (await call(fake_slack, "views.open", **given))["error"] == "invalid_trigger_id"


async def test_too_much_names_the_seconds(fake_slack: FakeSlack):
    fake_slack.next(Trouble.BUSY)
    async with ClientSession() as session, session.post(f"{fake_slack.api}auth.test") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, str(RETRY_AFTER))
        assert (await answer.json())["error"] == "ratelimited"
