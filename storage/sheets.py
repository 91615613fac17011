"""A company's monthly list on paper: the code of each line, and the photos of the page that wait to be keyed in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.sheet_code import code_of
from storage.record import Seal
from storage.tables import sheet_codes, sheet_photos

SHOWN = 100  # photos on the staff's list


@dataclass(frozen=True, slots=True)
class Named:
    """The work that a code names, whose list it stood on, and since when it serves no more."""

    case_id: str
    company_id: str
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of the page, as it came from a company."""

    id: int
    person_id: str
    files: Sequence[str]
    sent_at: datetime


async def codes_for(
    connection: AsyncConnection, seal: Seal, company_id: str, case_ids: Collection[str], now: datetime
) -> dict[str, str]:
    """The code of each work on this company's list, by case: the one that serves still, or a new one."""
    mine = (sheet_codes.c.person_id == company_id, sheet_codes.c.case_id.in_(case_ids))
    rows = (await connection.execute(select(sheet_codes).where(*mine))).all()
    found = {row.case_id: row.code for row in rows if row.used_at is None}
    for case_id in sorted(set(case_ids) - set(found)):
        before = sum(row.case_id == case_id for row in rows)
        code = await _free(connection, seal, f"{company_id} {case_id} {before}")
        row = {"code": code, "case_id": case_id, "person_id": company_id, "made_on": civil(now)}
        await connection.execute(insert(sheet_codes).values(**row))
        found[case_id] = code
    return found


async def _free(connection: AsyncConnection, seal: Seal, said: str) -> str:
    """A code that is nobody's yet: nobody without the record key can tell the next one from those on a list."""
    for time in range(1000):
        code = code_of(int(seal.digest(f"code on a list:{said} {time}"), 16))
        if (await connection.execute(select(sheet_codes.c.code).where(sheet_codes.c.code == code))).scalar() is None:
            return code
    raise RuntimeError("no code is left")


async def named_by(connection: AsyncConnection, codes: Collection[str]) -> dict[str, Named]:
    """What each of these codes names; of last month's list too."""
    query = select(sheet_codes).where(sheet_codes.c.code.in_(codes))
    rows = await connection.execute(query)
    return {row.code: Named(row.case_id, row.person_id, row.used_at) for row in rows}


async def spend(connection: AsyncConnection, company_id: str, case_ids: Collection[str], now: datetime) -> None:
    """The works are reported, by whichever way: what stands for them on paper serves no more."""
    mine = (sheet_codes.c.person_id == company_id, sheet_codes.c.case_id.in_(case_ids), sheet_codes.c.used_at.is_(None))
    await connection.execute(update(sheet_codes).where(*mine).values(used_at=now))


async def sheet_sent(connection: AsyncConnection, house_id: str, data: Mapping[str, Any], now: datetime) -> None:
    """A company sent a photo of the page: it waits for the staff."""
    row = {"person_id": data["person"], "files": list(data["files"]), "sent_at": now}
    await connection.execute(insert(sheet_photos).values(**row))


async def waiting_photos(connection: AsyncConnection) -> list[Photo]:
    """Photos that nobody has keyed in yet, the oldest first."""
    query = select(sheet_photos).where(sheet_photos.c.keyed_at.is_(None)).order_by(sheet_photos.c.id).limit(SHOWN)
    return [Photo(row.id, row.person_id, row.files, row.sent_at) for row in await connection.execute(query)]


async def photo_keyed(connection: AsyncConnection, photo_id: int, by: str, now: datetime) -> str:
    """Whose photo it was; empty where it had been keyed in before."""
    waits = (sheet_photos.c.id == photo_id, sheet_photos.c.keyed_at.is_(None))
    statement = update(sheet_photos).where(*waits).values(keyed_at=now, keyed_by=by).returning(sheet_photos.c.person_id)
    return str((await connection.execute(statement)).scalar() or "")
