"""Which houses and cases a person is concerned with, and what we last asked them."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase, Scene
from bot.core.days import civil
from bot.core.outcome import Mode, Talk
from bot.core.people import Role, role_of
from storage.cases import load_scenes
from storage.households import load_households
from storage.people import IN_BUSINESS
from storage.scopes import acts_at
from storage.tables import cases, houses, outbox, records, servicers, spelled, talks

MOST = 200  # open cases looked at for one message
LOOK_BACK = 20  # closed cases that something taken back is looked for in


async def talk_of(connection: AsyncConnection, person_id: str) -> Talk:
    """The open question to a person; an empty one if there is none."""
    state = (await connection.execute(select(talks.c.state).where(talks.c.person_id == person_id))).scalar()
    if not state:
        return Talk(person_id)
    asked = state["asked_at"]
    at = datetime.fromtimestamp(asked, UTC) if asked else None
    asked_so = (state.get("says", ""), state.get("params", {}))
    return Talk(person_id, state["question"], state["house_id"], state["case_id"], state["data"], at, *asked_so)


async def said_since(connection: AsyncConnection, talk: Talk) -> bool:
    """Whether anything that we began reached a person after their open question."""
    if talk.asked_at is None:
        return False
    mine = (outbox.c.person_id == talk.person_id, outbox.c.day >= civil(talk.asked_at))
    begun = (outbox.c.mode.in_((Mode.PROMPT, Mode.RELAY, Mode.CHECK)), outbox.c.sent_at > talk.asked_at)
    return (await connection.execute(select(outbox.c.id).where(*mine, *begun).limit(1))).scalar() is not None


async def houses_of_cases(connection: AsyncConnection, case_ids: Collection[str]) -> set[str]:
    query = select(cases.c.house_id).where(cases.c.id.in_(set(case_ids)))
    return set((await connection.execute(query)).scalars())


async def houses_of(connection: AsyncConnection, person_id: str) -> list[str]:
    """The houses at which an owner decides, or which a servicer looks after."""
    if role_of(person_id) is Role.OWNER:
        return sorted((await connection.execute(acts_at(person_id))).scalars())
    query = select(houses.c.id).where(*_looked_after(person_id))
    return list((await connection.execute(query.order_by(houses.c.id).limit(MOST))).scalars())


async def open_cases(connection: AsyncConnection, person_id: str) -> list[tuple[str, str]]:
    """The open cases a person is concerned with, as (case id, house id), the most pressing first."""
    query = select(cases.c.id, cases.c.house_id).where(cases.c.phase != Phase.CLOSED)
    role = role_of(person_id)
    if role == Role.OWNER:
        # What only the staff are told of is no business of the owner's, and never what their words are about.
        query = query.where(
            cases.c.house_id.in_(acts_at(person_id)), cases.c.ladder.not_like(f"milestone/%/{Role.STAFF}/%")
        )
    elif role == Role.SERVICER:
        kinds = or_(*(cases.c.ladder.like(f"{ladder}/%") for ladder in ("visit", "finding", "desk")))
        # Without the owner's mandate a house is nobody's business, even of a company that asks.
        theirs = select(houses.c.id).where(*_looked_after(person_id), houses.c.mandated)
        query = query.where(or_(and_(cases.c.house_id.in_(theirs), kinds), _is_candidate(person_id)))
    else:
        return []
    rows = await connection.execute(query.order_by(cases.c.target_on, cases.c.id).limit(MOST))
    return [(row.id, row.house_id) for row in rows]


def _looked_after(person_id: str) -> tuple[ColumnElement[bool], ...]:
    """The houses that a company looks after: one that is out of business has access to none."""
    own_id = person_id.partition(":")[2]
    living = select(servicers.c.id).where(servicers.c.id == own_id, servicers.c.status.in_(IN_BUSINESS))
    return houses.c.servicer_id == own_id, living.exists()


async def still_theirs(connection: AsyncConnection, person_id: str, house_ids: Collection[str]) -> set[str]:
    """Those of these houses that a company looks after now, with the owner's mandate: what it may see."""
    query = select(houses.c.id).where(*_looked_after(person_id), houses.c.mandated, houses.c.id.in_(house_ids))
    return set((await connection.execute(query)).scalars())


def _is_candidate(person_id: str) -> ColumnElement[bool]:
    """Whether a company is asked to take the house over."""
    return and_(cases.c.candidate_id != spelled(""), cases.c.candidate_id == person_id)


async def scenes_of(connection: AsyncConnection, found: list[tuple[str, str]]) -> tuple[Scene, ...]:
    """Those cases with everything about them, in the same order."""
    households = await load_households(connection, {house_id for _, house_id in found})
    scenes: Mapping[str, Scene] = await load_scenes(connection, [case_id for case_id, _ in found], households)
    last = await _last_done(connection, households)
    return tuple(_with_last(scenes[case_id], last) for case_id, _ in found if case_id in scenes)


async def _last_done(connection: AsyncConnection, house_ids: Collection[str]) -> Mapping[tuple[str, str], date]:
    """When each item was last completed, by house and item."""
    query = select(records.c.house_id, records.c.code, func.max(records.c.done_on).label("on"))
    query = query.where(records.c.house_id.in_(house_ids)).group_by(records.c.house_id, records.c.code)
    return {(row.house_id, row.code): row.on for row in await connection.execute(query)}


def _with_last(scene: Scene, last: Mapping[tuple[str, str], date]) -> Scene:
    """The last completion of what the plan repeats; a repair of one finding says nothing of the next."""
    planned = [(scene.case.house_id, work.code) for work in scene.open_works if work.plan_version]
    return replace(scene, last_done=max((last[item] for item in planned if item in last), default=None))


async def case_house(connection: AsyncConnection, case_id: str) -> str | None:
    return (await connection.execute(select(cases.c.house_id).where(cases.c.id == case_id))).scalar()


async def next_case_number(connection: AsyncConnection, house_id: str) -> int:
    query = select(houses.c.case_count).where(houses.c.id == house_id)
    return int((await connection.execute(query)).scalar_one()) + 1


async def closed_on(connection: AsyncConnection, person_id: str, source: str, files: Collection[str] = ()) -> bool:
    """Whether one of this person's last closed cases rests on what was said, or shown, in that inbound row."""
    mine = cases.c.house_id.in_(await houses_of(connection, person_id))
    query = select(cases.c.state).where(mine, cases.c.phase == Phase.CLOSED)
    states = (await connection.execute(query.order_by(cases.c.opened_on.desc()).limit(LOOK_BACK))).scalars()
    reports = [report for state in states for report in state["reports"]]
    return any(report.get("source") == source or set(files).intersection(report["evidence"]) for report in reports)
