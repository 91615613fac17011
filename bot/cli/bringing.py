"""A builder's own files in the builder's name: what a command of ours takes in for it, as it would bring it itself.

Which companies there are is ours to say, whose houses there are is the builder's: a table of companies in a file of
its own is taken in as ours, everything else as the builder's. So nothing of its file reaches further than it may.
"""

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bot.cli.imports import take_files
from bot.config import SettingsError
from bot.core.days import civil
from bot.core.people import servicer_key
from bot.core.submitter import Acquired, Submitter
from bot.intake.report import FileReport
from bot.intake.tables import TABLES
from main import Service
from storage.store import Store
from storage.submitters import Entry, enter, submitter_of
from storage.tables import people

COMPANIES = TABLES[0].name


@dataclass(frozen=True, slots=True)
class Bringer:
    """Whose files these are; who represents it, how it comes by the data and where it is, unless that is on record."""

    company: str
    representative: str = ""
    acquired: Acquired | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """Files of a builder, told apart. ``name``: what they call the builder, should no list of ours do so."""

    bringer: Bringer
    files: Sequence[Path]
    ours: frozenset[Path] = frozenset()
    name: str = ""


async def told_apart(service: Service, brought: Brought, reports: Sequence[FileReport]) -> Brought:
    """What a trial of all the files as ours has told of them; ``service`` is on the store of that trial."""
    pairs = zip(brought.files, reports, strict=True)
    ours = frozenset(file for file, report in pairs if report.table == COMPANIES)
    return Brought(brought.bringer, brought.files, ours, await _name(service.store, brought.bringer.company))


async def bring(service: Service, brought: Brought, *, rejected_files: bool = True) -> list[FileReport]:
    """Takes the files in; a report per file, in their order. Raises SettingsError where the builder may bring none."""
    ours = [file for file in brought.files if file in brought.ours]
    theirs = [file for file in brought.files if file not in brought.ours]
    found = dict(zip(ours, await take_files(service, ours, rejected_files=rejected_files), strict=True))
    who = await _entered(service, brought)
    reports = await take_files(service, theirs, rejected_files=rejected_files, who=who)
    found |= dict(zip(theirs, reports, strict=True))
    return [found[file] for file in brought.files]


async def _entered(service: Service, brought: Brought) -> Submitter:
    """The builder as a submitter; its entry is made where there is none, or another stands."""
    bringer = brought.bringer
    if not await _name(service.store, bringer.company):
        await _make_known(service, bringer.company, brought.name)
    async with service.store.write() as connection:
        found = await submitter_of(connection, bringer.company)
        told = _told(bringer, found)
        if found is None or told != (found.representative, found.address, found.acquired):
            entry = Entry(bringer.company, *told)
            await enter(connection, entry, civil(service.clock.now()))
            found = await submitter_of(connection, bringer.company)
    if found is None:
        raise SettingsError(f"--as {bringer.company}: it is out of business, and brings nothing in")
    return found


def _told(bringer: Bringer, found: Submitter | None) -> tuple[str, str, str]:
    """Who represents it, where it is, and how it comes by the data: as is said now, or as it was."""
    representative = bringer.representative or (found.representative if found else "")
    acquired = bringer.acquired or (found.acquired if found else "")
    if not representative or not acquired:
        ask = "--representative NAME --acquired contract|consent|entrusted|succession"
        raise SettingsError(f"say who represents {bringer.company} and how it comes by the data: {ask}")
    return representative, bringer.address or (found.address if found else ""), acquired


async def _make_known(service: Service, company: str, name: str) -> None:
    """A builder whose workbook is all there is: its id and what it calls itself there. The rest of its row it brings
    itself."""
    if not name:
        raise SettingsError(f"--as {company}: no table of companies (servicer_id, name) among the files names it")
    with tempfile.TemporaryDirectory(prefix="engawa-company-") as folder:
        file = Path(folder) / f"{COMPANIES}.csv"
        with file.open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows([["servicer_id", "name"], [company, name]])
        await take_files(service, [file], rejected_files=False)


async def _name(store: Store, company: str) -> str:
    """Empty for a company that is not known."""
    async with store.read() as connection:
        query = select(people.c.name).where(people.c.id == servicer_key(company))
        return (await connection.execute(query)).scalar() or ""
