"""Files that grow line by line, in a folder or wherever fsspec reaches: a row at a time, never all of them in memory.

On this machine a file has its name only once it is whole. Elsewhere a place takes a file when it is closed.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from storage.places import DRAFT, PlaceUrlError


@contextmanager
def growing(place: str, name: str) -> Iterator[IO[bytes]]:
    """A file of that name at a place. Raises PlaceUrlError or OSError; what broke off leaves no file of that name."""
    try:
        files, root = url_to_fs(place)
    except ImportError as error:
        raise PlaceUrlError(f"a package is missing: {error}") from None
    except Exception as error:  # whatever fsspec and the libraries behind it make of a URL
        raise PlaceUrlError(f"not an address that fsspec knows ({type(error).__name__})") from None
    path = f"{root.rstrip('/')}/{name}"
    files.makedirs(root, exist_ok=True)
    if not isinstance(files, LocalFileSystem):
        with files.open(path, "wb") as file:
            yield file
        return
    draft = Path(f"{path}{DRAFT}")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class Table:
    """The same rows as CSV (with a byte order mark, so that Excel reads Japanese) and as one JSON list."""

    def __init__(self, as_csv: IO[bytes], as_json: IO[bytes], columns: Sequence[str]) -> None:
        self._text = TextIOWrapper(as_csv, encoding="utf-8-sig", newline="")
        self._csv = csv.DictWriter(self._text, columns, lineterminator="\r\n")
        self._csv.writeheader()
        self._json, self._count = as_json, 0

    def add(self, row: Mapping[str, Any]) -> None:
        flat = {name: " ".join(value) if isinstance(value, list) else value for name, value in row.items()}
        self._csv.writerow(flat)
        line = json.dumps(row, ensure_ascii=False)
        self._json.write(f"{',' if self._count else '['}\n{line}".encode())
        self._count += 1

    def end(self) -> int:
        """How many rows it has; the files themselves are closed by whoever opened them."""
        self._json.write(b"\n]\n" if self._count else b"[]\n")
        self._text.flush()
        self._text.detach()
        return self._count
