"""What the parts of a package refer to, and what they are, with our own added."""

import posixpath
from collections.abc import Collection, Mapping
from typing import NamedTuple

from bot.intake.workbook.echo import DECLARATION, Echo, edited, local, named, tag
from bot.intake.workbook.sheet import OFFICE
from bot.intake.xlsx_package import Package

TYPES = "[Content_Types].xml"
_FORMAT = "application/vnd.openxmlformats-officedocument"
BOOK_TYPE = f"{_FORMAT}.spreadsheetml.sheet.main+xml"
SHEET_TYPE = f"{_FORMAT}.spreadsheetml.worksheet+xml"
STYLES_TYPE = f"{_FORMAT}.spreadsheetml.styles+xml"
REMARKS_TYPE = f"{_FORMAT}.spreadsheetml.comments+xml"
DRAWING_TYPE = f"{_FORMAT}.vmlDrawing"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


class Link(NamedTuple):
    """One part refers to another: under which id, as what, and which part that is."""

    id: str
    kind: str
    part: str


def relations_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def related(package: Package, part: str, more: Collection[Link], without: Collection[str] = ()) -> bytes:
    """What a part refers to: as before and more, without those kinds."""
    listed = relations_part(part)
    editor = _RelationsEcho(more, without)
    if listed in package:
        return edited(package, listed, editor)
    empty = f'<Relationships xmlns="{_RELATIONS}"></Relationships>'
    editor.parser(listed).Parse(empty, True)
    return (DECLARATION + editor.take()).encode()


def typed(package: Package, book: str, more: Mapping[str, str], gone: Collection[str]) -> bytes:
    """What each part is. ``more`` are further ones, or those whose type is another now."""
    return edited(package, TYPES, _TypesEcho({**more, book: BOOK_TYPE}, gone))


class _RelationsEcho(Echo):
    def __init__(self, more: Collection[Link], without: Collection[str]) -> None:
        super().__init__()
        self._more = more
        self._without = without
        self._dropping = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._dropping = posixpath.basename(attributes.get("Type", "")) in self._without
        if not self._dropping:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        if local(name) == "Relationships":
            for link in self._more:
                attributes = {"Id": link.id, "Type": f"{OFFICE}/{link.kind}", "Target": f"/{link.part}"}
                self.write(named(self.prefix, tag("Relationship", attributes) + "/>"))
        if not self._dropping:
            super().end(name)
        self._dropping = False


class _TypesEcho(Echo):
    def __init__(self, types: Mapping[str, str], gone: Collection[str]) -> None:
        super().__init__()
        self._types = types
        self._gone = {*gone, *types}
        self._dropping = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._dropping = attributes.get("PartName", "").lstrip("/") in self._gone
        if not self._dropping:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        if local(name) == "Types":
            for part, kind in self._types.items():
                override = tag("Override", {"PartName": f"/{part}", "ContentType": kind})
                self.write(named(self.prefix, override + "/>"))
        if not self._dropping:
            super().end(name)
        self._dropping = False
