"""The end of a shadow run: what was only shown is never sent, and who would have been asked is asked anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from bot.core.case import Phase
from bot.core.days import civil
from bot.core.outcome import Deed
from bot.core.pause import SHADOW
from bot.core.shadow import begun_anew
from storage.cases import load_scenes_of
from storage.commit import commit
from storage.households import load_households, lock_houses
from storage.shadow import end_shadow, shadow_since, show_rest
from storage.store import Store
from storage.tables import cases

BATCH = 100  # houses


@dataclass(frozen=True, slots=True)
class Ended:
    """What the end of a run did: messages that waited and will never go out, cases that are asked anew."""

    messages: int
    cases: int


async def end(store: Store, by: str, now: datetime) -> Ended | None:
    """Ends the run; None where there is none. Broken off and called again it goes on: its state ends last."""
    seal = store.pins.seal
    async with store.write() as connection:
        since = await shadow_since(connection)
        if since is None:
            return None
        messages = await show_rest(connection, seal, now)
    asked, after = 0, ""
    while (last := await _batch(store, (civil(since), after), now)) is not None:
        after, count = last
        asked += count
    async with store.write() as connection:
        data: Mapping[str, object] = {"scope": SHADOW, "messages": messages, "cases": asked}
        await end_shadow(connection, seal, Deed("shadow_ended", by, data), now)
    return Ended(messages, asked)


async def _batch(store: Store, at: tuple[date, str], now: datetime) -> tuple[str, int] | None:
    """The houses with open cases after that one, and how many of their cases are asked anew; None after the last."""
    since, after = at
    async with store.write() as connection:
        query = select(cases.c.house_id).where(cases.c.phase != Phase.CLOSED, cases.c.house_id > after)
        ids = list((await connection.execute(query.distinct().order_by(cases.c.house_id).limit(BATCH))).scalars())
        if not ids:
            return None
        await lock_houses(connection, ids)
        scenes = await load_scenes_of(connection, await load_households(connection, ids))
        found = [begun_anew(scene, since, now) for house_id in ids for scene in scenes[house_id]]
        outcomes = [outcome for outcome in found if outcome is not None]
        await commit(connection, store.pins, outcomes, now)
    return ids[-1], len(outcomes)
