"""The mail counterpart refuses what a strict server refuses, and misbehaves in the same words as the others."""

import asyncio
from email.message import EmailMessage
from urllib.parse import urlsplit

import aiosmtplib
import pytest

from engawa_fakes import Trouble
from engawa_fakes.mail import FakeMail
from engawa_fakes.mail.rules import LARGEST

TO = "hanako@example.jp"
GREETED = ["EHLO me"]
NAMED = [*GREETED, "MAIL FROM:<me@example.jp>"]
READY = [*NAMED, f"RCPT TO:<{TO}>"]


def mail(**headers: str) -> EmailMessage:
    """A good mail; headers are replaced, or left out where empty."""
    message = EmailMessage()
    usual = {
        "From": "me@example.jp",
        "To": TO,
        "Date": "Thu, 26 Nov 2026 10:00:00 +0900",
        "Message-ID": "<1@example.jp>",
    }
    for name, value in (usual | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        if value:
            message[name] = value
    message.set_content("点検の時期です")
    return message


async def says(fake: FakeMail, *lines: str | bytes) -> list[str]:
    """What each line is answered, the greeting left out."""
    reader, writer = await asyncio.open_connection(urlsplit(fake.url).hostname, urlsplit(fake.url).port)
    await reader.readline()
    answers = []
    for line in lines:
        writer.write((line if isinstance(line, bytes) else line.encode()) + b"\r\n")
        answer = await reader.readline()
        while answer[3:4] == b"-":
            answer = await reader.readline()
        answers.append(answer.decode("utf-8", "replace").strip())
    writer.close()
    return answers


async def sends(fake: FakeMail, message: EmailMessage) -> None:
    where = urlsplit(fake.url)
    assert where.hostname is not None
    await aiosmtplib.send(message, hostname=where.hostname, port=where.port, start_tls=False, timeout=5)


async def test_what_is_good_is_taken_once(fake_mail: FakeMail):
    await sends(fake_mail, mail())
    await sends(fake_mail, mail())
    (seen,) = fake_mail.received(TO)
    assert seen.get_content().strip() == "点検の時期です"
    assert len(fake_mail.mails) == 2


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["MAIL FROM:<me@example.jp>"], "503"),
        ([*GREETED, f"RCPT TO:<{TO}>"], "503"),
        ([*NAMED, "DATA"], "503"),
        ([*GREETED, "MAIL FROM:<me@example.jp> COLOUR=red"], "555"),
        ([*GREETED, f"MAIL FROM:<me@example.jp> SIZE={LARGEST + 1}"], "552"),
        ([*GREETED, "MAIL FROM:<山田@example.jp>"], "553"),
        ([*NAMED, "RCPT TO:<hanako>"], "501"),
        ([*NAMED, "RCPT TO:<>"], "501"),
        ([*NAMED, "RCPT TO:<nobody@example.jp>"], "550"),
        ([*NAMED, *[f"RCPT TO:<o{n}@example.jp>" for n in range(101)]], "452"),
        ([*GREETED, "TURN"], "502"),
    ],
)
async def test_commands_that_no_server_takes(fake_mail: FakeMail, lines: list[str], answer: str):
    fake_mail.unknown.add("nobody@example.jp")
    assert (await says(fake_mail, *lines))[-1].startswith(answer)
    assert fake_mail.mails == []


HEAD = b"From: a@example.jp\r\nTo: b@example.jp\r\nDate: x\r\nMessage-ID: <1@x>\r\n"


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (HEAD + b"\r\nok\r\n.", "250"),
        (HEAD + b"\r\n" + b"x" * 998 + b"\r\n.", "250"),
        (HEAD + b"\r\n" + b"x" * 999 + b"\r\n.", "554 5.6.0"),
        (HEAD + b"\r\none\ntwo\r\n.", "554 5.6.0"),
        (HEAD + "\r\n点検\r\n.".encode(), "554 5.6.1"),
        (HEAD + b"From: c@example.jp\r\n\r\nx\r\n.", "550 5.7.1"),
        (HEAD.replace(b"From: a@example.jp\r\n", b"") + b"\r\nx\r\n.", "550 5.7.1"),
        (HEAD.replace(b"Date: x\r\n", b"") + b"\r\nx\r\n.", "550 5.7.1"),
        (HEAD.replace(b"Message-ID: <1@x>\r\n", b"") + b"\r\nx\r\n.", "550 5.7.1"),
        (HEAD.replace(b"To: b@example.jp\r\n", b"") + b"\r\nx\r\n.", "550 5.7.1"),
        (HEAD + b"\r\n" + (b"x" * 900 + b"\r\n") * 12_000 + b".", "552 5.3.4"),
    ],
)
async def test_mails_that_large_providers_do_not_take(fake_mail: FakeMail, content: bytes, answer: str):
    assert (await says(fake_mail, *READY, "DATA", content))[-1].startswith(answer)
    assert len(fake_mail.mails) == (answer == "250")


TAKEN = {Trouble.LOST, Trouble.SILENT, Trouble.BAD_JSON}


@pytest.mark.parametrize("trouble", Trouble)
async def test_it_misbehaves_on_order(fake_mail: FakeMail, trouble: Trouble):
    """Once; and what was taken is there, whatever its sender heard."""
    fake_mail.next(trouble)
    where = urlsplit(fake_mail.url)
    with pytest.raises((aiosmtplib.SMTPException, OSError, ValueError)):
        await aiosmtplib.send(mail(), hostname=where.hostname or "", port=where.port, start_tls=False, timeout=0.3)
    assert len(fake_mail.mails) == (trouble in TAKEN)
    await sends(fake_mail, mail(Message_ID="<2@example.jp>"))
    assert len(fake_mail.mails) == 1 + (trouble in TAKEN)
