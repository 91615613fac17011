"""Where files are kept: a folder of ours by default, or anything that fsspec knows by its URL (s3://, sftp://, …)."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

DRAFT = ".part"


class PlaceUrlError(ValueError):
    """Files cannot be kept at this URL; the message does not repeat it, since it may hold a password."""


class Place(Protocol):
    """Files by name; a name is a folder and a file. Every method may take its time, so it is called in a thread."""

    def write(self, name: str, data: bytes) -> None: ...

    def read(self, name: str) -> bytes | None: ...

    def remove(self, name: str) -> None:
        """A file, or a folder with all that is in it; what is not there is gone already."""

    def names(self) -> list[str]:
        """Every file there, in the order of their names."""


class Folder:
    """On this machine. What is written outlives a power cut: an event in the database points to it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, name: str, data: bytes) -> None:
        path = self._root / name
        if path.exists():
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A draft of its own for each: the same file may be on its way twice.
        with NamedTemporaryFile(dir=path.parent, suffix=DRAFT, delete=False) as draft:
            draft.write(data)
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).replace(path)
        _sync(path.parent)

    def read(self, name: str) -> bytes | None:
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        path = self._root / name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

    def names(self) -> list[str]:
        found = (path for path in self._root.rglob("*") if path.is_file() and path.suffix != DRAFT)
        return sorted(path.relative_to(self._root).as_posix() for path in found)


class Distant:
    """Elsewhere, through fsspec. Raises OSError where the place cannot be reached."""

    def __init__(self, files: Any, root: str) -> None:
        self._files = files
        self._root = root.rstrip("/")

    def write(self, name: str, data: bytes) -> None:
        """A file that is there whole is left alone; half of one, from a line that broke, is written again."""
        path = f"{self._root}/{name}"
        with reached():
            if self._files.exists(path) and self._files.info(path)["size"] == len(data):
                return
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(path, data)

    def read(self, name: str) -> bytes | None:
        try:
            with reached():
                return bytes(self._files.cat_file(f"{self._root}/{name}"))
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Nobody is told that their files are gone while they are not: what hinders it is raised."""
        path = f"{self._root}/{name}"
        with reached():
            if self._files.exists(path):
                self._files.rm(path, recursive=True)

    def names(self) -> list[str]:
        with reached():
            if not self._files.exists(self._root):
                return []
            found = self._files.find(self._root)
        start = self._root.lstrip("/") + "/"
        return sorted(path.lstrip("/").removeprefix(start) for path in found)


@contextmanager
def reached() -> Iterator[None]:
    """Whatever the library behind a URL raises is an OSError; S3's, for one, raises errors of its own kinds."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"files: {type(error).__name__}") from error


class Untouched:
    """Another place, as a dry run sees it: what is there is read, and nothing is written or removed."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def write(self, name: str, data: bytes) -> None:
        return None

    def read(self, name: str) -> bytes | None:
        return self._place.read(name)

    def remove(self, name: str) -> None:
        return None

    def names(self) -> list[str]:
        return self._place.names()


def open_place(url: str, folder: Path) -> Place:
    """The place at a URL, or the folder where none is given. Nothing is asked of it yet. Raises PlaceUrlError."""
    if not url:
        return Folder(folder)
    files, root = files_at(url)
    return Folder(Path(root)) if isinstance(files, LocalFileSystem) else Distant(files, root)


def files_at(url: str) -> tuple[Any, str]:
    """What fsspec makes of a URL: the files there, and the root below which they lie. Raises PlaceUrlError."""
    try:
        files, root = url_to_fs(url)
    except ImportError as error:
        raise PlaceUrlError(f"a package is missing: {error}") from None
    except Exception as error:  # whatever fsspec and the libraries behind it make of a URL
        raise PlaceUrlError(f"not an address that fsspec knows ({type(error).__name__})") from None
    return files, root


def _sync(folder: Path) -> None:
    """Without this the name may be lost in a power cut, though the content is safe."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
