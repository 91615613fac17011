"""Only one at a time runs what is due: a second `run-once`, or one beside the service, is told so and does nothing."""

import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text

from storage.engine import Database

LOCK = 0x656E67617762


class BusyError(RuntimeError):
    """Another process is running what is due on this database."""


@asynccontextmanager
async def alone(database: Database) -> AsyncIterator[None]:
    """Holds the database for one runner; the lock dies with the process. Raises BusyError."""
    if database.is_sqlite:
        name = database.writer.url.database
        with Path(f"{name}.lock").open("w") as file:  # noqa: ASYNC230 a local lock file, opened once
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BusyError from error
            yield
        return
    async with database.writer.connect() as connection:
        if not (await connection.execute(text(f"SELECT pg_try_advisory_lock({LOCK})"))).scalar():
            raise BusyError
        await connection.commit()
        try:
            yield
        finally:
            await connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
            await connection.commit()
