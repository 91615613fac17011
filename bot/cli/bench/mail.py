"""Mail, end to end: rows in the outbox are claimed, worded, composed, sent over SMTP and written down with their facts.

Beside it, into the same sink: aiosmtplib on four reused connections that only sends the same mails prebuilt, and what
is written first by most: the same templates, then an EmailMessage, aiosmtplib.send and a transaction for each mail.
And Apprise, where that is installed, with the same words.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.mail import MailWords, read_settings
from bot.channels.mail.body import answer_links, html_body, text_body
from bot.channels.mail.compose import Composer, Mail
from bot.cli.bench import rivals
from bot.cli.bench.figures import Figure, Measure, Measured, Size, Skipped, Tell, interleaved, ratio
from bot.cli.bench.office import office
from bot.cli.bench.place import SENDER, by_mail, folder, service_in
from bot.cli.bench.rivals import Letter
from bot.cli.bench.sink import MAIL, sink
from bot.cli.bench.town import QUIET_DAY
from main import Service
from scheduler.dispatch import envelope
from storage.claims import Claimed
from storage.engine import open_database

FEWER = 10  # times fewer mails for what is slow: enough to know how slow
DUE = QUIET_DAY + timedelta(days=1)
CHUNK = 5000
ROUNDS = 5
TOPIC = "mail"


async def measure(size: Size, tell: Tell) -> Measured:
    """Mails a second, and what that is of the others."""
    with folder() as place, sink(MAIL) as port:
        tell(f"{size.messages:,} owners move in")
        async with service_in(place, by_mail(port)) as service, office(service, MAIL, size.messages) as ours:
            tell("mails go out")
            rows = await ours.claimed()
            mails = _built(service, rows)
            fewer = rows[: max(len(rows) // FEWER, 1)]
            async with _notebook(place, len(fewer)) as engine:
                measures: dict[str, Measure] = {
                    "ours": ours.send,
                    "bare": lambda: rivals.bare(port, mails),
                    "usual": lambda: rivals.usual(port, engine, _worded(service, fewer)),
                }
                if rivals.has_apprise():
                    measures["apprise"] = lambda: rivals.apprise(port, _worded(service, fewer))
                found = await interleaved(measures, ROUNDS)
    return _figures(found, len(mails[0].raw))


def _figures(found: dict[str, tuple[float, ...]], octets: int) -> Measured:
    named = (
        ("bare", "aiosmtplib alone", "≥ 0.4, wished 0.6", "prebuilt, four reused connections, no record"),
        ("usual", "EmailMessage and a transaction each", "≥ 10", "rendered, aiosmtplib.send, one after the other"),
        ("apprise", "Apprise", "≥ 40", "rendered, one after the other, no record"),
    )
    there = [each for each in named if each[0] in found]
    ratios = tuple(ratio(found["ours"], found[key], name, wanted) for key, name, wanted, _ in there)
    return [
        Figure(TOPIC, f"end to end with its record, {octets:,} bytes each", "mails/s", found["ours"], ratios),
        *(Figure(TOPIC, f"{name}: {how}", "mails/s", found[key]) for key, name, _, how in there),
        *(
            Skipped(TOPIC, f"{name} is not installed: nothing to compare with")
            for key, name, *_ in named
            if key not in found
        ),
    ]


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
