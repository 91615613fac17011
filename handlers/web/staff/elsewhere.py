"""The channel that a letter offers for the next time: one that the person does not have, with a code of their own."""

from collections.abc import Mapping, Sequence

from bot.core.days import civil
from bot.core.link_code import shown
from bot.core.people import Person
from handlers.web.site import Site
from storage.letters import Letter
from storage.paper_codes import bring_alive, paper_code
from storage.people import load_people
from templates.letter import Elsewhere


async def offers_for(site: Site, rows: Sequence[Letter]) -> dict[int, Elsewhere]:
    """By letter. The platforms are asked before anything is written, and a code lives from its first print on."""
    if not site.inviting:
        return {}
    async with site.store.read() as connection:
        people = await load_people(connection, {row.person_id for row in rows})
    opened = {row.outbox_id: await _opened(site, row, people[row.person_id]) for row in rows}
    return await _alive(site, [row for row in rows if opened[row.outbox_id] is not None], opened)


async def _opened(site: Site, row: Letter, person: Person) -> tuple[str, str] | None:
    """The first channel that they do not have and that tells how it is opened, and that address."""
    theirs = {address.channel for address in person.addresses}
    code = paper_code(site.store.pins.seal, row.key, row.person_id).code
    for name in (name for name in site.inviting if name not in theirs and person.active):
        url = await site.inviting[name].invitation(code)
        if url:
            return name, url
    return None


async def _alive(
    site: Site, rows: Sequence[Letter], opened: Mapping[int, tuple[str, str] | None]
) -> dict[int, Elsewhere]:
    seal, now, found = site.store.pins.seal, site.now(), {}
    async with site.store.write() as connection:
        for row in rows:
            made, way = paper_code(seal, row.key, row.person_id), opened[row.outbox_id]
            until = await bring_alive(connection, seal, made, now)
            if until is not None and way is not None:
                name = site.renderer.catalogue.words[row.language]["channels"].get(way[0], way[0])
                found[row.outbox_id] = Elsewhere(name, way[1], shown(made.code), civil(until))
    return found
