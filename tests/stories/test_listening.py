"""A channel that listens also lets go of what its platform has kept long enough, and neither stops the other."""

import asyncio
from datetime import datetime

from bot.core.arrival import Event, Keep
from scheduler.listening import hearing
from tests.stories.town import Town


class Mailbox:
    """It hears one mail; letting go of the old ones fails."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[datetime] = asyncio.Queue()

    async def listen(self, keep: Keep) -> None:
        await keep(Event("<1@example.jp>", {}))
        await asyncio.Event().wait()

    async def forget(self, now: datetime) -> None:
        self.asked.put_nowait(now)
        raise OSError("the mailbox is away")


async def test_old_mails_are_let_go_beside_the_listening(town: Town):
    service, bell, mailbox = town.service, asyncio.Event(), Mailbox()
    async with asyncio.timeout(60), hearing({"email": mailbox}, service.store, service.clock, bell):
        assert (await mailbox.asked.get()).date() == town.today
        await bell.wait()
