"""What an update was: words, presses, files, comings and goings, and nothing else."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.updates import parse
from bot.core.arrival import Inbound, Remote, What
from engawa_fakes.telegram.chats import Chats, Received

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def chats() -> Chats:
    return Chats()


@pytest.fixture
def chat(chats: Chats) -> int:
    return chats.starts()


def test_words_come_with_who_when_and_which(chats: Chats, chat: int):
    update = chats.says(chat, "終わりました")
    heard = parse(update)
    assert (heard.channel, heard.what, heard.text, heard.address) == ("telegram", What.SAID, "終わりました", str(chat))
    assert heard.event_id == str(update["update_id"])
    assert heard.message_id == f"{chat}:{update['message']['message_id']}"
    assert heard.at.utcoffset() is not None
    assert heard.name == "花子 山田"


@pytest.mark.parametrize(
    ("said", "what", "text"),
    [
        ("/start", What.CAME, ""),
        ("/start@engawa_test_bot", What.CAME, ""),
        ("/START", What.CAME, ""),
        ("/start K7PM-3XQD", What.SAID, "K7PM-3XQD"),
        ("/start  K7PM3XQD ", What.SAID, "K7PM3XQD"),
        ("/stop", What.SAID, "stop"),
        ("/help me", What.SAID, "help me"),
        ("/停止", What.SAID, "/停止"),
        ("3/4 はどうですか", What.SAID, "3/4 はどうですか"),
    ],
)
def test_a_command_is_what_it_says(chats: Chats, chat: int, said: str, what: What, text: str):
    """Behind a link with a code the person presses Start, and their app says /start CODE."""
    heard = parse(chats.says(chat, said))
    assert (heard.what, heard.text) == (what, text)


def test_a_press_says_what_was_on_it_and_how_to_answer(chats: Chats, chat: int):
    message = chats.put(chat, "いつ", "いつ", [[{"text": "あとで", "callback_data": "later:H-1-1:0:"}]])
    update = chats.presses(chat, "あとで")
    heard = parse(update)
    assert (heard.what, heard.action, heard.text) == (What.SAID, "later:H-1-1:0:", "")
    assert heard.ticket == f"{message.message_id}:{update['callback_query']['id']}"


def test_a_press_on_what_telegram_has_forgotten_still_counts(chats: Chats, chat: int):
    """An inaccessible message has no more than its chat, its number and the date 0."""
    update = chats.presses_data(Received(chat, 7, "", ""), "later:H-1-1:0:")
    update["callback_query"]["message"] = {"chat": {"id": chat, "type": "private"}, "message_id": 7, "date": 0}
    heard = parse(update)
    assert (heard.action, heard.address) == ("later:H-1-1:0:", str(chat))


@pytest.mark.parametrize("data", ["~", "~x", "~" + "é" * 30, "~%%%%%%%%%%%%%%%%%%%%%%abcdefgh"])
def test_data_that_no_button_of_ours_carries_is_found_nowhere(chats: Chats, chat: int, data: str):
    """It is still a press, so that whoever pressed it is answered."""
    heard = parse(chats.presses_data(Received(chat, 7, "", ""), data))
    assert (heard.what, heard.action, heard.answers_key, heard.pressed) == (What.SAID, "", "", data)


def test_the_largest_photo_is_meant_and_its_caption_is_said(chats: Chats, chat: int):
    update = chats.sends_photo(chat, b"jpeg", "床下です")
    heard = parse(update)
    assert heard.remote == (Remote(update["message"]["photo"][1]["file_id"]),)
    assert (heard.what, heard.text) == (What.SAID, "床下です")


def test_a_document_alone_is_said_too(chats: Chats, chat: int):
    update = chats.sends_document(chat, b"%PDF-")
    heard = parse(update)
    assert (heard.what, heard.text) == (What.SAID, "")
    assert heard.remote == (Remote(update["message"]["document"]["file_id"]),)


def test_a_voice_message_is_told_to_be_no_use(chats: Chats, chat: int):
    """Whoever speaks instead of writing is answered, not passed over."""
    update = chats.says(chat, "")
    del update["message"]["text"]
    update["message"]["voice"] = {"file_id": "v", "file_unique_id": "u", "duration": 3}
    heard = parse(update)
    assert (heard.what, heard.refused, heard.remote) == (What.SAID, True, ())


def test_reading_an_update_leaves_it_as_it_came(chats: Chats, chat: int):
    """It is read once more after a crash, and says the same."""
    update = chats.blocks(chat)
    before = deepcopy(update)
    assert parse(update) == parse(update)
    assert update == before


def test_blocking_is_leaving_and_unblocking_coming_back(chats: Chats, chat: int):
    assert parse(chats.blocks(chat)).what is What.LEFT
    assert parse(chats.unblocks(chat)).what is What.CAME


def nothings(chats: Chats, chat: int) -> list[dict[str, Any]]:
    channel_post = chats.says(chat, "お知らせ")
    channel_post["channel_post"] = channel_post.pop("message")
    pinned = chats.says(chat, "")
    del pinned["message"]["text"]
    in_group = chats.blocks(chat)
    in_group["my_chat_member"]["chat"] = {"id": -5, "type": "group", "title": "x"}
    pressed_there = chats.presses_data(Received(chat, 7, "", ""), "later:H-1-1:0:")
    pressed_there["callback_query"]["message"]["chat"] = {"id": -5, "type": "group", "title": "x"}
    inline = chats.presses_data(Received(chat, 7, "", ""), "later:H-1-1:0:")
    inline["callback_query"].pop("message")
    unknown = chats.happens("teleported", {"chat": 1})
    left = [chats.edits(chat, "やっぱり"), chats.says_in_group(chat, "こんにちは")]
    return [*left, channel_post, pinned, in_group, pressed_there, inline, unknown]


def test_the_rest_means_nothing(chats: Chats, chat: int):
    """Groups, edits, channels, what is pinned, and kinds of updates that are newer than this."""
    assert [parse(update).what for update in nothings(chats, chat)] == [What.NOTHING] * 8


def samples() -> list[dict[str, Any]]:
    """One update of every kind."""
    chats = Chats()
    chat = chats.starts("K7PM-3XQD")
    message = chats.put(chat, "いつ", "いつ", [[{"text": "あとで", "callback_data": "later:H-1-1:0:"}]])
    chats.presses_data(message, "later:H-1-1:0:")
    chats.sends_photo(chat, b"jpeg", "床下です")
    chats.sends_document(chat, b"%PDF-")
    chats.blocks(chat)
    nothings(chats, chat)
    return chats.updates


@given(st.dictionaries(st.sampled_from(["update_id", "message", "callback_query", "my_chat_member", "x"]), JSON))
def test_nothing_but_a_value_error_comes_of_rubbish(raw: Mapping[str, Any]):
    understood(raw)


@given(st.data())
def test_nothing_but_a_value_error_comes_of_a_spoilt_update(data: st.DataObject):
    """A genuine update with one value, however deep, left out or made into something else."""
    update = data.draw(st.sampled_from(samples()))
    place: Any = update
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        place = inner
    if data.draw(st.booleans()):
        place[key] = data.draw(JSON)
    else:
        del place[key]
    understood(update)


def understood(raw: Mapping[str, Any]) -> None:
    try:
        heard = parse(raw)
    except ValueError:
        return
    assert isinstance(heard, Inbound)
    told = (heard.address, heard.text, heard.action, heard.ticket, heard.message_id, heard.name)
    assert all(isinstance(value, str) for value in told)
    assert all(isinstance(remote.id, str) for remote in heard.remote)
    assert heard.at.utcoffset() is not None
