"""A file somebody sent: what it is, by its content, and the tables in it."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from bot.intake.csv_file import CsvPart
from bot.intake.json_file import open_json, text_of
from bot.intake.pack_file import is_pack
from bot.intake.part import Part
from bot.intake.reasons import Fault, Refused
from bot.intake.xlsx_file import open_xlsx
from bot.intake.xlsx_package import OLE2, Package

_BLANK = b"\xef\xbb\xbf \t\r\n"


class Form(Enum):
    """What files may be."""

    XLSX = auto()
    JSON = auto()
    CSV = auto()


@dataclass(slots=True)
class Source:
    """An opened file: its tables in the order of the file, and what is to be reported about the file as such."""

    parts: list[Part]
    faults: list[Fault] = field(default_factory=list)
    package: Package | None = None
    pack: Path | None = None  # it is what a handover pack tells, instead of tables

    def close(self) -> None:
        if self.package is not None:
            self.package.close()


def open_source(path: Path) -> Source:
    """Opens a file and checks what can be checked before a row is taken. Raises Refused."""
    with unreadable_is_refused():
        if "\0" in str(path):
            raise Refused(Fault("file_not_found"))
        if not stat.S_ISREG(path.stat().st_mode):
            raise Refused(Fault("not_a_file"))
        form = form_of(path)
        if form is Form.XLSX:
            parts, faults, package = open_xlsx(path)
            return Source([*parts], faults, package)
        if form is Form.JSON and is_pack(text_of(path)):
            return Source([], pack=path)
        if form is Form.JSON:
            lists, faults = open_json(path)
            return Source([*lists], faults)
        return Source([CsvPart(path)])


def form_of(path: Path) -> Form:
    """What a file is, by what it begins with, and only then by its name. Raises Refused for an empty one."""
    start = _first_written(path)
    if not start:
        raise Refused(Fault("file_empty"))
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", OLE2)) or path.suffix.lower() in (".xlsx", ".xlsm"):
        return Form.XLSX
    return Form.JSON if start[:1] in (b"{", b"[") or path.suffix.lower() == ".json" else Form.CSV


@contextmanager
def unreadable_is_refused() -> Iterator[None]:
    """What the operating system will not let us read is a refused file, not a crash."""
    try:
        yield
    except FileNotFoundError as error:
        raise Refused(Fault("file_not_found")) from error
    except OSError as error:
        raise Refused(Fault("file_unreadable", None, error.strerror or str(error))) from error
    except UnicodeDecodeError as error:  # the file changed since its encoding was tried
        raise Refused(Fault("unknown_encoding")) from error


def _first_written(path: Path) -> bytes:
    """The first bytes of the file that are not blank; empty where there are none."""
    with path.open("rb") as file:
        while chunk := file.read(1 << 16):
            if written := chunk.lstrip(_BLANK):
                return written[:8]
    return b""
