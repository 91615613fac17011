"""The portfolio's figures, beside the rounds: messages as they are sent, houses and works once a day."""

from datetime import datetime

from bot.core.days import civil
from scheduler.clock import monotonic
from storage.sends import count_sends
from storage.store import Store
from storage.tallies import keep_step, next_step

SPELL = 1.0  # seconds in which steps are begun, once a round: the rest of the machine is for the rounds


async def tally_for_a_while(store: Store, now: datetime) -> None:
    """Steps until all is counted, or it is time to leave the machine to others."""
    until = monotonic() + SPELL
    while await tally_step(store, now) and monotonic() < until:
        continue


async def tally_all(store: Store, now: datetime) -> None:
    """Until all is counted, for somebody who waits for it."""
    while await tally_step(store, now):
        continue


async def tally_step(store: Store, now: datetime) -> bool:
    """One portion of messages and one of houses, each in a transaction of its own; False where nothing is left."""
    async with store.write() as connection:
        more = await count_sends(connection, now)
    async with store.read() as connection:
        step = await next_step(connection, civil(now))
    if step is None:
        return more
    async with store.write() as connection:
        await keep_step(connection, step)
    return more or not step.over
