"""Obligations that nobody holds, or that nobody will ever look at."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.absence import State
from bot.core.case import Phase
from bot.core.course import next_day
from bot.core.days import civil
from bot.core.ladder import SELF_LEAD
from storage.audit.finding import LATE, Finding, past_unreadable
from storage.audit.span import Span
from storage.cases import load_scenes
from storage.households import load_households
from storage.people import IN_BUSINESS, OF_STAFF
from storage.scopes import speaks_for
from storage.tables import (
    absences,
    cases,
    house_owners,
    houses,
    people,
    plan_items,
    servicers,
    spelled,
    works,
)

CASES = 500  # looked at together
SLACK = timedelta(days=14)


async def orphans(connection: AsyncConnection, span: Span, now: datetime) -> AsyncIterator[Finding]:
    """Whatever is open has a living holder and a day; whatever is not open yet is looked at in time."""
    open_case = cases.c.phase != Phase.CLOSED
    checks = {
        "no_holder": and_(open_case, ~_known_holder()),
        "holder_gone": and_(
            open_case, or_(_removed(), and_(cases.c.next_action_at > now, _known_holder(), ~_concerned()))
        ),
        "holder_away": and_(open_case, _away(civil(now))),
        "no_next_action": and_(open_case, cases.c.next_action_at.is_(None)),
        "next_action_late": and_(open_case, cases.c.next_action_at < now - LATE),
        "closed_with_open_work": and_(
            cases.c.phase == Phase.CLOSED,
            select(works.c.id).where(works.c.case_id == cases.c.id, works.c.basis.is_(None)).exists(),
        ),
    }
    for kind, condition in checks.items():
        found = select(cases.c.id).where(span.holds(cases.c.house_id), condition)
        for case_id in (await connection.execute(found)).scalars():
            yield Finding(kind, case_id)
    open_work = and_(span.holds(works.c.house_id), works.c.basis.is_(None), ~_case_of_house().exists())
    for work_id in (await connection.execute(select(works.c.id).where(open_work))).scalars():
        yield Finding("work_without_case", work_id)
    asleep = select(houses.c.id).where(span.holds(houses.c.id), houses.c.wake_on < civil(now) - LATE)
    for house_id in (await connection.execute(asleep)).scalars():
        yield Finding("not_looked_at", house_id)
    async for finding in _items(connection, span, now):
        yield finding
    async for finding in _put_off(connection, span, now):
        yield finding


async def _put_off(connection: AsyncConnection, span: Span, now: datetime) -> AsyncIterator[Finding]:
    """No case sleeps longer than what is decided about it says."""
    last = ""
    standing = select(cases.c.id).where(span.holds(cases.c.house_id), cases.c.phase != Phase.CLOSED)
    some = standing.order_by(cases.c.id).limit(CASES)
    while found := list((await connection.execute(some.where(cases.c.id > last))).scalars()):
        last = found[-1]
        async for finding in past_unreadable(found, partial(_slept, connection, now)):
            yield finding


async def _slept(connection: AsyncConnection, now: datetime, case_ids: Sequence[str]) -> list[Finding]:
    """A calendar may have changed by some days since."""
    tomorrow = civil(now) + timedelta(days=1)
    house_ids = (await connection.execute(select(cases.c.house_id).where(cases.c.id.in_(case_ids)))).scalars()
    households = await load_households(connection, set(house_ids))
    found = []
    for scene in (await load_scenes(connection, case_ids, households)).values():
        day, stored = next_day(scene), scene.case.next_action_at
        if stored is not None and (day is None or civil(stored) > max(day, tomorrow) + SLACK):
            found.append(Finding("put_off", scene.case.id, f"until {civil(stored)}, {day} was decided"))
    return found


def _case_of_house() -> Select[Any]:
    return select(cases.c.id).where(cases.c.id == works.c.case_id, cases.c.house_id == works.c.house_id)


def _known_holder() -> ColumnElement[bool]:
    return select(people.c.id).where(people.c.id == cases.c.holder).exists()


def _removed() -> ColumnElement[bool]:
    """Whether the holder has left the staff: what they held is given back at once, whenever it is due."""
    left = select(people.c.id).where(people.c.id == cases.c.holder, OF_STAFF, people.c.ended_on.is_not(None))
    return left.exists()


def _away(today: date) -> ColumnElement[bool]:
    """Whether the holder was away before today and still is: a round moves what they hold to who stands in, or the
    desk."""
    standing = absences.c.state != spelled(State.OVER)
    theirs = select(absences.c.id).where(absences.c.person_id == cases.c.holder, standing)
    return theirs.where(absences.c.from_on < today, absences.c.until_on >= today).exists()


def _concerned() -> ColumnElement[bool]:
    """Whether the holder is of the staff, or still an owner or the servicer of the house, and in business."""
    owner = select(house_owners.c.house_id).join(people, people.c.id == house_owners.c.person_id)
    owner = owner.where(house_owners.c.house_id == cases.c.house_id, speaks_for(cases.c.holder))
    owner = owner.where(house_owners.c.until_on.is_(None), people.c.ended_on.is_(None), people.c.erased_on.is_(None))
    owner = owner.where(people.c.bereaved_on.is_(None))
    servicer = select(houses.c.id).join(servicers, servicers.c.id == houses.c.servicer_id)
    servicer = servicer.where(houses.c.id == cases.c.house_id, cases.c.holder == "servicer:" + servicers.c.id)
    in_business = servicer.where(servicers.c.status.in_(IN_BUSINESS))
    asked = cases.c.candidate_id == cases.c.holder  # whether they take the house over
    staff = select(people.c.id).where(people.c.id == cases.c.holder, OF_STAFF, people.c.ended_on.is_(None))
    return or_(staff.exists(), asked, owner.exists(), in_business.exists())


async def _items(connection: AsyncConnection, span: Span, now: datetime) -> AsyncIterator[Finding]:
    """A plan item has an open work well before its date: none is overlooked, and none is open twice."""
    soon = civil(now) + timedelta(days=SELF_LEAD) - LATE
    mine = and_(works.c.house_id == plan_items.c.house_id, works.c.code == plan_items.c.code, works.c.basis.is_(None))
    due = or_(plan_items.c.next_due_on < soon, plan_items.c.backstop_on < soon)
    nobody = select(plan_items.c.house_id, plan_items.c.code).where(
        span.holds(plan_items.c.house_id), plan_items.c.current, due, ~select(works.c.id).where(mine).exists()
    )
    waiting = select(houses.c.id).where(houses.c.wake_on <= civil(now))
    for row in await connection.execute(nobody.where(plan_items.c.house_id.not_in(waiting))):
        yield Finding("orphan_item", f"{row.house_id}:{row.code}")
    standing = (span.holds(works.c.house_id), works.c.basis.is_(None), works.c.code != "finding")
    twice = select(works.c.house_id, works.c.code).where(*standing)
    for row in await connection.execute(twice.group_by(works.c.house_id, works.c.code).having(func.count() > 1)):
        yield Finding("open_twice", f"{row.house_id}:{row.code}")
