"""The book, and what an owner signs for the authority, as one PDF on A4 that prints well: templates/paper sets it."""

from collections.abc import Mapping, Sequence
from functools import partial

from bot.core.book.section import Book, Row, Section
from templates.book.spoken import Spoken
from templates.paper.font import legible, width
from templates.paper.sheet import Sheet, Strip, Type
from templates.paper.table import (
    LEFT,
    RIGHT,
    Column,
    Part,
    again,
    heading,
    laid_out,
    names,
    paragraph,
    row,
    space,
)

TITLE, TEXT, EDGE = Type(20, bold=True), Type(10.5), Type(8.5, grey=0.3)
FIRST = 48.0  # mm of the column of names where values stand beside them
# Which columns stand side by side, and their share of the width; what is not here stands below the row.
SIDE: Mapping[str, Mapping[str, float]] = {
    "plan_changes": {"changed": 20, "changed_on": 26, "content": 90, "word": 32},
    "successions": {"successor": 70, "succeeded_on": 30, "approved_on": 30, "word": 40},
    "reports": {"reported": 16, "reported_on": 26, "content": 94, "word": 32},
    "orders": {"ordered": 14, "ordered_on": 26, "content": 72, "follow_by": 26, "word": 32},
    "advice": {"advised": 20, "advised_on": 26, "content": 90, "word": 32},
    "statements": {"line": 30, "on_day": 25, "second_on": 25, "named": 34, "word": 28, "fact": 11},
    "upkeep": {"done_on": 20, "part": 24, "activity": 12, "result": 16, "entrusted_to": 26, "word": 26},
    "plan_items": {
        "part": 36,
        "activity": 12,
        "first_year": 13,
        "interval_years": 13,
        "next_due_on": 22,
        "in_force": 13,
    },
    "open_works": {"part": 34, "activity": 14, "due_on": 22, "backstop_on": 22, "holder": 18},
    "words": {"said_on": 22, "by": 16, "done_on": 22, "result": 16, "fact": 12},
    "evidence": {"said_on": 24, "sent_by": 20, "case": 24},
    "consents": {"owner": 26, "information_on": 22, "mandate_on": 22, "withdrawn_on": 22},
    "facts": {"fact": 9, "at": 37, "by": 19, "told": 80},
    "companies": {"company": 40, "company_id": 20, "since": 24, "until": 24, "fact": 14},
    "gaps": {"item": 16, "part": 46, "due_on": 28, "fact": 14},
    "notice_house": {"heading": 44, "stands": 56, "cited": 70},
    "notice_change": {"heading": 44, "stands": 56, "cited": 70},
    "contacts": {"owner": 34, "kana": 34, "phone": 34, "hours": 30, "language": 14},
    "appointments": {"visit_on": 28, "wished_on": 28, "offered": 42, "case": 24, "holder": 18},
    "warranties": {"warranty": 84, "until": 30, "given_by": 40},
    "report_parts": {"part": 30, "planned_on": 22, "done_on": 22, "result": 18, "entrusted_to": 26, "facts": 20},
}
WHERE_GIVEN = ("hint",)  # columns that are there only where something stands in them
IN_FILE_ONLY = {"facts": ("kind", "case", "data", "seal")}  # for those who check, and not for reading


def book_pdf(book: Book, spoken: Spoken) -> bytes:
    """The same bytes for the same book."""
    said = spoken.said
    on = spoken.day(book.on)
    lead = [said["whose"].format(house=book.house_id), said["state"].format(day=on)]
    parts = [
        titled(said["title"], lead, [*spoken.laws(said["laws"]), *said["lead"]]),
        *(section_part(book, section, spoken, gathered=True) for section in book.sections),
        Part(heading(said["verify"]["title"]), [strip for line in said["verify"]["lines"] for strip in _said(line)]),
    ]
    return sheets(parts, spoken, said["title"], said["printed"].format(house=book.house_id, day=on))


def signed_pdf(book: Book, spoken: Spoken, kind: str) -> bytes:
    """The report or a notice, to check, print and sign; the same bytes for the same one. ``kind`` names its words."""
    said = spoken.said[kind]
    on = spoken.day(book.on)
    parts = [
        titled(
            said["title"],
            [spoken.said["whose"].format(house=book.house_id)],
            said["paper"],
        ),
        *(section_part(book, section, spoken) for section in book.sections),
        Part([space(6)], [Strip(34, partial(_signature, said))]),
    ]
    return sheets(parts, spoken, said["title"], said["printed"].format(house=book.house_id, day=on))


def titled(title: str, lead: Sequence[str], texts: Sequence[str]) -> Part:
    strips = [Strip(11, lambda sheet, y: sheet.line(LEFT, y + 8, legible(title), TITLE))]
    strips += [strip for line in lead for strip in paragraph(line, Type(12), 6)]
    return Part(strips, [space(2), *(strip for text in texts for strip in _said(text))])


def _said(text: str) -> list[Strip]:
    return paragraph(text, TEXT, 5.4)


def section_part(book: Book, section: Section, spoken: Spoken, *, gathered: bool = False) -> Part:
    """``gathered``: what is not on record is named in one line, as on paper that is only read. Where people write on
    it, each has its own line."""
    title = spoken.title(section)
    top, more = heading(title, spoken.law(section)), again(spoken.said["continued"].format(title=title))
    blank = _unknown(section.rows[0]) if gathered and (section.single or len(section.rows) == 1) else ()
    if section.single or len(blank) == len(section.columns):
        columns = (Column("", FIRST), Column("", RIGHT - LEFT - FIRST))
        pairs = [
            (spoken.column(section, name), spoken.value(book, section.rows[0][name]))
            for name in section.columns
            if name not in blank
        ]
        pairs += [(spoken.said["unknown"], _named(section, blank, spoken))] if blank else []
        return Part(top, [strip for pair in pairs for strip in row(columns, pair)], more)
    side = _side(section)
    beside = tuple(Column(spoken.column(section, name), wide) for name, wide in side.items())
    cells = [_cells(book, section, each, spoken, gathered) for each in section.rows]
    return Part(top, [strip for each in cells for strip in row(beside, *each)], more, names(beside))


def _unknown(each: Row) -> tuple[str, ...]:
    """The columns of which nothing is on record."""
    return tuple(name for name, value in each.items() if value is None or value == ())


def _named(section: Section, columns: Sequence[str], spoken: Spoken) -> str:
    return str(spoken.said["several"]).join(spoken.column(section, name) for name in columns)


def _side(section: Section) -> Mapping[str, float]:
    """The columns that stand side by side, in mm."""
    shares = SIDE.get(section.code) or dict.fromkeys(section.columns, 1.0)
    whole = sum(shares.values())
    return {name: share * (RIGHT - LEFT) / whole for name, share in shares.items()}


def _cells(book: Book, section: Section, each: Row, spoken: Spoken, gathered: bool) -> tuple[list[str], str]:
    """The values side by side, and what stands below them with its names."""
    side, hidden = _side(section), IN_FILE_ONLY.get(section.code, ())
    absent = [name for name in WHERE_GIVEN if each.get(name) is None]
    below = [name for name in section.columns if name not in (*side, *hidden, *absent)]
    blank = [name for name in below if gathered and name in _unknown(each)]
    told = [(spoken.column(section, name), spoken.value(book, each[name])) for name in below if name not in blank]
    told += [(spoken.said["unknown"], _named(section, blank, spoken))] if blank else []
    labelled = (spoken.said["label"].format(name=name, value=value) for name, value in told)
    return [spoken.value(book, each[name]) for name in side], " ／ ".join(labelled)


def _signature(said: Mapping[str, str], sheet: Sheet, y: float) -> None:
    sheet.line(LEFT, y + 6, said["sign"], Type(12))
    sheet.line(LEFT, y + 18, said["signed_on"], Type(12))
    sheet.line(LEFT + 84, y + 18, said["signed"], Type(12))
    sheet.rule((LEFT + 84, y + 20.5), (RIGHT, y + 20.5), 0.2)


def sheets(parts: Sequence[Part], spoken: Spoken, title: str, edge: str) -> bytes:
    pages = laid_out(parts)
    sheet = Sheet(spoken.language, title)
    for number, page in enumerate(pages, 1):
        for y, strip in page:
            strip.draw(sheet, y)
        below = spoken.said["page"].format(page=number, pages=len(pages))
        sheet.line(RIGHT - width(below, EDGE.size), 289, below, EDGE)
        sheet.line(LEFT, 289 if number == 1 else 14, legible(edge), EDGE)
        sheet.next()
    return sheet.finish()
