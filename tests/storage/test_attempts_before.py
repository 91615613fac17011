"""A database from before attempts were kept: of every message the last one is known, and the auditor is content."""

from datetime import UTC, datetime

from alembic import command
from sqlalchemy import Connection, select, text

from storage.attempts import attempts_of
from storage.audit import audit
from storage.engine import open_database
from storage.migrate import config, migrate
from storage.record import Seal
from storage.tables import outbox

BEFORE = "0004"
AT = datetime(2027, 1, 4, 1, tzinfo=UTC)
ROW = """
INSERT INTO outbox (key, person_id, channel, address, language, parts, mode, servicer_id, urgency, day, written_at,
    send_at, state, attempts, lease, provider_id, detail, sent_at)
VALUES (:key, 'owner:1', 'email', :address, 'ja', '[]', 'prompt', '', 5, '2027-01-04', 0, :at, :state, :tried, '',
    'queued-1', 'said', :sent)
"""


def _as_it_was(connection: Connection) -> None:
    command.upgrade(config(connection), BEFORE)
    person = "INSERT INTO people (id, name, kana, language, phone, channel_order, hour_from, hour_until)"
    connection.execute(text(f"{person} VALUES ('owner:1', '', '', 'ja', '', '', 9, 20)"))
    at = int(AT.timestamp())
    for key, state, tried, address in (
        ("sent", "sent", 3, "a@example.jp"),
        ("erased", "sent", 1, ""),
        ("tried", "waiting", 2, "a@example.jp"),
        ("fresh", "waiting", 0, "a@example.jp"),
    ):
        row = {"key": key, "state": state, "tried": tried, "address": address}
        connection.execute(text(ROW).bindparams(at=at, sent=at if state == "sent" else None, **row))


async def test_what_was_sent_before_keeps_its_last_attempt(empty_database_url: str):
    database = open_database(empty_database_url)
    try:
        async with database.writer.begin() as connection:
            await connection.run_sync(_as_it_was)
        await migrate(database)
        async with database.reader.connect() as connection:
            ids = {row.key: row.id for row in await connection.execute(select(outbox.c.key, outbox.c.id))}
            known = await attempts_of(connection, ids.values())
            assert [finding async for finding in audit(connection, Seal(b"key"), AT)] == []
        told = {key: [(one["number"], one["answer"], one["provider_id"]) for one in known[ids[key]]] for key in ids}
        assert told == {
            "sent": [(3, "sent", "queued-1")],
            "erased": [(1, "sent", "")],
            "tried": [(2, "later", "queued-1")],
            "fresh": [],
        }
        assert known[ids["sent"]][0]["at"] == AT
    finally:
        await database.close()
