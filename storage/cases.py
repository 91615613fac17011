"""Cases and their works, as rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Basis, Candidacy, Case, Check, Matter, Phase, Report, Result, Risk, Scene, Work
from bot.core.house import Household
from bot.core.people import Role, role_of
from bot.core.plan import DoneBy, Kind
from bot.core.standing import Reason
from storage.people import load_people
from storage.tables import cases, houses, works

STATE = 1  # the version of a case's JSON


class StaleCaseError(RuntimeError):
    """The case was changed by somebody else in the meantime: decide again."""


async def due_cases(connection: AsyncConnection, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Cases whose next action date has come, as (case id, house id), the longest waiting first."""
    query = select(cases.c.id, cases.c.house_id).where(cases.c.next_action_at <= now)
    rows = await connection.execute(query.order_by(cases.c.next_action_at, cases.c.id).limit(limit))
    return [(row.id, row.house_id) for row in rows]


async def load_scenes(
    connection: AsyncConnection, case_ids: Iterable[str], households: Mapping[str, Household]
) -> dict[str, Scene]:
    """The cases by id, each with its household and works."""
    query = select(cases).where(cases.c.id.in_(set(case_ids)))
    return {scene.case.id: scene for scene in await _scenes(connection, query, households)}


async def load_scenes_of(connection: AsyncConnection, households: Mapping[str, Household]) -> dict[str, list[Scene]]:
    """The open cases of each house."""
    query = select(cases).where(cases.c.house_id.in_(households.keys()), cases.c.phase != Phase.CLOSED)
    found: dict[str, list[Scene]] = defaultdict(list)
    for scene in await _scenes(connection, query.order_by(cases.c.number), households):
        found[scene.case.house_id].append(scene)
    return found


async def talks_at(connection: AsyncConnection, house_ids: Iterable[str]) -> dict[str, dict[str, date]]:
    """At which houses one of the staff is in talk, with which side, and until which day at the most."""
    with_staff = (cases.c.house_id.in_(set(house_ids)), cases.c.phase != Phase.CLOSED, cases.c.reason != "")
    found: dict[str, dict[str, date]] = defaultdict(dict)
    for row in await connection.execute(select(cases.c.house_id, cases.c.state).where(*with_staff)):
        matter = _matter(row.state["matter"])
        if matter is not None and matter.talks_with and matter.until is not None:
            side = role_of(matter.talks_with)
            found[row.house_id][side] = max(matter.until, found[row.house_id].get(side, date.min))
    return found


async def _scenes(connection: AsyncConnection, query: Any, households: Mapping[str, Household]) -> list[Scene]:
    rows = (await connection.execute(query)).all()
    if not rows:
        return []
    mine: dict[str, list[Work]] = defaultdict(list)
    ids = [row.id for row in rows]
    for row in (await connection.execute(select(works).where(works.c.case_id.in_(ids)).order_by(works.c.id))).all():
        mine[row.case_id].append(work_of(row))
    house_ids = {row.house_id for row in rows}
    counted = select(houses.c.id, houses.c.case_count).where(houses.c.id.in_(house_ids))
    counts = {row.id: row.case_count for row in (await connection.execute(counted)).all()}
    asking = [row for row in rows if row.state.get("candidacy")]
    gone, beside = await _gone(connection, asking), await _beside(connection, asking)
    return [
        Scene(
            households[row.house_id],
            case_of(row),
            tuple(mine[row.id]),
            counts[row.house_id] + 1,
            gone=gone,
            beside=beside[row.house_id],
        )
        for row in rows
        if row.house_id in households
    ]


async def _gone(connection: AsyncConnection, asking: Sequence[Row[Any]]) -> frozenset[str]:
    """Of the companies that are asked in these cases, or would be next, those that are not in business."""
    found = [row.state["candidacy"] for row in asking]
    wanted = {company for one in found for company in (one["servicer"], *one["queue"])}
    people = await load_people(connection, wanted)
    return frozenset(company for company in wanted if company not in people or not people[company].active)


async def _beside(connection: AsyncConnection, asking: Sequence[Row[Any]]) -> Mapping[str, frozenset[str]]:
    """By house, why cases without a candidacy lie with the staff there."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    if asking:
        others = (cases.c.house_id.in_({row.house_id for row in asking}), cases.c.id.not_in({row.id for row in asking}))
        query = select(cases.c.house_id, cases.c.reason).where(*others, cases.c.phase != Phase.CLOSED)
        for row in await connection.execute(query.where(cases.c.reason != "")):
            found[row.house_id] |= {row.reason}
    return found


def work_of(row: Row[Any]) -> Work:
    return Work(
        id=row.id,
        case_id=row.case_id,
        code=row.code,
        part=row.part,
        kind=Kind(row.kind),
        statutory=row.statutory,
        done_by=DoneBy(row.done_by),
        due_on=row.due_on,
        backstop_on=row.backstop_on,
        plan_version=row.plan_version,
        done_on=row.done_on,
        result=Result(row.result) if row.result else None,
        performer=row.performer,
        basis=Basis(row.basis) if row.basis else None,
    )


def case_of(row: Row[Any]) -> Case:
    state = row.state
    return Case(
        id=row.id,
        house_id=row.house_id,
        number=row.number,
        ladder=row.ladder,
        opened_on=row.opened_on,
        target_on=row.target_on,
        holder=row.holder,
        next_action_at=row.next_action_at,
        phase=Phase(row.phase),
        version=row.version,
        round=row.round,
        visit_on=row.visit_on,
        offered=tuple(map(date.fromisoformat, state["offered"])),
        wished_on=date.fromisoformat(state["wished_on"]) if state["wished_on"] else None,
        fired=_days(state["fired"]),
        answered_on=_days(state["answered_on"]),
        later=_days(state["later"]),
        put_off=state.get("put_off", {}),
        silence=state["silence"],
        heard_in=state["heard_in"],
        matter=_matter(state["matter"]),
        reports=tuple(map(_report, state["reports"])),
        company=state.get("company", ""),
        candidacy=_candidacy(state.get("candidacy")),
        risk=_risk(state.get("risk")),
        check=_check(state.get("check")),
    )


def _days(raw: Mapping[str, str]) -> dict[str, date]:
    return {name: date.fromisoformat(day) for name, day in raw.items()}


def _matter(raw: Mapping[str, Any] | None) -> Matter | None:
    if raw is None:
        return None
    until = date.fromisoformat(raw["until"]) if raw["until"] else None
    return Matter(
        reason=raw["reason"],
        raised_on=date.fromisoformat(raw["raised_on"]),
        level=raw["level"],
        taken_by=raw["taken_by"],
        until=until,
        asker=raw.get("asker", ""),
        talks_with=raw.get("talks_with", ""),
        called_on=date.fromisoformat(raw["called_on"]) if raw.get("called_on") else None,
    )


def _candidacy(raw: Mapping[str, Any] | None) -> Candidacy | None:
    if raw is None:
        return None
    days = {name: date.fromisoformat(raw[name]) for name in ("asked_on", "until")}
    return Candidacy(**{**raw, **days, "queue": tuple(raw["queue"])})


def _risk(raw: Mapping[str, Any] | None) -> Risk | None:
    if raw is None:
        return None
    reasons = (Reason(**{**one, "since": date.fromisoformat(one["since"])}) for one in raw["reasons"])
    on = date.fromisoformat(raw["proposed_on"]) if raw["proposed_on"] else None
    return Risk(tuple(reasons), raw["proposed_by"], on, tuple(raw["proposed"]), tuple(raw["notices"]))


def _at_risk(risk: Risk) -> dict[str, Any]:
    reasons = [asdict(reason) | {"since": reason.since.isoformat()} for reason in risk.reasons]
    on = risk.proposed_on.isoformat() if risk.proposed_on else None
    return asdict(risk) | {"reasons": reasons, "proposed_on": on}


def _check(raw: Mapping[str, Any] | None) -> Check | None:
    return None if raw is None else Check(**{**raw, "on": date.fromisoformat(raw["on"])})


def _report(raw: Mapping[str, Any]) -> Report:
    return Report(
        side=Role(raw["side"]),
        person_id=raw["person_id"],
        done_on=date.fromisoformat(raw["done_on"]),
        result=Result(raw["result"]),
        said_at=datetime.fromtimestamp(raw["said_at"], UTC),
        via=raw["via"],
        performer=raw["performer"],
        evidence=tuple(raw["evidence"]),
        work_ids=tuple(raw["work_ids"]),
        source=raw.get("source", ""),
        checked=raw.get("checked", False),
    )


def _state(case: Case) -> dict[str, Any]:
    matter = case.matter
    return {
        "v": STATE,
        "offered": [day.isoformat() for day in case.offered],
        "wished_on": case.wished_on.isoformat() if case.wished_on else None,
        "fired": {name: day.isoformat() for name, day in case.fired.items()},
        "answered_on": {side: day.isoformat() for side, day in case.answered_on.items()},
        "later": {side: day.isoformat() for side, day in case.later.items()},
        "put_off": dict(case.put_off),
        "silence": dict(case.silence),
        "heard_in": dict(case.heard_in),
        "company": case.company,
        "matter": None
        if matter is None
        else {
            "reason": matter.reason,
            "raised_on": matter.raised_on.isoformat(),
            "level": matter.level,
            "taken_by": matter.taken_by,
            "until": matter.until.isoformat() if matter.until else None,
            "asker": matter.asker,
            "talks_with": matter.talks_with,
            "called_on": matter.called_on.isoformat() if matter.called_on else None,
        },
        "candidacy": None if case.candidacy is None else _asked(case.candidacy),
        "risk": None if case.risk is None else _at_risk(case.risk),
        "check": None if case.check is None else asdict(case.check) | {"on": case.check.on.isoformat()},
        "reports": [
            {
                "side": report.side,
                "person_id": report.person_id,
                "done_on": report.done_on.isoformat(),
                "result": report.result,
                "said_at": int(report.said_at.timestamp()),
                "via": report.via,
                "performer": report.performer,
                "evidence": list(report.evidence),
                "work_ids": list(report.work_ids),
                "source": report.source,
                "checked": report.checked,
            }
            for report in case.reports
        ],
    }


def _asked(candidacy: Candidacy) -> dict[str, Any]:
    days = {"asked_on": candidacy.asked_on.isoformat(), "until": candidacy.until.isoformat()}
    return asdict(candidacy) | days | {"queue": list(candidacy.queue)}


def _row(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "house_id": case.house_id,
        "number": case.number,
        "ladder": case.ladder,
        "phase": case.phase,
        "holder": case.holder,
        "next_action_at": case.next_action_at,
        "opened_on": case.opened_on,
        "target_on": case.target_on,
        "visit_on": case.visit_on,
        "reason": case.matter.reason if case.matter else "",
        "round": case.round,
        "version": case.version,
        "candidate_id": _candidate(case.candidacy),
        "state": _state(case),
    }


def _candidate(candidacy: Candidacy | None) -> str:
    """The company that has yet to answer."""
    return candidacy.servicer if candidacy is not None and not candidacy.accepted else ""


async def save_cases(connection: AsyncConnection, changed: Iterable[Case]) -> None:
    """Writes cases; one that was changed since it was read raises StaleCaseError."""
    rows = [_row(case) for case in {case.id: case for case in changed}.values()]
    new = [row for row in rows if row["version"] == 1]
    old = [row for row in rows if row["version"] > 1]
    if new:
        await connection.execute(insert(cases), new)
        await _count(connection, new)
    if old:
        statement = update(cases).where(cases.c.id == bindparam("case_id"), cases.c.version < bindparam("version"))
        # Without the id among the values: setting it, even to itself, makes SQLite look for works that point to it.
        values = [{"case_id": row.pop("id"), **row} for row in old]
        names = list(old[0])
        written = await connection.execute(statement.values({name: bindparam(name) for name in names}), values)
        if written.rowcount not in (-1, len(old)):
            raise StaleCaseError


async def _count(connection: AsyncConnection, new: list[dict[str, Any]]) -> None:
    numbers: dict[str, int] = {}
    for row in new:
        numbers[row["house_id"]] = max(row["number"], numbers.get(row["house_id"], 0))
    statement = update(houses).where(houses.c.id == bindparam("house")).values(case_count=bindparam("count"))
    await connection.execute(statement, [{"house": house, "count": count} for house, count in numbers.items()])


async def save_works(connection: AsyncConnection, changed: Iterable[Work], house_of_case: Mapping[str, str]) -> None:
    """Writes works: a new one is added, a known one replaced."""
    rows = {work.id: _work_row(work, house_of_case[work.case_id]) for work in changed}
    if not rows:
        return
    known = set((await connection.execute(select(works.c.id).where(works.c.id.in_(rows)))).scalars())
    new = [row for work_id, row in rows.items() if work_id not in known]
    if new:
        await connection.execute(insert(works), new)
    old = [{"work_id": row.pop("id"), **row} for work_id, row in rows.items() if work_id in known]
    if old:
        names = [name for name in old[0] if name != "work_id"]
        statement = update(works).where(works.c.id == bindparam("work_id"))
        await connection.execute(statement.values({name: bindparam(name) for name in names}), old)


def _work_row(work: Work, house_id: str) -> dict[str, Any]:
    return {
        "id": work.id,
        "case_id": work.case_id,
        "house_id": house_id,
        "code": work.code,
        "part": work.part,
        "kind": work.kind,
        "statutory": work.statutory,
        "done_by": work.done_by,
        "due_on": work.due_on,
        "backstop_on": work.backstop_on,
        "plan_version": work.plan_version,
        "done_on": work.done_on,
        "result": work.result,
        "performer": work.performer,
        "basis": work.basis,
    }


async def count_waiting(connection: AsyncConnection) -> int:
    """How many cases are open (for lists and metrics, never on the send path)."""
    query = select(func.count()).select_from(cases).where(cases.c.next_action_at.is_not(None))
    return int((await connection.execute(query)).scalar_one())
