"""What may be enclosed in a letter: another way to have notices from now on, on a sheet that asks nothing else."""

from templates.forms import day
from templates.paper.font import width
from templates.paper.lines import balanced, wrap
from templates.paper.page import Elsewhere, LetterPage
from templates.paper.sheet import HIGH, LEFT, RIGHT, WIDE, Sheet, Type
from templates.paper.words import words

TOP, ROOM = 34.0, RIGHT - LEFT
TITLE, TEXT, CODE, SMALL = Type(18, bold=True), Type(14), Type(28, bold=True, spaced=1.2), Type(9, grey=0.25)
SIDE = 58.0  # of the QR with its quiet zone


def draw_offer(sheet: Sheet, page: LetterPage, offer: Elsewhere) -> None:
    """The channel, its QR, and the code for whoever types it."""
    said, y = words(page.message.language)["elsewhere"], TOP
    _whose(sheet, page)
    for line in balanced(said["title"].format(channel=offer.channel), TITLE.size, ROOM):
        sheet.line(LEFT, y, line, TITLE)
        y += 10
    y = _text(sheet, y + 3, said["how"])
    sheet.code(((WIDE - SIDE) / 2, y), SIDE, offer.url)
    y = _text(sheet, y + SIDE + 10, said["code"].format(channel=offer.channel))
    wide = width(offer.code, CODE.size) + len(offer.code) * CODE.spaced
    sheet.line((WIDE - wide) / 2, y + 8, offer.code, CODE)
    until = day(page.message.language, offer.until.isoformat())
    _text(sheet, y + 22, said["until"].format(day=until))


def _text(sheet: Sheet, y: float, text: str) -> float:
    for line in wrap(text, TEXT.size, ROOM):
        sheet.line(LEFT, y, line, TEXT)
        y += 8
    return y


def _whose(sheet: Sheet, page: LetterPage) -> None:
    """To which letter the sheet belongs, for whoever folds it."""
    whose = f"{page.to_name}  {words(page.message.language)['reply']['code']} {page.code}"
    sheet.line(RIGHT - width(whose, SMALL.size), 14, whose, SMALL)
    sheet.line(LEFT, HIGH - 14, page.office.name, SMALL)
