"""The slip at the foot of a letter: cut off, sent back, keyed in by staff under its code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Any

from bot.core.action import read_action
from bot.core.eras import era_of
from bot.core.message import Button
from templates.paper.font import width
from templates.paper.lines import wrap
from templates.paper.page import LetterPage
from templates.paper.sheet import LEFT, RIGHT, WIDE, Point, Sheet, Strip, Type
from templates.paper.words import words

CONSENT = "consent"
LEADING_ON, DONE = frozenset({"choose", "help"}), "already"
TICK = Type(12.5)
BOX = 5.0  # mm; large enough for a hand that is no longer steady
ROOM, LABEL_X = RIGHT - LEFT, BOX + 3
HOW, HOW_LINE = Type(10), 4.6
LINE, LABEL_LINES = 5.4, 3  # a label longer than that ends in … (the letter above says it in full)
CELL = (8.0, 9.5)  # of one digit of the code
SENDER, SENDER_X, SENDER_LINE = Type(10.5), LEFT + 22, 5.0
DESK, DESK_X = Type(8.5, grey=0.25), RIGHT - 62


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes to tick: so many side by side, each with the lines of its label."""

    columns: int
    labels: Sequence[Sequence[str]]

    @property
    def rows(self) -> list[Sequence[Sequence[str]]]:
        return [self.labels[at : at + self.columns] for at in range(0, len(self.labels), self.columns)]

    @property
    def high(self) -> float:
        return sum(_high(row) for row in self.rows)


def slip(page: LetterPage) -> Strip:
    """The whole slip; as high as its boxes need."""
    said = words(page.message.language)["slip"]
    boxes = _boxes([label for button in page.message.buttons for label in _labels(button, said)])
    how = len(_how(page)) * HOW_LINE
    return Strip(22 + how + boxes.high + 13 + _foot_high(page), partial(_draw, page, boxes))


def _labels(button: Button, said: Mapping[str, Any]) -> list[str]:
    """The boxes of one answer: none for what only leads on to a further message, two where that would ask the result.

    On paper nobody can ask back.
    """
    action = read_action(button.action)
    verb = action.verb if action else ""
    if verb == DONE:
        return [said["done_ok"], said["done_issues"]]
    return [] if verb in LEADING_ON else [button.label]


def _boxes(labels: Sequence[str]) -> Boxes:
    """As many side by side as their labels allow and as saves a row; long labels one below the other."""
    widest = max((width(label, TICK.size) for label in labels), default=0)
    fitting = [columns for columns in (2, 3) if widest <= ROOM / columns - LABEL_X - 2]
    if not fitting:
        return Boxes(1, [_short(wrap(label, TICK.size, ROOM - LABEL_X)) for label in labels])
    columns = min(fitting, key=lambda columns: (ceil(len(labels) / columns), columns))
    return Boxes(columns, [[label] for label in labels])


def _short(lines: list[str]) -> list[str]:
    return lines if len(lines) <= LABEL_LINES else [*lines[: LABEL_LINES - 1], lines[LABEL_LINES - 1][:-1] + "…"]


def _high(row: Sequence[Sequence[str]]) -> float:
    return 3 + LINE * max(len(lines) for lines in row)


def _how(page: LetterPage) -> list[str]:
    return wrap(words(page.message.language)["slip"]["how"], HOW.size, ROOM)


def _draw(page: LetterPage, boxes: Boxes, sheet: Sheet, y: float) -> None:
    said = words(page.message.language)
    _cut(sheet, y + 2, said["slip"]["cut"])
    sheet.line(LEFT, y + 12, said["slip"]["title"], Type(15, bold=True))
    sheet.line(LEFT, y + 18, said["house"].format(house=page.house_id), Type(10.5))
    _code(sheet, y + 7, said["reply"]["code"], page.code)
    y += 22
    for line in _how(page):
        sheet.line(LEFT, y + 3.6, line, HOW)
        y += HOW_LINE
    for row in boxes.rows:
        for at, lines in enumerate(row):
            _tick(sheet, (LEFT + at * ROOM / boxes.columns, y), lines)
        y += _high(row)
    _date(sheet, y, page)
    _foot(sheet, y + 13, page)


def _cut(sheet: Sheet, y: float, text: str) -> None:
    half = width(text, 8.5) / 2 + 3
    sheet.rule((6, y), (WIDE / 2 - half, y), 0.25, dash=1.5)
    sheet.rule((WIDE / 2 + half, y), (WIDE - 6, y), 0.25, dash=1.5)
    sheet.line(WIDE / 2 - half + 3, y + 1, text, Type(8.5, grey=0.25))


def _code(sheet: Sheet, y: float, label: str, code: str) -> None:
    start = RIGHT - len(code) * CELL[0]
    sheet.line(start - width(label, 10.5) - 4, y + 6.5, label, Type(10.5))
    for at in range(len(code)):
        sheet.frame((start + at * CELL[0], y), CELL, 0.25)
    spaced = CELL[0] - width("0", 18)
    sheet.line(start + spaced / 2, y + 7.2, code, Type(18, spaced=spaced))


def _tick(sheet: Sheet, at: Point, lines: Sequence[str]) -> None:
    x, y = at
    sheet.frame((x, y + 1.7), (BOX, BOX), 0.4)
    for number, line in enumerate(lines):
        sheet.line(x + LABEL_X, y + 5.8 + number * LINE, line, TICK)


def _date(sheet: Sheet, y: float, page: LetterPage) -> None:
    """実施日 令和__年__月__日, and a line for what else there is to say; a consent is dated and signed there."""
    said = words(page.message.language)["slip"]
    date, note = ("signed_on", "signed") if _agrees(page) else ("date", "note")
    era = era_of(page.written_on)
    x, base = LEFT, y + 8
    named = era.name if era and page.message.language == "ja" else ""
    x = _word(sheet, x, base, said[date], 4)
    x = _word(sheet, x, base, named, 1) if named else x
    for unit in ("years", "months", "days"):
        sheet.rule((x, base + 1), (x + 11, base + 1), 0.25)
        x = _word(sheet, x + 12, base, said[unit], 1)
    x = _word(sheet, x + 5, base, said[note], 2)
    sheet.rule((x, base + 1), (RIGHT, base + 1), 0.25)


def _agrees(page: LetterPage) -> bool:
    """Whether what is ticked here is an agreement, and no word on a work."""
    actions = (read_action(button.action) for button in page.message.buttons)
    return any(action is not None and action.verb == CONSENT for action in actions)


def _word(sheet: Sheet, x: float, base: float, text: str, after: float) -> float:
    sheet.line(x, base, text, Type(11.5))
    return x + width(text, 11.5) + after


def _return_to(page: LetterPage) -> list[str]:
    lines = (page.office.name, *page.office_address)
    return [part for line in lines for part in wrap(line, SENDER.size, DESK_X - SENDER_X - 4)]


def _foot_high(page: LetterPage) -> float:
    return max(13.0, len(_return_to(page)) * SENDER_LINE)


def _foot(sheet: Sheet, y: float, page: LetterPage) -> None:
    """Where the slip goes, and the corner in which staff note that it came and was keyed in."""
    said = words(page.message.language)["slip"]
    sheet.line(LEFT, y + 3.6, said["to"], Type(10.5))
    for number, line in enumerate(_return_to(page)):
        sheet.line(SENDER_X, y + 3.6 + number * SENDER_LINE, line, SENDER)
    sheet.frame((DESK_X, y), (RIGHT - DESK_X, 12), 0.2)
    sheet.line(DESK_X + 2, y + 4.3, said["desk"], DESK)
    sheet.line(DESK_X + 2, y + 10, said["received"], DESK)
    sheet.line(DESK_X + 36, y + 10, said["keyed"], DESK)
