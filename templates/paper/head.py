"""The top of a letter: the address as the envelope's window shows it, the date and the sender beside it.

The envelope is a 長形3号 (JIS S 5502: 120 × 235 mm) used lengthwise, the sheet an A4 folded in three with this panel
(210 × 99 mm) outwards. The window is taken to be 45 × 90 mm, 20 mm from the envelope's left and 12 mm from its top: an
assumption from ready-made envelopes (the postal service asks for at least 45 × 80 mm and fixes no place); an office
with other envelopes changes ``WINDOW``. The postal guideline asks that the address stay in sight however the sheet
slides inside. It can slide by what the envelope is larger than the panel, so the address keeps to what the window
shows in every position, and nothing else stands where the window could reach.
"""

from dataclasses import dataclass
from datetime import date

from templates.eras import day_in_era
from templates.forms import MONTHS
from templates.paper.font import width
from templates.paper.lines import balanced, largest, wrap
from templates.paper.page import LetterPage
from templates.paper.sheet import RIGHT, Sheet, Type
from templates.paper.words import words

FOLDS = (99.0, 198.0)
SLIDE = (235.0 - 210.0, 120.0 - 99.0)  # mm to the right and downwards
INSET = 1.5  # mm between the window's edge and the type
# Points of the address and at most of the name: the first at which both stand in the window.
SIZES = ((11.0, 15.0), (10.5, 14.0), (10.0, 13.0), (9.5, 12.0), (9.0, 12.0), (8.5, 11.0), (8.0, 11.0), (8.0, 10.0))
NAME_SIZES = (15.0, 14.0, 13.0, 12.0, 11.0, 10.0)
MOST_LINES = 4  # of an address as it was given; more are written one after another
LEADING = 0.43  # mm a line takes for each point of type


@dataclass(frozen=True, slots=True)
class Window:
    """A window in the envelope, mm from its upper left corner."""

    left: float
    top: float
    wide: float
    high: float

    @property
    def always(self) -> "Window":
        """The part of the panel that the window shows wherever the sheet lies."""
        return Window(self.left, self.top, self.wide - SLIDE[0], self.high - SLIDE[1])

    @property
    def reach(self) -> tuple[float, float]:
        """How far to the right and downwards it may show the panel at all."""
        return self.left + self.wide, self.top + self.high


WINDOW = Window(20, 12, 90, 45)
SENDER_X, SENDER_LINE = WINDOW.reach[0] + 8, 5.2  # the sender stands to the right of all that can show,
TITLE_Y = WINDOW.reach[1] + 5  # the text below it


def draw_head(sheet: Sheet, page: LetterPage) -> float:
    """Draws it, and returns where the text below may begin."""
    for fold in FOLDS:
        sheet.rule((4, fold), (9, fold), 0.15)
    lower = max(_address(sheet, page), _sender(sheet, page))
    return max(TITLE_Y, lower + 6)


def _address(sheet: Sheet, page: LetterPage) -> float:
    box = WINDOW.always
    room = box.wide - 2 * INSET
    for size, most in SIZES:
        name, name_size = _name(page, room, most)
        lines = [_postcode(page.to_postcode), *_wrapped(page.to_address, size, room)]
        lines = [line for line in lines if line]
        high = (len(lines) * size + len(name) * name_size) * LEADING + 1
        if high <= box.high - 1:
            break
    y = box.top + 0.5
    for line in lines:
        y += size * LEADING
        sheet.line(box.left + INSET, y - size * 0.1, line, Type(size))
    y += 1
    for line in name:
        y += name_size * LEADING
        sheet.line(box.left + INSET, y - name_size * 0.1, line, Type(name_size))
    return y


def _name(page: LetterPage, room: float, most: float) -> tuple[list[str], float]:
    """The name with its 様, which never stands alone on a line, and its size."""
    ending = str(words(page.message.language)["company" if page.to_company else "person"])
    sizes = tuple(size for size in NAME_SIZES if size <= most)
    size = largest(page.to_name + ending, sizes, room)
    lines = wrap(page.to_name, size, room - width(ending, size)) or [""]
    return [*lines[:-1], lines[-1] + ending], size


def _wrapped(given: tuple[str, ...], size: float, room: float) -> list[str]:
    lines = given if len(given) <= MOST_LINES else (" ".join(given),)
    return [part for line in lines for part in balanced(line, size, room)]


def _postcode(given: str) -> str:
    """〒157-0066, from any way of writing it; what is no postcode stays as it is."""
    digits = "".join(char for char in given if char.isdecimal())
    if len(digits) == 7 and digits.isascii():
        return f"〒{digits[:3]}-{digits[3:]}"
    return given


def _sender(sheet: Sheet, page: LetterPage) -> float:
    said, office = words(page.message.language), page.office
    day = written(page.message.language, page.written_on)
    sheet.line(RIGHT - width(day, 11), 17, day, Type(11))
    y = 25.5
    rows = [(office.name, Type(12.5))] + [(line, Type(10)) for line in page.office_address]
    rows += [(said["phone"].format(phone=office.phone), Type(11))] if office.phone else []
    rows += [(said["hours"].format(hours=office.hours), Type(10))] if office.phone and office.hours else []
    rows += [(said["house"].format(house=page.house_id), Type(10))]
    for text, how in rows:
        for line in wrap(text, how.size, RIGHT - SENDER_X):
            sheet.line(SENDER_X, y, line, how)
            y += SENDER_LINE
    return y


def written(language: str, day: date) -> str:
    """令和8年（2026年）11月21日, or 21 November 2026."""
    return day_in_era(day) if language == "ja" else f"{day.day} {MONTHS[day.month - 1]} {day.year}"
