"""Some of the houses, by their ids: what an auditor looks at together."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, and_


@dataclass(frozen=True, slots=True)
class Span:
    """After the one, up to the other and with it; to the very end where there is none. All of them by default."""

    after: str = ""
    upto: str | None = None

    def holds(self, house_id: Column[Any]) -> ColumnElement[bool]:
        """Whether the house that a column names is one of them."""
        beyond = house_id > self.after
        return beyond if self.upto is None else and_(beyond, house_id <= self.upto)
