"""How Alembic runs our migrations: on the connection it is given."""

from typing import Any, Literal

from alembic import context

from storage.tables import Instant, metadata


def plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration names no type of ours, so that it stays what it was when the type changes."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Instant) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    render_item=plain,
)
with context.begin_transaction():
    context.run_migrations()
