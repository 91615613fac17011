"""Mail, end to end: rows in the outbox are claimed, worded, composed, sent over SMTP and written down with their facts.

Beside it, into the same sink: aiosmtplib on four reused connections that only sends the same mails prebuilt, and what
is written first by most: the same templates, then an EmailMessage, aiosmtplib.send and a transaction for each mail.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.mail import MailWords, read_settings
from bot.channels.mail.body import answer_links, html_body, text_body
from bot.channels.mail.compose import Composer, Mail
from bot.cli.bench import rivals
from bot.cli.bench.figures import Figure, Measured, Size, Tell, interleaved, ratio
from bot.cli.bench.place import SENDER, folder, service_in
from bot.cli.bench.rivals import Letter
from bot.cli.bench.sink import sink
from bot.cli.bench.town import QUIET_DAY, settle
from bot.core.case import Scene
from bot.core.days import morning
from bot.core.outcome import Say
from bot.core.particulars import about
from main import Service
from scheduler.clock import machine_now, monotonic
from scheduler.dispatch import dispatch, envelope
from scheduler.due import open_due
from storage.cases import load_scenes
from storage.claims import Claimed, Lane, claim
from storage.engine import open_database
from storage.households import load_households
from storage.outbox import Letterhead, put
from storage.store import rehearse
from storage.tables import cases

FEWER = 10  # times fewer mails for what is slow: enough to know how slow
DUE = QUIET_DAY + timedelta(days=1)
CHUNK = 5000
ROUNDS = 5
TOPIC = "mail"


@dataclass(slots=True)
class Office:
    """A service whose owners can be written to, one message each, on one day after the other."""

    service: Service
    scenes: Sequence[Scene]
    days: int = 0

    async def write(self) -> datetime:
        """The question that the ladder puts to every owner, on a day of its own; its civil now."""
        self.days += 1
        now = morning(DUE + timedelta(days=self.days), 10)
        store = self.service.store
        async with store.write() as connection:
            await put(connection, [_asked(scene) for scene in self.scenes], store.pins.versions, now)
        return now

    async def send(self) -> float:
        """Mails a second, from rows that wait to rows that are marked sent with their facts."""
        now = await self.write()
        begun = monotonic()
        tally = await dispatch(self.service.post, now)
        took = monotonic() - begun
        assert len(tally.sent) == len(self.scenes)
        assert not tally.failed
        return len(tally.sent) / took

    async def claimed(self) -> list[Claimed]:
        """The same messages as rows in hand, taken back at once: nothing is sent."""
        now = await self.write()
        async with rehearse(self.service.database, self.service.store.pins) as store, store.write() as connection:
            hand = await claim(connection, Lane("email"), now, machine_now(), len(self.scenes))
            return hand.rows


def _asked(scene: Scene) -> tuple[Say, Letterhead]:
    house = scene.household.house
    say = Say(scene.household.owners[0].id, "owner_ask", about(scene), case_id=scene.case.id)
    return say, Letterhead(house.id, house.servicer_id, scene.case)


async def measure(size: Size, tell: Tell) -> Measured:
    """Mails a second, and what that is of the two others."""
    with folder() as place, sink() as port:
        tell(f"{size.messages:,} owners move in")
        async with _office(place, port, size.messages) as office:
            tell("mails go out")
            rows = await office.claimed()
            mails = _built(office.service, rows)
            fewer = rows[: max(len(rows) // FEWER, 1)]
            async with _notebook(place, len(fewer)) as engine:
                found = await interleaved(
                    {
                        "ours": office.send,
                        "bare": lambda: rivals.bare(port, mails),
                        "usual": lambda: rivals.usual(port, engine, _worded(office.service, fewer)),
                    },
                    ROUNDS,
                )
    return _figures(found, len(mails[0].raw))


def _figures(found: dict[str, tuple[float, ...]], octets: int) -> Measured:
    ours, bare, usual = found["ours"], found["bare"], found["usual"]
    ratios = (
        ratio(ours, bare, "aiosmtplib alone", "≥ 0.4, wished 0.6"),
        ratio(ours, usual, "EmailMessage and a transaction each", "≥ 10"),
    )
    return [
        Figure(TOPIC, f"end to end with its record, {octets:,} bytes each", "mails/s", ours, ratios),
        Figure(TOPIC, "aiosmtplib alone: prebuilt, four reused connections, no record", "mails/s", bare),
        Figure(TOPIC, "rendered, EmailMessage, aiosmtplib.send, a transaction each", "mails/s", usual),
    ]


@asynccontextmanager
async def _office(place: Path, port: int, count: int) -> AsyncIterator[Office]:
    async with service_in(place, port) as service:
        await settle(service.store, [DUE] * count)
        await open_due(service.store, morning(DUE))
        async with service.store.read() as connection:
            found = (await connection.execute(select(cases.c.id, cases.c.house_id).order_by(cases.c.id))).all()
            scenes: list[Scene] = []
            for start in range(0, len(found), CHUNK):
                chunk = found[start : start + CHUNK]
                households = await load_households(connection, [row.house_id for row in chunk])
                scenes += (await load_scenes(connection, [row.id for row in chunk], households)).values()
        yield Office(service, scenes)


@asynccontextmanager
async def _notebook(place: Path, count: int) -> AsyncIterator[AsyncEngine]:
    """The database of the usual way, opened as carefully as ours."""
    database = open_database(f"sqlite:///{place / 'notices.db'}")
    await rivals.prepare(database.writer, count)
    yield database.writer
    await database.close()


def _built(service: Service, rows: Sequence[Claimed]) -> list[Mail]:
    sender = read_settings("", SENDER, Path(), service.settings.public_url).sender
    composer = Composer(sender, _words(service))
    return [composer.compose(envelope(service.post, row)) for row in rows]


def _worded(service: Service, rows: Sequence[Claimed]) -> Iterator[Letter]:
    """Each rendered when its turn comes, by the same templates."""
    words = _words(service)
    for row in rows:
        ready = envelope(service.post, row)
        around, answers = words[row.language], answer_links(ready)
        text, html = text_body(ready, around, answers), html_body(ready, around, answers)
        yield Letter(row.address, ready.message.title, text, html)


def _words(service: Service) -> dict[str, MailWords]:
    return {language: MailWords(**lines["mail"]) for language, lines in service.catalogue.words.items()}
