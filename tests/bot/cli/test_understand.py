"""`engawa understand` on stdin: every line has its answer, whatever bytes another one holds."""

import io
import json

import pytest

LINE = '{"id": "%s", "text": "終わりました", "now": "2027-04-01"}'


@pytest.fixture
def sent(engawa, monkeypatch):
    """What is answered to these bytes, a line each."""

    def send(raw: bytes) -> list[dict[str, object]]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), "utf-8"))
        ended = engawa("understand")
        assert (ended.status, ended.err) == (0, "")
        return [json.loads(line) for line in ended.out.splitlines()]

    return send


def lines(*ids: str) -> list[bytes]:
    return [(LINE % id).encode() for id in ids]


@pytest.mark.parametrize("bad", [b"\xff", b'{"id": "b", "text": "\x8f\x49\x82\xed", "now": "2027-04-01"}', b"\xe3\x81"])
def test_a_byte_that_is_no_text_spoils_its_own_line_only(sent, bad):
    first, last = lines("a", "c")
    answered = sent(b"\n".join([first, bad, last]))
    assert [line["id"] for line in answered] == ["a", None, "c"]
    assert answered[1]["error"] == "not UTF-8"
    assert [answered[0]["intent"], answered[2]["intent"]] == ["done", "done"]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_a_mark_before_the_first_line_is_taken(sent, ending):
    """Some editors on Windows write one, and end their lines in two characters."""
    answered = sent(b"\xef\xbb\xbf" + ending.join(lines("a", "b")) + ending)
    assert [(line["id"], line["intent"]) for line in answered] == [("a", "done"), ("b", "done")]


def test_empty_lines_are_passed_over(sent):
    assert [line["id"] for line in sent(b"\n".join([b"", *lines("a"), b"  ", *lines("b"), b""]))] == ["a", "b"]
