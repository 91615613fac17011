"""Time passes over the cases whose next action date has come."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.core.advance import advance
from bot.core.case import Scene
from bot.core.days import civil
from bot.core.pause import hold
from bot.core.people import Role
from scheduler.batches import BATCH, until_none_is_left
from storage.cases import due_cases, load_scenes, talks_at
from storage.commit import commit
from storage.events import REMEMBERED, holds_at
from storage.households import load_households, lock_houses
from storage.pauses import load_pauses
from storage.proposals import with_proposals
from storage.store import Store


async def escalate(store: Store, now: datetime) -> int:
    """Takes every case that is due one step; how many there were."""
    return await until_none_is_left(partial(_batch, store, now))


async def _batch(store: Store, now: datetime) -> int:
    async with store.write() as connection:
        due = await due_cases(connection, now, BATCH)
        if due:
            house_ids = {house_id for _, house_id in due}
            await lock_houses(connection, house_ids)
            households = await load_households(connection, house_ids)
            # One case of a house at a time: each may open others, under the next numbers of the house.
            firsts = {house_id: case_id for case_id, house_id in reversed(due)}
            scenes = await load_scenes(connection, firsts.values(), households)
            pauses = await load_pauses(connection, now)
            due_still = (scene for scene in scenes.values() if _is_due(scene.case.next_action_at, now))
            talks = await talks_at(connection, house_ids)
            at_peace = await holds_at(connection, house_ids, now - REMEMBERED)
            held = (_left_in_peace(hold(scene, pauses, civil(now)), at_peace) for scene in due_still)
            still = [replace(scene, quiet=talks.get(scene.case.house_id, {})) for scene in held]
            outcomes = await with_proposals(connection, [advance(scene, now) for scene in still], now)
            await commit(connection, store.pins, outcomes, now)
    return len(due)


def _left_in_peace(scene: Scene, until: Mapping[str, datetime]) -> Scene:
    """After an event nothing routine is said for some days, so nobody is silent in them either."""
    last = until.get(scene.case.house_id)
    if last is None or scene.case.check is not None:
        return scene
    day = civil(last)
    return replace(scene, held={side: max(day, scene.held.get(side, day)) for side in (Role.OWNER, Role.SERVICER)})


def _is_due(instant: datetime | None, now: datetime) -> bool:
    """Another worker may have been here between the query and the lock."""
    return instant is not None and instant <= now
