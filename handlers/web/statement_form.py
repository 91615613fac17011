"""One statement as somebody types it into a form: an owner on their page, the staff at the console from a paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import Role, role_of
from bot.core.statements import FIELDS, LONGEST, Content, Line, Paper, Source, Stated, Statement, faults, stated
from handlers.web.forms import Posted, row_number
from handlers.web.site import Site
from storage.commit import commit
from templates.forms import plain

OF_PAPER = ("paper", "paper_on")
DAYS = ("on_day", "second_on", "paper_on")


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the fields of one line, and which of them cannot be taken. ``corrects`` is 0 for a new one."""

    line: Line
    values: Mapping[str, str]
    corrects: int = 0
    wrong: tuple[str, ...] = ()
    told: Statement | None = field(default=None)

    longest = LONGEST
    papers: Sequence[Paper] = tuple(Paper)


def opened(found: Stated, line: str, corrects: str, by: str) -> Form | None:
    """The form that a link asks for: of a new statement, or of one that may be corrected; None for neither."""
    earlier = found.standing(row_number(corrects))
    if earlier is not None:
        known = {**_content(earlier), **dict.fromkeys(_of_paper(by), "")}
        return Form(earlier.line, known, earlier.number)
    return Form(Line(line), dict.fromkeys(_fields(Line(line), by), "")) if line in set(Line) else None


def read_statement(form: Posted, found: Stated, by: str, today: date) -> Form | None:
    """What was sent; None for a line that there is not. With 取り消す nothing is left of what it corrects."""
    line, corrects = form.text("line"), row_number(form.text("corrects"))
    if line not in set(Line):
        return None
    values = {name: _lines(form.text(name)) for name in _fields(Line(line), by)}
    days = {name: _day(values[name]) for name in DAYS if values.get(name)}
    paper = Paper(values["paper"]) if values.get("paper") in set(Paper) else None
    source = Source(by, today, paper, days.get("paper_on"))
    content = Content(values.get("text", ""), values.get("name", ""), days.get("on_day"), days.get("second_on"))
    taken_back = bool(corrects and form.text("take_back"))
    told = Statement(Line(line), Content() if taken_back else content, source, corrects)
    unreadable = () if taken_back else tuple(name for name, day in days.items() if day is None)
    wrong = tuple(dict.fromkeys((*unreadable, *faults(found, told))))
    return Form(Line(line), values, corrects, wrong, None if wrong else told)


async def keep_statement(connection: AsyncConnection, site: Site, found: Stated, form: Form) -> None:
    """The house must be locked by the caller."""
    outcome = stated(found, form.told) if form.told is not None else None
    if outcome is not None and outcome.deeds:
        await commit(connection, site.store.pins, [outcome], site.now())


def _fields(line: Line, by: str) -> tuple[str, ...]:
    return (*FIELDS[line], *_of_paper(by))


def _of_paper(by: str) -> tuple[str, ...]:
    return OF_PAPER if role_of(by) is Role.STAFF else ()


def _content(one: Statement) -> dict[str, str]:
    known = {name: getattr(one.content, name) for name in FIELDS[one.line]}
    return {name: value.isoformat() if isinstance(value, date) else value or "" for name, value in known.items()}


def _lines(text: str) -> str:
    """Lines of ordinary text, without what nobody sees."""
    return "\n".join(plain(line) for line in text.splitlines()).strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
