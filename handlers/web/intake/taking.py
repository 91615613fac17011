"""Taking files in, by whichever door they came: checked, stored a batch a transaction, put down as an import each."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.outcome import Deed, Mode, Outcome, Say
from bot.core.people import STAFF_DESK, servicer_key
from bot.core.submitter import OPERATOR, Submitter
from bot.intake.known import Ask, Known
from bot.intake.pack_file import STATEMENTS, StatementRow
from bot.intake.report import FileReport, Problem
from bot.intake.rows import HouseRow, LoanRow, PlanRow, RecordRow, Row
from bot.intake.take_in import Batch, Step, Steps, take_in
from handlers.web.intake.answer import answer
from handlers.web.intake.loans import loan_told
from storage.commit import commit
from storage.imports import (
    MOST_PROBLEMS,
    Became,
    Came,
    begin_import,
    close_import,
    note_counts,
    tells_of,
    unfinished,
)
from storage.intake.batch import Arrival
from storage.intake.houses import take_houses
from storage.intake.loans import take_loans
from storage.intake.plans import take_plans, take_records
from storage.intake.servicers import take_servicers
from storage.intake.statements import take_statements
from storage.news import tell_machines
from storage.pins import Pins
from storage.store import Store

TAKE = {
    "servicers": take_servicers,
    "houses": take_houses,
    "plan": take_plans,
    "records": take_records,
    "loans": take_loans,
}
COUNTED = {
    "house_taken_in": "houses_new",
    "house_updated": "houses_changed",
    "owners_changed": "houses_changed",
    "plan_taken_in": "plans",
    "record_taken_in": "records_new",
    "record_updated": "records_changed",
    "loan_recorded": "loans_new",
    "loan_corrected": "loans_changed",
    "loan_repaid": "loans_changed",
    "servicer_taken_in": "companies",
    "servicer_updated": "companies",
    "statement_made": "statements",
}
PIECE = 1 << 20
Watch = Callable[[Batch], None]


@dataclass(frozen=True, slots=True)
class Sending:
    """Whose files these are, who brings them, and by which door. ``names`` are what people called them, where the
    files have names of ours; ``keys`` how the door tells each apart, where it takes several at once. ``resumes``: an
    import that was broken off is gone on with."""

    who: Submitter = OPERATOR
    by: str = "operator"
    door: str = "command"
    key: str | None = None
    names: Sequence[str] = ()
    keys: Sequence[str] = ()
    resumes: bool = False
    rejected_files: bool = True
    watch: Watch = lambda batch: None

    def came(self, number: int, file: Path) -> Came:
        """The file of this number, as its import has it."""
        name = self.names[number] if number < len(self.names) else file.name
        key = self.keys[number] if number < len(self.keys) else self.key
        return Came(self.who, self.by, self.door, _told(name), _digest(file), key)


@dataclass(slots=True)
class Taken:
    """One file on its way, and what became of it."""

    import_id: int
    came: Came
    report: FileReport | None = None
    renewed: set[str] = field(default_factory=set)
    about: dict[str, set[str]] = field(default_factory=dict)  # by what was counted, about which houses or rows
    before: Mapping[str, int] = field(default_factory=dict)  # what it had counted when it was broken off

    @property
    def counts(self) -> dict[str, int]:
        """What became new and what changed; a house that is new has not changed besides."""
        changed = self.about.get("houses_changed", set()) - self.about.get("houses_new", set())
        found = Counter({kind: len(keys) for kind, keys in self.about.items()})
        if "houses_changed" in found:
            found["houses_changed"] = len(changed)
        for kind, number in self.before.items():
            found[kind] += number
        return dict(found)


async def take_files(store: Store, files: Sequence[Path], sending: Sending, now: datetime) -> list[Taken]:
    """Takes files into the store, a transaction per batch; one for each file, in their order."""
    taken = await _begun(store, files, sending, now)
    by_file = {_told(str(file)): one for file, one in zip(files, taken, strict=True)}
    reports: list[FileReport] = []
    steps = take_in(files, civil(now), sending.rejected_files, replace(sending.who, pilot=store.pins.pilot))
    step = await asyncio.to_thread(_next, steps, None)
    while step is not None:
        known: Known | None = None
        match step:
            case Ask():
                async with store.read() as connection:
                    known = await answer(connection, step)
            case Batch():
                await _keep(store, step, by_file.get(step.file), now)
                sending.watch(step)
            case FileReport():
                reports.append(step)
        step = await asyncio.to_thread(_next, steps, known)
    for one, report in zip(taken, reports, strict=True):
        await _close(store, one, report, now)
    return taken


async def _begun(store: Store, files: Sequence[Path], sending: Sending, now: datetime) -> list[Taken]:
    """The imports of these files, each in the database before anything of it is taken."""
    found = []
    for number, file in enumerate(files):
        came = sending.came(number, file)
        async with store.write() as connection:
            again = await unfinished(connection, came.who.id, came.key) if sending.resumes and came.key else None
            if again is not None:
                found.append(Taken(again[0], came, before=again[1]))
            else:
                found.append(Taken(await begin_import(connection, came, now), came))
    return found


def _next(steps: Steps, known: Known | None) -> Step | None:
    """Reading goes on beside everything else that the service does; None at the end."""
    try:
        return steps.send(known)
    except StopIteration:
        return None


def _told(name: str) -> str:
    """A name as a report has it, whatever bytes the file system has in it."""
    return name.encode("utf-8", "replace").decode()


def _digest(file: Path) -> str:
    """The hash of a file; empty for what is none, or cannot be read."""
    if "\0" in str(file) or not file.is_file():
        return ""
    digest = hashlib.sha256()
    try:
        with file.open("rb") as opened:
            while piece := opened.read(PIECE):
                digest.update(piece)
    except OSError:
        return ""
    return digest.hexdigest()


async def _keep(store: Store, batch: Batch, taken: Taken | None, now: datetime) -> None:
    """Stores a batch; without an import it is one of guide plans."""
    if not batch.rows:
        return
    async with store.write() as connection:
        pins = store.pins
        deeds = await _stored(connection, pins, batch, _arrival(store, batch, taken, now))
        if taken is not None:
            _count(taken, deeds)
            if taken.came.key:
                await note_counts(connection, taken.import_id, taken.counts)
            await tells_of(connection, taken.import_id, _houses_in(batch.rows))
        await tell_machines(connection, pins, deeds, now)
        told = [deed.data["servicer"] for _, deed in deeds if deed.kind == "servicer_differs"]
        await commit(connection, pins, [Outcome(says=tuple(map(_note, told)))], now)


async def _stored(
    connection: AsyncConnection, pins: Pins, batch: Batch, arrival: Arrival
) -> Sequence[tuple[str, Deed]]:
    """What follows from a batch, as facts."""
    if batch.table == STATEMENTS:
        told = [(row.house_id, row.told, row.beside) for row in batch.rows if isinstance(row, StatementRow)]
        return await take_statements(connection, pins, told, arrival.now)
    rows = [_mapping(row) for row in batch.rows if not isinstance(row, StatementRow)]
    await TAKE[batch.table](connection, arrival, rows)
    deeds = arrival.deeds
    await arrival.write(connection)
    return deeds


def _arrival(store: Store, batch: Batch, taken: Taken | None, now: datetime) -> Arrival:
    """What a company calls its file may name people, so its facts hold the import's number instead."""
    if taken is None:
        return Arrival("guide", now, civil(now), store.pins.seal)
    guarded = not taken.came.who.everything
    source = f"import:{taken.import_id}" if guarded else Path(batch.file).name
    return Arrival(source, now, civil(now), store.pins.seal, taken.renewed, import_id=taken.import_id, guarded=guarded)


def _houses_in(rows: Sequence[Row | StatementRow]) -> set[str]:
    told = HouseRow | PlanRow | RecordRow | LoanRow | StatementRow
    return {row.house_id for row in rows if isinstance(row, told)}


def _count(taken: Taken, deeds: Sequence[tuple[str, Deed]]) -> None:
    for house_id, deed in deeds:
        if kind := COUNTED.get(deed.kind):
            row = " ".join(str(deed.data.get(name, "")) for name in ("item", "loan", "done_on", "servicer", "number"))
            taken.about.setdefault(kind, set()).add(f"{house_id} {row}")


async def _close(store: Store, taken: Taken, report: FileReport, now: datetime) -> None:
    taken.report = report
    problems = [_place(found) for _, found in zip(range(MOST_PROBLEMS), report.problems, strict=False)]
    became = Became(report.verdict.name, report.rows_total, report.rows_accepted, taken.counts, problems)
    async with store.write() as connection:
        await close_import(connection, store.pins, (taken.import_id, taken.came), became, now)


def _place(found: Problem) -> dict[str, Any]:
    """Where something is wrong and why, without what is written there."""
    known = {"table": found.table, "row": found.row, "field": found.field}
    return known | {"reason": found.reason, "severity": found.severity}


def reports_of(taken: Sequence[Taken]) -> Iterator[FileReport]:
    return (one.report for one in taken if one.report is not None)


def _note(servicer_id: str) -> Say:
    """To the staff: the file has a company in business that one of them has closed."""
    params = {"who": servicer_key(servicer_id), "reason": "closed_in_file", "house": ""}
    return Say(STAFF_DESK, "staff_note", params, Mode.PROMPT)


def _mapping(row: Row) -> dict[str, Any]:
    if isinstance(row, LoanRow):
        return loan_told(row)
    found = asdict(row)
    return found | {"statutory": row.statutory} if isinstance(row, PlanRow) else found
