"""What comes in through Slack: the doors, and what each thing was."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.commands import action_of
from bot.channels.slack.doors import split
from bot.channels.slack.events import parse
from bot.channels.slack.ticket import read_ticket
from bot.core.action import Action, read_action
from bot.core.arrival import What
from engawa_fakes.slack import BOT_USER, DESK
from tests.bot.channels.contract import envelope
from tests.bot.channels.slack.conftest import SlackRig
from tests.bot.channels.slack.test_slack_outward import ALERT, CHOOSE, REASON, ticket


async def test_slack_asks_whether_we_are_there(rig: SlackRig):
    answer = await rig.at_door({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "x"})
    assert (answer.status, json.loads(answer.body), answer.events) == (200, {"challenge": "3eZbrw1aB"}, ())


@pytest.mark.parametrize(("age", "status"), [(0, 200), (299, 200), (301, 401), (-301, 401)])
async def test_an_old_signature_opens_nothing(rig: SlackRig, age: int, status: int):
    """Neither a replayed request nor one from a clock that runs ahead."""
    body = rig.genuine()
    headers = rig.slack.sign(body, rig.machine.at.timestamp() - age)
    answer = await rig.knocks(headers, body)
    assert answer is not None
    assert answer.status == status


@pytest.mark.parametrize("stamp", ["", "soon", "١٢٣", "9" * 30, "-1"])
async def test_an_odd_time_opens_nothing(rig: SlackRig, stamp: str):
    body = rig.genuine()
    headers = rig.signed(body) | {"x-slack-request-timestamp": stamp}
    answer = await rig.knocks(headers, body)
    assert answer is not None
    assert answer.status == 401


async def test_too_much_is_refused_before_it_is_read(rig: SlackRig):
    answer = await rig.knocks({}, b"x" * 1_000_001)
    assert answer is not None
    assert answer.status == 413


async def test_what_is_acknowledged_shows_nothing(rig: SlackRig):
    """An empty 200 closes a modal and leaves no trace of a command; what follows is said when it is understood."""
    for body in (rig.slack.command("U0SATO", "pending"), await a_modal(rig), rig.slack.message("U0SATO", "x", DESK)):
        answer = await rig.at_door(body)
        assert (answer.status, answer.body, len(answer.events)) == (200, "", 1)


async def test_a_repeated_event_has_one_id(rig: SlackRig):
    body = rig.slack.message("U0SATO", "終わりました")
    assert (await rig.event(body)).id == (await rig.event(body)).id
    modal = await a_modal(rig)
    assert (await rig.event(modal)).id == (await rig.event(modal)).id


async def test_who_writes_to_the_bot_is_not_at_the_desk(rig: SlackRig):
    heard = await rig.heard(rig.slack.message("U0FIRM", "3月5日 &lt;午前&gt; &amp; 午後"))
    assert (heard.what, heard.address, heard.at_desk) == (What.SAID, "U0FIRM", False)
    assert heard.text == "3月5日 <午前> & 午後"
    assert (heard.message_id, heard.overheard) == ("1700000001.000100", False)


async def test_what_the_staff_say_among_themselves_is_overheard(rig: SlackRig):
    """It may be the reason that was asked for; it is not a question to us unless we are called."""
    heard = await rig.heard(rig.slack.message("U0SATO", "電話しておきました", DESK, thread_ts="1700000000.000100"))
    assert (heard.at_desk, heard.overheard) == (True, True)
    assert read_ticket(heard.ticket).thread == "1700000000.000100"
    called = await rig.heard(rig.slack.message("U0SATO", f"<@{BOT_USER}> 使い方", DESK))
    assert (called.overheard, called.text) == (False, "使い方")


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "message_changed"},
        {"subtype": "channel_join"},
        {"subtype": "bot_message"},
        {"bot_id": "B0"},
        {"user": BOT_USER},
        {"channel": "C0OTHER"},
        {"type": "app_mention"},
        {"type": "reaction_added"},
    ],
)
async def test_what_is_of_no_meaning_to_us(rig: SlackRig, event: dict[str, Any]):
    body = rig.slack.message("U0SATO", "x", DESK)
    body["event"] |= event
    assert (await rig.heard(body)).what is What.NOTHING


async def test_a_press_at_the_desk_is_a_named_persons(rig: SlackRig):
    await rig.channel.send(envelope(DESK, ALERT))
    (shown,) = rig.slack.received(DESK)
    heard = await rig.heard(rig.slack.press("U0SATO", shown, "引き受ける"))
    assert (heard.at_desk, heard.address, heard.name) == (True, "U0SATO", "sato")
    assert heard.action == ALERT.buttons[0].action
    note = read_ticket(heard.ticket)
    assert (note.channel, note.thread, note.action) == (DESK, shown.ts, heard.action)
    assert note.lives(rig.machine.at)


async def test_a_press_elsewhere_is_not_the_desks(rig: SlackRig):
    await rig.channel.send(envelope("U0FIRM", ALERT))
    heard = await rig.heard(rig.slack.press("U0FIRM", rig.slack.received("U0FIRM")[0], "引き受ける"))
    assert not heard.at_desk


async def test_a_menu_says_what_was_chosen(rig: SlackRig):
    body = {"type": "block_actions", "user": {"id": "U0SATO"}, "channel": {"id": DESK}, "trigger_id": "1"}
    chosen = {"type": "static_select", "action_id": "s", "selected_option": {"value": "assign:H-1-1:0:B2"}}
    assert (await rig.heard(body | {"actions": [chosen]})).action == "assign:H-1-1:0:B2"


async def test_a_link_says_nothing(rig: SlackRig):
    body = {"type": "block_actions", "user": {"id": "U0SATO"}, "channel": {"id": DESK}, "trigger_id": "1"}
    link = {"type": "button", "action_id": "page", "url": "https://x"}
    assert (await rig.heard(body | {"actions": [link]})).what is What.NOTHING


async def a_modal(rig: SlackRig, answer: str = "本人と話がついた") -> dict[str, Any]:
    await rig.channel.send(envelope("U0SATO", REASON, ticket=ticket(rig)))
    return rig.slack.submit("U0SATO", rig.slack.modals[-1], answer)


async def test_a_reason_comes_back_with_the_button_that_asked_for_it(rig: SlackRig):
    heard = await rig.heard(await a_modal(rig))
    assert (heard.action, heard.text, heard.at_desk) == ("close:H-0001-1:0:", "本人と話がついた", True)
    assert read_ticket(heard.ticket).thread == "1700000000.000100"


async def test_a_choice_comes_back_as_the_button_it_stands_for(rig: SlackRig):
    await rig.channel.send(envelope("U0SATO", CHOOSE, ticket=ticket(rig)))
    heard = await rig.heard(rig.slack.submit("U0SATO", rig.slack.modals[-1], "かえで住建"))
    assert (heard.action, heard.text) == (CHOOSE.buttons[1].action, "")


async def test_a_choice_that_was_not_offered_is_refused(rig: SlackRig):
    await rig.channel.send(envelope("U0SATO", CHOOSE, ticket=ticket(rig)))
    body = rig.slack.submit("U0SATO", rig.slack.modals[-1], "かえで住建")
    (field,) = body["view"]["state"]["values"].values()
    next(iter(field.values()))["selected_option"] = {"value": "9"}
    event = await rig.event(body)
    with pytest.raises(ValueError, match="not offered"):
        rig.channel.parse(event.raw)


@pytest.mark.parametrize(
    ("typed", "verb", "arg"),
    [
        ("pending", "pending", ""),
        ("一覧", "pending", ""),
        ("MINE", "mine", ""),
        ("house H-0001", "house", "H-0001"),
        ("引継ぎ H-0001-1", "handover", "H-0001-1"),
        ("", "help", ""),
        ("house", "help", ""),
        ("house 丸太", "help", ""),
        ("pending now", "help", ""),
        ("house H-1:0:x", "help", ""),
    ],
)
async def test_a_command_is_an_action(rig: SlackRig, typed: str, verb: str, arg: str):
    heard = await rig.heard(rig.slack.command("U0SATO", typed))
    assert heard.action == str(Action(verb, arg=arg))
    assert (heard.at_desk, heard.name, read_ticket(heard.ticket).unseen) == (True, "sato", True)


async def test_a_command_elsewhere_is_not_the_desks(rig: SlackRig):
    heard = await rig.heard(rig.slack.command("U0FIRM", "pending", "C0OTHER"))
    assert (heard.at_desk, read_ticket(heard.ticket).channel) == (False, "")


async def test_closing_a_modal_is_nothing(rig: SlackRig):
    body = {"type": "view_closed", "user": {"id": "U0SATO"}, "view": {"id": "V1"}}
    assert (await rig.at_door(body)).events == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
KEYS = st.sampled_from(
    ["user", "channel", "event", "actions", "view", "message", "container", "text", "command", "authorizations", "ts"]
)
BODIES = st.builds(
    lambda kind, inner, found: {**found, "type": kind, **inner},
    st.sampled_from(["event_callback", "block_actions", "view_submission", "", "other"]),
    st.dictionaries(KEYS, JSON, max_size=8),
    st.dictionaries(st.text(max_size=12), JSON, max_size=3),
)


@given(BODIES)
def test_no_body_breaks_the_reading(body: dict[str, Any]):
    """It is an Inbound or a ValueError, whatever was stored; and a door refuses or takes it."""
    rig_at = replace(envelope("x")).written_at
    for read in (
        lambda: parse({"id": "1", "at": rig_at.isoformat(), "body": body}, DESK),
        lambda: split(body, rig_at),
    ):
        try:
            read()
        except ValueError:
            continue


@given(st.text())
def test_whatever_is_typed_after_the_command_is_an_action(text: str):
    assert read_action(action_of(text)) is not None


@pytest.mark.parametrize("stone", [False, True])
async def test_a_deleted_message_is_taken_back_by_whoever_wrote_it(rig: SlackRig, stone: bool):
    """Also where Slack leaves a stone in its place, because others wrote below it."""
    said = rig.slack.message("U0FIRM", "終わりました")
    heard, event = await rig.heard(said), await rig.event(rig.slack.deletes(said, stone=stone))
    gone = rig.channel.parse(event.raw)
    assert (gone.what, gone.address, gone.about) == (What.TOOK_BACK, "U0FIRM", heard.message_id)
    assert "終わりました" not in str(event.raw)


async def test_what_else_is_deleted_or_edited_is_nothing_to_us(rig: SlackRig):
    """Our own messages, those of other channels, and an edit."""
    ours = rig.slack.message(BOT_USER, "お知らせ")
    other = rig.slack.message("U0FIRM", "雑談", "C0OTHER")
    for body in (rig.slack.deletes(ours), rig.slack.deletes(other)):
        assert (await rig.heard(body)).what is What.NOTHING
    edited = rig.slack.deletes(rig.slack.message("U0FIRM", "終わりました"), stone=True)
    edited["event"]["message"]["subtype"] = ""
    assert (await rig.heard(edited)).what is What.NOTHING
