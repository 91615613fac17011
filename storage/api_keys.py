"""The keys of the JSON API. A submitter's machine holds the secret, the row its digest: a copy of the database opens
nothing. The secret is chosen by chance, so its digest needs no salt."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.api_key import ApiKey, Scope, read_scopes, written
from bot.core.days import civil
from bot.core.outcome import Deed
from bot.core.people import STAFF_DESK
from storage.record import SERVICE, Seal, append
from storage.tables import api_keys

SECRET = 32  # bytes of chance
MARK = "engawa_"  # by which whoever looks for lost secrets knows one
SHOWN = ("id", "submitter", "scopes", "created_at", "expires_at", "revoked_at", "used_on")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key that is to be made. ``replaces`` is the number of one that it follows; 0 for none."""

    submitter: str
    scopes: frozenset[Scope]
    expires_at: datetime
    replaces: int = 0


async def make_key(connection: AsyncConnection, seal: Seal, wanted: Wanted, now: datetime) -> tuple[int, str]:
    """The new key's number, and its secret, which is known to nobody afterwards but whoever is told it now."""
    secret = MARK + secrets.token_urlsafe(SECRET)
    values = {
        "submitter": wanted.submitter,
        "digest": _digest(secret),
        "scopes": written(wanted.scopes),
        "created_at": now,
        "expires_at": wanted.expires_at,
    }
    new = insert(api_keys).values(**values).returning(api_keys.c.id)
    number = int((await connection.execute(new)).scalar_one())
    told = {"number": number, "submitter": wanted.submitter, "scopes": sorted(wanted.scopes)}
    told |= {"until": civil(wanted.expires_at).isoformat(), "replaces": wanted.replaces}
    await append(connection, seal, [(SERVICE, Deed("api_key_made", STAFF_DESK, told))], now)
    return number, secret


async def key_with(connection: AsyncConnection, secret: str) -> ApiKey | None:
    """The key with that secret, whether it still serves or not."""
    query = select(api_keys).where(api_keys.c.digest == _digest(secret))
    row = (await connection.execute(query)).one_or_none()
    return _key(row) if row is not None else None


async def key_at(connection: AsyncConnection, number: int) -> ApiKey | None:
    row = (await connection.execute(select(api_keys).where(api_keys.c.id == number))).one_or_none()
    return _key(row) if row is not None else None


async def all_keys(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Every key there was, without what it is known by."""
    columns = [api_keys.c[name] for name in SHOWN]
    return [dict(row._mapping) for row in await connection.execute(select(*columns).order_by(api_keys.c.id))]


async def revoke(connection: AsyncConnection, seal: Seal, key: ApiKey, now: datetime) -> bool:
    """It opens nothing from now on; False where it did not any more."""
    here = (api_keys.c.id == key.id, api_keys.c.revoked_at.is_(None))
    if not (await connection.execute(update(api_keys).where(*here).values(revoked_at=now))).rowcount:
        return False
    told = {"number": key.id, "submitter": key.submitter}
    await append(connection, seal, [(SERVICE, Deed("api_key_revoked", STAFF_DESK, told))], now)
    return True


async def end_by(connection: AsyncConnection, key: ApiKey, at: datetime) -> datetime:
    """It serves no longer than until then; when it ends."""
    ends = min(key.expires_at, at)
    await connection.execute(update(api_keys).where(api_keys.c.id == key.id).values(expires_at=ends))
    return ends


async def used(connection: AsyncConnection, number: int, today: date) -> None:
    await connection.execute(update(api_keys).where(api_keys.c.id == number).values(used_on=today))


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(row.id, row.submitter, read_scopes(row.scopes), row.expires_at, row.revoked_at, row.used_on)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
