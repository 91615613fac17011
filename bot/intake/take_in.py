"""The importer: files in, batches of checked rows and one report per file out.

``take_in`` is a generator that does no I/O but reading the files it is given (and writing their lists of refused
rows). It yields an ``Ask`` and must be sent the ``Known`` that answers it; it yields a ``Batch``, which whoever
drives it stores before going on; at the end it yields one ``FileReport`` per file, in the order of the files.
Files are read as servicers, houses, plan, records, loans, and at last what handover packs tell, whatever their order.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.core.submitter import OPERATOR, Submitter
from bot.intake.checks import ask_for, page_for, settle
from bot.intake.guide import guide_plan
from bot.intake.known import Ask, Known, Store
from bot.intake.pack_file import STATEMENTS, StatementRow
from bot.intake.page import Candidate, Page
from bot.intake.part import Part
from bot.intake.plan_checks import GUIDED
from bot.intake.reading import batched, read_candidates
from bot.intake.reasons import Fault, Refused, refuses
from bot.intake.report import FileReport
from bot.intake.rows import Row
from bot.intake.scope import ask_for_scope, stay_in_pilot, stay_within
from bot.intake.seen import Seen
from bot.intake.sent_file import SentFile
from bot.intake.source import unreadable_is_refused
from bot.intake.tables import HOUSES, PLAN, TABLES, Table

BATCH = 500  # rows
GUIDED_AT_ONCE = 50  # houses, of some twenty rows each


@dataclass(frozen=True, slots=True)
class Batch:
    """Accepted rows of one table, or what a handover pack states, to be stored in one transaction.

    ``file`` is the file they stand in, empty for guide plans. ``progress`` is how much of that file has been read,
    0 to 1. ``rows`` may be empty. A house that stands in the batch twice unchanged is in it once.
    """

    file: str
    table: str
    rows: tuple[Row | StatementRow, ...]
    progress: float = 1.0


Step = Ask | Batch | FileReport
Steps = Generator[Step, Known | None, None]


@dataclass(frozen=True, slots=True)
class Call:
    """One call: on which day, for whom, and what it has seen so far."""

    today: date
    who: Submitter
    seen: Seen


def take_in(paths: Sequence[str | Path], today: date, rejected_files: bool = True, who: Submitter = OPERATOR) -> Steps:
    """Takes in files of a submitter; see the module. ``today`` is the civil date in Tokyo. Never raises for what is in
    a file."""
    seen = Seen()
    call = Call(today, who, seen)
    lists: set[Path] = set()
    files = [SentFile(path, number, rejected_files, lists) for number, path in enumerate(paths)]
    try:
        for file in files:
            file.open()
            file.look_over(today)
        for table in TABLES:
            for file in files:
                for part in file.parts_of(table):
                    yield from _take_part(file, part, call)
            if table is PLAN:
                yield from _guide_plans(seen)
        for file in files:
            yield from _take_pack(file, call)
        for file in files:
            file.finish()
            yield file.report
    finally:
        for file in files:
            file.close()
        seen.close()


def run(steps: Steps, store: Store) -> Iterator[Batch | FileReport]:
    """Drives ``take_in`` against a store of tables; yields every batch after it was kept, and every report."""
    step = next(steps, None)
    while step is not None:
        answer = store.answer(step) if isinstance(step, Ask) else None
        if isinstance(step, Batch):
            store.keep(tuple(row for row in step.rows if not isinstance(row, StatementRow)))
        if not isinstance(step, Ask):
            yield step
        try:
            step = steps.send(answer)
        except StopIteration:
            return


def _take_part(file: SentFile, part: Part, call: Call) -> Steps:
    try:
        with unreadable_is_refused():
            for batch in batched(read_candidates(part, call.today), BATCH):
                rows = yield from _settle(file, part, call, batch)
                yield Batch(file.report.file, part.heading.table.name, rows, file.progress)
    except Refused as refused:
        file.refuse(refused)


def _take_pack(file: SentFile, call: Call) -> Steps:
    """What a handover pack tells of a house that is known here. It comes by the operators alone: whoever looks after
    a house has no word in what its authority wrote."""
    try:
        with unreadable_is_refused():
            rows = file.statements(call.today)
        if rows and not call.who.everything:
            raise Refused(Fault("no_table"))
        houses = frozenset(row.house_id for row in rows)
        known = ((yield Ask(houses=houses)) or Known()) if rows else Known()
        if unknown := houses.difference(known.houses):
            raise Refused(Fault("unknown_house", "house_id", min(unknown)), table=HOUSES.name)
    except Refused as refused:
        file.refuse(refused)
        return
    if rows:
        yield Batch(file.report.file, STATEMENTS, tuple(rows))


def _settle(
    file: SentFile, part: Part, call: Call, batch: list[Candidate]
) -> Generator[Step, Known | None, tuple[Row, ...]]:
    table = part.heading.table
    good = [candidate for candidate in batch if candidate.row is not None]
    if call.who.pilot and table is HOUSES:
        stay_in_pilot(call.who, good)
        good = [candidate for candidate in good if not refuses(candidate.faults)]
    rows = [candidate.row for candidate in good]
    page = page_for(table, rows, call.seen, file.number)
    if not call.who.everything:
        good = yield from _within(call.who, table, good, page)
        rows = [candidate.row for candidate in good]
    ask = ask_for(table, rows, page)
    known = Known() if ask == Ask() else (yield ask) or Known()
    settle(table, good, known, page)
    for candidate in batch:
        file.note(part, candidate)
    return tuple(c.row for c in good if c.row is not None and not c.repeated and not refuses(c.faults))


def _within(
    who: Submitter, table: Table, good: list[Candidate], page: Page
) -> Generator[Step, Known | None, list[Candidate]]:
    """Those that are the submitter's own; of the others nothing more is asked."""
    ask = ask_for_scope(table, [candidate.row for candidate in good], page)
    known = Known() if ask == Ask() else (yield ask) or Known()
    stay_within(who, good, known, page)
    return [candidate for candidate in good if not refuses(candidate.faults)]


def _guide_plans(seen: Seen) -> Steps:
    """Plans for the houses of this call that have none, neither in its files nor in the store."""
    for ids in seen.unplanned_houses(GUIDED_AT_ONCE):
        known = (yield Ask(plans=frozenset(ids))) or Known()
        page = Page(seen, -1, {})
        rows: list[Row] = []
        for id in ids:
            if id not in known.plans:
                page.put(GUIDED, "planned", id)
                rows += guide_plan(id)
        page.close()
        yield Batch("", PLAN.name, tuple(rows))
