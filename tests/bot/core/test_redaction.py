"""Nothing that a person is called by, wrote, or is reached at stands in a log, in whatever text it comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.links import Links
from bot.core.redaction import LONGEST, redaction

redacted = redaction(["hunter2-signing", "短い", "x"])
LINKS = Links(["key-of-links-0123456789"], "https://engawa.example.jp")
MINE = LINKS.person("owner:O-H1")


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        (f"GET {MINE} failed", MINE.rpartition("/")[2]),
        (f"GET /c/{LINKS.token('person', 'owner:O-H1')}/news?after=3 HTTP/1.1", "after=3"),
        (f"seen {LINKS.token('message', 17)} twice", LINKS.token("message", 17)),
        (f"POST {LINKS.message(17).stop}", LINKS.token("message", 17)),
        (LINKS.entrance("sato"), LINKS.token("staff", "sato")),
        ("POST https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe", "AAHdq"),
        ("token 123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "AAHdq"),
        ("{'Authorization': 'Bearer abc.def'}", "abc.def"),
        ("Authorization: Bearer abcdef", "abcdef"),
        ("authorization=basic dXNlcjpw", "dXNlcjpw"),
        ("xoxb-2345678901-abcdefABCDEF", "xoxb-2345678901"),
        ("smtps://user:p%40ss@mail.example.jp/x", "user"),
        ("https://hc-ping.com/3e6f1a2b-aaaa-bbbb-cccc-1234567890ab", "3e6f1a2b"),
        ("550 no such user hanako.yamada+x@example.co.jp here", "hanako"),
        ("550 <taro@例え.jp> unknown", "taro"),
        ("call 090-1234-5678 or", "1234"),
        ("call 09012345678", "0901234"),
        ("call +81 90 1234 5678", "1234"),
        ("call (022) 555-0101", "555"),
        ("call ０９０－１２３４－５６７８", "１２３４"),
        ("KeyError: 'Taro Yamada'", "Taro"),
        ('{"name": "Taro Yamada", "city": "Sendai"}', "Sendai"),
        ("unfinished 'Taro Yama", "Taro"),
        ("山田 花子 says hello", "花子"),
        ("hunter2-signing and more", "hunter2"),
        ("chat 700000001 is gone", "70000"),
    ],
)
def test_what_is_somebodys_is_gone(text: str, gone: str):
    """Links, tokens, bearer headers, addresses, telephone numbers, names, words, secrets of ours."""
    assert gone in text
    assert gone not in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "channel_raised",
        "inbound 17 failed at storage/audit/chains.py:57",
        "H0001-1 lies with staff:desk since 2027-02-01",
        "2026-11-27T07:10:00.123+00:00",
        "ENOENT",
        "/c/{token}/record",
        "connect to 127.0.0.1:5432 refused",
        "test_a_slow_platform_holds_up_no_other",
        "tests.stories.test_a_month_on_five_channels",
        "IncompleteReadError",
    ],
)
def test_what_is_ours_stays(text: str):
    """Otherwise nobody could read a log."""
    assert redacted(text) == text


def test_of_an_address_the_machine_is_left():
    """Which host does not answer is worth knowing."""
    assert redacted("no answer from https://user:pw@api.example.jp:8443/x?y=1#z") == (
        "no answer from https://api.example.jp:8443/…"
    )


def test_a_line_stays_a_line():
    """Nobody writes a second event into the log by what they write to us."""
    assert redacted("a\r\n{event: forged}\x1b[31m\x00b") == "a {event: forged} [31m b"


@given(st.text(min_size=1, max_size=40).filter(lambda text: text.strip() and not text.isascii()))
def test_no_japanese_comes_through(text: str):
    """Our events are told in plain English: all else is somebody's words."""
    assert redacted(text).replace("…", "").isascii()


@given(st.text(alphabet=st.characters(codec="ascii"), min_size=0, max_size=5_000))
def test_it_is_bounded_and_ends(text: str):
    """Whatever is thrown at it."""
    assert len(redacted(text)) <= LONGEST + 1


@given(st.one_of(st.integers(0, 10**9), st.text(alphabet="abcXYZ019:-", min_size=1, max_size=30)))
def test_no_signed_link_comes_through(value: int | str):
    """Whatever it names, and wherever it stands."""
    token = LINKS.token("message", value)
    for text in (token, f"x {token} y", f"token={token}", f"/unknown/{token}"):
        assert token.rpartition(".")[2] not in redacted(text)
