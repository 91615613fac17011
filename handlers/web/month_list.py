"""A company's monthly list on paper: what is due and late, with a code on each line, for a desk without a computer."""

import asyncio
from datetime import date

from bot.core.days import civil
from bot.core.people import Person
from bot.core.roster import Line, When
from bot.core.sheet_code import shown
from handlers.web.site import Site
from storage.roster import lines_for
from storage.sheets import codes_for
from templates.forms import forms
from templates.paper.month_sheet import MonthSheet, SheetLine, month_sheet


async def month_list(site: Site, company: Person, month: str) -> tuple[bytes, list[str]]:
    """The PDF, and the houses that stand on it. ``month`` is YYYY-MM; anything else is this month.

    The codes begin to serve by it, so it is made on a press alone.
    """
    now = site.now()
    today = civil(now)
    async with site.store.write() as connection:
        lines = [line for line in await lines_for(connection, company.id) if _listed(line, month, today)]
        codes = await codes_for(connection, site.store.pins.seal, company.id, {line.case_id for line in lines}, now)
    sheet = MonthSheet(
        company=company.name,
        language=company.language,
        month=_month(month, today),
        printed_on=today,
        office=site.office,
        lines=[_line(site, company, line, codes[line.case_id]) for line in sorted(lines, key=lambda line: line.on)],
    )
    return await asyncio.to_thread(month_sheet, sheet), [line.house_id for line in lines]


def _listed(line: Line, month: str, today: date) -> bool:
    """What is reported already needs no line; what is late stands on every list."""
    if line.reported_on is not None:
        return False
    late = line.when(today) is When.OVERDUE
    return late or f"{line.on:%Y-%m}" == f"{_month(month, today):%Y-%m}"


def _month(text: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def _line(site: Site, company: Person, line: Line, code: str) -> SheetLine:
    language = company.language
    words = site.renderer.catalogue.words[language]
    kinds = str(words["dot"]).join(str(words["occasion"].get(kind, kind)) for kind in line.kinds)
    what = f"{kinds} ({forms(language, words)['areas'](line.areas)})"
    return SheetLine(shown(code), line.owner, line.house_id, line.town, what, line.target_on)
