"""Which address may be told anything, and what it is told: ids and codes, signed as others' libraries expect it."""

import base64
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.hook import ADDRESS, OF_HANDOVER, Happened, News, is_address, is_public, news_in, read_events, written
from bot.core.outcome import Deed
from bot.core.signature import sign_standard, written_secret

NOW = datetime(2027, 1, 12, 1, tzinfo=UTC)
INSIDE = ("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1")
INSIDE_V6 = ("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "2002:a00:1::1")
PRIVATE = st.sampled_from(("10.0.0.0", "172.16.0.0", "192.168.0.0", "127.0.0.0", "169.254.0.0")).flatmap(
    lambda first: st.integers(0, 65535).map(lambda more: IPv4Address(int(IPv4Address(first)) + more))
)


@pytest.mark.parametrize("number", [*INSIDE, *INSIDE_V6])
def test_nothing_inside_is_public(number: str):
    assert not is_public(number)


@given(PRIVATE)
def test_nor_is_it_in_any_other_spelling(inside: IPv4Address):
    """Mapped, by 6to4, or translated: the same machine is reached."""
    low = int(inside)
    spelled = (0xFFFF << 32 | low, 0x2002 << 112 | low << 80 | 1, 0x64FF9B << 96 | low)
    assert not is_public(str(inside))
    assert [str(IPv6Address(one)) for one in spelled if is_public(str(IPv6Address(one)))] == []


@pytest.mark.parametrize("number", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_what_is_out_there_is_public(number: str):
    assert is_public(number)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.jp/x",
        "https://127.0.0.1/x",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://user:pass@hooks.example.jp/",
        "https://hooks.example.jp/x#y",
        "https://hooks.example.jp:22222222/",
        "https://hooks.example.jp\n/",
        "https://hooks.example.jp/x\n",
        "https://hooks.example.jp/" + "x" * 400,
        "ftp://hooks.example.jp/",
        "",
    ],
)
def test_an_address_that_cannot_be_one(url: str):
    assert not is_address(url, own=True)


def test_an_address_is_https_by_name_and_on_ones_own_machine_also_http():
    assert is_address("https://hooks.example.jp/engawa?v=1", own=False)
    assert is_address("http://127.0.0.1:8080/engawa", own=True)
    assert not is_address("http://127.0.0.1:8080/engawa", own=False)


@given(st.from_regex(ADDRESS, fullmatch=True))
def test_whatever_the_description_allows_is_taken(url: str):
    assert is_address(url, own=False) == (len(url) <= 400 and not url.endswith("\n"))


def test_the_signature_is_the_one_of_the_standard():
    """By the example of the libraries that receivers use."""
    secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    named = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    signed = sign_standard(base64.b64decode(secret), *named)
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert written_secret(base64.b64decode(secret)) == f"whsec_{secret}"


@given(st.frozensets(st.sampled_from(News)))
def test_what_a_row_keeps_is_read_again(events: frozenset[News]):
    assert read_events(written(events)) == events
    assert read_events(f"{written(events)} of.tomorrow") == events


def test_what_is_told_of_a_house_is_ids_codes_and_days():
    deed = Deed("risk_began", "engawa", {"reasons": ["overdue P1", "overdue P2"]}, "H1-2")
    assert news_in(Happened("H1", deed, NOW)) == (
        News.STANDING,
        {"house_id": "H1", "state": "at_risk", "reasons": ["overdue"], "on": "2027-01-12"},
    )
    fell = Deed("visit_fell_through", "engawa", {"day": "2027-02-24"}, "H1-1")
    told = {"house_id": "H1", "case_id": "H1-1", "visit_on": "2027-02-24"}
    assert news_in(Happened("H1", fell, NOW)) == (News.VISIT_OFF, told)
    assert news_in(Happened("H1", Deed("ownership_passed", "staff:a", {"on": "2027-01-01"}), NOW)) is None
    assert {news for kind in OF_HANDOVER for news in [OF_HANDOVER[kind]]} < set(News)
