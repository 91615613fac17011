"""Rows of a submitter that are about what is not theirs: refused before anything else is judged.

The reason never tells whether the thing exists: of another's house a plan row hears what it would hear of none.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.core.submitter import Submitter, beyond_pilot, may_touch, other_owner, wrong_companies
from bot.intake.house_checks import COMPANIES
from bot.intake.known import Ask, Known
from bot.intake.page import Candidate, Page
from bot.intake.rows import HouseRow, LoanRow, PlanRow, RecordRow, ServicerRow
from bot.intake.tables import ADDRESSES, Table

OURS_ALONE = "~"  # with which the keys begin that we make ourselves for owners without an id
# Of its own row, what a company does not say of itself: whoever runs the service registers it.
OPERATORS = frozenset({"role", "corporate_no", "status", "closed_on", "backup", "association"})
CHATS = {column.channel: column.key for column in ADDRESSES if column.operators}


def ask_for_scope(table: Table, rows: list[Any], page: Page) -> Ask:
    """What must be known to say whose these rows are."""
    if table.name == "servicers":
        return Ask()
    houses = frozenset(row.house_id for row in rows if table.name == "houses" or not _of_call(row.house_id, page))
    if table.name != "houses":
        return Ask(guarded=True, houses=houses) if houses else Ask()
    return Ask(
        guarded=True,
        houses=houses,
        owners=frozenset(row.owner_id for row in rows if row.owner_id),
        common_ids=frozenset(row.common_id for row in rows if row.common_id),
        guarantee_nos=frozenset(row.guarantee_no for row in rows if row.guarantee_no),
    )


def stay_in_pilot(who: Submitter, candidates: list[Candidate]) -> None:
    """Refuses the houses of companies that are no part of the pilot, whoever brings them."""
    for candidate in candidates:
        row = candidate.row
        assert isinstance(row, HouseRow)
        if beyond_pilot(who, row.builder_id, row.servicer_id):
            candidate.fault("not_in_pilot", "builder_id", row.builder_id or "")


def stay_within(who: Submitter, candidates: list[Candidate], known: Known, page: Page) -> None:
    """Refuses what is not theirs, and takes out of their own rows what is not theirs to say."""
    for candidate in candidates:
        _JUDGES[type(candidate.row)](who, candidate, known, page)


def _servicer(who: Submitter, candidate: Candidate, _known: Known, _page: Page) -> None:
    row = candidate.row
    assert isinstance(row, ServicerRow)
    if row.servicer_id != who.id:
        candidate.fault("row_of_another", "servicer_id", row.servicer_id)
        return
    for key in sorted(OPERATORS & row.given):
        candidate.fault("operators_only", key, getattr(row, key))
    candidate.row = replace(_without_chats(candidate, row), given=row.given - OPERATORS)


def _house(who: Submitter, candidate: Candidate, known: Known, page: Page) -> None:
    row = candidate.row
    assert isinstance(row, HouseRow)
    held = known.held.get(row.house_id)
    if held is not None and not may_touch(who, held):
        candidate.fault("not_usable", "house_id", row.house_id)
        return
    if who.guarantees and held is None and not row.guarantee_no:
        candidate.fault("not_guaranteed", "guarantee_no", "")
    for key in wrong_companies(who, {key: getattr(row, key) for key in COMPANIES}, held):
        candidate.fault("company_not_yours", key, getattr(row, key))
    for key, holders in (("common_id", known.common_ids), ("guarantee_no", known.guarantee_nos)):
        holder = holders.get(getattr(row, key) or "")
        if holder is not None and not may_touch(who, known.held[holder]):
            candidate.fault("not_usable", key, getattr(row, key))
    co_owners = frozenset(row.co_owners) if "co_owners" in row.given else None
    if held and (field := other_owner(held, row.owner_id, row.owner_name, co_owners)):
        candidate.fault("owner_change", field, "")
    candidate.row = _without_chats(candidate, row)
    _owner(who, candidate, known, page)


def _owner(who: Submitter, candidate: Candidate, known: Known, page: Page) -> None:
    """Nobody writes over somebody who owns no house of theirs; who owns another's house too keeps their contacts."""
    row = candidate.row
    assert isinstance(row, HouseRow)
    if row.owner_id is None:
        return
    houses = known.owned.get(row.owner_id)
    theirs = [may_touch(who, known.held[house]) for house in houses or ()]
    named_in_call = page.get("owner", row.owner_id) is not None
    if row.owner_id.startswith(OURS_ALONE) or (houses is not None and not any(theirs) and not named_in_call):
        candidate.fault("not_usable", "owner_id", row.owner_id)
    elif not all(theirs):
        candidate.row = _without_contacts(row)


def _without_contacts(row: HouseRow) -> HouseRow:
    """Nothing to be held against what is stored of somebody with whom another company has to do too."""
    unsaid = replace(row, owner_kana=None, language="ja", addresses=(), phone=None, channel_order=())
    return unsaid.behind_first_contacts()


def _of_house(who: Submitter, candidate: Candidate, known: Known, page: Page) -> None:
    row = candidate.row
    assert isinstance(row, PlanRow | RecordRow | LoanRow)
    held = known.held.get(row.house_id)
    if not _of_call(row.house_id, page) and (held is None or not may_touch(who, held)):
        candidate.fault("unknown_house", "house_id", row.house_id)


def _of_call(house_id: str, page: Page) -> bool:
    """Whether the house was taken from a file of this call, and so is theirs."""
    return page.get("houses", house_id) is not None


def _without_chats(candidate: Candidate, row: Any) -> Any:
    """An account in a chat is a person's own to tell: they link it themselves."""
    for channel, address in row.addresses:
        if channel in CHATS:
            candidate.fault("chat_by_person", CHATS[channel], address)
    kept = tuple(pair for pair in row.addresses if pair[0] not in CHATS)
    return replace(row, addresses=kept, given=row.given - set(CHATS.values()))


_JUDGES: dict[type, Callable[[Submitter, Candidate, Known, Page], None]] = {
    ServicerRow: _servicer,
    HouseRow: _house,
    PlanRow: _of_house,
    RecordRow: _of_house,
    LoanRow: _of_house,
}
