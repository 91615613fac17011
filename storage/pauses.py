"""What is, or lately was, not sent."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.pause import Pause
from storage.tables import pauses

REMEMBERED = timedelta(days=400)  # what ended before that can hold up no silence that still counts


async def load_pauses(connection: AsyncConnection, now: datetime) -> list[Pause]:
    recent = or_(pauses.c.until_at.is_(None), pauses.c.until_at > now - REMEMBERED)
    rows = await connection.execute(select(pauses.c.scope, pauses.c.until_at).where(recent))
    return [Pause(row.scope, civil(row.until_at) if row.until_at else None) for row in rows]
