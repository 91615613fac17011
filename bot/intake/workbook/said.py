"""Comments on a sheet of a package: the parts that hold them, old or new."""

from itertools import islice

from bot.intake.workbook.changes import Changes
from bot.intake.workbook.echo import DECLARATION, edited
from bot.intake.workbook.marks import SheetMarks
from bot.intake.workbook.relations import DRAWING_TYPE, REMARKS_TYPE, Link, related, relations_part
from bot.intake.workbook.remarks import NO_DRAWING, NO_REMARKS, RemarksEcho, with_notes
from bot.intake.xlsx_package import Package

MOST_SAID = 2_000  # comments on a sheet: a spreadsheet draws a box for each


def say(changes: Changes, sheet: str, marks: SheetMarks) -> str:
    """Says at its cell what was found there. The id under which the sheet is to name the boxes, if it names none."""
    places = (((line, at), "\n".join(told)) for line, row in marks.rows.items() for at, told in row.told.items())
    remarks = dict(islice(places, MOST_SAID))
    targets = changes.package.relations(sheet)
    old = next((part for kind, part in targets.values() if kind == "comments"), "")
    if not remarks and not old:
        return ""
    echo, links = RemarksEcho(remarks), list[Link]()
    if old in changes.package:
        changes.parts[old] = [edited(changes.package, old, echo)]
    else:
        links.append(_new_remarks(changes, echo))
    drawn = _drawn(changes.package, sheet) if any(kind == "vmlDrawing" for kind, _ in targets.values()) else ""
    drawing = targets.get(drawn, ("", ""))[1]
    if not drawing:
        drawing = changes.free("xl/engawaNotes{}.vml")
        changes.types[drawing] = DRAWING_TYPE
        links.append(Link("engawaNotes", "vmlDrawing", drawing))
    boxes = b"".join(changes.package.chunks(drawing)) if drawing in changes.package else NO_DRAWING
    changes.parts[drawing] = [with_notes(boxes, echo.ours, echo.gone)]
    if links:
        changes.parts[relations_part(sheet)] = [related(changes.package, sheet, links)]
    return "" if drawn else "engawaNotes"


def _new_remarks(changes: Changes, echo: RemarksEcho) -> Link:
    part = changes.free("xl/engawaComments{}.xml")
    echo.parser(part).Parse(NO_REMARKS, True)
    changes.parts[part] = [(DECLARATION + echo.take()).encode()]
    changes.types[part] = REMARKS_TYPE
    return Link("engawaComments", "comments", part)


def _drawn(package: Package, sheet: str) -> str:
    """The id under which a sheet names the boxes of its comments."""
    found: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "legacyDrawing":
            found.append(attributes.get("id", ""))

    package.parse_all(sheet, start, lambda _name: None, lambda _text: None)
    return found[0] if found else ""
