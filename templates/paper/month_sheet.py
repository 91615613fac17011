"""A company's monthly list: a line for each work, with its code, and room to write the day and the result by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from templates.forms import day, month, plain
from templates.paper.font import legible, width
from templates.paper.lines import largest, wrap
from templates.paper.sheet import HIGH, Sheet, Type
from templates.paper.words import words
from templates.render import Office

LEFT, RIGHT, TOP, FOOT = 14.0, 196.0, 16.0, 282.0
CODE_X, HOUSE_X, DAY_X, RESULT_X = LEFT + 1, LEFT + 42, LEFT + 106, LEFT + 150
ROW, BOX = 20.0, 5.0  # mm: large enough for a pen and a FAX
TITLE, TEXT, SMALL = Type(15, bold=True), Type(10), Type(8.5, grey=0.2)
CODE, NAMED, WRITTEN = Type(19, bold=True, spaced=0.6), Type(11.5), Type(12)
HOUSE_ROOM = DAY_X - HOUSE_X - 3


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One work: its code as it is written, whose house, where, what is done and by when."""

    code: str
    owner: str
    house_id: str
    town: str
    what: str
    target_on: date


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """A list of one company for one month."""

    company: str
    language: str
    month: date
    printed_on: date
    office: Office
    lines: Sequence[SheetLine]


def month_sheet(sheet: MonthSheet) -> bytes:
    """The list as PDF, as many pages as it needs: the same bytes for the same list."""
    said = words(sheet.language)["month_sheet"]
    paper = Sheet(sheet.language, said["title"].format(month=month(sheet.language, sheet.month.isoformat())))
    pages = _pages(sheet, said)
    for number, lines in enumerate(pages, 1):
        y = _head(paper, sheet, said)
        for line in lines:
            _row(paper, sheet, said, (line, y))
            y += ROW
        below = said["page"].format(page=number, pages=len(pages), company=plain(legible(sheet.company)))
        paper.line(RIGHT - width(below, SMALL.size), HIGH - 8, below, SMALL)
        paper.next()
    return paper.finish()


def _pages(sheet: MonthSheet, said: Mapping[str, Any]) -> list[Sequence[SheetLine]]:
    room = int((FOOT - _head_high(sheet, said)) // ROW)
    return [sheet.lines[at : at + room] for at in range(0, len(sheet.lines), room)] or [()]


def _how(sheet: MonthSheet, said: Mapping[str, Any]) -> list[str]:
    to = [sheet.office.name, *sheet.office.address]
    to += [said["phone"].format(phone=sheet.office.phone)] if sheet.office.phone else []
    to += [said["fax"].format(fax=sheet.office.fax)] if sheet.office.fax else []
    texts = (said["how"], said["to"].format(to=" ".join(to)))
    return [line for text in texts for line in wrap(legible(text), TEXT.size, RIGHT - LEFT)]


def _head_high(sheet: MonthSheet, said: Mapping[str, Any]) -> float:
    return TOP + 9 + len(_how(sheet, said)) * 4.8 + 10


def _head(paper: Sheet, sheet: MonthSheet, said: Mapping[str, Any]) -> float:
    """Whose list, of which month, and what to do with it; returns where the first line begins."""
    title = said["title"].format(month=month(sheet.language, sheet.month.isoformat()))
    paper.line(LEFT, TOP + 4, title, TITLE)
    company = said["company"].format(company=plain(legible(sheet.company)))
    beside = RIGHT - LEFT - width(title, TITLE.size) - 8
    how = Type(largest(company, (12, 11, 10, 9, 8), beside))
    paper.line(RIGHT - width(company, how.size), TOP + 4, company, how)
    y = TOP + 9
    for line in _how(sheet, said):
        y += 4.8
        paper.line(LEFT, y, line, TEXT)
    y += 6.5
    columns = ((CODE_X, "code"), (HOUSE_X, "house"), (DAY_X, "day"), (RESULT_X, "result"))
    for x, name in columns:
        paper.line(x, y, said[name], SMALL)
    top = _head_high(sheet, said)
    paper.rule((LEFT, top), (RIGHT, top), 0.4)
    return top


def _row(paper: Sheet, sheet: MonthSheet, said: Mapping[str, Any], placed: tuple[SheetLine, float]) -> None:
    line, y = placed
    paper.line(CODE_X, y + 11.5, line.code, CODE)
    named = said["owner"].format(owner=line.owner) if line.owner else ""
    first = plain(legible(f"{named} {line.house_id}"))
    rows = [*wrap(first, NAMED.size, HOUSE_ROOM)[:1]]
    paper.line(HOUSE_X, y + 6.5, rows[0], NAMED)
    due = said["due"].format(day=day(sheet.language, line.target_on.isoformat()))
    for number, text in enumerate([*wrap(plain(legible(f"{line.town} {line.what}")), 8.5, HOUSE_ROOM)[:2], due]):
        paper.line(HOUSE_X, y + 10.8 + number * 3.7, text, SMALL)
    _boxes(paper, said, y)
    paper.rule((LEFT, y + ROW), (RIGHT, y + ROW), 0.2)


def _boxes(paper: Sheet, said: Mapping[str, Any], y: float) -> None:
    """Two fields for the day, and a box to tick for each result."""
    paper.frame((DAY_X, y + 4.5), (13, 11), 0.3)
    paper.line(DAY_X + 14, y + 13, said["months"], WRITTEN)
    paper.frame((DAY_X + 20, y + 4.5), (13, 11), 0.3)
    paper.line(DAY_X + 34, y + 13, said["days"], WRITTEN)
    for number, name in enumerate(("ok", "issues")):
        top = y + 3.6 + number * 7.6
        paper.frame((RESULT_X, top), (BOX, BOX), 0.3)
        paper.line(RESULT_X + BOX + 2, top + 4.1, said[name], WRITTEN)
