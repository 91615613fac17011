"""`engawa pilot`: from an empty folder and a builder's own file to a shadow run. Called again, it goes on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cli.bringing import Bringer, Brought, bring, told_apart
from bot.cli.imports import line_of, take_files
from bot.cli.instant import given_instant, in_japan
from bot.cli.layout import show
from bot.cli.opening import enter_shadow, print_json, rehearse_with_service, with_service
from bot.cli.settings_file import FILE, load_settings, write_settings
from bot.cli.shadow import shown
from bot.cli.submitter import one_line
from bot.config import SettingsError
from bot.core.days import civil
from bot.core.people import staff_key
from bot.core.rights import StaffRole
from bot.core.submitter import Acquired
from bot.intake.report import FileReport, Problem, exit_status
from main import Service
from scheduler.run import run_once, take_over
from storage.exclusive import BusyError, alone
from storage.pending import waiting
from storage.people import load_people
from storage.pilot import without_consent
from storage.retention import PERIODS
from storage.shadow import shadow_since, shown_messages
from storage.staff import Member, take_in
from storage.store import rehearse
from storage.submitters import submitter_of
from storage.tables import houses

FILE_REFUSED = 4
Files = Annotated[list[Path], typer.Argument(help="CSV, XLSX or JSON, as a builder sends them", metavar="FILE…")]
StaffId = Annotated[str, typer.Option("--staff", metavar="ID", help="the first of the staff")]
Name = Annotated[str, typer.Option("--name", help="as the others call them")]
Mail = Annotated[str, typer.Option("--mail", help="where the pilot's daily report goes")]
As = Annotated[str, typer.Option("--as", metavar="COMPANY", help="whose files these are: its id among the companies")]
Represented = Annotated[str, typer.Option("--representative", help="who represents it, by name; once")]
Where = Annotated[str, typer.Option("--address", help="where it is; once")]
How = Annotated[Acquired | None, typer.Option("--acquired", help="how it comes by the data; once")]
At = Annotated[str, typer.Option("--at", help="the shadow day; today if not said")]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
NOT_AGREED = "not every owner has agreed: nothing of the upkeep is said to the owners, only how to agree"
SEALED = "how they are reached is sealed until they agree, and is deleted after {}"
# 個人情報保護法 30条1項1号: who takes in somebody's data checks the name, address and representative of who gives it.
NOWHERE = "the record of provision (個人情報保護法 第30条) lacks the address of {}: call again with --address"
NEXT = (
    "docs/pilot.md: what to look at, and how the run ends",
    "set -a; . ./.env; set +a; engawa serve  (then open the entrance above)",
    "engawa pilot FILE… --as COMPANY  (again, with a mended file; nothing is done twice)",
    "engawa shadow  (what would have been sent)",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was asked for."""

    brought: Brought
    staff_id: str
    name: str
    mail: str

    def member(self, mail_channel: str) -> Member:
        accounts = ((mail_channel, self.mail),) if self.mail else ()
        return Member(staff_key(self.staff_id), self.name, StaffRole.SUPERVISOR, accounts)


def command(
    files: Files,
    company: As,
    representative: Represented = "",
    acquired: How = None,
    address: Where = "",
    staff: StaffId = "pilot",
    name: Name = "試行の担当者",
    mail: Mail = "",
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """Checks the files, makes settings and keys, takes the files in as that builder's, names a first member of the
    staff, and runs a day in which nothing leaves. Exit status 0, 3 when rows were refused, 4 when a file was: then
    nothing is kept."""
    instant = given_instant(at, "--at")
    bringer = Bringer(company, _line(representative), acquired, _line(address))
    load_settings()
    reports, builders, brought = rehearse_with_service(lambda service: _checked(service, Brought(bringer, files)))
    asked = Asked(brought, staff.removeprefix("staff:"), name, mail)
    answer: dict[str, Any] = {"checked": list(map(_file, reports))}
    if exit_status(reports) != FILE_REFUSED:
        answer["settings"] = f"{FILE} written" if write_settings(builders) else f"{FILE} was there already"
        load_settings()
        try:
            answer |= with_service(lambda service: _go(service, asked, instant))
        except BusyError:
            typer.echo("engawa: the service or another run is at work on this database", err=True)
            raise typer.Exit(5) from None
    print_json(answer) if as_json else show(answer)
    raise typer.Exit(exit_status(reports))


def _line(told: str) -> str:
    return one_line(told) if told else ""


async def _checked(service: Service, brought: Brought) -> tuple[list[FileReport], set[str], Brought]:
    """What becomes of the files, the builders of the houses, and the files told apart; nothing of it stays. Raises
    SettingsError for a folder in which a service is at work already: a pilot would silence it."""
    async with service.store.read() as connection:
        if await shadow_since(connection) is None and await _count(connection):
            raise SettingsError("there are houses here, and it is no shadow run: begin a pilot in an empty folder")
    async with rehearse(service.database, service.store.pins) as store:
        reports = await take_files(service.on(store), brought.files, rejected_files=False)
        if exit_status(reports) == FILE_REFUSED:
            return reports, set(), brought
        brought = await told_apart(service.on(store), brought, reports)
    async with rehearse(service.database, service.store.pins) as store:
        reports = await bring(service.on(store), brought, rejected_files=False)
        async with store.read() as connection:
            found = await connection.execute(select(houses.c.builder_id, houses.c.servicer_id))
            builders = {row.builder_id or row.servicer_id for row in found} - {None}
            return reports, builders or {brought.bringer.company}, brought  # none would be no limit at all


async def _go(service: Service, asked: Asked, instant: datetime | None) -> dict[str, Any]:
    """Raises SettingsError where the settings would let something leave."""
    now = instant or service.clock.now()
    if not service.settings.shadow:
        raise SettingsError(f"{FILE} has no ENGAWA_SHADOW=true: this would be no shadow run")
    async with alone(service.database):
        await enter_shadow(service, now)
        async with service.store.read() as connection:
            before = await _count(connection)
        await bring(service, asked.brought)
        missing = await _missing(service, asked.brought.bringer.company)
        staff = await _first_staff(service, asked.member(service.inbox.mail), now)
        await take_over(service.post, service.database, now)
        done = await run_once(service.post, service.understanding, now)
    return (
        missing
        | await _told(service, now)
        | {
            "houses": {"before": before, "looked_at": done.houses, "cases": done.cases},
            "staff": staff,
            "next": list(NEXT),
        }
    )


async def _missing(service: Service, company: str) -> dict[str, Any]:
    """What the record of provision lacks of the builder, said first; nothing where it is whole."""
    async with service.store.read() as connection:
        who = await submitter_of(connection, company)
    return {} if who is None or who.address else {"warning": NOWHERE.format(company)}


async def _first_staff(service: Service, member: Member, now: datetime) -> dict[str, Any]:
    """Who they are, and their entrance, which is a key. Raises SettingsError for an id that was given before."""
    async with service.store.write() as connection:
        known = (await load_people(connection, [member.id])).get(member.id)
        if known is None and not await take_in(connection, service.store.pins.seal, member, now):
            raise SettingsError(f"{member.id} was removed, and an id is one person's for good; choose another --staff")
    entrance = service.links.entrance(member.id.partition(":")[2])
    return {"id": member.id, "new": known is None, "entrance": entrance}


async def _told(service: Service, now: datetime) -> dict[str, Any]:
    async with service.store.read() as connection:
        since, rows = await shadow_since(connection), await shown_messages(connection)
        left, count = await waiting(connection, now), await _count(connection)
        silent = await without_consent(connection)
    return {
        "day": in_japan(now),
        "shadow_since": in_japan(since) if since else "",
        "houses_here": count,
        "would_have_been_sent": [shown(row) for row in rows],
        "waiting": left,
        "waiting_for_consent": [_silent(row) for row in silent],
    }


def _silent(row: Row[Any]) -> dict[str, Any]:
    """A house of which not every owner has agreed, and what that means for what would be sent."""
    told = {"house": row.house_id, "why": NOT_AGREED}
    if row.sealed_at is None:
        return told
    until = civil(row.sealed_at) + timedelta(days=PERIODS["sealed contact data"])
    return told | {"sealed": SEALED.format(until)}


async def _count(connection: AsyncConnection) -> int:
    return int((await connection.execute(select(func.count()).select_from(houses))).scalar_one())


def _file(report: FileReport) -> dict[str, Any]:
    refused = report.rows_total - report.rows_accepted
    told = {"file": report.file, "verdict": report.verdict.name, "rows": report.rows_total, "refused": refused}
    return told | {"first_problems": list(map(line_of, _first(report)))}


def _first(report: FileReport) -> list[Problem]:
    return [found for _, found in zip(range(10), report.problems, strict=False) if found.severity == "error"]
