"""What staff do with a case goes the way of everything that people say: an event, understood, committed, answered."""

from datetime import date

from sqlalchemy import func, select
from starlette.responses import RedirectResponse, Response

from bot.core.action import Action
from handlers.web.forms import Posted
from handlers.web.said import event_of, said
from handlers.web.staff.session import Session
from storage.tables import outbox


async def act(session: Session, form: Posted, action: Action, text: str = "") -> str:
    """Has an action of this member of the staff carried out; the row of what was answered, for the next page."""
    before = await _newest(session)
    label = session.site.pages.words[session.language]["staff"]["verbs"].get(action.verb, action.verb)
    event_id = form.event_id(session.person.id, str(action), text)
    event = event_of(session.site, session.person.id, event_id, action=str(action), label=label, text=text)
    await said(session.site, event)
    after = await _newest(session)
    return str(after) if after > before else ""


def back(path: str, answered: str = "") -> Response:
    return RedirectResponse(f"{path}?said={answered}" if answered else path, 303)


def day_in(form: Posted, name: str) -> date | None:
    """A day from a date field; None where there is none, or none that can be."""
    try:
        return date.fromisoformat(form.text(name)) if form.text(name) else None
    except ValueError:
        return None


async def _newest(session: Session) -> int:
    async with session.site.store.read() as connection:
        query = select(func.max(outbox.c.id)).where(outbox.c.person_id == session.person.id)
        return (await connection.execute(query)).scalar() or 0
