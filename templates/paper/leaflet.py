"""The leaflet that a company or a lender hands to owners: what the service is, how to begin, and a QR to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from templates.forms import plain
from templates.paper.font import legible, width
from templates.paper.lines import balanced, largest, paragraph_lines, wrap
from templates.paper.sheet import HIGH, LEFT, RIGHT, Sheet, Type
from templates.paper.words import words
from templates.render import Office

ROOM, SIDE = RIGHT - LEFT, 46.0
FROM, TITLE, TEXT = Type(13), Type(22, bold=True), Type(12)
HEADING, STEP, SMALL = Type(14.5, bold=True), Type(12.5), Type(9.5, grey=0.2)
LENDER = "lender"


@dataclass(frozen=True, slots=True)
class Leaflet:
    """Whose leaflet it is, and the address in its QR. ``kind`` is servicer or lender."""

    kind: str
    company: str
    language: str
    office: Office
    url: str


def leaflet(page: Leaflet) -> bytes:
    """One A4 page as PDF: the same bytes for the same leaflet."""
    said = words(page.language)["leaflet"]
    paper = Sheet(page.language, said["title"])
    y = _head(paper, page, said)
    for name in ("what", "free", "yours"):
        y = _section(paper, said[name], y)
    y = _begin(paper, page, said, y)
    _foot(paper, page, said)
    paper.next()
    return paper.finish()


def _head(paper: Sheet, page: Leaflet, said: Mapping[str, Any]) -> float:
    company = plain(legible(page.company))
    to = said["to_lender" if page.kind == LENDER else "to"].format(company=company)
    y = 24.0
    for line in wrap(to, FROM.size, ROOM):
        paper.line(LEFT, y, line, FROM)
        y += 6.5
    y += 6
    for line in balanced(said["title"], TITLE.size, ROOM):
        paper.line(LEFT, y, line, TITLE)
        y += 11
    paper.rule((LEFT, y - 4), (RIGHT, y - 4), 0.6)
    return y + 4


def _section(paper: Sheet, said: Mapping[str, Any], y: float) -> float:
    paper.line(LEFT, y, said["title"], HEADING)
    y += 7.5
    for line in paragraph_lines(said["text"], TEXT.size, ROOM):
        paper.line(LEFT, y, line, TEXT)
        y += 6.6
    return y + 5


def _begin(paper: Sheet, page: Leaflet, said: Mapping[str, Any], y: float) -> float:
    """The steps beside the QR, and a place for the number of the house."""
    begin = said["begin"]
    paper.frame((LEFT - 3, y - 4), (ROOM + 6, SIDE + 47), 0.5, bend=3)
    paper.line(LEFT + 1, y + 4, begin["title"], HEADING)
    paper.code((RIGHT - SIDE, y + 7), SIDE, page.url)
    at = y + 14
    for number, step in enumerate(begin["steps"], 1):
        paper.line(LEFT + 1, at, f"{number}.", Type(13, bold=True))
        for line in wrap(step, STEP.size, ROOM - SIDE - 14):
            paper.line(LEFT + 8, at, line, STEP)
            at += 6.6
        at += 2.4
    size = largest(page.url, (8.5, 7.5, 6.5, 5.5), ROOM - 2)
    low = y + SIDE + 14
    paper.line(LEFT + 1, low, page.url, Type(size, grey=0.2))
    paper.line(LEFT + 1, low + 12, begin["house"], STEP)
    after = LEFT + 1 + width(begin["house"], STEP.size) + 4
    paper.frame((after, low + 4), (70, 12), 0.35)
    asked = begin["ask"].format(phone=page.office.phone) if page.office.phone else ""
    for number, line in enumerate(wrap(f"{begin['none']}{asked}", SMALL.size, ROOM - 2)):
        paper.line(LEFT + 1, low + 22 + number * 4.8, line, SMALL)
    return low + 36


def _foot(paper: Sheet, page: Leaflet, said: Mapping[str, Any]) -> None:
    """Who runs it, and on whose behalf."""
    office = page.office
    lines = [said["by"].format(office=office.name, guarantor=office.guarantor)]
    lines += [said["phone"].format(phone=office.phone, hours=office.hours)] if office.phone else []
    lines += [" ".join(office.address)] if office.address else []
    y = HIGH - 12 - 5 * len(lines)
    for line in lines:
        y += 5
        paper.line(LEFT, y, plain(legible(line)), SMALL)
