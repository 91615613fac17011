"""A mail to a company's own address for files: its files are fetched, handed to the importer, and answered."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.arrival import GoneError, Inbound, Remote
from bot.core.brought import MOST_FILES, Letter
from bot.core.outcome import Outcome
from storage.commit import commit
from storage.inbound import TRIES, Said, Tried, postpone, settle, take
from storage.store import Store


class Intake(Protocol):
    """What takes companies' files in."""

    async def company(self, token: str) -> str:
        """Whose address for files has this token in it, as a person; empty where it is nobody's now."""

    async def rest(self, company: str, now: datetime) -> int:
        """Seconds until another mail of theirs is looked at; 0 for at once."""

    async def take(self, letter: Letter, now: datetime) -> Outcome:
        """Deals with the files; the same mail again comes to the same. What follows is the caller's to commit."""


@dataclass(frozen=True, slots=True)
class Bringing:
    """``fetch`` has a file's bytes from its platform; it raises GoneError and OSError as a channel does."""

    store: Store
    intake: Intake
    fetch: Callable[[Remote], Awaitable[bytes]]

    async def taken(self, tried: Tried, event: Inbound, now: datetime) -> bool:
        """Whether it was one. Raises OSError where its files may be had later."""
        company = await self.intake.company(event.intake)
        if not company:
            return False
        rest = await self.intake.rest(company, now)
        if rest:
            async with self.store.write() as connection:
                await postpone(connection, tried.row_id, now + timedelta(seconds=rest))
            return True
        outcome = await self.intake.take(await self._letter(tried, event), now)
        async with self.store.write() as connection:
            if await take(connection, tried.row_id) is not None:
                said = Said(event.text, message_id=event.message_id)
                await settle(connection, tried.row_id, company, said)
                await commit(connection, self.store.pins, [outcome], now)
        return True

    async def _letter(self, tried: Tried, event: Inbound) -> Letter:
        few = event.remote[:MOST_FILES]
        files = [(one.name, await self._had(one, tried)) for one in few]
        files += [(one.name, None) for one in event.remote[MOST_FILES:]]
        return Letter(
            tried.row_id,
            event.intake,
            event.channel,
            event.address,
            event.vouched,
            event.message_id,
            files,
            event.refused and not files,
        )

    async def _had(self, remote: Remote, tried: Tried) -> bytes | None:
        """At the last try without it: a word on the rest is better than none."""
        try:
            return await self.fetch(remote)
        except GoneError:
            return None
        except OSError:
            if tried.before + 1 < TRIES:
                raise
            return None
