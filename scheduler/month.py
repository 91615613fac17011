"""What a platform's month still holds: looked at now and then, and counted in the database in between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.delivery import Channel, Metered, OneWay, Outcome, Receipt
from bot.core.outcome import Mode
from scheduler.clock import machine_now
from scheduler.post import Post
from storage.claims import Claimed
from storage.months import begin_look, end_look, give_back, known, take

COUNTED = (Outcome.SENT, Outcome.UNKNOWN)  # what the platform counts, or may


@dataclass(frozen=True, slots=True)
class Taken:
    """Of a batch, the rows that were counted, and those that may only go where it costs nothing."""

    counted: frozenset[int] = frozenset()
    kept_back: frozenset[int] = frozenset()


async def take_of_month(post: Post, channel: Channel | None, batch: Sequence[Claimed]) -> Taken:
    """Counts a batch before it is sent. When only the share for emergencies is left, what is urgent goes alone."""
    if post.shadow or not isinstance(channel, Metered):
        return Taken()
    costly = [claimed for claimed in batch if not (isinstance(channel, OneWay) and channel.is_once(claimed.ticket))]
    if not costly or not await _is_limited(post, channel, costly[0].lease):
        return Taken()
    urgent = [claimed.id for claimed in costly if claimed.mode is Mode.ALARM]
    ordinary = [claimed.id for claimed in costly if claimed.mode is not Mode.ALARM]
    async with post.store.write() as connection:
        going = await take(connection, channel.name, len(urgent), len(ordinary))
    return Taken(frozenset([*urgent, *ordinary[:going]]), frozenset(ordinary[going:]))


async def give_back_to_month(post: Post, taken: Taken, results: Iterable[tuple[Claimed, Receipt]]) -> None:
    """What was counted, and what the platform then did not take."""
    refused = [
        claimed for claimed, receipt in results if claimed.id in taken.counted and receipt.outcome not in COUNTED
    ]
    if refused:
        async with post.store.write() as connection:
            await give_back(connection, refused[0].channel, len(refused))


async def _is_limited(post: Post, channel: Metered, token: str) -> bool:
    """While the platform does not tell, nothing is held back: it refuses by itself what is too much."""
    machine = machine_now()
    async with post.store.read() as connection:
        month = await known(connection, channel.name, machine)
    if month.is_fresh:
        return month.is_limited
    async with post.store.write() as connection:
        seen = await begin_look(connection, channel.name, token, machine)
    found = await channel.allowance() if seen is not None else None
    if seen is None or found is None:
        return month.is_limited
    async with post.store.write() as connection:
        await end_look(connection, channel.name, found, seen)
    return found.limit is not None
