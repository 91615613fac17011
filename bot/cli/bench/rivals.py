"""The same mails sent in the ways that people would choose instead."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtplib import SMTP
from aiosmtplib import send as send_alone
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.mail.compose import Mail
from bot.cli.bench.beside import installed
from bot.cli.bench.place import SENDER
from bot.cli.bench.sink import LOOPBACK
from scheduler.clock import monotonic

CONNECTIONS = 4
SENT = "sent"

_tables = MetaData()
_notices = Table("notices", _tables, Column("id", Integer, primary_key=True), Column("state", String))
_history = Table("history", _tables, Column("id", Integer, primary_key=True), Column("notice_id", Integer))


@dataclass(frozen=True, slots=True)
class Letter:
    """What an EmailMessage is made of."""

    recipient: str
    subject: str
    text: str
    html: str


async def bare(port: int, mails: Sequence[Mail]) -> float:
    """Mails a second by aiosmtplib alone: prebuilt bytes over reused connections, nothing written down."""
    clients = [SMTP(hostname=LOOPBACK, port=port, local_hostname="bench.example") for _ in range(CONNECTIONS)]
    await asyncio.gather(*(client.connect() for client in clients))
    left: Iterator[Mail] = iter(mails)

    async def send(client: SMTP) -> None:
        for mail in left:
            await client.sendmail(SENDER, [mail.recipient], mail.raw)

    begun = monotonic()
    await asyncio.gather(*(send(client) for client in clients))
    took = monotonic() - begun
    await asyncio.gather(*(client.quit() for client in clients))
    return len(mails) / took


async def prepare(engine: AsyncEngine, count: int) -> None:
    """The tables of the usual way, with as many notices as will be sent."""
    async with engine.begin() as connection:
        await connection.run_sync(_tables.create_all)
        await connection.execute(insert(_notices), [{"id": n, "state": "new"} for n in range(count)])


async def usual(port: int, engine: AsyncEngine, letters: Iterable[Letter]) -> float:
    """Mails a second as most would write it: render, an EmailMessage, aiosmtplib.send, a transaction, and the next."""
    begun = monotonic()
    sent = 0
    for number, letter in enumerate(letters):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = SENDER, letter.recipient, letter.subject
        mail.set_content(letter.text)
        mail.add_alternative(letter.html, subtype="html")
        await send_alone(mail, hostname=LOOPBACK, port=port)
        async with engine.begin() as connection:
            await connection.execute(update(_notices).where(_notices.c.id == number).values(state=SENT))
            await connection.execute(insert(_history).values(notice_id=number))
        sent += 1
    return sent / (monotonic() - begun)


def has_apprise() -> bool:
    return installed("apprise") is not None


async def apprise(port: int, letters: Iterable[Letter]) -> float:
    """Mails a second by Apprise, each to an address of its own: rendered, handed over, nothing written down.

    It blocks while it sends, as in the scripts that it is used in.
    """
    package = installed("apprise")
    assert package is not None
    begun = monotonic()
    sent = 0
    for letter in letters:
        to = f"mailto://{LOOPBACK}:{port}/{letter.recipient}?from={SENDER}&mode=insecure"
        notifier = package.Apprise()
        notifier.add(to)
        assert notifier.notify(title=letter.subject, body=letter.html, body_format="html")
        sent += 1
    return sent / (monotonic() - begun)
