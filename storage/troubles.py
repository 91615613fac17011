"""What came in and waits for a person without being a case: files that could not be taken in, accounts that wait for a
word, and people whom nobody knows."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.outcome import Deed
from bot.core.people import Role
from bot.core.waiting import Kind, Line, due_after
from storage.record import SERVICE, Seal, append
from storage.tables import LINKING, TROUBLED, addresses, imports, inbound, link_codes

MOST = 300  # of each: accounts wait for days at most, and companies are few
CUT_SHORT = timedelta(hours=1)  # after which a file without a verdict is no more being taken in
LATELY = timedelta(days=7)  # for how long a stranger's last word stands on the list


async def troubles(connection: AsyncConnection, now: datetime) -> list[Line]:
    return [*await _refused(connection, now), *await _links(connection, now), *await _strangers(connection, now)]


async def settle_imports(connection: AsyncConnection, seal: Seal, company: str, by: str, now: datetime) -> bool:
    """The staff have seen to a company's files; False where none was left. A fact of the installation."""
    theirs = (text(TROUBLED), imports.c.submitter == company)
    newest = (await connection.execute(select(func.max(imports.c.id)).where(*theirs))).scalar()
    if newest is None:
        return False
    await connection.execute(update(imports).where(*theirs, imports.c.id <= newest).values(settled_at=now))
    deed = Deed("import_settled", by, {"submitter": company, "import": newest})
    await append(connection, seal, [(SERVICE, deed)], now)
    return True


async def _refused(connection: AsyncConnection, now: datetime) -> list[Line]:
    """Files that could not be taken in, or not whole, since the company's last good one: one line a company."""
    whole = and_(imports.c.verdict == "", imports.c.at > now - CUT_SHORT)
    query = select(imports.c.submitter, func.count().label("files"), func.min(imports.c.at).label("since"))
    query = query.where(text(TROUBLED), ~whole).group_by(imports.c.submitter).order_by(imports.c.submitter).limit(MOST)
    return [
        _line(Kind.IMPORTS, row.submitter, row.since, servicer=row.submitter, count=row.files)
        for row in await connection.execute(query)
    ]


async def _links(connection: AsyncConnection, now: datetime) -> list[Line]:
    """Accounts that wait until the address which they would replace has agreed; one that did is theirs by now."""
    theirs = [addresses.c[name] == link_codes.c[name] for name in ("person_id", "channel", "address")]
    linked = select(addresses.c.rank).where(*theirs, addresses.c.ended_at.is_(None))
    query = select(link_codes.c.person_id, link_codes.c.channel, link_codes.c.used_at, link_codes.c.digest)
    query = query.where(text(LINKING), link_codes.c.expires_at > now, ~linked.exists())
    query = query.order_by(link_codes.c.used_at, link_codes.c.digest).limit(MOST)
    return [
        _line(Kind.LINK, row.digest, row.used_at, what={"person": row.person_id, "channel": row.channel})
        for row in await connection.execute(query)
    ]


async def _strangers(connection: AsyncConnection, now: datetime) -> list[Line]:
    """Who wrote lately and has linked no account: one line for all of them, by what was heard last of each."""
    # By its ends and not by LIKE, which goes by no key: ";" comes after ":".
    known = addresses.c.person_id.between(f"{Role.GUEST}:", f"{Role.GUEST};")
    guests = select(addresses.c.person_id).where(known, addresses.c.ended_at.is_(None)).limit(MOST)
    last = select(func.max(inbound.c.received_at).label("at")).where(inbound.c.person_id.in_(guests))
    heard = last.group_by(inbound.c.person_id).subquery()
    query = select(func.count().label("people"), func.min(heard.c.at).label("since")).where(heard.c.at > now - LATELY)
    row = (await connection.execute(query)).one()
    return [_line(Kind.STRANGERS, "", row.since, count=row.people)] if row.people else []


def _line(kind: Kind, id: str, since: datetime, **more: Any) -> Line:
    day = civil(since)
    return Line(kind, id, str(kind), due_after(kind, day), day, **more)
