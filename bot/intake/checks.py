"""What takes other rows to know. Within a file the first row of a key stands; otherwise a later row is an update."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.intake.house_checks import ask_for_houses, named_by_house, settle_house
from bot.intake.known import Ask, Known
from bot.intake.page import Candidate, Page
from bot.intake.plan_checks import (
    ask_for_plan,
    ask_for_records,
    named_by_plan_row,
    named_by_record,
    settle_loan,
    settle_plan_row,
    settle_record,
)
from bot.intake.reasons import refuses
from bot.intake.rows import CLOSED, HouseRow, PlanRow, ServicerRow, key_of
from bot.intake.seen import Seen, key_hash
from bot.intake.tables import SERVICERS, Table


def page_for(table: Table, rows: list[Any], seen: Seen, file: int) -> Page:
    """What was seen of everything these rows name."""
    named = _NAMED[table.name]
    keys = [key_hash(table.name, *key_of(row, table)) for row in rows]
    keys += [key_hash(*name) for row in rows for name in named(row)]
    return Page(seen, file, seen.look(keys))


def ask_for(table: Table, rows: list[Any], page: Page) -> Ask:
    """What the store must answer before these rows can be judged."""
    return _ASKS[table.name](rows, page)


def settle(table: Table, candidates: list[Candidate], known: Known, page: Page) -> None:
    """Judges rows that were good so far, in their order: what is refused gets a fault, what stands is remembered."""
    judged = _SETTLERS[table.name]
    for candidate in candidates:
        judged(candidate, known, page)
    page.close()
    rows = [candidate.row for candidate in candidates if not refuses(candidate.faults)]
    page.seen.remember_houses(row.house_id for row in rows if isinstance(row, HouseRow))
    page.seen.remember_planned({row.house_id for row in rows if isinstance(row, PlanRow)})


def _ask_for_servicers(rows: list[ServicerRow], _page: Page) -> Ask:
    return Ask(closed=frozenset(row.servicer_id for row in rows if "status" in row.given and row.status != CLOSED))


def _settle_servicer(candidate: Candidate, known: Known, page: Page) -> None:
    row = candidate.row
    if isinstance(row, ServicerRow) and row.servicer_id in known.closed:
        candidate.fault("closed_by_handover", "status", row.status)
    page.stands(SERVICERS, candidate)


_NAMED: dict[str, Callable[[Any], Sequence[tuple[str, ...]]]] = {
    "servicers": lambda _row: (),
    "houses": named_by_house,
    "plan": named_by_plan_row,
    "records": named_by_record,
    "loans": named_by_plan_row,
}
_ASKS: dict[str, Callable[[list[Any], Page], Ask]] = {
    "servicers": _ask_for_servicers,
    "houses": ask_for_houses,
    "plan": ask_for_plan,
    "records": ask_for_records,
    "loans": ask_for_plan,
}
_SETTLERS: dict[str, Callable[[Candidate, Known, Page], None]] = {
    "servicers": _settle_servicer,
    "houses": settle_house,
    "plan": settle_plan_row,
    "records": settle_record,
    "loans": settle_loan,
}
