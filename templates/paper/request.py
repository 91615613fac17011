"""A request to an office on paper: a title, what is asked, the particulars, the date. Answered by post or telephone.

Unlike a letter to a person it has no code and no slip: an office answers in its own form, and staff write that down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.core.message import Message
from templates.paper.body import LONG, SETTINGS, body
from templates.paper.font import legible
from templates.paper.head import draw_head
from templates.paper.page import LetterPage
from templates.paper.sheet import BOTTOM, LEFT, RIGHT, Sheet, Strip, Type
from templates.paper.words import words
from templates.render import Office

NO_CODE = "000000"  # of a page that is answered under none
NEXT_TOP = 22.0
SIGN = 18.0  # mm of the line to sign on


@dataclass(frozen=True, slots=True)
class RequestLetter:
    """To whom it goes, what it says, and who asks. Plain text from outside, in the office's own words nowhere."""

    message: Message
    to_name: str
    to_postcode: str
    to_address: tuple[str, ...]
    office: Office
    office_address: tuple[str, ...]
    written_on: date
    house_id: str


def request_pdf(request: RequestLetter) -> bytes:
    """The request as PDF, one page where it fits: the same bytes for the same request."""
    message = request.message
    sheet = Sheet(message.language, message.title)
    draw_request(sheet, request)
    return sheet.finish()


def draw_request(sheet: Sheet, request: RequestLetter) -> None:
    """Its pages, the last one finished."""
    y = draw_head(sheet, _page(request))
    for strip in _set(request.message, BOTTOM - y - SIGN):
        if y + strip.height > BOTTOM:
            sheet.next()
            y = NEXT_TOP
        strip.draw(sheet, y)
        y += strip.height
    if y + SIGN > BOTTOM:
        sheet.next()
        y = NEXT_TOP
    _sign(words(request.message.language)["request"], sheet, y)
    sheet.next()


def _sign(said: Mapping[str, str], sheet: Sheet, y: float) -> None:
    """Whoever posts it signs it."""
    sheet.line(LEFT, y + 12, said["signed_on"], Type(12))
    sheet.line(LEFT + 84, y + 12, said["signed"], Type(12))
    sheet.rule((LEFT + 84, y + 14.5), (RIGHT, y + 14.5), 0.2)


def _set(message: Message, room: float) -> list[Strip]:
    for setting in SETTINGS:
        strips = body(message, setting)
        if sum(strip.height for strip in strips) <= room:
            return strips
    return body(message, LONG)


def _page(request: RequestLetter) -> LetterPage:
    """As the head of a letter wants it."""
    return LetterPage(
        message=request.message,
        to_name=legible(request.to_name),
        to_postcode=request.to_postcode,
        to_address=tuple(map(legible, request.to_address)),
        office=request.office,
        code=NO_CODE,
        url="",
        written_on=request.written_on,
        house_id=request.house_id,
        office_address=request.office_address,
        to_company=True,
    )
