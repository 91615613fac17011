"""A place that is watched: a folder for each submitter, in which they lay files, and find what became of them.

``B1/昨年.xlsx`` is a file of B1's; what became of it lies in ``B1/done`` or ``B1/rejected``. Whoever lays files there
is not trusted with names: nothing hidden, no link and no other folder is read or written, whatever stands in it.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from fsspec.implementations.local import LocalFileSystem

from storage.places import files_at, reached

DONE, REJECTED = "done", "rejected"
OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")  # what a company's id may be
ON_ITS_WAY = (".part", ".partial", ".tmp", ".filepart", ".crdownload")  # what programs call a file until it is whole
OURS = ".engawa-part"  # so do we
CHANGES = ("ETag", "etag", "mtime", "LastModified", "last_modified", "modified", "created")
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
INTO = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Lying:
    """A file as it was found. ``state`` differs once it was written again, as far as the place can tell."""

    owner: str
    name: str
    size: int
    state: str


class Trays(Protocol):
    """Every method may take its time, so it is called in a thread. Raises OSError where the place is not reached."""

    def lying(self) -> list[Lying]:
        """Every file that somebody has laid there, by owner and name."""

    def read(self, file: Lying) -> bytes | None:
        """Its content; None where it is gone, or not what was found."""

    def put(self, owner: str, name: str, data: bytes) -> None:
        """Lays a file of ours there; ``name`` is a folder of ours and a name. Written twice it is the same file."""

    def remove(self, file: Lying) -> None:
        """Takes it away, unless it was written again."""

    def results(self) -> list[tuple[str, str]]:
        """Every file of ours: its owner, and its folder and name."""

    def forget(self, owner: str, name: str) -> None:
        """Takes a file of ours away."""


def open_trays(url: str) -> Trays:
    """The place at a URL. Nothing is asked of it yet. Raises PlaceUrlError."""
    files, root = files_at(url)
    return LocalTrays(Path(root)) if isinstance(files, LocalFileSystem) else DistantTrays(files, root)


def is_offered(name: str) -> bool:
    """Whether a file of this name is meant for us: not hidden, no lock of Excel's, not on its way still."""
    return not name.startswith((".", "~$")) and "\\" not in name and not name.lower().endswith(ON_ITS_WAY)


class LocalTrays:
    """On this machine. Every step goes down from an open folder and follows no link."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def lying(self) -> list[Lying]:
        found = []
        for owner in self._owners():
            with self._folder(owner) as folder:
                found += [Lying(owner, name, *_seen(about)) for name, about in _files(folder) if is_offered(name)]
        return found

    def read(self, file: Lying) -> bytes | None:
        with self._folder(file.owner) as folder:
            try:
                handle = os.open(file.name, READ, dir_fd=folder)
            except OSError:
                return None  # gone, or a link by now
            with os.fdopen(handle, "rb") as opened:
                return opened.read() if _seen(os.fstat(handle)) == (file.size, file.state) else None

    def put(self, owner: str, name: str, data: bytes) -> None:
        under, _, bare = name.partition("/")
        with self._folder(owner) as folder:
            with suppress(FileExistsError):
                os.mkdir(under, 0o770, dir_fd=folder)
            with _opened(under, folder) as results:
                _write(results, bare, data)

    def remove(self, file: Lying) -> None:
        with self._folder(file.owner) as folder, suppress(FileNotFoundError):
            if _seen(os.stat(file.name, dir_fd=folder, follow_symlinks=False)) == (file.size, file.state):
                os.unlink(file.name, dir_fd=folder)

    def results(self) -> list[tuple[str, str]]:
        found = []
        for owner in self._owners():
            for under in (DONE, REJECTED):
                gone = suppress(OSError)  # or a link: nothing of ours
                with gone, self._folder(owner) as folder, _opened(under, folder) as results:
                    found += [(owner, f"{under}/{name}") for name, _ in _files(results)]
        return found

    def forget(self, owner: str, name: str) -> None:
        under, _, bare = name.partition("/")
        with suppress(FileNotFoundError), self._folder(owner) as folder, _opened(under, folder) as results:
            os.unlink(bare, dir_fd=results)

    def _owners(self) -> list[str]:
        with os.scandir(self._root) as entries:
            return sorted(it.name for it in entries if OWNER.fullmatch(it.name) and it.is_dir(follow_symlinks=False))

    @contextmanager
    def _folder(self, owner: str) -> Iterator[int]:
        root = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            with _opened(owner, root) as folder:
                yield folder
        finally:
            os.close(root)


@contextmanager
def _opened(name: str, inside: int) -> Iterator[int]:
    folder = os.open(name, INTO, dir_fd=inside)
    try:
        yield folder
    finally:
        os.close(folder)


def _files(folder: int) -> list[tuple[str, os.stat_result]]:
    """The files in an open folder: no links, no pipes, no folders, and nothing whose name is no text."""
    found = []
    with os.scandir(folder) as entries:
        for it in entries:
            if it.is_file(follow_symlinks=False) and it.name.isprintable():
                with suppress(FileNotFoundError):
                    found.append((it.name, it.stat(follow_symlinks=False)))
    return sorted(found)


def _seen(about: os.stat_result) -> tuple[int, str]:
    return (about.st_size, f"{about.st_ino}:{about.st_mtime_ns}") if stat.S_ISREG(about.st_mode) else (-1, "")


def _write(folder: int, name: str, data: bytes) -> None:
    """Whole or not at all, and there after a power cut."""
    draft = f".{name[:60]}{OURS}"
    with suppress(FileNotFoundError):
        os.unlink(draft, dir_fd=folder)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o660, dir_fd=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)
    os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    os.fsync(folder)


class DistantTrays:
    """Elsewhere, through fsspec: a bucket, for one. What is called a link there leads nowhere for us."""

    def __init__(self, files: Any, root: str) -> None:
        self._files = files
        self._root = root.rstrip("/")

    def lying(self) -> list[Lying]:
        paths = [path.split("/") for path in self._all()]
        offered = [path for path in paths if len(path) == 2 and OWNER.fullmatch(path[0]) and is_offered(path[1])]
        with reached():
            found = [self._found(owner, name) for owner, name in offered]
        return [file for file in found if file is not None]

    def read(self, file: Lying) -> bytes | None:
        with reached():
            try:
                found = bytes(self._files.cat_file(self._path(file.owner, file.name)))
            except FileNotFoundError:
                return None
            return found if self._found(file.owner, file.name) == file else None

    def put(self, owner: str, name: str, data: bytes) -> None:
        path = self._path(owner, name)
        with reached():
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(path, data)

    def remove(self, file: Lying) -> None:
        with reached():
            if self._found(file.owner, file.name) == file:
                self._files.rm_file(self._path(file.owner, file.name))

    def results(self) -> list[tuple[str, str]]:
        paths = [path.split("/") for path in self._all()]
        return [(path[0], f"{path[1]}/{path[2]}") for path in paths if len(path) == 3 and path[1] in (DONE, REJECTED)]

    def forget(self, owner: str, name: str) -> None:
        with reached(), suppress(FileNotFoundError):
            self._files.rm_file(self._path(owner, name))

    def _all(self) -> list[str]:
        """Every file below, by its path from here. A name with steps in it (``..``) is none of ours."""
        with reached():
            self._files.invalidate_cache()
            try:
                found = self._files.find(self._root)
            except FileNotFoundError:
                return []
        start = self._root.lstrip("/") + "/"
        bare = [path.lstrip("/").removeprefix(start) for path in found]
        return sorted(path for path in bare if path.isprintable() and ".." not in path.split("/"))

    def _found(self, owner: str, name: str) -> Lying | None:
        """The file as it is now; a listing tells less than the file itself. None where it is gone, or a link."""
        self._files.invalidate_cache()
        try:
            about = self._files.info(self._path(owner, name))
        except FileNotFoundError:
            return None
        return None if about.get("islink") else Lying(owner, name, int(about["size"]), _state(about))

    def _path(self, owner: str, name: str) -> str:
        return f"{self._root}/{owner}/{name}"


def _state(about: dict[str, Any]) -> str:
    return next((str(about[name]) for name in CHANGES if about.get(name)), "")
