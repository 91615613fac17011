"""A link that has grown old: what was recorded, how to correct it, and a new link to the address that we know."""

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import HTMLResponse

from bot.core.action import Action
from bot.core.days import civil
from bot.core.people import Role
from handlers.web.forms import stamp
from handlers.web.said import event_of, said
from handlers.web.site import Site, page
from handlers.web.visitor import Visitor
from storage.concern import houses_of
from storage.recorded import Recorded, recorded
from templates.facts import Line, Names


async def concerned(connection: AsyncConnection, visitor: Visitor) -> list[str]:
    """The houses that the link's message was about, as far as they are still this person's."""
    if visitor.row is None or visitor.person.role is Role.STAFF:
        return []
    mine = set(await houses_of(connection, visitor.person.id))
    return sorted({part["house"] for part in visitor.row.parts} & mine)


def told_lines(site: Site, language: str, told: Recorded) -> list[Line]:
    """What stands in the record, in sentences without a name."""
    return site.facts[language].tell(told.facts, Names(parts=told.parts))


async def lapsed_page(connection: AsyncConnection, site: Site, visitor: Visitor) -> HTMLResponse:
    language = visitor.person.language
    told = await recorded(connection, await concerned(connection, visitor))
    shown = {"visitor": visitor, "recorded": told_lines(site, language, told)}
    return page(site, "lapsed", language, 410, stamp=stamp(site.links, visitor.person.id), sent=False, **shown)


async def renewed(site: Site, visitor: Visitor) -> HTMLResponse:
    """A new link, once a day. The page says the same whether or not there is an address, and never which."""
    person = visitor.person
    event_id = f"new_link:{person.id}:{civil(site.now()).isoformat()}"
    label = site.pages.words[person.language]["site"]["lapsed"]["button"]
    await said(site, event_of(site, person.id, event_id, action=str(Action("new_link")), label=label))
    return page(site, "lapsed", person.language, visitor=visitor, recorded=[], stamp="", sent=True)
