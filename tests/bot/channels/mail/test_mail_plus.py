"""Each mail asks for its answers at an address of its own, once there is a mailbox that they come to."""

import traceback
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.mail.address import Mailbox
from bot.channels.mail.compose import Composer
from bot.channels.mail.imap import read_imap
from bot.channels.mail.plus import key_in, plus_address
from bot.channels.mail.settings import ImapServer
from tests.bot.channels.mail.mails import KEY, PLUS
from tests.bot.channels.mail.samples import SENDER, WORDS, envelope

MAILBOX = ImapServer("127.0.0.1", 1, False, "INBOX", "engawa", "secret")
ANSWERED = Composer(SENDER, WORDS, answered=True)


def header(raw: bytes, name: str) -> str:
    lines = raw.partition(b"\r\n\r\n")[0].decode().replace("\r\n ", "").split("\r\n")
    return next((line.partition(": ")[2] for line in lines if line.startswith(f"{name}:")), "")


def test_answers_bounces_and_stops_come_to_the_mails_own_address():
    mail = ANSWERED.compose(envelope())
    assert mail.return_path == PLUS
    assert header(mail.raw, "Reply-To").endswith(f"<{PLUS}>")
    assert header(mail.raw, "List-Unsubscribe").endswith(f", <mailto:{PLUS}?subject=stop>")
    assert key_in(PLUS) == envelope().key == KEY


def test_nothing_else_about_a_mail_changes():
    """Without a mailbox, and apart from what asks for answers with one, every byte is as it was."""
    plain, answered = Composer(SENDER, WORDS).compose(envelope()), ANSWERED.compose(envelope())
    assert (plain.return_path, b"Reply-To" in plain.raw, b"mailto:" in plain.raw) == ("", False, False)
    lines = [line for line in answered.raw.split(b"\r\n") if PLUS.encode() not in line and b"Reply-To" not in line]
    assert set(lines) <= set(plain.raw.split(b"\r\n"))


def test_an_answer_of_ours_stands_in_its_thread():
    raw = ANSWERED.compose(envelope(ticket="<a1@example.ne.jp>")).raw
    assert header(raw, "In-Reply-To") == header(raw, "References") == "<a1@example.ne.jp>"
    for odd in ("2026-11-26T00:00 linetoken", "<a\r\nBcc: x@y>", "<" + "a" * 300 + ">", "<縁側>"):
        assert ANSWERED.compose(envelope(ticket=odd)).raw == ANSWERED.compose(envelope()).raw


async def test_the_server_is_told_where_bounces_go_and_whom_we_meant(sink, open_mail):
    await open_mail(f"smtp://127.0.0.1:{sink.port}", mailbox=MAILBOX).send(envelope(address="a+b=c@example.jp"))
    (taken,) = sink.taken
    assert taken.mail_line.startswith(f"MAIL FROM:<{PLUS}> ")
    assert taken.rcpt_line.endswith("NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb+3Dc@example.jp")


async def test_a_channel_hears_only_where_there_is_a_mailbox(open_mail):
    deaf, hearing = open_mail("smtp://127.0.0.1:1"), open_mail("smtp://127.0.0.1:1", mailbox=MAILBOX)
    assert (deaf.abilities.answers, hasattr(deaf, "listen"), hasattr(deaf, "parse")) == (False, False, False)
    assert replace(deaf.abilities, answers=True) == hearing.abilities
    assert "secret" not in repr(vars(hearing))


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("imaps://u:p@mail.example.jp", ImapServer("mail.example.jp", 993, True, "INBOX", "u", "p")),
        ("imaps://u%40x:p%2F%3A@h:1993/Eng%2Fawa", ImapServer("h", 1993, True, "Eng/awa", "u@x", "p/:")),
        ("imaps://u:p@h/縁側", ImapServer("h", 993, True, "縁側", "u", "p")),
        ("imap://u:p@127.0.0.1:143/", ImapServer("127.0.0.1", 143, False, "INBOX", "u", "p")),
        (" ", None),
    ],
)
def test_the_mailbox_is_named_by_a_url(url, server):
    assert read_imap(url, SENDER) == server
    assert server is None or "'p" not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "imap://u:hunter2@mail.example.jp",
        "imaps://mail.example.jp",
        "imaps://:hunter2@mail.example.jp",
        "imaps://hunter2@mail.example.jp",
        "pop3://u:hunter2@mail.example.jp",
        "imaps://u:hunter2@mail.example.jp:99999",
        "imaps://u:hunter2@mail.example.jp/a?b",
        "imaps://u:1#hunter2@mail.example.jp",
        "imaps://u:hunter2%0d@mail.example.jp",
        "imaps://u:hunter2@[::1",
    ],
)
def test_a_broken_url_is_one_plain_line_without_the_password(url):
    with pytest.raises(ValueError, match=r"^ENGAWA_IMAP_URL [^\n]+$") as raised:
        read_imap(url, SENDER)
    assert "hunter2" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize("address", ["a" * 32 + "@example.jp", '"a..b"@example.jp'])
def test_a_sender_without_room_for_a_key_is_refused_by_name(address):
    with pytest.raises(ValueError, match=r"^ENGAWA_MAIL_FROM "):
        read_imap("imaps://u:p@h", Mailbox(address))


@given(st.uuids(), st.text(max_size=20))
def test_every_key_comes_back(key, before):
    assert key_in(f"{before.replace('+', '')} <{plus_address(SENDER, str(key))}>") == str(key)
