"""A release may be put in while the one before it still runs: its statements work on the new schema."""

from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from storage.engine import open_database
from storage.migrate import config


def step(connection: Connection) -> tuple[MetaData, MetaData]:
    """The schema of the release before and the newest, as the database has them."""
    settings, before, after = config(connection), MetaData(), MetaData()
    script = ScriptDirectory.from_config(settings)
    command.upgrade(settings, str(script.get_revision("head").down_revision))
    before.reflect(connection)
    command.upgrade(settings, "head")
    after.reflect(connection)
    return before, after


def kept(before: MetaData, after: MetaData) -> list[str]:
    """What a process of the release before would miss, or not know that it has to give."""
    found = [name for name in before.tables if name not in after.tables]
    for name in before.tables.keys() & after.tables.keys():
        old, new = before.tables[name].columns, after.tables[name].columns
        found += [f"{name}.{column.name}" for column in old if not _is_as_before(column, new.get(column.name))]
        found += [f"{name}.{column.name}" for column in new if column.name not in old and not _may_be_left_out(column)]
    return found


def _is_as_before(old: Any, new: Any) -> bool:
    return new is not None and str(old.type) == str(new.type) and (new.nullable or not old.nullable)


def _may_be_left_out(column: Any) -> bool:
    return bool(column.nullable or column.server_default is not None)


@pytest.mark.filterwarnings("ignore:.*expression-based index")
async def test_the_release_before_still_works_on_the_newest_schema(empty_database_url: str):
    """No table or column of it is gone or stricter, and what is new need not be given."""
    database = open_database(empty_database_url)
    try:
        async with database.writer.begin() as connection:
            before, after = await connection.run_sync(step)
    finally:
        await database.close()
    assert len(before.tables) > 10
    assert kept(before, after) == []
    assert kept(after, MetaData()) != []
