"""What a batch of rows brings about, gathered before it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.outcome import Deed
from storage.mandates import wake_cases
from storage.record import Seal, append
from storage.tables import cases, houses

Row = Mapping[str, Any]
# What may stand in a fact as it is; anything else of a row is kept there as a salted digest.
OPEN_FIELDS = frozenset(
    {
        *("handed_over_on", "completed_on", "certified_on", "plan_years", "residual_month", "builder_id"),
        *("servicer_id", "backup_servicer_id", "certification_kind", "municipality_code", "storeys"),
    }
)


@dataclass(slots=True)
class Arrival:
    """One batch: from which file, on which day, under which seal, and what it has brought about so far.

    ``renewed`` goes from batch to batch of a file: the houses whose plan it has given a new version already. A
    submitter's file (``guarded``) has nobody agree again who has withdrawn.
    """

    source: str
    now: datetime
    today: date
    seal: Seal
    renewed: set[str] = field(default_factory=set)
    deeds: list[tuple[str, Deed]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)  # houses to be looked at again
    import_id: int = 0
    guarded: bool = False

    def fact(self, house_id: str, kind: str, **data: Any) -> None:
        self.deeds.append((house_id, Deed(kind, "import", {"source": self.source, **data})))

    def sealed(self, house_id: str, fields: Row) -> dict[str, str]:
        """Fields as a fact may hold them."""
        return {
            name: str(value) if name in OPEN_FIELDS else self.seal.digest(f"{house_id}:{name}:{value}")
            for name, value in fields.items()
        }

    async def write(self, connection: AsyncConnection) -> None:
        """Writes the facts and wakes the houses with their open cases."""
        if self.touched:
            await wake_cases(connection, cases.c.house_id.in_(self.touched), self.today)
            statement = update(houses).where(houses.c.id == bindparam("house")).values(wake_on=self.today)
            await connection.execute(statement, [{"house": house_id} for house_id in sorted(self.touched)])
        await append(connection, self.seal, self.deeds, self.now)
        self.deeds, self.touched = [], set()


async def add(connection: AsyncConnection, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        await connection.execute(insert(table), list(rows))


async def change(connection: AsyncConnection, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replaces rows known by ``id``, each with the same columns."""
    if rows:
        names = [name for name in rows[0] if name != "id"]
        statement = update(table).where(table.c.id == bindparam("row_id"))
        values: dict[str, Any] = {name: bindparam(f"v_{name}") for name in names}
        found = [{"row_id": row["id"], **{f"v_{name}": row[name] for name in names}} for row in rows]
        await connection.execute(statement.values(values), found)
