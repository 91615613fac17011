"""The append-only record: facts chained per house by HMAC under the record key.

A fact's seal covers its house, place, instant, kind, actor, case and data, and what closed the chain before it: a
seal of the last seal, kept at the house, so that without the key nobody can cut off an end and close the chain anew.
Corrections are new facts. The installation's own facts (pauses, keys) form a chain of their own under the empty house
id.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.outcome import Deed
from storage.tables import facts, houses, service

SERVICE = ""  # the installation's own chain
OWN_CHAIN = 0x656E67617764  # its lock
Head = tuple[int, str]
# Made once: json.dumps makes a new encoder for every call that is not plain.
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_line = json.JSONEncoder(ensure_ascii=False).encode
HEADS = select(houses.c.id, houses.c.fact_count, houses.c.fact_mac).where(
    houses.c.id.in_(bindparam("wanted", expanding=True))
)
SET_HEAD = (
    update(houses)
    .where(houses.c.id == bindparam("house"))
    .values(fact_count=bindparam("count"), fact_mac=bindparam("seal"))
)


class Seal:
    """Seals facts under the record key; the key never shows."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "Seal(…)"

    def digest(self, text: str) -> str:
        """A salted digest: it shows that something is the same as before, and nothing else."""
        return hmac.new(self._key, f"digest:{text}".encode(), hashlib.sha256).hexdigest()[:16]

    def mac(self, fact: Mapping[str, Any], before: str) -> str:
        """The seal of one fact after the one before it, as 64 hex digits."""
        names = ("house_id", "seq", "at", "kind", "by", "case_id", "data")
        at = int(fact["at"].timestamp())
        line = _line([before, *(at if name == "at" else fact[name] for name in names)])
        return hmac.digest(self._key, line.encode(), "sha256").hex()

    def sheet(self, text: str) -> str:
        """The seal of a sheet of heads that is kept outside the database, as 64 hex digits."""
        return hmac.digest(self._key, f"sheet:{text}".encode(), "sha256").hex()

    def secret(self, name: str) -> bytes:
        """32 bytes that belong to a name and that no copy of the database can tell."""
        return hmac.digest(self._key, f"secret:{name}".encode(), "sha256")

    def close(self, mac: str) -> str:
        """What closes a chain after the fact with this seal, as 64 hex digits."""
        return hmac.digest(self._key, f"end:{mac}".encode(), "sha256").hex()


def canonical(data: Mapping[str, Any]) -> str:
    """The one way in which a fact's data is written."""
    return _canonical(data)


async def append(connection: AsyncConnection, seal: Seal, deeds: Iterable[tuple[str, Deed]], now: datetime) -> None:
    """Adds facts to the chains of their houses, in the order given. The houses must be locked by the caller."""
    entries = list(deeds)
    if not entries:
        return
    heads = await _heads(connection, {house_id for house_id, _ in entries})
    rows = []
    for house_id, deed in entries:
        count, before = heads[house_id]
        fact = {
            "house_id": house_id,
            "seq": count + 1,
            "at": now,
            "kind": deed.kind,
            "by": deed.by,
            "case_id": deed.case_id,
            "data": canonical(deed.data),
        }
        mac = seal.mac(fact, before)
        rows.append(fact | {"mac": mac})
        heads[house_id] = (count + 1, seal.close(mac))
    await connection.execute(insert(facts), rows)
    await _set_heads(connection, heads)


async def _heads(connection: AsyncConnection, house_ids: set[str]) -> dict[str, Head]:
    found: dict[str, Head] = {}
    if SERVICE in house_ids:
        await lock_own_chain(connection)
        found[SERVICE] = await read_head(connection)
    wanted = house_ids - {SERVICE}
    if wanted:
        rows = (await connection.execute(HEADS, {"wanted": list(wanted)})).all()
        found |= {house_id: (count, mac) for house_id, count, mac in rows}
    return found


async def lock_own_chain(connection: AsyncConnection) -> None:
    """Until the transaction's end: this chain has no house to lock, and two channels may write to it at once."""
    if connection.dialect.name == "postgresql":  # on SQLite only one transaction writes at a time anyway
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({OWN_CHAIN})"))


async def _set_heads(connection: AsyncConnection, heads: dict[str, Head]) -> None:
    own = heads.pop(SERVICE, None)
    if own is not None:
        await set_value(connection, "fact_head", json.dumps(own))
    if heads:
        rows = [{"house": house, "count": count, "seal": seal} for house, (count, seal) in heads.items()]
        await connection.execute(SET_HEAD, rows)


async def read_head(connection: AsyncConnection) -> Head:
    """Where the installation's own chain ends."""
    kept = await get_value(connection, "fact_head")
    count, mac = json.loads(kept) if kept else (0, "")
    return count, mac


async def set_value(connection: AsyncConnection, name: str, value: str) -> None:
    """Keeps one value of the installation's."""
    changed = await connection.execute(update(service).where(service.c.name == name).values(value=value))
    if changed.rowcount == 0:
        await connection.execute(insert(service).values(name=name, value=value))


async def get_value(connection: AsyncConnection, name: str) -> str | None:
    return (await connection.execute(select(service.c.value).where(service.c.name == name))).scalar()
