"""JSON lines: one meaning out for each reply in, and a plain word for a bad line, which never stops the stream."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.lines import answer

FIELDS = "id intent date date_precision date_end time result performer partial urgent ask why".split()  # noqa: SIM905


def ask(**fields: object) -> dict[str, object]:
    asked = {
        "id": "a",
        "text": "昨日終わりました",
        "now": "2026-07-22T10:15:00+09:00",
        "role": "owner",
        "context": "overdue",
    }
    answered = json.loads(answer(json.dumps(asked | fields)))
    assert isinstance(answered, dict)
    return answered


def test_a_line_is_answered_field_by_field() -> None:
    """Every field is there, in order, with days as ISO dates."""
    answered = ask()
    assert list(answered) == FIELDS
    assert (answered["id"], answered["intent"], answered["date"], answered["date_end"]) == (
        "a",
        "done",
        "2026-07-21",
        None,
    )
    week = ask(text="来週の予定です")
    assert (week["date"], week["date_precision"], week["date_end"]) == ("2026-07-27", "week", "2026-08-02")
    assert ask(text="8/3の13時半に来てもらいます")["time"] == "13:30"


def test_now_is_read_as_tokyos_whatever_its_offset() -> None:
    """The same instant means the same day, and one without an offset is Tokyo's."""
    assert ask(now="2026-07-22T01:15:00Z") == ask(now="2026-07-22T10:15:00") == ask()
    assert ask(now="2026-07-21T15:30:00Z")["date"] == "2026-07-21"


def test_a_builder_is_a_servicer() -> None:
    """The older word for the role is understood."""
    line = {"text": "ご不在で点検できませんでした"}
    assert ask(role="builder", **line) == ask(role="servicer", **line)


def test_role_and_context_may_be_left_out() -> None:
    """An owner out of the blue is the plainest case."""
    answered = json.loads(answer('{"text": "はい", "now": "2026-07-22T10:15:00+09:00"}'))
    assert (answered["id"], answered["intent"], answered["ask"]) == (None, "yes", True)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "JSON"),
        ("はい", "JSON"),
        ("[]", "JSON"),
        ("[" * 100_000, "JSON"),
        ('{"id": 1.5, "text": "はい"}', "id"),
        ('{"id": "a", "text": 3}', "text"),
        ('{"id": "a"}', "text"),
        ('{"id": "a", "text": "はい"}', "now"),
        ('{"id": "a", "text": "はい", "now": "yesterday"}', "now"),
        ('{"id": "a", "text": "はい", "now": "9999-12-31T23:59:59-12:00"}', "now"),
        ('{"id": "a", "text": "はい", "now": "2026-07-22", "role": "king"}', "role"),
        ('{"id": "a", "text": "はい", "now": "2026-07-22", "context": "small_talk"}', "context"),
    ],
)
def test_a_bad_line_gets_one_clear_error(line: str, reason: str) -> None:
    """The error names what is wrong, and keeps the line's id where it had one."""
    answered = json.loads(answer(line))
    assert set(answered) == {"id", "error"}
    assert reason in answered["error"]
    assert answered["id"] == ("a" if '"id": "a"' in line else None)


@given(st.text(), st.text())
def test_whatever_comes_in_one_printable_line_goes_out(line: str, id: str) -> None:
    """No input makes two lines, or a line that UTF-8 cannot carry."""
    for sent in (line, json.dumps({"id": id, "text": line, "now": "2026-07-22T10:15:00+09:00"})):
        out = answer(sent)
        assert len(out.splitlines()) == 1
        assert json.loads(out.encode())["id"] in (None, id)
