"""Bringing the schema to its newest version, on every start. Several starters at once are safe."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

from storage.engine import Database, DatabaseUrlError

LOCK = 0x656E67617761  # "engawa": one migration at a time on PostgreSQL; SQLite's BEGIN IMMEDIATE does it alone


async def migrate(database: Database) -> None:
    """Migrates to the newest version, in one transaction. Raises DatabaseUrlError for one of a newer Engawa."""
    async with database.writer.begin() as connection:
        if not database.is_sqlite:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        try:
            await connection.run_sync(_upgrade)
        except CommandError as error:  # alembic knows no such revision
            raise DatabaseUrlError("ENGAWA_DATABASE_URL: the database was made by a newer Engawa than this") from error


def _upgrade(connection: Connection) -> None:
    command.upgrade(config(connection), "head")


def config(connection: Connection) -> Config:
    """Alembic's settings around a live connection (no file: nothing to keep beside the package)."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(str(files("storage"))) / "migrations"))
    settings.attributes["connection"] = connection
    return settings
