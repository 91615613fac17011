"""The schema, brought into a database once for each process of the run, so that tests can copy it."""

import asyncio
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from storage.engine import open_database
from storage.migrate import migrate


@cache
def migrated_file() -> Path:
    """An SQLite file with the schema. Not to be called where an event loop runs in the same thread."""
    path = Path(mkdtemp(prefix="engawa-schema-")) / "engawa.db"
    asyncio.run(migrated(f"sqlite+aiosqlite:///{path}"))
    return path


async def migrated(url: str) -> None:
    """Brings the schema into the database of that URL."""
    database = open_database(url)
    try:
        await migrate(database)
    finally:
        await database.close()
