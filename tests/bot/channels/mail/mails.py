"""Mails as they come in, built the way clients build them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from bot.channels.mail.kept import Place, event_of
from bot.channels.mail.reading import parse
from bot.core.arrival import Event, Inbound
from tests.bot.channels.mail.samples import SENDER

KEY = "0f8fad5b-d9cb-469f-a165-000000000001"
OWNER = "taro@example.ne.jp"
PLUS = f"engawa+{UUID(KEY).hex}@example.jp"
SINCE = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)
PLACE = Place(1700000000, 7, SINCE)


def reply(text: str = "11月24日でお願いします。", charset: str = "utf-8", **headers: str) -> EmailMessage:
    """An answer by mail; ``headers`` are added or replaced, their names with _ for -; empty: left out."""
    message = EmailMessage()
    usual = {"From": f"山田 太郎 <{OWNER}>", "To": PLUS, "Subject": "Re: 点検", "Message-ID": "<a1@example.ne.jp>"}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in {**usual, **given}.items():
        if value:
            message[name] = value
    message.set_content(text, charset=charset)
    return message


def event(message: EmailMessage | bytes, *, whole: bool = True) -> Event:
    return event_of(bytes(message), PLACE, whole=whole)


def heard(message: EmailMessage | bytes | Mapping[str, Any]) -> Inbound:
    """What a mail was, all the way from its bytes."""
    return parse(message if isinstance(message, Mapping) else event(message).raw, SENDER)


REPORT = """\
From: MAILER-DAEMON@mta.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Return-Path: <>
Message-ID: <20261126.B1@mta.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mta.example
{envelope}
{recipient}

--b
Content-Type: text/rfc822-headers

To: =?utf-8?b?5bGx55Sw?= <{owner}>
Message-ID: <{key}@example.jp>

--b--
"""


def report(*lines: str, to: str = PLUS, envelope: str = f"Original-Envelope-Id: {KEY}", key: str = KEY) -> bytes:
    """A delivery report as Postfix writes it; ``lines`` are those about the recipient."""
    usual = [f"Final-Recipient: rfc822; {OWNER}", *lines]
    text = REPORT.format(to=to, envelope=envelope, recipient="\n".join(["", *usual]), owner=OWNER, key=key)
    return text.encode()
