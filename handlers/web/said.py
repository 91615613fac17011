"""Storing what somebody did on a page, and having it answered at once."""

from collections.abc import Mapping
from typing import Any

from handlers.web.site import Site
from storage.chat import keep_said


def event_of(site: Site, person_id: str, event_id: str, **what: Any) -> dict[str, Any]:
    """An event as the web chat's channel reads it."""
    empty = {"text": "", "action": "", "label": "", "files": [], "answers": "", "under": ""}
    return empty | {"event_id": event_id, "person_id": person_id, "at": site.now().isoformat()} | what


async def said(site: Site, event: Mapping[str, Any]) -> bool:
    """Stores an event and has it answered; False if it had been stored before, and then nothing happens."""
    async with site.store.write() as connection:
        row_id, is_new = await keep_said(connection, site.channel, event, site.now())
    if is_new:
        await site.receive(row_id)
    return is_new
