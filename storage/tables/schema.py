"""What all tables have in common: names of constraints, instants, ids, and indexes of a few rows."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    literal_column,
    text,
)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


metadata = MetaData(naming_convention=NAMES)


def spelled(value: str) -> ColumnElement[str]:
    """A value written into the statement itself: with a bound one SQLite cannot tell that a partial index serves."""
    return literal_column(f"'{value}'", String)


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as whole seconds; a naive datetime is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return int(value.timestamp())

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


def only(name: str, column: str, where: str) -> Index:
    """An index of the few rows that anybody looks for."""
    return Index(name, column, sqlite_where=text(where), postgresql_where=text(where))


def row_id() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
