"""Which case of a house a message would be about."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import cases, works


async def newest_case(connection: AsyncConnection, house_id: str) -> str:
    """The newest case of this house that is about works; empty where there was none yet."""
    about_works = select(works.c.id).where(works.c.case_id == cases.c.id).exists()
    query = select(cases.c.id).where(cases.c.house_id == house_id, about_works)
    return (await connection.execute(query.order_by(cases.c.number.desc()).limit(1))).scalar() or ""
