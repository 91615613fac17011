"""`engawa check`: is this installation ready, and is it well? One line a thing, with what to do where it is not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.cli.opening import print_json, with_service
from bot.config import SettingsError
from bot.core.delivery import Channel, Checked
from bot.core.findings import is_well
from main import Service, collector
from storage.audits import state_of
from storage.gauges import gauges
from storage.month_filed import filed
from storage.places import open_place
from templates.catalogue import LANGUAGES
from templates.consent import consent_text

OK, NOT_OK, TO_DO = "ok", "not ok", "to do"
PATIENCE = 30.0  # seconds for one thing
LATE = timedelta(hours=1)  # for what is due and has not gone out
NOWHERE = f"{'0' * 24}/{'0' * 40}.pdf"  # a file that nobody has sent
LOOPBACK = ("127.0.0.1", "localhost", "::1")
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: how it is, and what was seen or is to be done. What is to be done some day makes nothing not ok."""

    about: str
    state: str
    said: str = ""


def command(as_json: AsJson = False) -> None:
    """Asks everything that this installation needs whether it is there. Exit status 0 when all of it is, 1 when not."""
    try:
        lines = with_service(looked_at)
    except SettingsError as error:
        lines = [Line("settings", NOT_OK, str(error))]
    ready = all(line.state != NOT_OK for line in lines)
    if as_json:
        print_json({"ready": ready, "checks": [asdict(line) for line in lines]})
    else:
        for line in lines:
            typer.echo(f"{line.state:<7} {line.about}{': ' if line.said else ''}{line.said}")
        typer.echo("all is ready" if ready else f"{sum(line.state == NOT_OK for line in lines)} not ok")
    raise typer.Exit(0 if ready else 1)


async def looked_at(service: Service) -> list[Line]:
    """Every line; a thing that hangs is not ok after a while, and holds up no other for longer."""
    here = [Line("settings", OK), Line("database", OK, service.database.writer.dialect.name)]
    channels = [_asked(name, channel) for name, channel in service.post.channels.items()]
    looks = [_files(service), _seals(service), *_reports(service), *_trays(service), _pages(service), *channels]
    found = await asyncio.gather(*looks)
    return [*here, *found, *[line async for line in _well(service)], *_left_open(service)]


async def _within(about: str, look: Callable[[], Awaitable[str]], todo: str) -> Line:
    """``look`` tells what is wrong, if anything."""
    try:
        async with asyncio.timeout(PATIENCE):
            wrong = await look()
    except TimeoutError:
        wrong = "no answer"
    except OSError as error:
        wrong = type(error).__name__
    return Line(about, NOT_OK, f"{wrong}. {todo}") if wrong else Line(about, OK)


async def _asked(name: str, channel: Channel) -> Line:
    if not isinstance(channel, Checked):
        return Line(name, OK, "it is switched on; whether it takes anything shows with the first message")
    return await _within(name, channel.check, "Look at its settings in README.md, and whether the other side is up")


async def _files(service: Service) -> Line:
    async def look() -> str:
        await service.inbox.files.read(NOWHERE)
        return ""

    return await _within("files", look, "ENGAWA_FILES_URL or ENGAWA_FILES_DIR cannot be read")


async def _seals(service: Service) -> Line:
    async def look() -> str:
        if service.post.seals is not None:
            await asyncio.to_thread(service.post.seals.names)
        return ""

    return await _within("seals", look, "ENGAWA_SEALS_URL cannot be read: the daily seals are not written")


def _reports(service: Service) -> list[Awaitable[Line]]:
    """Where the guarantor's file of each month goes, where that is set."""
    url = service.post.reports
    if not url:
        return []

    async def look() -> str:
        await asyncio.to_thread(open_place(url, Path()).names)
        async with service.store.read() as connection:
            return "the last try failed" if (await filed(connection)).failing else ""

    return [_within("report", look, "ENGAWA_REPORT_URL cannot be written to: the month's file is not laid down")]


def _trays(service: Service) -> list[Awaitable[Line]]:
    """The watched folder or bucket, where there is one."""
    found = collector(service)
    if found is None:
        return []

    async def look() -> str:
        await asyncio.to_thread(found.trays.lying)
        return ""

    return [_within("intake", look, "ENGAWA_INTAKE_URL cannot be read: no file is taken in from there")]


async def _pages(service: Service) -> Line:
    """From here, by the name that people know: its certificate and the proxy before it are looked at as well."""
    url = service.settings.public_url.rstrip("/")
    if urlsplit(url).hostname in LOOPBACK:
        return Line("pages", TO_DO, "people cannot reach this machine's own address: set ENGAWA_PUBLIC_URL")
    if not url.startswith("https://"):
        return Line("pages", NOT_OK, "links are keys: ENGAWA_PUBLIC_URL has to begin with https://")
    outside = import_module("bot.channels.heartbeat").Outside(f"{url}/healthz", PATIENCE)
    try:
        todo = "Is `engawa serve` running, and do name, certificate and proxy lead to it?"
        return await _within("pages", outside.call, todo)
    finally:
        await outside.close()


async def _well(service: Service) -> AsyncIterator[Line]:
    """What the rows say of the service itself."""
    now = service.clock.now()
    async with service.store.read() as connection:
        audit, figures = await state_of(connection), await gauges(connection, now)
    value = {one.name: one.value for one in figures if not one.labels}
    if audit.findings:
        yield Line("audit", NOT_OK, f"{audit.findings} found: `engawa audit` tells where; docs/operations.md what then")
    elif audit.last_at is None:
        yield Line("audit", TO_DO, "it has not been through yet: `engawa serve` begins it, `engawa audit` does it now")
    elif not is_well(audit.last_at, 0, now):
        yield Line("audit", NOT_OK, f"last through on {audit.last_at:%Y-%m-%d}: is `engawa serve` running?")
    else:
        yield Line("audit", OK)
    late = value["outbox_oldest_due_seconds"] > LATE.total_seconds()
    yield Line("sending", NOT_OK, "something is due and unsent: `engawa show pending`") if late else Line("sending", OK)
    for name, todo in (
        ("outbox_unknown", "messages whose outcome is unknown: staff settle them at the console"),
        ("inbound_failed", "events that were laid aside: staff read them at the console"),
    ):
        if value[name]:
            yield Line(name.replace("_", " "), TO_DO, f"{value[name]:.0f} {todo}")
    if value["observing"]:
        yield Line("restored", NOT_OK, "nothing is sent until `engawa restore --reconcile` (docs/backup.md)")


def _left_open(service: Service) -> list[Line]:
    """What a service for real people has, and this has not."""
    settings = service.settings
    drafts = any(consent_text(language).draft for language in LANGUAGES)
    outside = all(key.get_secret_value() for key in (settings.secret_key, settings.record_key))
    open_ends = (
        (drafts, "consent", "the text is a draft: have it checked before anybody real agrees"),
        (
            not outside,
            "keys",
            f"they lie in {settings.key_file}: keep a copy in another place, apart from the database",
        ),
        (not settings.office_phone, "office", "no telephone number is told to anybody: set ENGAWA_OFFICE_PHONE"),
        (not settings.heartbeat_url.get_secret_value(), "heartbeat", "nobody outside notices when this machine dies"),
        (settings.shadow, "shadow", "nothing leaves: ENGAWA_SHADOW is set"),
        (settings.now is not None, "clock", "it stands still: ENGAWA_NOW is set"),
    )
    return [Line(about, TO_DO, said) for is_open, about, said in open_ends if is_open]
