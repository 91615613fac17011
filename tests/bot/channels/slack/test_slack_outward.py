"""What is said in Slack: blocks, topics, threads, modals and errors."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.answers import BROKEN, CLOSED, DEAD
from bot.channels.slack.blocks import blocks_of, clean, fallback
from bot.channels.slack.ticket import Ticket, read_ticket
from bot.channels.slack.words import words_of
from bot.core.delivery import Outcome
from bot.core.message import Button, Message
from engawa_fakes import Trouble
from engawa_fakes.slack import DESK
from engawa_fakes.slack.blocks import checked, text_of
from tests.bot.channels.contract import HOSTILE, PLAIN, WRITTEN_AT, envelope
from tests.bot.channels.slack.conftest import WORDS, SlackRig

ALERT = Message(
    kind="staff_alert",
    language="ja",
    title="事業者から返事がありません（H-0001）",
    facts=(("住宅番号", "H-0001"), ("案件", "H-0001-1")),
    buttons=(Button("引き受ける", "take:H-0001-1:0:"), Button("理由を書いて閉じる", "close:H-0001-1:0:")),
)
MOVED = replace(ALERT, kind="staff_moved", title="satoが引き受けました（H-0001）", buttons=ALERT.buttons[1:])
REASON = replace(ALERT, kind="reply_ask_reason", title="閉じる理由を書いてください", buttons=(), wants="words")
CHOOSE = replace(
    ALERT,
    kind="reply_choose_servicer",
    title="事業者を選んでください",
    buttons=(Button("あおぞら建設（予備登録）", "assign:H-0001-1:0:B2"), Button("かえで住建", "assign:H-0001-1:0:B3")),
    wants="choice",
)
CASE = {"topic": "H-0001-1"}


def ticket(rig: SlackRig, **given: Any) -> str:
    usual = Ticket(DESK, "1700000000.000100", trigger=rig.slack.trigger(), at=rig.machine.at.isoformat())
    return str(replace(usual, action="close:H-0001-1:0:", **given))


async def test_a_case_has_one_message_at_the_desk_and_its_thread_is_the_history(rig: SlackRig):
    """The first stands in the channel; what comes later changes it in place and leaves a line below it."""
    first = await rig.channel.send(envelope(DESK, ALERT, **CASE))
    again = replace(ALERT, title="まだ返事がありません（H-0001）")
    for message in (again, MOVED):
        receipt = await rig.channel.send(envelope(DESK, message, earlier=first.provider_id, **CASE))
        assert receipt.outcome is Outcome.SENT
    (shown,) = rig.slack.received(DESK)
    assert shown.edits == 2
    assert MOVED.title in shown.words
    assert list(shown.buttons) == ["理由を書いて閉じる"]
    assert [line.words for line in rig.slack.thread(DESK, shown.ts)] == [again.title, MOVED.title]


async def test_a_case_whose_message_is_gone_gets_a_new_one(rig: SlackRig):
    """Somebody deleted it: nothing is lost for that."""
    receipt = await rig.channel.send(envelope(DESK, ALERT, earlier="1600000000.000100", **CASE))
    assert (receipt.outcome, receipt.anew) == (Outcome.SENT, True)
    assert len(rig.slack.received(DESK)) == 1


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.LOST, Trouble.BROKEN])
async def test_an_edit_that_may_not_have_been_done_is_done_again_whole(rig: SlackRig, trouble: Trouble):
    """The edit may be repeated, the line comes last: one line in the end."""
    first = await rig.channel.send(envelope(DESK, ALERT, **CASE))
    rig.slack.next(trouble)
    moved = envelope(DESK, MOVED, earlier=first.provider_id, **CASE)
    assert (await rig.channel.send(moved)).outcome is Outcome.LATER
    assert (await rig.channel.send(moved)).outcome is Outcome.SENT
    assert len(rig.slack.thread(DESK, first.provider_id)) == 1


async def test_an_answer_to_a_press_goes_into_the_thread(rig: SlackRig):
    await rig.channel.send(envelope("U0SATO", PLAIN, ticket=ticket(rig, trigger="")))
    assert rig.slack.received(DESK) == []
    (shown,) = rig.slack.thread(DESK, "1700000000.000100")
    assert PLAIN.title in shown.words


async def test_a_command_is_answered_unseen_by_others(rig: SlackRig):
    note = str(Ticket(DESK, unseen=True, at=rig.machine.at.isoformat()))
    await rig.channel.send(envelope("U0SATO", PLAIN, ticket=note))
    assert rig.slack.received(DESK) == []
    assert len(rig.slack.whispered("U0SATO")) == 1


@pytest.mark.parametrize("message", [REASON, CHOOSE])
async def test_a_question_opens_as_a_modal_while_the_trigger_lives(rig: SlackRig, message: Message):
    """Afterwards it is asked in the thread, with buttons or for words."""
    receipt = await rig.channel.send(envelope("U0SATO", message, ticket=ticket(rig)))
    assert receipt.outcome is Outcome.SENT
    (modal,) = rig.slack.modals
    assert modal["title"]["text"] == message.title
    assert rig.slack.messages == []
    late = ticket(rig)
    rig.machine.wind(3)
    assert (await rig.channel.send(envelope("U0SATO", message, ticket=late))).outcome is Outcome.SENT
    assert len(rig.slack.modals) == 1
    assert len(rig.slack.thread(DESK, "1700000000.000100")) == 1


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.BROKEN, Trouble.BAD_JSON])
async def test_a_modal_that_does_not_open_is_asked_in_the_thread(rig: SlackRig, trouble: Trouble):
    rig.slack.next(trouble)
    assert (await rig.channel.send(envelope("U0SATO", REASON, ticket=ticket(rig)))).outcome is Outcome.SENT
    assert len(rig.slack.thread(DESK, "1700000000.000100")) == 1


async def test_a_choice_that_does_not_fit_into_a_modal_is_asked_with_buttons(rig: SlackRig):
    many = tuple(Button(f"{n}社", f"assign:{'H' * 100}-1:0:{n}") for n in range(30))
    message = replace(CHOOSE, buttons=many)
    assert (await rig.channel.send(envelope("U0SATO", message, ticket=ticket(rig)))).outcome is Outcome.SENT
    assert rig.slack.modals == []
    assert len(rig.slack.thread(DESK, "1700000000.000100")[0].blocks[-2]["elements"]) == 25


async def test_the_desk_being_gone_is_nobodys_address(rig: SlackRig):
    """The message goes on to the staff's page; the desk is there again when the channel is."""
    rig.slack.archived.add(DESK)
    assert (await rig.channel.send(envelope(DESK, ALERT))).outcome is Outcome.REFUSED
    assert (await rig.channel.send(envelope(DESK, ALERT, topic="x", earlier="1.000001"))).outcome is Outcome.REFUSED


async def test_a_thread_that_is_gone_says_nothing_about_the_person(rig: SlackRig):
    """The answer reaches them in their own conversation."""
    receipt = await rig.channel.send(envelope("U0SATO", PLAIN, ticket=ticket(rig, channel="C0OLD", trigger="")))
    assert receipt.outcome is Outcome.SENT
    assert len(rig.slack.received("U0SATO")) == 1


async def test_nobody_can_be_called(rig: SlackRig):
    """Not in the blocks, not in the notification; what looks like a mention stands there as it was written."""
    hostile = replace(PLAIN, title=HOSTILE[:100], paragraphs=("<!channel> <!here> <@U0KIMURA> @here <#C0DESK>",))
    assert (await rig.channel.send(envelope("U0SATO", hostile))).outcome is Outcome.SENT
    assert "&lt;!channel&gt;" in rig.slack.messages[0].text
    assert "<!channel>" in rig.slack.messages[0].words


async def test_what_was_left_out_is_said_to_stand_on_the_page(rig: SlackRig):
    long = replace(PLAIN, paragraphs=("長い話です。" * 5000,))
    await rig.channel.send(envelope("U0SATO", long))
    assert WORDS["ja"]["modal"]["more"] in rig.slack.messages[0].words


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        *((word, Outcome.DEAD) for word in sorted(DEAD)),
        *((word, Outcome.CLOSED) for word in sorted(CLOSED)),
        *((word, Outcome.UNKNOWN) for word in sorted(BROKEN)),
        ("ratelimited", Outcome.LATER),
        ("msg_too_long", Outcome.REFUSED),
        ("invalid_blocks", Outcome.REFUSED),
        ("something_new", Outcome.REFUSED),
    ],
)
async def test_every_word_of_slacks_has_its_meaning(rig: SlackRig, word: str, outcome: Outcome):
    rig.slack.words.append(word)
    receipt = await rig.channel.send(envelope("U0SATO"))
    assert (receipt.outcome, receipt.detail) == (outcome, word)


TEXTS = st.builds(lambda text, times: text * times, st.text(max_size=30), st.sampled_from([1, 1, 1, 200]))
PAIRS = st.lists(st.tuples(TEXTS, TEXTS), max_size=30)


@given(TEXTS, st.lists(TEXTS, max_size=60), PAIRS, st.lists(TEXTS, max_size=60))
def test_whatever_is_said_keeps_to_slacks_limits(
    title: str, paragraphs: list[str], facts: list[tuple[str, str]], labels: list[str]
):
    buttons = tuple(Button(label, f"take:H:{n}:") for n, label in enumerate(labels))
    message = Message("owner_ask", "ja", title, tuple(paragraphs), tuple(facts), buttons, tuple(labels))
    blocks = [block.to_dict() for block in blocks_of(message, words_of(WORDS)["ja"], "https://engawa.example.jp/c/t")]
    assert checked(blocks)
    assert text_of({"text": fallback(message)})


@given(st.text())
def test_a_ticket_is_read_back_or_is_empty(text: str):
    assert read_ticket(text).lives(WRITTEN_AT) is False
    assert read_ticket(str(Ticket(text, text, True, text, text, text))) == Ticket(text, text, True, text, text, text)


@given(st.text())
def test_clean_text_has_nothing_that_turns_it(text: str):
    assert not set(clean(text)) & set("\u202e\u2066\x07\x00")
