"""Backups as docs/backup.md tells to make them, on both databases, and what is put back from one."""

import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg
from sqlalchemy import make_url


async def copy_made(database_url: str, name: str = "copy") -> str:
    """A copy of the database as it stands; the URL at which it can be opened."""
    url = make_url(database_url)
    if url.drivername.startswith("sqlite"):
        copy = Path(f"{url.database}.{name}")
        with closing(sqlite3.connect(url.database or "")) as connection:
            connection.execute("VACUUM INTO ?", [str(copy)])
        return f"sqlite:///{copy}"
    copied = f"{url.database}_{name}"
    admin = await asyncpg.connect(
        url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    )
    # Unlike pg_dump this wants nobody else in the database.
    others = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1"
    await admin.execute(f"drop database if exists {copied}")
    await admin.fetch(others, url.database)
    await admin.execute(f"create database {copied} template {url.database}")
    await admin.close()
    return url.set(database=copied).render_as_string(hide_password=False)
