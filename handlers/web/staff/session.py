"""A member of the staff at work at the console."""

from dataclasses import dataclass

from fastapi import Request
from starlette.responses import HTMLResponse

from bot.core.days import civil
from bot.core.people import Person
from bot.core.rights import Right, rights_of
from handlers.web.forms import MOST_FIELDS, Posted, posted, row_number, stamp
from handlers.web.site import Site, page
from handlers.web.staff.menu import menu_of
from storage.chat import message_row


@dataclass(frozen=True, slots=True)
class Session:
    """A member of the staff at work. ``id`` ties forms to this session; ``door`` is the pattern of the address."""

    site: Site
    person: Person
    id: int
    path: str
    door: str

    @property
    def shown_to(self) -> str:
        return f"{self.person.id} {self.id}"

    @property
    def language(self) -> str:
        return self.person.language

    @property
    def rights(self) -> frozenset[Right]:
        return rights_of(self.person)

    def page(self, name: str, status: int = 200, **shown: object) -> HTMLResponse:
        """A page of the console, with the stamp that its forms need."""
        shown |= {"stamp": stamp(self.site.links, self.shown_to), "me": self.person, "at": self.path}
        shown |= {"may": self.rights, "menu": menu_of(self.person, self.path)}
        return page(self.site, f"staff/{name}", self.language, status, today=civil(self.site.now()), **shown)

    async def posted(self, request: Request, most: int = MOST_FIELDS) -> Posted:
        """What was sent, of at most so many fields."""
        return await posted(request, self.site.links, self.shown_to, most)


async def answered(session: Session, said: str) -> tuple[str, ...]:
    """What the bot answered to the last deed, as the page that follows shows it: its title and paragraphs."""
    if not said:
        return ()
    async with session.site.store.read() as connection:
        row = await message_row(connection, row_number(said))
    if row is None or row.person_id != session.person.id or not row.parts:
        return ()
    message = session.site.renderer.part(row.parts[-1], session.language, session.person.name)
    return (message.title, *message.paragraphs)
