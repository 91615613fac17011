"""Bringing the schema to its newest version, on every start. Several starters at once are safe."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from storage.engine import Database

LOCK = 0x656E67617761  # "engawa": one migration at a time on PostgreSQL; SQLite's BEGIN IMMEDIATE does it alone


async def migrate(database: Database) -> None:
    """Migrates to the newest version, in one transaction."""
    async with database.writer.begin() as connection:
        if not database.is_sqlite:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    command.upgrade(config(connection), "head")


def config(connection: Connection) -> Config:
    """Alembic's settings around a live connection (no file: nothing to keep beside the package)."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(str(files("storage"))) / "migrations"))
    settings.attributes["connection"] = connection
    return settings
