"""What a letter says, and how it is answered, as strips of the page."""

from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

from bot.core.message import Message
from templates.paper.font import width
from templates.paper.lines import balanced, largest, paragraph_lines, wrap
from templates.paper.page import LetterPage
from templates.paper.sheet import LEFT, RIGHT, Point, Sheet, Strip, Type
from templates.paper.words import words

ROOM = RIGHT - LEFT
TITLE, LABEL, FOOTER = Type(16, bold=True), Type(10.5, grey=0.25), Type(10.5, grey=0.2)
LABEL_X, LABEL_ROOM, VALUE_X = LEFT + 3, 33.0, LEFT + 40
SIDE = 32.0  # of the QR with its quiet zone
HEADING_MARK = "■"


@dataclass(frozen=True, slots=True)
class Setting:
    """How a letter's text is set: points, and how much white between the lines (1 is as it should be)."""

    size: float
    air: float

    @property
    def line(self) -> float:
        """What a line takes, in mm."""
        return self.size * 0.575 * self.air


# The first with which the letter stands on one page; a longer one is set as it should be.
SETTINGS = (Setting(13, 1), Setting(12, 1), Setting(12, 0.93), Setting(12, 0.86), Setting(12, 0.8))
LONG = Setting(12, 1)


def body(message: Message, setting: Setting) -> list[Strip]:
    """Title, paragraphs and facts."""
    strips = [_line(line, TITLE, 8.5) for line in balanced(message.title, TITLE.size, ROOM)]
    strips.append(_gap(3 * setting.air))
    for paragraph in message.paragraphs:
        how = Type(setting.size, bold=paragraph.startswith(HEADING_MARK))
        strips += [_line(line, how, setting.line) for line in paragraph_lines(paragraph, how.size, ROOM)]
        strips.append(_gap(2.2 * setting.air))
    for label, value in message.facts:
        strips += _fact(label, value, setting)
    return [*strips, Strip(4 * setting.air, _hair)] if message.facts else strips


def footer(message: Message, setting: Setting) -> list[Strip]:
    """Who writes and on whose behalf: smaller, before the slip."""
    lines = [line for text in message.footer for line in paragraph_lines(text, FOOTER.size, ROOM)]
    return [_gap(3 * setting.air), *(_line(line, FOOTER, 5.2 * setting.air) for line in lines)]


def reply(page: LetterPage) -> Strip:
    """How to answer at once: the QR for a phone, the code for a call."""
    return Strip(SIDE + 4, partial(_reply, page))


def _gap(height: float) -> Strip:
    return Strip(height, lambda sheet, y: None)


def _line(text: str, how: Type, height: float) -> Strip:
    return Strip(height, lambda sheet, y: sheet.line(LEFT, y + height * 0.72, text, how))


def _fact(label: str, value: str, setting: Setting) -> list[Strip]:
    """A label and its value side by side, a hair line above."""
    labels, values = wrap(label, LABEL.size, LABEL_ROOM), wrap(value, setting.size, RIGHT - VALUE_X)
    pairs = list(zip_longest(labels, values, fillvalue=""))
    return [Strip(0.6 * setting.air, _hair), *(Strip(setting.line, partial(_pair, pair, setting)) for pair in pairs)]


def _hair(sheet: Sheet, y: float) -> None:
    sheet.rule((LEFT, y), (RIGHT, y), 0.1)


def _pair(pair: tuple[str, str], setting: Setting, sheet: Sheet, y: float) -> None:
    base = y + setting.line * 0.7
    sheet.line(LABEL_X, base, pair[0], LABEL)
    sheet.line(VALUE_X, base, pair[1], Type(setting.size))


def _reply(page: LetterPage, sheet: Sheet, y: float) -> None:
    said = words(page.message.language)["reply"]
    sheet.frame((LEFT, y), (ROOM, SIDE + 2), 0.35, bend=2)
    x = LEFT + 6
    if page.url:
        x = LEFT + SIDE + 4
        sheet.code((LEFT + 1, y + 1), SIDE, page.url)
        sheet.line(x, y + 7.5, said["scan"], Type(largest(said["scan"], (12, 11.5, 11), RIGHT - x - 3)))
        sheet.line(x, y + 12, page.url, Type(largest(page.url, (9, 8, 7, 6, 5), RIGHT - x - 3), grey=0.25))
        sheet.rule((x, y + 14.5), (RIGHT - 4, y + 14.5), 0.15)
    _call(page, sheet, (x, y + 20))


def _call(page: LetterPage, sheet: Sheet, at: Point) -> None:
    """The code to be said on the telephone, and the number to call."""
    said, office, (x, y) = words(page.message.language), page.office, at
    ask = said["reply"]["phone" if office.phone else "code"]
    sheet.line(x, y, ask, Type(12))
    base, code = y + 10.5, Type(26, bold=True, spaced=1.2)
    sheet.line(x, base, page.code, code)
    if not office.phone:
        return
    beside = x + width(page.code, code.size) + len(page.code) * code.spaced + 6
    phone = said["phone"].format(phone=office.phone)
    sheet.line(beside, base, phone, Type(largest(phone, (18, 16, 14, 12, 10, 8), RIGHT - beside - 3), bold=True))
    hours = said["hours"].format(hours=office.hours) if office.hours else ""
    after = x + width(ask, 12) + 4
    sheet.line(after, y, hours, Type(largest(hours, (10.5, 9, 8, 7, 6), RIGHT - after - 3), grey=0.2))
