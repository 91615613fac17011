"""Breaking text into lines as Japanese and western printers both do."""

import re
from collections.abc import Iterator

from templates.paper.font import MM, width

OPENING = "「『（(［[｛{〈《【〔“‘"
CLOSING = "、。，．,.・：；:;！？!?」』）)］]｝}〉》】〕”’ーっゃゅょぁぃぅぇぉッャュョァィゥェォ々〜～…"
ALONE = 2  # signs
KATAKANA = "[ァ-ヺー]+"  # a word taken from abroad, long and hard to read when divided
# A word or number of western letters is not divided, nor a number from 年, 月, 日 and the like behind it.
WORD = r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff〓" + re.escape(OPENING + CLOSING) + "]+"
PIECE = re.compile(
    rf"[{re.escape(OPENING)}]*(?:{KATAKANA}|{WORD}(?:[.,:’]{WORD})*[年月日時分回円号]?|\S)[{re.escape(CLOSING)}]*| +|\s"
)


def wrap(text: str, size: float, room: float) -> list[str]:
    """Lines of at most ``room`` mm in that size of type. Nothing is lost but the spaces at which a line ends.

    No line begins with a closing sign or ends with an opening one, unless there is no other way.
    """
    return [line for part in text.split("\n") for line in _lines(part, size, room)]


def _lines(text: str, size: float, room: float) -> Iterator[str]:
    line, used = "", 0.0
    for piece in PIECE.findall(text):
        wide = width(piece, size)
        if used + wide > room and line and not piece.isspace():
            yield line.rstrip()
            line, used = "", 0.0
        if wide > room:
            *full, piece = _cut(piece, size, room)
            yield from full
            wide = width(piece, size)
        if line or not piece.isspace():
            line, used = line + piece, used + wide
    if line.rstrip():
        yield line.rstrip()


def _cut(piece: str, size: float, room: float) -> list[str]:
    """A piece that no line can hold, cut where each line is full."""
    parts, start, used = [], 0, 0.0
    for at, char in enumerate(piece):
        wide = width(char, size)
        if used + wide > room and at > start:
            parts.append(piece[start:at])
            start, used = at, 0.0
        used += wide
    return [*parts, piece[start:]]


def paragraph_lines(text: str, size: float, room: float) -> list[str]:
    """Full lines, but none with a last sign or two alone, where a little less room avoids it."""
    lines = wrap(text, size, room)
    if len(lines) > 1 and len(lines[-1]) <= ALONE:
        narrower = wrap(text, size, room - 3 * size / MM)
        return narrower if len(narrower) == len(lines) else lines
    return lines


def balanced(text: str, size: float, room: float) -> list[str]:
    """The same number of lines as ``wrap`` needs, but about equally long, so that no word is left alone."""
    lines = wrap(text, size, room)
    share = width(text, size) / max(len(lines), 1)
    for narrower in (share * 1.05 + size * 0.36, share * 1.2 + size * 0.36):
        if narrower < room and len(found := wrap(text, size, narrower)) == len(lines):
            return found
    return lines


def largest(text: str, sizes: tuple[float, ...], room: float) -> float:
    """The first of these sizes in which the text stands in one line, or the last."""
    return next((size for size in sizes if width(text, size) <= room), sizes[-1])
