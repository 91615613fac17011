"""What this call has accepted so far, in little memory however much it is.

Keys and rows are remembered as 64-bit hashes (salted per process: a collision, one in ten million for two million
rows, cannot be planned) in SQLite's own temporary database, which stays in a small cache and overflows to disk.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_CACHE_KIB = 48 * 1024
_AT_ONCE = 900  # bound values per statement that every SQLite takes


class Entry(NamedTuple):
    """Something accepted: in which file of the call, the hash of its data, and what else must be known of it."""

    file: int
    data: int
    note: str | None = None


class Seen:
    """The memory of one call."""

    def __init__(self) -> None:
        # An empty name: a private temporary database. A call may go on in another thread, never in two at once.
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("CREATE TABLE entry (key INTEGER PRIMARY KEY, file INTEGER, data INTEGER, note)")
        self._db.execute("CREATE TABLE house (id TEXT PRIMARY KEY, planned INTEGER) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def close(self) -> None:
        self._db.close()

    def look(self, keys: Iterable[int]) -> dict[int, Entry]:
        """What is remembered under these keys."""
        wanted = list(set(keys))
        found: dict[int, Entry] = {}
        for at in range(0, len(wanted), _AT_ONCE):
            some = wanted[at : at + _AT_ONCE]
            marks = ",".join("?" * len(some))
            for key, file, data, note in self._db.execute(f"SELECT * FROM entry WHERE key IN ({marks})", some):
                found[key] = Entry(file, data, note)
        return found

    def remember(self, entries: dict[int, Entry]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)", ((key, *entry) for key, entry in entries.items())
        )

    def remember_houses(self, ids: Iterable[str]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO house VALUES (?, 0)", ((id,) for id in ids))

    def remember_planned(self, ids: Iterable[str]) -> None:
        self._db.executemany("UPDATE house SET planned = 1 WHERE id = ?", ((id,) for id in ids))

    def unplanned_houses(self, at_once: int) -> Iterator[list[str]]:
        """The houses of this call for which it brought no plan row, some at a time."""
        last = ""
        while True:
            query = "SELECT id FROM house WHERE planned = 0 AND id > ? ORDER BY id LIMIT ?"
            ids = [id for (id,) in self._db.execute(query, (last, at_once))]
            if not ids:
                return
            yield ids
            last = ids[-1]


def key_hash(kind: str, *parts: object) -> int:
    """A key as 64 bits."""
    return hash((kind, *parts))
