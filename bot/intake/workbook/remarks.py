"""What is said at single cells: the comments of a sheet, beside those that the person wrote."""

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.intake.workbook.echo import DECLARATION, Echo, cell_text, local, named, tag
from bot.intake.workbook.places import reference
from bot.intake.workbook.shades import MAIN
from bot.intake.xlsx_cells import column_number

AUTHOR = "Engawa 取込"
# Declared on each shape: other programs have other prefixes for them.
_NAMES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_SHAPE = re.compile(r"<(\w{1,20}:)shape[ >]")
_ROW, _COLUMN = re.compile(r"<\w+:Row>\s*([0-9]{1,9})\s*<"), re.compile(r"<\w+:Column>\s*([0-9]{1,9})\s*<")
_CELL = re.compile("([A-Z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r'id="_x0000_s([0-9]{1,9})"')
_OUTLINE = (
    f'<v:shapetype {_NAMES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
NO_REMARKS = f'{DECLARATION}<comments xmlns="{MAIN}"><authors></authors><commentList></commentList></comments>'.encode()
NO_DRAWING = f"<xml {_NAMES}></xml>".encode()
Place = tuple[int, int]  # line, counted from 1, and column, counted from 0


class RemarksEcho(Echo):
    """Comments as they were, without ours of the last time, and with those that are to be said now."""

    def __init__(self, remarks: Mapping[Place, str]) -> None:
        super().__init__()
        self._remarks = remarks
        self._authors = 0
        self._author: list[str] = []
        self._our_number = -1
        self._inside: list[str] = []
        self._dropping = False
        self.taken: set[Place] = set()
        self.gone: set[Place] = set()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        plain = local(name)
        self._inside.append(plain)
        self._author = []
        if plain == "comment":
            self._dropping = attributes.get("authorId") == str(self._our_number)
            place = _place(attributes.get("ref", ""))
            (self.gone if self._dropping else self.taken).update([place] if place else [])
        if not self._dropping:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        plain = self._inside.pop()
        if plain == "author":
            self._our_number = self._authors if "".join(self._author) == AUTHOR else self._our_number
            self._authors += 1
        elif plain == "authors" and self._our_number < 0:
            self.write(named(self.prefix, f"<author>{AUTHOR}</author>"))
            self._our_number = self._authors
        elif plain == "commentList":
            self.write("".join(self._said(place) for place in self.ours))
        if not self._dropping:
            super().end(name)
        self._dropping = self._dropping and plain != "comment"

    def text(self, text: str) -> None:
        self._author.append(text)
        if not self._dropping:
            super().text(text)

    @property
    def ours(self) -> list[Place]:
        """Where something is said: not where the person has a comment already."""
        return [place for place in self._remarks if place not in self.taken]

    def _said(self, place: Place) -> str:
        start = tag("comment", {"ref": reference(*place), "authorId": str(self._our_number)})
        text = cell_text(self._remarks[place])
        inside = named(self.prefix, f'{start}><text><t xml:space="preserve">'), text
        return "".join(inside) + named(self.prefix, "</t></text></comment>")


def with_notes(drawing: bytes, ours: Iterable[Place], gone: set[Place]) -> bytes:
    """The drawing in which comments are shown, with boxes for ours and without those for what is gone."""
    kept = "".join(_without(drawing.decode("utf-8", "replace"), gone))
    before, end, after = kept.rpartition("</xml>")
    if not end:
        before, end, after = NO_DRAWING.decode().rpartition("</xml>")
    first = max([1024, *map(int, _NUMBER.findall(before))]) + 1  # as spreadsheets number them
    boxes = "".join(_box(number, place) for number, place in enumerate(ours, first))
    outline = "" if 'id="_x0000_t202"' in before else _OUTLINE
    return (before + outline + boxes + end + after).encode()


def _without(drawing: str, gone: set[Place]) -> Iterator[str]:
    """The pieces of a drawing that stay. It is not always XML, so it is cut, not read."""
    at = 0
    while found := _SHAPE.search(drawing, at):
        end = drawing.find(f"</{found[1]}shape>", found.end())
        if end < 0:
            break
        end += len(f"</{found[1]}shape>")
        yield drawing[at : found.start()]
        if _shown_at(drawing[found.start() : end]) not in gone:
            yield drawing[found.start() : end]
        at = end
    yield drawing[at:]


def _shown_at(shape: str) -> Place | None:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    return (int(row[1]) + 1, int(column[1])) if row and column and 'ObjectType="Note"' in shape else None


def _box(number: int, place: Place) -> str:
    line, at = place
    style = "position:absolute;margin-left:60pt;margin-top:2pt;width:220pt;height:70pt;z-index:1;visibility:hidden"
    where = f"{at + 1}, 15, {max(line - 2, 0)}, 10, {at + 4}, 15, {line + 3}, 4"
    return (
        f'<v:shape {_NAMES} id="_x0000_s{number}" type="#_x0000_t202" style="{style}" fillcolor="#ffffe1" '
        'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
        f'</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{where}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{line - 1}</x:Row><x:Column>{at}</x:Column></x:ClientData></v:shape>"
    )


def _place(ref: str) -> Place | None:
    found = _CELL.fullmatch(ref)
    return (int(found[2]), column_number(found[1])) if found else None
