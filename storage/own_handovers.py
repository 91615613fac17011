"""Handovers as far as they concern a submitter: houses that go from or come to a company of theirs, step by step.

Each side reads its own name only. A company that is asked knows town, structure, works and month of a house, and which
house it is once it has it.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, false, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.hook import handover_word, parties
from bot.core.outcome import Deed
from bot.core.people import servicer_key
from bot.core.submitter import Submitter
from storage.own_events import Place
from storage.record import SERVICE, Seal
from storage.tables import OF_HANDOVERS, cases, facts, houses, works

DONE = "servicer_changed"
# By fact, where the handover stands with it.
STATES: Mapping[str, str] = {
    "handover_prepared": "prepared",
    "handover_approved": "approved",
    "candidate_asked": "proposed",
    "candidate_accepted": "accepted",
    "candidate_declined": "declined",
    "candidate_silent": "silent",
    "candidacy_ended": "ended",
    DONE: "done",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a company that is asked may know of a house; ``month`` is the first day of that of the visit."""

    municipality_code: str = ""
    structure: str = ""
    works: tuple[tuple[str, str], ...] = ()  # part and kind
    month: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a handover. A company that is not theirs is empty, and so is a house that they must not know."""

    at: datetime
    place: tuple[str, int]  # of the fact
    state: str
    handover: str
    house_id: str
    before: str
    now: str
    case_id: str = ""
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class _Open:
    """The cases in which somebody is asked: who, and what they may know."""

    by_case: dict[str, tuple[str, Asked]] = field(default_factory=dict)

    def of(self, case_id: str, company: str) -> Asked | None:
        asked, known = self.by_case.get(case_id, ("", Asked()))
        return known if company and asked == servicer_key(company) else None


async def own_handovers(
    connection: AsyncConnection, seal: Seal, who: Submitter, page: tuple[Place | None, int]
) -> list[Step]:
    """The steps of handovers that concern them, by the record, the latest first; ``page`` is after what, how many."""
    after, limit = page
    later = _later()
    query = select(facts, houses.c.servicer_id, later.label("over")).join(
        houses, houses.c.id == facts.c.house_id, isouter=True
    )
    query = query.where(text(OF_HANDOVERS), *(() if who.everything else (_theirs(who, later),)))
    if after is not None:
        behind = and_(facts.c.house_id == after.id, facts.c.seq < after.seq)
        same = and_(facts.c.at == after.at, or_(facts.c.house_id > after.id, behind))
        query = query.where(or_(facts.c.at < after.at, same))
    query = query.order_by(facts.c.at.desc(), facts.c.house_id, facts.c.seq.desc()).limit(limit)
    rows = (await connection.execute(query)).all()
    opened = await _opened(connection, {row.case_id for row in rows if row.kind == "candidate_asked"})
    return [_step(seal, who, row, opened) for row in rows]


def _later() -> ColumnElement[bool]:
    """Whether the house has gone to another company since."""
    next_one = facts.alias()
    since = (next_one.c.house_id == facts.c.house_id, next_one.c.seq > facts.c.seq, next_one.c.kind == DONE)
    return exists().where(*since).correlate(facts)


def _theirs(who: Submitter, later: ColumnElement[bool]) -> ColumnElement[bool]:
    """Steps in which a company of theirs is asked, or that are about a house which they have had ever since."""
    keys = [servicer_key(one) for one in sorted(who.companies)]
    named = [f'"{key}"' for key in keys] + [f'"servicer":"{one}"' for one in sorted(who.companies)]
    told = (facts.c.data.contains(one, autoescape=True) for one in named)
    present = and_(houses.c.servicer_id.in_(who.companies), ~later)
    return or_(false(), *told, facts.c.by.in_(keys), present)


async def _opened(connection: AsyncConnection, case_ids: set[str]) -> _Open:
    """Of those cases that are open."""
    columns = (cases.c.id, cases.c.state["candidacy"].label("candidacy"), cases.c.target_on)
    query = select(*columns, houses.c.municipality_code, houses.c.structure).join(
        houses, houses.c.id == cases.c.house_id
    )
    found, parts = _Open(), await _works(connection, case_ids)
    for row in await connection.execute(query.where(cases.c.id.in_(case_ids), cases.c.phase != "closed")):
        if row.candidacy:
            month = row.target_on.replace(day=1).isoformat()
            known = Asked(row.municipality_code, row.structure, tuple(parts[row.id]), month)
            found.by_case[row.id] = row.candidacy["servicer"], known
    return found


async def _works(connection: AsyncConnection, case_ids: set[str]) -> Mapping[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    query = select(works.c.case_id, works.c.part, works.c.kind).where(works.c.case_id.in_(case_ids))
    for row in await connection.execute(query.where(works.c.basis.is_(None)).order_by(works.c.id)):
        found[row.case_id].append((row.part, row.kind))
    return found


def _step(seal: Seal, who: Submitter, row: Row[Any], opened: _Open) -> Step:
    deed = Deed(row.kind, row.by, json.loads(row.data), row.case_id)
    place = (row.house_id, row.seq)
    if row.house_id == SERVICE:  # all houses of a company
        company = _shown(who, str(deed.data["servicer"]))
        return Step(row.at, place, STATES[row.kind], str(deed.data["handover"]), "", company, "")
    present = "" if row.over else row.servicer_id or ""
    before, now = parties(deed, present)
    number = seal.digest(handover_word(row.case_id, now))
    known = who.everything or row.kind == DONE or present in who.companies
    shown = (_shown(who, before), _shown(who, now))
    asked = opened.of(row.case_id, shown[1]) if row.kind == "candidate_asked" else None
    return Step(row.at, place, STATES[row.kind], number, row.house_id if known else "", *shown, row.case_id, asked)


def _shown(who: Submitter, company: str) -> str:
    return company if who.everything or company in who.companies else ""
