"""Bringing the schema to its newest version, on every start. Several starters at once are safe."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Database, DatabaseUrlError

LOCK = 0x656E67617761  # "engawa": one migration at a time on PostgreSQL; SQLite's BEGIN IMMEDIATE does it alone


async def migrate(database: Database) -> None:
    """Migrates to the newest version, in one transaction. Raises DatabaseUrlError for one of a newer Engawa."""
    async with database.writer.begin() as connection:
        await one_after_another(connection)
        try:
            await connection.run_sync(_upgrade)
        except CommandError as error:  # alembic knows no such revision
            raise DatabaseUrlError("ENGAWA_DATABASE_URL: the database was made by a newer Engawa than this") from error


async def one_after_another(connection: AsyncConnection) -> None:
    """Until the transaction's end: what a first start makes is looked for and made by one starter at a time."""
    if connection.dialect.name == "postgresql":  # on SQLite only one transaction writes at a time anyway
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))


def _upgrade(connection: Connection) -> None:
    command.upgrade(config(connection), "head")


def config(connection: Connection) -> Config:
    """Alembic's settings around a live connection (no file: nothing to keep beside the package)."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(str(files("storage"))) / "migrations"))
    settings.attributes["connection"] = connection
    return settings
