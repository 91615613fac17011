"""The small readers of what comes from outside: whatever it is, it is something or refused, and nothing else."""

import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.line.answers import is_token_refused, receipt_of
from bot.channels.line.ticket import living_token
from bot.channels.line.wire import Reply
from bot.channels.raw import DEEPEST, read_object
from bot.channels.slack.doors import Doors
from bot.channels.slack.ticket import read_ticket as slack_ticket
from bot.channels.telegram.press import read_data
from bot.channels.telegram.updates import read_ticket as telegram_ticket
from bot.core.action import Action, read_action
from bot.core.delivery import Outcome
from bot.core.link_code import ALPHABET, LENGTH, read_code, shown
from engawa_fakes.slack import SECRET
from engawa_fakes.slack.visitors import Visitors
from handlers.web.press import read_press

AT = datetime(2026, 11, 26, 1, tzinfo=UTC)
TEXT = st.text() | st.text(st.characters(codec=None), max_size=40)  # half surrogates included
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
)
BODY = st.binary(max_size=300) | JSON.map(lambda found: json.dumps(found).encode())


@given(BODY)
def test_an_object_is_an_object_or_refused(body: bytes):
    try:
        assert isinstance(read_object(body), dict)
    except ValueError:
        return


@given(st.integers(1, 200_000), st.sampled_from([b"[", b'{"a":', b'{"a":[', b"[[{"]))
def test_what_is_nested_is_refused_before_it_is_read(deep: int, opening: bytes):
    with pytest.raises(ValueError, match=r"nested|Expecting|delimiter"):
        read_object(opening * deep)


@given(st.integers(1, DEEPEST))
def test_what_platforms_nest_is_read(deep: int):
    assert read_object(b'{"a":' * deep + b"1" + b"}" * deep)


@given(st.text(alphabet='[{]}"\\:,ア', max_size=300), st.booleans())
def test_whatever_people_write_nests_nothing(text: str, ascii_only: bool):
    """Brackets are signs like others, and a sign before a quotation mark does not end what they wrote."""
    body = json.dumps({"events": [{"text": "[" * 99 + text}, {"text": text}]}, ensure_ascii=ascii_only)
    assert read_object(body.encode())["events"][1] == {"text": text}


@given(st.text(alphabet='[{]}"\\', max_size=40))
def test_brackets_that_people_write_hide_none(text: str):
    """What is nested behind them is refused as ever."""
    body = json.dumps({"text": "]" * 99 + text, "deep": 0}).encode()
    with pytest.raises(ValueError, match="nested"):
        read_object(body.replace(b"0}", b"[" * 50 + b"]" * 50 + b"}"))


FORMS = st.dictionaries(st.sampled_from(["payload", "command", "trigger_id", "x"]), st.text() | JSON.map(json.dumps))


@given(BODY | FORMS.map(lambda form: urlencode(form).encode()), st.integers(0, 2))
async def test_whatever_knocks_at_slacks_doors_is_answered(body: bytes, which: int):
    door = Doors(SECRET, lambda: AT).webhooks()[which]
    answer = await door.read(Visitors.sign(body, AT.timestamp()), body)
    assert answer.status in (200, 400, 401)
    assert json.dumps([event.raw for event in answer.events])


@given(
    st.integers(100, 599), BODY | JSON.map(lambda found: json.dumps({"message": found, "sentMessages": found}).encode())
)
def test_whatever_line_answers_is_a_receipt(status: int, body: bytes):
    """And only its own word about that person ends an address."""
    receipt = receipt_of(Reply(status, {}, body))
    assert receipt.outcome is not Outcome.DEAD or status == 400
    assert receipt.detail.isprintable()
    assert is_token_refused(Reply(status, {}, body)) in (True, False)


@given(TEXT)
def test_a_note_of_ours_is_read_back_or_is_none(text: str):
    assert living_token(text, AT) is not None
    assert slack_ticket(text).lives(AT) is False
    assert telegram_ticket(text) is None or ":" in text


@given(TEXT)
def test_what_a_button_says_is_an_action_or_none(text: str):
    action = read_action(text)
    assert action is None or read_action(str(action)) == action
    assert all(isinstance(part, str) for part in read_data(text))
    row, rest = read_press(text)
    assert row >= 0
    assert rest in text


@given(st.text("abcz_", min_size=1, max_size=9).filter(lambda verb: verb.strip("_")), st.integers(0, 999_999))
def test_an_action_is_read_as_it_was_written(verb: str, number: int):
    action = Action(verb, "H-1", number, "2027-01-01:x")
    assert read_action(str(action)) == action


@given(TEXT)
def test_a_code_is_eight_of_its_letters_or_none(text: str):
    code = read_code(text)
    assert code == "" or (len(code) == LENGTH and set(code) <= set(ALPHABET))


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH), st.sampled_from(["{}", "番号は{}です", " {}\n", "{}。"]))
def test_a_code_is_found_as_people_write_it(code: str, around: str):
    for written in (shown(code), shown(code).lower(), code):
        assert read_code(around.format(written)) == code
