"""Who is at work holds a place, for as long as they are: also when the server has dropped the connection meanwhile."""

import pytest
from sqlalchemy import text

from storage.engine import Database, open_database
from storage.exclusive import RUNNER, beside, nobody_beside, tried

OTHERS = "datname = current_database() and pid <> pg_backend_pid()"
CUT = f"select pg_terminate_backend(pid) from pg_stat_activity where {OTHERS}"


async def cut(database: Database) -> None:
    """Every connection but the one that says so."""
    async with database.writer.connect() as connection:
        await connection.execute(text(CUT))


async def is_alone(database: Database) -> bool:
    async with nobody_beside(database) as seen:
        return seen


async def test_a_place_that_the_server_dropped_is_taken_again(fresh_postgres: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("storage.exclusive.LOOK", 0.01)
    worker, starter = open_database(fresh_postgres), open_database(fresh_postgres)
    async with beside(worker):
        await cut(starter)
        while await is_alone(starter):  # whoever starts in between sees nobody, for a moment
            continue
    assert await is_alone(starter)


async def test_a_lock_whose_connection_is_gone_is_let_go_without_a_word(fresh_postgres: str):
    worker, starter = open_database(fresh_postgres), open_database(fresh_postgres)
    async with tried(worker, RUNNER) as held:
        assert held
        await cut(starter)
    async with tried(starter, RUNNER) as held:
        assert held
