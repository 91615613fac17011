"""The high-water mark: how far the database had come, kept in a small file outside it.

It is written after what it tells of was committed, never before: after a crash it may lag behind, and is never ahead
or half written. A database that lags behind its mark was put back from a copy.
"""

import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.restored import COUNTED, Mark, read_mark
from storage.record import get_value, set_value
from storage.tables import houses, metadata

NAME = "database"  # the value by which a database knows its own mark


class MarkError(ValueError):
    """The file is there and tells nothing; the message is one plain line."""


@dataclass(frozen=True, slots=True)
class MarkFile:
    """The file of one database's mark."""

    path: Path

    def read(self) -> Mark | None:
        """None where there is none. Raises MarkError for a file that cannot be read: it might have told of a copy."""
        try:
            return read_mark(json.loads(self.path.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise MarkError(f"ENGAWA_MARK_FILE: {self.path} cannot be read ({type(error).__name__})") from error

    def write(self, mark: Mark) -> None:
        """Whole or not at all, and on the disk. Raises OSError."""
        draft = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(mark.written(), file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        finally:
            draft.unlink(missing_ok=True)
        folder = os.open(self.path.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # without this a power cut may bring back the mark before
        finally:
            os.close(folder)


async def name_database(connection: AsyncConnection) -> None:
    """Gives a new database a name of its own, once.

    One that held houses before there were names goes without: so do its older copies, and they are the same.
    """
    if await get_value(connection, NAME) is None:
        lived = (await connection.execute(select(houses.c.id).limit(1))).first() is not None
        await set_value(connection, NAME, "" if lived else secrets.token_hex(8))


async def stands_at(connection: AsyncConnection, now: datetime) -> Mark:
    """How far this database has come, by what is committed; the newest row of a table is found without a scan."""
    tables = [metadata.tables[name] for name in COUNTED]
    newest = [select(func.coalesce(func.max(table.c.id), 0)).scalar_subquery() for table in tables]
    found = (await connection.execute(select(*newest))).one()
    return Mark(await get_value(connection, NAME) or "", now, dict(zip(COUNTED, found, strict=True)))
