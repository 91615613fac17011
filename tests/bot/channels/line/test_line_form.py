"""The form of a message: large type, answers to press, plain words, every limit kept, and what the SDK would send."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from linebot.v3.messaging import FlexMessage, PushMessageRequest, QuickReply, ReplyMessageRequest

from bot.channels.line.fit import cut, units
from bot.channels.line.form import BUTTON_LABEL, BubbleWords, as_bytes, messages
from bot.core.message import Button, Message
from engawa_fakes.line import complaints
from engawa_fakes.line.fake import shown
from templates.catalogue import Catalogue
from tests.bot.channels.contract import HOSTILE, PLAIN, envelope
from tests.bot.channels.line.samples import JA

USER = "U" + "1" * 32
WORDS = st.text(max_size=40) | st.sampled_from(["長い" * 3000, "🏠" * 6000, HOSTILE, "\u202e\x00\ud800", "\n"])
BUTTONS = st.builds(Button, label=st.text(max_size=60), action=st.text("abc:0123", max_size=250))
MESSAGES = st.builds(
    Message,
    kind=st.just("owner_ask"),
    language=st.just("ja"),
    title=WORDS,
    paragraphs=st.lists(WORDS, max_size=12).map(tuple),
    facts=st.lists(st.tuples(WORDS, WORDS), max_size=12).map(tuple),
    buttons=st.lists(BUTTONS, max_size=30).map(tuple),
    footer=st.lists(WORDS, max_size=5).map(tuple),
)


def formed(message: Message, **given: Any) -> dict[str, Any]:
    (found,) = messages(envelope(USER, message, **given), JA)
    return found


def numbered(count: int) -> tuple[Button, ...]:
    return tuple(Button(f"{day}番目の日", f"pick:H-0001-1:0:2027-02-{day:02}") for day in range(1, count + 1))


def presses(flex: dict[str, Any]) -> list[dict[str, Any]]:
    return [button["action"] for button in flex["contents"]["footer"]["contents"]]


def none_dropped(meant: Any, read: Any) -> bool:
    """Whether a model kept all that was meant; it may add what it takes for granted."""
    if isinstance(meant, dict):
        return all(name in read and none_dropped(value, read[name]) for name, value in meant.items())
    if isinstance(meant, list):
        return len(meant) == len(read) and all(none_dropped(*pair) for pair in zip(meant, read, strict=True))
    return bool(meant == read)


def test_a_push_is_what_the_sdk_would_send():
    """The models drop what they do not know, so what comes out again must be what was meant."""
    said = messages(envelope(USER, replace(PLAIN, buttons=numbered(9))), JA)
    push = json.loads(as_bytes({"to": USER, "messages": said}))
    assert none_dropped(push, PushMessageRequest.from_dict(push).to_dict())
    reply = {"replyToken": "t", "messages": said}
    assert none_dropped(reply, ReplyMessageRequest.from_dict(reply).to_dict())
    assert none_dropped(said[0], FlexMessage.from_dict(said[0]).to_dict())
    assert none_dropped(said[0]["quickReply"], QuickReply.from_dict(said[0]["quickReply"]).to_dict())


@given(MESSAGES)
def test_the_platform_takes_whatever_there_is_to_say(message: Message):
    """Every length, every count, every character; a bubble stays below 30 KB; and it is text by every measure."""
    said = messages(envelope(USER, message), JA)
    assert complaints(said) == []
    assert as_bytes({"messages": said}).decode("utf-8")
    assert none_dropped(said[0], FlexMessage.from_dict(said[0]).to_dict())


def test_it_is_in_large_type():
    """Half of the owners are over sixty: nothing that has to be read is smaller than lg."""
    texts = formed(PLAIN)["contents"]["body"]["contents"]
    sizes = {text["text"]: text["size"] for text in texts if text["type"] == "text"}
    assert sizes[PLAIN.title] == "xl"
    assert [sizes[each] for each in PLAIN.paragraphs] == ["lg", "lg"]
    assert all(text["wrap"] for text in texts if text["type"] == "text")
    facts = [box["contents"] for box in texts if box["type"] == "box"]
    assert [(label["text"], value["text"], value["size"]) for label, value in facts] == [
        (*fact, "lg") for fact in PLAIN.facts
    ]


def test_up_to_four_answers_stand_in_the_bubble_and_the_page_below():
    flex = formed(replace(PLAIN, buttons=numbered(4)))
    assert [action["type"] for action in presses(flex)] == ["postback"] * 4 + ["uri"]
    assert presses(flex)[0]["data"] == "pick:H-0001-1:0:2027-02-01"
    assert presses(flex)[0]["displayText"] == "1番目の日"
    assert presses(flex)[-1] == {"type": "uri", "label": JA.open, "uri": "https://engawa.example.jp/c/token"}
    assert "quickReply" not in flex


def test_more_answers_stand_above_the_keyboard_and_the_rest_on_the_page():
    some, many = formed(replace(PLAIN, buttons=numbered(17))), formed(replace(PLAIN, buttons=numbered(18)))
    assert [item["action"]["label"] for item in some["quickReply"]["items"]] == [f"{n}番目の日" for n in range(5, 18)]
    assert JA.more not in list(shown(some))
    assert len(many["quickReply"]["items"]) == 13
    assert JA.more in list(shown(many))


def test_what_is_cut_is_said_to_stand_on_the_page():
    long, short = formed(replace(PLAIN, paragraphs=("長い話です。" * 2000,))), formed(PLAIN)
    assert JA.more in list(shown(long))
    assert JA.more not in list(shown(short))
    assert JA.more not in list(shown(formed(replace(PLAIN, paragraphs=("長い話です。" * 2000,)), page_url="")))


def test_without_buttons_or_page_there_is_no_empty_block():
    assert "footer" not in formed(replace(PLAIN, buttons=()), page_url="")["contents"]
    assert formed(Message("x", "ja", ""), page_url="")["altText"] == "…"


def test_a_notification_tells_what_it_is_about():
    assert formed(PLAIN)["altText"] == "\n".join((PLAIN.title, *PLAIN.paragraphs))
    assert units(formed(replace(PLAIN, title="長" * 900))["altText"]) == 400


def test_words_are_cut_between_characters():
    """A house outside the first plane counts twice, and is never halved."""
    assert cut("🏠🏠🏠", 6) == "🏠🏠🏠"
    assert cut("🏠🏠🏠", 5) == "🏠🏠…"
    assert cut("🏠🏠🏠", 4) == "🏠…"


def test_the_words_of_the_installation_are_there():
    """As main hands them in: in every language, with every word, short enough for a button."""
    for lines in Catalogue().words.values():
        words = BubbleWords(**lines["bubble"])
        assert 0 < units(words.open) <= BUTTON_LABEL
        assert words.more
