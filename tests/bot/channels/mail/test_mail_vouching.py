"""Whether our own mail server vouches for a mail (RFC 8601), whatever strangers write into what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.mail.plus import key_in, own_address, token_in
from bot.channels.mail.vouching import vouches
from tests.bot.channels.mail.mails import KEY, PLUS
from tests.bot.channels.mail.samples import SENDER

SERVER, DOMAIN = "mx.engawa.example.jp", "maruta.example.jp"
# What a stranger can put in: any text at all, such as one that says what our server would.
STRANGERS = st.text(st.sampled_from('();="\\/ \t@.') | st.characters(codec="ascii"), max_size=40) | st.just(
    f"; dmarc=pass header.from={DOMAIN};"
)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def commented(text: str) -> str:
    return "(" + "".join(f"\\{char}" if char in "()\\" else char for char in text) + ")"


@pytest.mark.parametrize(
    "header",
    [
        f"{SERVER}; dmarc=pass (p=reject dis=none) header.from={DOMAIN}",
        f"{SERVER} 1; dkim=fail header.d=x.example; dkim=pass (2048-bit key) header.d={DOMAIN} header.s=a header.b=abc",
        f"{SERVER.upper()}; DKIM=Pass header.i=@example.jp header.d=example.jp",
        f"{SERVER}; spf=pass (sender permitted) smtp.mailfrom=office@{DOMAIN} smtp.helo=x",
        f"(a (nested) comment) {SERVER}; dkim/1 = pass header.d={DOMAIN}",
    ],
)
def test_what_our_server_found(header: str):
    assert vouches(["mx.elsewhere.example; dkim=fail", header], SERVER, DOMAIN)
    assert not vouches([header], SERVER, "other.example")
    assert not vouches([header], "elsewhere.example", DOMAIN)
    assert not vouches([header], "", DOMAIN)
    assert not vouches([header], SERVER, "")


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"{SERVER}; none",
        f"{SERVER}; dkim=passed header.d={DOMAIN}",
        f"{SERVER}; dkim=pass header.d=evil{DOMAIN}",
        f"{SERVER}; dkim=pass header.d=jp",
        f"{SERVER}; dkim=pass header.d={DOMAIN} header.d=evil.example",
        f"{SERVER}; spf=pass smtp.mailfrom=a@sub.{DOMAIN}",
        f"{SERVER}; spf=pass smtp.mailfrom=a@example.jp",
        f"{SERVER}; auth=pass smtp.auth=a@{DOMAIN}",
        f"{SERVER}.evil.example; dkim=pass header.d={DOMAIN}",
        f"evil.example; x=({SERVER}; dkim=pass header.d={DOMAIN}",
        f"{SERVER}; dkim=pass header.d={DOMAIN} (never closed",
    ],
)
def test_what_proves_nothing(header: str):
    assert not vouches([header], SERVER, DOMAIN)


@given(STRANGERS, STRANGERS, STRANGERS)
def test_what_strangers_write_into_it_proves_nothing(name: str, reason: str, other: str):
    """In quotes, in comments, or in a header of their own under another name."""
    header = f"{SERVER}; spf=fail {commented(reason)} smtp.mailfrom={quoted(name)}@evil.example; dkim=none"
    theirs = f"evil.example {commented(other)}; dkim=pass header.d={DOMAIN}"
    assert not vouches([header, theirs], SERVER, DOMAIN)


@given(st.text(max_size=200), st.text(max_size=30), st.text(max_size=30))
def test_it_never_raises(header: str, server: str, domain: str):
    assert vouches([header], server, domain) in (True, False)


@given(st.text("0123456789abcdef", min_size=16, max_size=16))
def test_an_address_for_files_names_its_company_and_no_mail(token: str):
    address = own_address(SENDER, token)
    assert (token_in(f"縁側 <{address}>"), key_in(address)) == (token, "")
    assert len(address.partition("@")[0]) <= 64
    assert token_in(address.replace("@", "0@")) == token_in(PLUS) == ""
    assert key_in(PLUS) == KEY
