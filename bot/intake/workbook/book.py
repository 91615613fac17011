"""The list of a workbook's sheets, with the one of ours in front."""

from typing import NamedTuple

from bot.intake.tables import RESULT_SHEET
from bot.intake.workbook.echo import Echo, local, named, tag
from bot.intake.workbook.sheet import OFFICE
from bot.intake.xlsx_package import Package

RESULT_ID = "engawaResult"


class Listed(NamedTuple):
    """A sheet of a workbook: its name and number, what kind of part it is, and which."""

    name: str
    number: int
    kind: str
    part: str


class Book(NamedTuple):
    """A workbook: its part, what it refers to by kind, and its sheets."""

    part: str
    by_kind: dict[str, str]
    sheets: list[Listed]

    @property
    def result(self) -> Listed | None:
        """Our own sheet, where it has one from the last time."""
        return next((sheet for sheet in self.sheets if sheet.name == RESULT_SHEET), None)


def read_book(package: Package) -> Book:
    """Raises Refused."""
    root = dict(package.relations("").values())
    part = root.get("officeDocument", "xl/workbook.xml")
    targets = package.relations(part)
    sheets: list[Listed] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            kind, sheet = targets.get(attributes.get("id", ""), ("", ""))
            sheets.append(Listed(attributes.get("name", ""), int(attributes.get("sheetId", "0")), kind, sheet))

    package.parse_all(part, start, lambda _name: None, lambda _text: None)
    return Book(part, dict(targets.values()), sheets)


class BookEcho(Echo):
    """The list as it was, but that the workbook opens on our sheet; what counts sheets by place counts one more."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._old = book.result
        self._front = book.sheets.index(self._old) if self._old else 0
        self._number = max((sheet.number for sheet in book.sheets), default=0) + 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        plain = local(name)
        if plain == "workbookView":
            attributes = {**attributes, "activeTab": str(self._front), "firstSheet": "0"}
        elif plain == "definedName" and "localSheetId" in attributes and not self._old:
            attributes = {**attributes, "localSheetId": str(int(attributes["localSheetId"]) + 1)}
        super().start(name, attributes)
        if plain == "sheets" and not self._old:
            sheet = tag("sheet", {"name": RESULT_SHEET, "sheetId": str(self._number)})
            self.write(named(self.prefix, f'{sheet} xmlns:r="{OFFICE}" r:id="{RESULT_ID}"/>'))
