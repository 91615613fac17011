"""Settings of the mail channel, as the environment gives them."""

import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.mail import read_settings
from bot.channels.mail.settings import Security, read_server

FOLDER = Path("mail")


@pytest.mark.parametrize(
    ("url", "security", "port", "must_trust"),
    [
        ("smtp://mail.example.jp", Security.IF_OFFERED, 25, False),
        ("smtp://mail.example.jp:2525/", Security.IF_OFFERED, 2525, False),
        ("smtp+starttls://mail.example.jp", Security.STARTTLS, 587, True),
        ("smtps://mail.example.jp", Security.TLS, 465, True),
        ("smtp://taro:secret@127.0.0.1", Security.IF_OFFERED, 25, False),
        ("smtp://taro:secret@[::1]:2525", Security.IF_OFFERED, 2525, False),
        ("smtp://taro:secret@mail.example.jp", Security.IF_OFFERED, 25, True),
    ],
)
def test_each_scheme_has_its_port_and_its_trust(url, security, port, must_trust):
    """Three schemes, three usual ports; and a password never goes over an untrusted line to another machine."""
    server = read_server(url)
    assert (server.security, server.port, server.must_trust) == (security, port, must_trust)


def test_user_and_password_are_url_decoded_and_never_shown():
    """Credentials with odd characters arrive whole, and no repr carries them."""
    settings = read_settings("smtps://taro%40example.jp:p%3Aa%2Fs%23%E7%B8%81@mail.example.jp", "", FOLDER, "")
    assert settings.server is not None
    assert (settings.server.user, settings.server.password) == ("taro@example.jp", "p:a/s#縁")
    assert "taro" not in repr(settings)
    assert "p:a" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.jp",
        "http://user:hunter2@mail.example.jp",
        "smtp://",
        "smtp://user:hunter2@",
        "smtp://user:hunter2@mail.example.jp:99999",
        "smtp://user:hunter2@mail.example.jp:port",
        "smtp://user:hunter2@mail.example.jp/queue",
        "smtp://user:hunter2@mail.example.jp?tls=no",
        "smtp://user:1#hunter2@mail.example.jp",
        "smtp://user:hunter2#1@mail.example.jp",
        "smtp://user:hunter2/1@mail.example.jp",
        "smtp://:hunter2@mail.example.jp",
        "smtp://user:hunter2@mail..example.jp",
        "smtp://user:hunter2@mail example.jp",
        "smtp://user:hunter2@[::1",
    ],
)
def test_a_broken_url_is_one_plain_line_without_the_password(url):
    """What is wrong is said with the setting's name, and the URL is not repeated."""
    with pytest.raises(ValueError, match=r"^ENGAWA_SMTP_URL [^\n]+$") as raised:
        read_server(url)
    assert "hunter2" not in "".join(traceback.format_exception(raised.value))


@given(st.text(max_size=60))
def test_any_text_is_a_server_or_a_plain_complaint(text):
    """No text, however odd, makes another error than the one line, or a server without a name."""
    complaint = host = ""
    try:
        host = read_server("smtp://" + text).host
    except ValueError as error:
        complaint = str(error)
    assert host or complaint.startswith("ENGAWA_SMTP_URL ")


@pytest.mark.parametrize(
    ("mail_from", "address", "name"),
    [
        ("engawa@example.jp", "engawa@example.jp", ""),
        ("縁側 <engawa@example.jp>", "engawa@example.jp", "縁側"),
        ('"Engawa, Inc." <engawa@example.jp>', "engawa@example.jp", "Engawa, Inc."),
        ("Engawa, Inc. <engawa@example.jp>", "engawa@example.jp", "Engawa, Inc."),
        ("<engawa@例え.jp>", "engawa@xn--r8jz45g.jp", ""),
    ],
)
def test_the_sender_is_an_address_with_or_without_a_name(mail_from, address, name):
    """A display name may hold commas and Japanese; a Japanese domain becomes its ASCII form."""
    sender = read_settings("", mail_from, FOLDER, "").sender
    assert (sender.address, sender.name) == (address, name)


def test_a_sender_that_is_no_address_is_refused_by_name():
    """One line that names the setting."""
    with pytest.raises(ValueError, match=r"^ENGAWA_MAIL_FROM is not an address"):
        read_settings("", "engawa at example", FOLDER, "")


@pytest.mark.parametrize(
    ("public_url", "helo", "sender"),
    [
        ("https://engawa.example.jp", "engawa.example.jp", "engawa@engawa.example.jp"),
        ("http://127.0.0.1:8000", "[127.0.0.1]", "engawa@localhost"),
        ("http://[::1]:8000", "[IPv6:::1]", "engawa@localhost"),
        ("https://例え.jp/x", "xn--r8jz45g.jp", "engawa@xn--r8jz45g.jp"),
        ("", "localhost", "engawa@localhost"),
        ("http://[::1", "localhost", "engawa@localhost"),
    ],
)
def test_we_introduce_ourselves_by_the_public_host(public_url, helo, sender):
    """Host name or address literal, and the sender that goes with it where none is set."""
    settings = read_settings("", "", FOLDER, public_url)
    assert (settings.helo, settings.sender.address, settings.server) == (helo, sender, None)
