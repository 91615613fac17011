"""What waits, and why: every open case with its holder, and every message that has not gone out."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Case, Matter, Phase
from bot.core.days import TOKYO
from bot.core.outcome import Mode
from bot.core.pause import ALL, RESTORED
from bot.core.people import Role, role_of
from storage.cases import case_of
from storage.events import holds_at
from storage.outbox import HELD, PAPER, SENDING, UNKNOWN, WAITING
from storage.tables import cases, inbound, outbox, pauses
from storage.view import concerned


async def waiting(connection: AsyncConnection, now: datetime, house_id: str = "") -> list[dict[str, Any]]:
    """Messages that have not gone out, each with the reason: all of them, or those about one house."""
    query = select(outbox).where(outbox.c.state.in_((WAITING, SENDING, UNKNOWN, PAPER, HELD)))
    if house_id:
        query = query.where(outbox.c.person_id.in_(await concerned(connection, house_id)))
    standing = or_(pauses.c.until_at.is_(None), pauses.c.until_at > now)
    scopes = set((await connection.execute(select(pauses.c.scope).where(standing))).scalars())
    rows = (await connection.execute(query.order_by(outbox.c.send_at, outbox.c.id))).all()
    peace = await holds_at(connection, {part["house"] for row in rows for part in row.parts}, now)
    found = [
        {
            "to": row.person_id,
            "channel": row.channel,
            "kinds": [part["kind"] for part in row.parts],
            "houses": sorted({part["house"] for part in row.parts if part["house"]}),
            "from": row.send_at.astimezone(TOKYO).isoformat(),
            "why": _after_event(row, peace) or _why(row, scopes, now),
        }
        for row in rows
    ]
    return [message for message in found if not house_id or house_id in message["houses"]]


def _after_event(row: Any, peace: Mapping[str, datetime]) -> str:
    """After an earthquake or a storm reminders of what is routine wait; empty for what does not."""
    until = [peace[part["house"]] for part in row.parts if part["house"] in peace]
    if row.state != WAITING or row.mode != Mode.PROMPT or role_of(row.person_id) is Role.STAFF or not until:
        return ""
    return f"left in peace after an event, until {max(until).astimezone(TOKYO).isoformat()}"


def _why(row: Any, scopes: set[str], now: datetime) -> str:
    if row.state == PAPER:
        return "a letter to be printed and posted"
    if row.state == HELD:
        return "held: it may have been said before the database was put back"
    if row.state == UNKNOWN:
        return f"outcome unknown: {row.detail}"
    if row.state == SENDING:
        return "being sent"
    paused = scopes & {ALL, RESTORED, f"channel:{row.channel}", f"servicer:{row.servicer_id}", row.person_id}
    if paused:
        return f"paused: {', '.join(sorted(paused))}"
    if row.attempts and row.retry_at:
        return f"attempt {row.attempts} failed ({row.detail}); again from {row.retry_at.isoformat()}"
    return "their hours and days" if row.send_at > now else "to be sent now"


async def open_matters(connection: AsyncConnection, house_id: str = "") -> list[dict[str, Any]]:
    """Every open case, or those of one house: whose move it is, by when, and why."""
    query = select(cases).where(cases.c.phase != Phase.CLOSED)
    if house_id:
        query = query.where(cases.c.house_id == house_id)
    return [
        {
            "case": row.id,
            "house": row.house_id,
            "holder": row.holder,
            "next_action": row.next_action_at.astimezone(TOKYO).date().isoformat() if row.next_action_at else None,
            "phase": row.phase,
            "reason": row.reason,
            "target": row.target_on.isoformat(),
            "visit": row.visit_on.isoformat() if row.visit_on else None,
            "why": "; ".join(_why_open(case_of(row))),
        }
        for row in await connection.execute(query.order_by(cases.c.next_action_at, cases.c.id))
    ]


def _why_open(case: Case) -> Iterator[str]:
    """What a case waits for, in plain words."""
    if case.matter is not None:
        yield _why_staff(case.matter)
    yield _why_phase(case)
    for side, count in case.silence.items():
        if count and not case.report_of(Role(side)):
            yield f"the {side} was asked {count} times without an answer"
    for side, day in case.later.items():
        yield f"the {side} is asked again on {day}"


def _why_staff(matter: Matter) -> str:
    since = f"with the staff since {matter.raised_on}: {matter.reason}"
    if matter.until is None:
        return f"{since}, nobody has taken it, alerted {matter.level + 1} times"
    return f"{since}, {f'taken by {matter.taken_by}' if matter.taken_by else 'asleep'} until {matter.until}"


def _why_phase(case: Case) -> str:
    if case.phase is Phase.FIXED:
        return f"the visit is on {case.visit_on}"
    if case.phase is Phase.CONFIRMING:
        missing = [side for side in (Role.OWNER, Role.SERVICER) if not case.report_of(side)]
        return f"no word yet from the {' and the '.join(missing)}" if missing else "both have spoken"
    if case.offered:
        return f"the owner chooses among {', '.join(map(str, case.offered))}"
    if case.wished_on:
        return f"the servicer answers to the wish for {case.wished_on}"
    return "not done yet, no day is fixed"


async def failed_events(connection: AsyncConnection) -> int:
    """Events that were laid aside because they could not be handled."""
    query = select(func.count()).select_from(inbound).where(inbound.c.state == "failed")
    return int((await connection.execute(query)).scalar_one())
