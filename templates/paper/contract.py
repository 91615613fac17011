"""A text that is agreed to, on A4: to be read, sent to a lawyer, and signed where companies conclude it."""

from collections.abc import Iterator

from templates.contract import OF_OWNERS, Contract
from templates.forms import day
from templates.paper.font import legible
from templates.paper.lines import balanced, paragraph_lines, wrap
from templates.paper.sheet import HIGH, LEFT, RIGHT, Sheet, Strip, Type
from templates.paper.words import words

ROOM, TOP, END = RIGHT - LEFT, 24.0, HIGH - 22
TITLE, HEADING, TEXT = Type(17, bold=True), Type(12.5, bold=True), Type(11)
DRAFT, SMALL = Type(11, bold=True), Type(8.5, grey=0.25)
SIGNING = 46.0  # mm of the lines to sign on


def contract_pdf(text: Contract) -> bytes:
    """The whole text: the same bytes for the same version. A draft says at the top of each page that it is one."""
    sheet = Sheet(text.language, text.title)
    y, number = _begin(sheet, text, 1), 1
    for strip in _strips(text):
        if y + strip.height > END:
            sheet.next()
            number += 1
            y = _begin(sheet, text, number)
        strip.draw(sheet, y)
        y += strip.height
    sheet.next()
    return sheet.finish()


def _begin(sheet: Sheet, text: Contract, number: int) -> float:
    """Where the text goes on, on a page that carries its version and hash."""
    said = words(text.language)["contract"]
    if text.draft:
        sheet.line(LEFT, 16, said["draft"], DRAFT)
    told = said["foot"].format(version=text.version, day=day(text.language, text.date.isoformat()), page=number)
    sheet.line(LEFT, HIGH - 14, told, SMALL)
    sheet.line(LEFT, HIGH - 10, f"SHA-256 {text.hash}", SMALL)
    return TOP


def _strips(text: Contract) -> Iterator[Strip]:
    yield from (_line(line, TITLE, 9.5) for line in balanced(legible(text.title), TITLE.size, ROOM))
    for section in text.sections:
        heading = [_line(line, HEADING, 7) for line in wrap(legible(section.heading), HEADING.size, ROOM)]
        first, *others = section.paragraphs
        yield Strip(4, lambda sheet, y: None)
        yield _together([*heading, *_paragraph(first)])
        for paragraph in others:
            yield from _paragraph(paragraph)
    if text.name not in OF_OWNERS:
        said = words(text.language)["contract"]["signing"]
        yield Strip(SIGNING, lambda sheet, y: _sign(sheet, y, said))


def _paragraph(text: str) -> list[Strip]:
    lines = [_line(line, TEXT, 6.2) for line in paragraph_lines(legible(text), TEXT.size, ROOM)]
    return [*lines, Strip(1.8, lambda sheet, y: None)]


def _together(strips: list[Strip]) -> Strip:
    """A heading is never the last line of a page."""

    def draw(sheet: Sheet, y: float) -> None:
        for strip in strips:
            strip.draw(sheet, y)
            y += strip.height

    return Strip(sum(strip.height for strip in strips), draw)


def _line(text: str, how: Type, height: float) -> Strip:
    return Strip(height, lambda sheet, y: sheet.line(LEFT, y + height * 0.72, text, how))


def _sign(sheet: Sheet, y: float, said: list[str]) -> None:
    for number, label in enumerate(said):
        base = y + 14 + number * 14
        sheet.line(LEFT, base, label, TEXT)
        sheet.rule((LEFT + 30, base + 1.5), (RIGHT, base + 1.5))
