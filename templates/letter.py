"""Letters on paper: the last way to reach a person, printed and posted by staff, answered by phone, QR or slip.

A4, one page unless the text is long, laid out for the window of a 長形3号 envelope (templates/paper/head.py has the
measures). Print one-sided and unscaled; the file asks for both.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import chain

from bot.core.message import Message
from bot.core.outcome import Say
from templates.forms import plain
from templates.paper.body import LONG, SETTINGS, body, footer, reply
from templates.paper.font import legible, width
from templates.paper.head import draw_head
from templates.paper.offer import draw_offer
from templates.paper.page import Elsewhere, LetterPage
from templates.paper.request import RequestLetter, draw_request
from templates.paper.sheet import BOTTOM, HIGH, RIGHT, Sheet, Strip, Type
from templates.paper.slip import slip
from templates.paper.words import words
from templates.render import Office, Renderer

__all__ = ["Elsewhere", "LetterPage", "RequestLetter", "letter", "letters", "requested"]

NEXT_TOP = 22.0  # where the text of a further page begins
SMALL = Type(9, grey=0.25)


def letter(page: LetterPage) -> bytes:
    """One letter as PDF: the same bytes for the same page."""
    return letters([page])


def letters(pages: Iterable[LetterPage | RequestLetter]) -> bytes:
    """Letters and requests one behind the other in one PDF, each on pages of its own. Raises ValueError for none."""
    given = iter(pages)
    first = next(given, None)
    if first is None:
        raise ValueError("no letter to print")
    language = first.message.language
    sheet = Sheet(language, words(language)["document"])
    for page in chain([first], given):
        if isinstance(page, RequestLetter):
            draw_request(sheet, page)
        else:
            _write(sheet, _printable(page))
    return sheet.finish()


def requested(renderer: Renderer, say: Say, to: tuple[str, str, str], by: tuple[Office, date]) -> RequestLetter:
    """A request to an office as it is printed. ``to``: its name, postcode and address; without a name whoever it is.
    ``by``: who asks, and on which day."""
    house, (name, postcode, address) = str(say.params["house"]), to
    part = {"kind": say.kind, "v": renderer.catalogue.versions[say.kind], "params": dict(say.params)}
    return RequestLetter(
        message=renderer.part({**part, "mode": say.mode, "house": house, "case": "", "round": 0}, "ja", ""),
        to_name=name or words("ja")["request"]["nobody"],
        to_postcode=postcode,
        to_address=tuple(filter(None, address.split("\n"))),
        office=by[0],
        office_address=by[0].address,
        written_on=by[1],
        house_id=house,
    )


def _write(sheet: Sheet, page: LetterPage) -> None:
    """One letter, from the address to the slip at the foot of its last page, and what is enclosed."""
    top, ending = draw_head(sheet, page), slip(page)
    parts = _parted(_set(page, BOTTOM - ending.height - top), top, ending.height)
    for number, part in enumerate(parts, 1):
        y = top if number == 1 else NEXT_TOP
        for strip in part:
            strip.draw(sheet, y)
            y += strip.height
        if number == len(parts):
            ending.draw(sheet, BOTTOM - ending.height)
        if len(parts) > 1:
            _number(sheet, page, number, len(parts))
        sheet.next()
    if page.elsewhere:
        draw_offer(sheet, page, page.elsewhere)
        sheet.next()


def _set(page: LetterPage, room: float) -> list[Strip]:
    """As large and airy as fits into ``room`` mm; what fits in no setting goes over several pages."""
    answer = reply(page)
    for setting in SETTINGS:
        strips = [*body(page.message, setting), answer, *footer(page.message, setting)]
        if sum(strip.height for strip in strips) <= room:
            return strips
    return [*body(page.message, LONG), answer, *footer(page.message, LONG)]


def _parted(strips: list[Strip], top: float, ending: float) -> list[list[Strip]]:
    """The strips of each page; the last leaves room for the slip, if need be by being empty."""
    parts: list[list[Strip]] = [[]]
    y = top
    for strip in strips:
        if y + strip.height > BOTTOM and (parts[-1] or y > NEXT_TOP):
            parts.append([])
            y = NEXT_TOP
        parts[-1].append(strip)
        y += strip.height
    return parts if y + ending <= BOTTOM else [*parts, []]


def _number(sheet: Sheet, page: LetterPage, number: int, pages: int) -> None:
    """Whose letter a sheet belongs to, where there is more than one."""
    said = words(page.message.language)
    below = said["page"].format(page=number, pages=pages)
    below += "  " + said["continues"] if number < pages else ""
    sheet.line(RIGHT - width(below, SMALL.size), HIGH - 6, below, SMALL)
    if number > 1:
        whose = f"{page.to_name}  {said['reply']['code']} {page.code}"
        sheet.line(RIGHT - width(whose, SMALL.size), 14, whose, SMALL)


def _printable(page: LetterPage) -> LetterPage:
    """The same letter in signs that the font has, names and labels on one line each."""
    said: Message = page.message
    message = replace(
        said,
        title=_line(said.title),
        paragraphs=tuple(legible(text) for text in said.paragraphs),
        facts=tuple((_line(label), _line(value)) for label, value in said.facts),
        buttons=tuple(replace(button, label=_line(button.label)) for button in said.buttons),
        footer=tuple(legible(text) for text in said.footer),
    )
    office = page.office
    return replace(
        page,
        message=message,
        to_name=_line(page.to_name),
        to_postcode=_line(page.to_postcode),
        to_address=tuple(_line(text) for text in page.to_address),
        office=replace(office, name=_line(office.name), phone=_line(office.phone), hours=_line(office.hours)),
        office_address=tuple(_line(text) for text in page.office_address),
        house_id=_line(page.house_id),
    )


def _line(text: str) -> str:
    return plain(legible(text))
