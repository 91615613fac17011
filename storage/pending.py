"""What waits, and why: every open case with its holder, and every message that has not gone out."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.days import TOKYO
from storage.outbox import PAPER, SENDING, UNKNOWN, WAITING
from storage.tables import cases, inbound, outbox, pauses

SHOWN = 1000


async def waiting(connection: AsyncConnection, now: datetime, limit: int = SHOWN) -> list[dict[str, Any]]:
    """Messages that have not gone out, each with the reason."""
    query = select(outbox).where(outbox.c.state.in_((WAITING, SENDING, UNKNOWN, PAPER)))
    scopes = set((await connection.execute(select(pauses.c.scope).where(pauses.c.until_at.is_(None)))).scalars())
    rows = await connection.execute(query.order_by(outbox.c.send_at, outbox.c.id).limit(limit))
    return [
        {
            "to": row.person_id,
            "channel": row.channel,
            "kinds": [part["kind"] for part in row.parts],
            "houses": sorted({part["house"] for part in row.parts if part["house"]}),
            "from": row.send_at.astimezone(TOKYO).isoformat(),
            "why": _why(row, scopes, now),
        }
        for row in rows
    ]


def _why(row: Any, scopes: set[str], now: datetime) -> str:
    if row.state == PAPER:
        return "a letter to be printed and posted"
    if row.state == UNKNOWN:
        return f"outcome unknown: {row.detail}"
    if row.state == SENDING:
        return "being sent"
    paused = scopes & {"all", f"channel:{row.channel}", f"servicer:{row.servicer_id}", row.person_id}
    if paused:
        return f"paused: {', '.join(sorted(paused))}"
    if row.attempts and row.retry_at:
        return f"attempt {row.attempts} failed ({row.detail}); again from {row.retry_at.isoformat()}"
    return "their hours and days" if row.send_at > now else "to be sent now"


async def open_matters(connection: AsyncConnection, limit: int = SHOWN) -> list[dict[str, Any]]:
    """Every open case: whose move it is, by when, and why."""
    query = select(cases).where(cases.c.phase != Phase.CLOSED).order_by(cases.c.next_action_at, cases.c.id).limit(limit)
    return [
        {
            "case": row.id,
            "house": row.house_id,
            "holder": row.holder,
            "next_action": row.next_action_at.astimezone(TOKYO).date().isoformat() if row.next_action_at else None,
            "phase": row.phase,
            "target": row.target_on.isoformat(),
            "visit": row.visit_on.isoformat() if row.visit_on else None,
            "why": row.reason or row.phase,
        }
        for row in await connection.execute(query)
    ]


async def failed_events(connection: AsyncConnection) -> int:
    """Events that were laid aside because they could not be handled."""
    query = select(func.count()).select_from(inbound).where(inbound.c.state == "failed")
    return int((await connection.execute(query)).scalar_one())
