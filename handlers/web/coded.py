"""Lines of a monthly list as somebody keys them in: a code, a day, a result, and what is wrong with each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Result, Scene
from bot.core.roster import Said, kept, wrong_report
from bot.core.sheet_code import is_code, shown, typed
from handlers.web.forms import Posted
from handlers.web.works import said_in
from storage.roster import scenes_for
from storage.sheets import Named, named_by

ROWS = 15  # lines on the form
FIELDS = ROWS * 3 + 10
VERBS = {Result.OK: "done_ok", Result.ISSUES: "done_issues"}


@dataclass(frozen=True, slots=True)
class Keyed:
    """One line. ``code`` is what was typed, as codes are written; the rest is what it names, if it names anything."""

    number: int
    code: str
    said: Said
    company_id: str = ""
    scene: Scene | None = None
    wrong: str = ""

    @property
    def label(self) -> str:
        return shown(self.code)

    @property
    def stands(self) -> bool:
        """Whether that very word is kept: said again, it changes nothing."""
        return kept(self.scene, self.said)


def keyed_in(form: Posted) -> list[Keyed]:
    """The lines with a code in them, or a day without one."""
    numbers = range(1, ROWS + 1)
    found = [Keyed(number, typed(form.text(f"code-{number}")), said_in(form, str(number))) for number in numbers]
    return [line for line in found if line.code or line.said.day]


async def looked_up(
    connection: AsyncConnection, lines: Sequence[Keyed], today: date, company_id: str = ""
) -> list[Keyed]:
    """The lines with what their codes name. To a company, another one's code is a code that is not there."""
    codes = await named_by(connection, {line.code for line in lines})
    mine = {code: named for code, named in codes.items() if company_id in ("", named.company_id)}
    companies = {named.company_id for named in mine.values()}
    scenes: dict[str, Scene] = {}
    for company in companies:
        cases = {named.case_id for named in mine.values() if named.company_id == company}
        scenes |= await scenes_for(connection, company, cases)
    seen: set[str] = set()
    found = []
    for line in lines:
        found.append(_read(line, mine.get(line.code), scenes, today))
        if line.code in seen:
            found[-1] = replace(found[-1], wrong="twice", scene=None)
        seen.add(line.code)
    return found


def _read(line: Keyed, named: Named | None, scenes: Mapping[str, Scene], today: date) -> Keyed:
    if not is_code(line.code):
        return replace(line, wrong="slip")
    if named is None:
        return replace(line, wrong="unknown")
    scene = scenes.get(named.case_id)
    line = replace(line, company_id=named.company_id, scene=scene)
    return replace(line, wrong="used" if named.used_at is not None else wrong_report(scene, line.said, today))


def afterwards(line: Keyed) -> Keyed:
    """The line as it stands now, whoever brought it about."""
    return (
        replace(line, wrong="")
        if line.stands and line.wrong != "twice"
        else replace(line, wrong=line.wrong or "changed")
    )
