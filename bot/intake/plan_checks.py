"""Checks of plans, of records and of loans against the houses and plans they are about."""

from bot.intake.guide import GUIDE_CODES
from bot.intake.house_checks import house_before
from bot.intake.known import Ask, Known
from bot.intake.page import Candidate, Page
from bot.intake.rows import LoanRow, PlanRow, RecordRow
from bot.intake.tables import LOANS, PLAN, RECORDS

GUIDED = "guide"  # the note on a house that got a guide plan in this call


def named_by_plan_row(row: PlanRow | LoanRow) -> list[tuple[str, str]]:
    """What of the things seen before concerns this row."""
    return [("houses", row.house_id)]


def ask_for_plan(rows: list[PlanRow] | list[LoanRow], page: Page) -> Ask:
    return Ask(houses=_not_seen({row.house_id for row in rows}, page))


def settle_plan_row(candidate: Candidate, known: Known, page: Page) -> None:
    row = candidate.row
    assert isinstance(row, PlanRow)
    if row.house_id not in known.houses and page.get("houses", row.house_id) is None:
        candidate.fault("unknown_house", "house_id", row.house_id)
    elif page.stands(PLAN, candidate):
        page.put(None, "planned", row.house_id)


def settle_loan(candidate: Candidate, known: Known, page: Page) -> None:
    row = candidate.row
    assert isinstance(row, LoanRow)
    if row.house_id not in known.houses and page.get("houses", row.house_id) is None:
        candidate.fault("unknown_house", "house_id", row.house_id)
    else:
        page.stands(LOANS, candidate)


def named_by_record(row: RecordRow) -> list[tuple[str, ...]]:
    """What of the things seen before concerns this row."""
    return [("houses", row.house_id), ("planned", row.house_id), ("plan", row.house_id, row.item_code)]


def ask_for_records(rows: list[RecordRow], page: Page) -> Ask:
    ids = {row.house_id for row in rows}
    keys = frozenset((row.house_id, row.item_code, row.done_on) for row in rows)
    return Ask(houses=_not_seen(ids, page), plans=frozenset(ids), records=keys)


def settle_record(candidate: Candidate, known: Known, page: Page) -> None:
    row = candidate.row
    assert isinstance(row, RecordRow)
    house = house_before(row.house_id, known, page)
    if house is None:
        candidate.fault("unknown_house", "house_id", row.house_id)
    elif row.done_on < house.handed_over_on:
        candidate.fault("before_handover", "done_on", row.done_on)
    elif page.stands(RECORDS, candidate):
        if not _in_plan(row, known, page):
            candidate.fault("item_not_in_plan", "item_code", row.item_code)
        stored = known.records.get((row.house_id, row.item_code, row.done_on)) == row
        if candidate.said or (candidate.said is None and stored):
            candidate.fault("record_again", "done_on", row.done_on)


def _in_plan(row: RecordRow, known: Known, page: Page) -> bool:
    planned, stored = page.get("planned", row.house_id), known.plans.get(row.house_id)
    if planned is None:
        return stored is not None and row.item_code in stored.item_codes
    if planned.note == GUIDED:
        return row.item_code in GUIDE_CODES
    if page.get("plan", row.house_id, row.item_code) is not None:
        return True
    return stored is not None and not stored.guide and row.item_code in stored.item_codes


def _not_seen(house_ids: set[str], page: Page) -> frozenset[str]:
    return frozenset(id for id in house_ids if page.get("houses", id) is None)
