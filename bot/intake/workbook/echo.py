"""An XML part of somebody's workbook, written out again as it was read, but for what is changed on the way.

Names keep the prefixes they had, so that nothing has to be known of what a newer spreadsheet puts in.
"""

import re
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from bot.intake.xlsx_package import Package, safe_parser

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_VALUE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)

LONGEST_CELL = 32_767  # characters, of which a number in ``held`` may take some more
_BARRED = "\x00-\x08\x0b\x0c\x0e-\x1f\r\ud800-\udfff\ufffe\uffff"
_NOT_IN_XML = re.compile(f"[{_BARRED}]")
_LIKE_A_NUMBER = re.compile(f"_(?=x[0-9A-Fa-f]{{4}}[_{_BARRED}])")
_NAMES = re.compile(r"<(/?)(?=\w)")


def escaped(text: str) -> str:
    return text.translate(_TEXT)


def tag(name: str, attributes: Mapping[str, str]) -> str:
    """A start tag, still open at its end."""
    return f"<{name}" + "".join(f' {key}="{value.translate(_VALUE)}"' for key, value in attributes.items())


def held(text: str) -> str:
    """Text as a cell can hold it: what XML cannot hold under its number, and no more than a cell may have."""
    safe = _LIKE_A_NUMBER.sub("_x005F_", text[:LONGEST_CELL])
    return _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", safe)


def cell_text(text: str) -> str:
    """The same as markup."""
    return escaped(held(text))


def text_cell(place: str, text: str, style: int, prefix: str = "") -> str:
    """A cell that holds text and nothing else, whatever it begins with."""
    start = tag(f"{prefix}c", {"r": place, "s": str(style), "t": "inlineStr"})
    inside = named(prefix, '<is><t xml:space="preserve">'), cell_text(text), named(prefix, "</t></is></c>")
    return f"{start}>" + "".join(inside)


def named(prefix: str, markup: str) -> str:
    """Markup of ours, its names under the prefix that a part uses."""
    return _NAMES.sub(rf"<\1{prefix}", markup) if prefix else markup


def local(name: str) -> str:
    return name.rpartition(":")[2]


class Echo:
    """Writes into ``out`` what it is told; a part's editor overrides what it changes. ``prefix`` is the root's own."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.prefix = ""
        self._open = False
        self._begun = False

    def parser(self, part: str) -> expat.XMLParserType:
        """What reads a part for this editor."""
        parser = safe_parser(part)
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        return parser

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._begun:
            self._begun = True
            before, colon, _ = name.rpartition(":")
            self.prefix = before + colon
        self.close_tag()
        self.out.append(tag(name, attributes))
        self._open = True

    def end(self, name: str) -> None:
        self.out.append("/>" if self._open else f"</{name}>")
        self._open = False

    def text(self, text: str) -> None:
        self.write(escaped(text))

    def write(self, markup: str) -> None:
        """Puts in what stood in no part."""
        self.close_tag()
        self.out.append(markup)

    def close_tag(self) -> None:
        if self._open:
            self.out.append(">")
            self._open = False

    def take(self) -> str:
        """What was written since this was last asked."""
        written = "".join(self.out)
        self.out.clear()
        return written


def echoed(package: Package, part: str, editor: Echo) -> Iterator[bytes]:
    """A part on its way through an editor, piece by piece, in UTF-8. Raises Refused."""
    yield DECLARATION.encode()
    for _ in package.feed(part, editor.parser(part)):
        yield editor.take().encode()


def edited(package: Package, part: str, editor: Echo) -> bytes:
    """The same for a small part, whole."""
    return b"".join(echoed(package, part, editor))
