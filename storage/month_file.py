"""Files that grow line by line, in a folder or wherever fsspec reaches: a row at a time, never all of them in memory.

A file has its name only once it is whole: it grows as a draft on this machine, beside its name in a folder, and is
brought elsewhere in one go.
"""

import asyncio
import csv
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from fsspec.implementations.local import LocalFileSystem

from storage.places import DRAFT, files_at, reached


@asynccontextmanager
async def growing(place: str, name: str) -> AsyncIterator[IO[bytes]]:
    """A file of that name at a place. Raises PlaceUrlError or OSError; what broke off leaves no file of that name."""
    files, root = await asyncio.to_thread(files_at, place)
    path = f"{root.rstrip('/')}/{name}"
    await asyncio.to_thread(_make, files, root)
    with TemporaryDirectory() as folder:
        # In a folder the draft lies beside its name, so that it takes that name at once, on the same disk.
        draft = Path(f"{path}{DRAFT}") if isinstance(files, LocalFileSystem) else Path(folder) / name
        try:
            with draft.open("wb") as file:
                yield file
            await asyncio.to_thread(_bring, files, draft, path)
        finally:
            draft.unlink(missing_ok=True)


def _make(files: Any, root: str) -> None:
    with reached():
        files.makedirs(root, exist_ok=True)


def _bring(files: Any, draft: Path, path: str) -> None:
    if isinstance(files, LocalFileSystem):
        draft.replace(path)
        return
    with reached():
        files.put_file(str(draft), path)


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
