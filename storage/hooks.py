"""Submitters' own addresses: made, changed and ended. Each is somebody like any other, reached in one channel.

Its secret is in no row: it follows from its id under the record key.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.delivery import Outcome
from bot.core.hook import NAME, Ended, Hook, News, is_failing, read_events, written
from bot.core.outcome import Deed
from bot.core.people import STAFF_DESK, Role, servicer_key
from bot.core.signature import written_secret
from bot.core.submitter import Submitter, SubmitterKind
from storage.outbox import DROPPED, WAITING
from storage.pins import Pins
from storage.record import SERVICE, append
from storage.tables import addresses, hooks, outbox, people, spelled

CHANCE = 12  # bytes
ALL_DAY = {"hour_from": 0, "hour_until": 24}  # a machine has no quiet hours
LIVING = hooks.c.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is told to which address, through which channel; ``by`` is who says so."""

    url: str
    events: frozenset[News]
    channel: str
    by: str = STAFF_DESK


def secret_of(pins: Pins, hook: Hook) -> str:
    """As its owner is told it, once."""
    return written_secret(pins.seal.secret(f"{NAME}{hook.id}"))


async def make_hook(connection: AsyncConnection, pins: Pins, who: Submitter, wanted: Wanted, now: datetime) -> Hook:
    """An address of theirs that is told from now on."""
    hook = Hook(f"wh_{secrets.token_hex(CHANCE)}", who.id, wanted.url, wanted.events, now.replace(microsecond=0))
    row = {"id": hook.id, "submitter": who.id, "kind": who.kind, "events": written(hook.events), "made_at": now}
    await connection.execute(insert(hooks).values(**row))
    called = select(people.c.name).where(people.c.id == servicer_key(who.id)).scalar_subquery()
    await connection.execute(insert(people).values(id=hook.person_id, name=called, **ALL_DAY))
    await _reached(connection, hook, wanted)
    await append(connection, pins.seal, [(SERVICE, Deed("hook_made", wanted.by, _named(hook)))], now)
    return hook


async def change_hook(connection: AsyncConnection, pins: Pins, hook: Hook, wanted: Wanted, now: datetime) -> Hook:
    """It is told of this, there, from now on; one that had said it is gone is told again."""
    changed = Hook(hook.id, hook.submitter, wanted.url, wanted.events, hook.made_at)
    values = {"events": written(wanted.events), "ended_at": None, "ended_why": "", "failing_since": None}
    await connection.execute(update(hooks).where(hooks.c.id == hook.id).values(**values))
    if wanted.url != hook.url or hook.ended_why:
        await _unreached(connection, hook, "replaced", now)
        await _reached(connection, changed, wanted)
        waits = (outbox.c.person_id == hook.person_id, outbox.c.state == spelled(WAITING))
        await connection.execute(update(outbox).where(*waits).values(address=wanted.url, retry_at=None))
    await append(connection, pins.seal, [(SERVICE, Deed("hook_changed", wanted.by, _named(changed)))], now)
    return changed


async def end_hook(connection: AsyncConnection, pins: Pins, hook: Hook, why: tuple[Ended, str], now: datetime) -> None:
    """Nothing is told there any more. ``why`` is the reason, and who says so."""
    reason, by = why
    ended = update(hooks).where(hooks.c.id == hook.id)
    await connection.execute(ended.values(ended_at=now, ended_why=reason, failing_since=None))
    await _unreached(connection, hook, reason, now)
    waits = (outbox.c.person_id == hook.person_id, outbox.c.state == spelled(WAITING))
    await connection.execute(update(outbox).where(*waits).values(state=DROPPED, detail=f"address {reason}"))
    kind = "hook_gone" if reason is Ended.GONE else "hook_removed"
    await append(connection, pins.seal, [(SERVICE, Deed(kind, by, _named(hook)))], now)


async def note_answer(connection: AsyncConnection, pins: Pins, person_id: str, answer: Outcome, now: datetime) -> None:
    """What an address has answered: that it is gone ends it, and since when it fails is seen."""
    mine = hooks.c.id == person_id.partition(":")[2]
    if answer is Outcome.SENT:
        await connection.execute(
            update(hooks).where(mine, hooks.c.failing_since.is_not(None)).values(failing_since=None)
        )
        return
    if answer is not Outcome.DEAD:
        await connection.execute(
            update(hooks).where(mine, LIVING, hooks.c.failing_since.is_(None)).values(failing_since=now)
        )
        return
    row = (await connection.execute(_shown().where(mine, LIVING))).one_or_none()
    if row is not None:
        await end_hook(connection, pins, _hook(row), (Ended.GONE, person_id), now)


async def hooks_of(connection: AsyncConnection, submitter: str) -> list[Hook]:
    """Those of a submitter that were not removed, in the order of their ids."""
    mine = (hooks.c.submitter == submitter, hooks.c.ended_why != Ended.REMOVED)
    return [_hook(row) for row in await connection.execute(_shown().where(*mine).order_by(hooks.c.id))]


async def hook_at(connection: AsyncConnection, submitter: str, hook_id: str, *, to_write: bool = False) -> Hook | None:
    """One of a submitter's; None for another's as for none."""
    mine = (hooks.c.id == hook_id, hooks.c.submitter == submitter, hooks.c.ended_why != Ended.REMOVED)
    if to_write:  # of two that change it at once the second sees what the first has made of it
        await connection.execute(select(hooks.c.id).where(*mine).with_for_update())
    row = (await connection.execute(_shown().where(*mine))).one_or_none()
    return _hook(row) if row is not None else None


async def any_hook(connection: AsyncConnection, hook_id: str) -> Hook | None:
    """One of anybody's, for the staff."""
    mine = (hooks.c.id == hook_id, hooks.c.ended_why != Ended.REMOVED)
    row = (await connection.execute(_shown().where(*mine))).one_or_none()
    return _hook(row) if row is not None else None


async def any_living(connection: AsyncConnection) -> bool:
    return (await connection.execute(select(hooks.c.submitter).where(LIVING).limit(1))).first() is not None


async def living_of(connection: AsyncConnection, companies: Collection[str]) -> list[Hook]:
    """The living ones of these companies, and those of the guarantor and of every association, whose houses are not
    asked for here."""
    theirs = and_(hooks.c.kind == SubmitterKind.BUILDER, hooks.c.submitter.in_(list(companies)))
    others = hooks.c.kind.in_((SubmitterKind.ASSOCIATION, SubmitterKind.GUARANTOR))
    query = _shown().where(LIVING, or_(theirs, others))
    return [_hook(row) for row in await connection.execute(query.order_by(hooks.c.id))]


async def all_hooks(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Every one that there was."""
    columns = (hooks.c.id, hooks.c.submitter, hooks.c.events, hooks.c.made_at, hooks.c.failing_since)
    more = (hooks.c.ended_at, hooks.c.ended_why, _url().label("url"))
    return [dict(row._mapping) for row in await connection.execute(select(*columns, *more).order_by(hooks.c.made_at))]


async def unwell(connection: AsyncConnection, now: datetime) -> list[Row[Any]]:
    """Those that have said they are gone, and those that have answered nothing good for some days, with where they
    are."""
    either = or_(hooks.c.ended_why == spelled(Ended.GONE), hooks.c.failing_since.is_not(None))
    rows = (await connection.execute(select(hooks, _url().label("url")).where(either).order_by(hooks.c.id))).all()
    return [row for row in rows if row.ended_why or is_failing(row.failing_since, now)]


def _url() -> Any:
    """Where it is, or was last."""
    there = select(addresses.c.address).where(addresses.c.person_id == f"{Role.HOOK}:" + hooks.c.id)
    return there.order_by(addresses.c.ended_at.is_not(None), addresses.c.ended_at.desc()).limit(1).scalar_subquery()


def _shown() -> Select[Any]:
    columns = (hooks.c.id, hooks.c.submitter, hooks.c.events, hooks.c.made_at, hooks.c.ended_why)
    return select(*columns, _url().label("url"))


def _hook(row: Row[Any]) -> Hook:
    return Hook(row.id, row.submitter, row.url or "", read_events(row.events), row.made_at, row.ended_why)


async def _reached(connection: AsyncConnection, hook: Hook, wanted: Wanted) -> None:
    """It may have been there before."""
    there = (addresses.c.person_id == hook.person_id, addresses.c.address == wanted.url)
    back = await connection.execute(update(addresses).where(*there).values(ended_at=None, ended_why=""))
    if not back.rowcount:
        row = {"person_id": hook.person_id, "channel": wanted.channel, "address": wanted.url}
        await connection.execute(insert(addresses).values(**row))


async def _unreached(connection: AsyncConnection, hook: Hook, why: str, now: datetime) -> None:
    living = (addresses.c.person_id == hook.person_id, addresses.c.ended_at.is_(None))
    await connection.execute(update(addresses).where(*living).values(ended_at=now, ended_why=why))


def _named(hook: Hook) -> dict[str, Any]:
    """In a fact of the installation: which address, whose, and what it is told of; not where it is."""
    return {"hook": hook.id, "submitter": hook.submitter, "events": written(hook.events)}
