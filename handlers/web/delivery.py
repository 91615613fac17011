"""A house's pack given to its company: what, to whom and under which consent is on record before it leaves."""

import asyncio
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.book.pack import consent_of, visits_since
from bot.core.book.way import open_way
from bot.core.days import TOKYO, civil
from bot.core.disclosure import handed_over
from bot.core.history.asking import list_for_papers
from storage.households import lock_houses
from storage.pack import Packed, packed
from storage.record import append
from storage.store import Store
from templates.book.pack import Known, manifest_hash, pack_files
from templates.book.spoken import Spoken
from templates.letter import RequestLetter, requested
from templates.render import Office, Renderer


class NotGivenError(ValueError):
    """The pack cannot be given to anybody now; the message is one plain line."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What it takes to put packs together; ``spoken`` are their words by language."""

    store: Store
    office: Office
    spoken: Mapping[str, Spoken]
    renderer: Renderer

    async def give(self, house_id: str, by: str, now: datetime) -> dict[str, bytes]:
        """The files of the pack by name, for the house's company of now. Raises NotGivenError."""
        async with self.store.read() as connection:
            found = _may_have(await packed(connection, house_id), house_id)
        known = Known(found.sources, found.contacts, civil(now), self._request(found, civil(now)))
        files = await asyncio.to_thread(pack_files, known, self.spoken)
        async with self.store.write() as connection:
            await lock_houses(connection, [house_id])
            still = _may_have(await packed(connection, house_id), house_id)
            if still.company != found.company:
                raise NotGivenError(f"{house_id} has another company by now")
            deed = handed_over(found.company, manifest_hash(files), consent_of(still.sources.facts), by)
            await append(connection, self.store.pins.seal, [(house_id, deed)], now)
        return files

    def _request(self, found: Packed, today: date) -> RequestLetter:
        """To the provider that people told, or that a file names, by the way of every other letter to one."""
        sources = found.sources
        way, since = open_way(sources.house, sources.history, today), visits_since(sources)
        name = sources.names.get(found.company, "")
        change = {"since": since.isoformat(), "company": name} if since else {}
        say = list_for_papers(found.shelf, way, change)
        return requested(self.renderer, say, (way["history_provider"] or "", "", ""), (self.office, today))


def _may_have(found: Packed | None, house_id: str) -> Packed:
    if found is None:
        raise NotGivenError(f"no house {house_id}")
    if not found.mandated:
        raise NotGivenError(f"{house_id}: without the consents of its owners nothing is given to a company")
    if not found.in_business:
        raise NotGivenError(f"{house_id} has no company that is in business")
    return found


def zipped(files: Mapping[str, bytes], now: datetime) -> bytes:
    """The files as one ZIP."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, now.astimezone(TOKYO).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return into.getvalue()
