"""What becomes of a package: parts that are written otherwise, parts that come, and parts that go."""

import zipfile
from collections.abc import Callable, Iterable
from itertools import count
from typing import IO

from bot.intake.xlsx_package import Package


class Changes:
    """Collected first, written then: ``late`` parts last, when it is known what the others needed of them."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.parts: dict[str, Iterable[bytes]] = {}
        self.late: dict[str, Callable[[], bytes]] = {}
        self.types: dict[str, str] = {}
        self.gone: set[str] = set()

    def free(self, form: str) -> str:
        """A name that no part has yet, with a number in the place of {}."""
        names = (form.format(number) for number in count(1))
        return next(name for name in names if not (name in self.package or name in self.parts or name in self.late))

    def write(self, to: IO[bytes]) -> None:
        """The package as it is now. What lies outside of it by its name is left out. Raises Refused, OSError."""
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
            for part in [*filter(self._kept, self.package), *(new for new in self.parts if new not in self.package)]:
                _put(packed, part, self.parts.get(part) or self.package.chunks(part))
            for part, written in self.late.items():
                _put(packed, part, [written()])

    def _kept(self, part: str) -> bool:
        inside = not part.endswith("/") and "\\" not in part and ".." not in part.split("/")
        return inside and part not in self.gone and part not in self.late


def _put(packed: zipfile.ZipFile, part: str, pieces: Iterable[bytes]) -> None:
    entry = zipfile.ZipInfo(part)  # of no day: the same file gives the same bytes
    entry.compress_type = zipfile.ZIP_DEFLATED
    with packed.open(entry, "w") as file:
        for piece in pieces:
            file.write(piece)
