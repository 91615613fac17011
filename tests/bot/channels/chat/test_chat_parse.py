"""What was stored of somebody's page is read as it is, or refused; nothing else comes of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.chat import LONGEST, parse
from bot.core.arrival import Attachment

GENUINE: dict[str, Any] = {
    "event_id": "page:x:1",
    "person_id": "owner:O-H1",
    "at": "2026-11-26T01:00:00+00:00",
    "text": "終わりました",
    "action": "",
    "label": "",
    "files": [{"ref": "ab/cd", "media_type": "image/jpeg", "size": 3}],
    "answers": "12",
    "under": "",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


def test_what_is_genuine_is_read():
    heard = parse(GENUINE)
    assert (heard.event_id, heard.address, heard.text, heard.answers_key) == (
        "page:x:1",
        "owner:O-H1",
        "終わりました",
        "12",
    )
    assert heard.attachments == (Attachment("ab/cd", "image/jpeg", 3),)


@given(st.dictionaries(st.sampled_from([*GENUINE, "x"]), JSON))
def test_nothing_but_a_value_error_comes_of_rubbish(raw: dict[str, Any]):
    understood(raw)


@given(st.sampled_from(list(GENUINE)), JSON)
def test_nothing_but_a_value_error_comes_of_a_spoilt_event(name: str, value: Any):
    understood(GENUINE | {name: value})


@given(st.dictionaries(st.sampled_from(["ref", "media_type", "size", "x"]), JSON) | JSON)
def test_nothing_but_a_value_error_comes_of_a_spoilt_file(file: Any):
    understood(GENUINE | {"files": [file]})


@pytest.mark.parametrize("missing", ["event_id", "person_id", "at"])
def test_whose_it_is_and_when_must_be_said(missing: str):
    with pytest.raises(ValueError, match=r"chat event|isoformat"):
        parse({name: value for name, value in GENUINE.items() if name != missing})


def understood(raw: dict[str, Any]) -> None:
    try:
        heard = parse(raw)
    except ValueError:
        return
    told = (heard.event_id, heard.address, heard.text, heard.action, heard.answers_key)
    assert all(isinstance(value, str) for value in told)
    assert heard.event_id
    assert heard.address
    assert len(heard.text) <= LONGEST
    assert heard.at.utcoffset() is not None
    for file in heard.attachments:
        assert isinstance(file.ref, str)
        assert isinstance(file.media_type, str)
        assert isinstance(file.size, int)
