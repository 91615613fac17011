"""Every attempt to send, with its answer. Nothing is changed here afterwards, but for ids that an erasure takes out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.delivery import Outcome, Receipt
from storage.tables import attempts

SHOWN = (attempts.c.number, attempts.c.at, attempts.c.answer, attempts.c.provider_id, attempts.c.detail)
OF_ROWS = (
    select(attempts.c.outbox_id, *SHOWN)
    .where(attempts.c.outbox_id.in_(bindparam("wanted", expanding=True)))
    .order_by(attempts.c.id)
)
DIED = Receipt(Outcome.UNKNOWN, detail="sender died")


def attempt(row_id: int, number: int, at: datetime, receipt: Receipt) -> dict[str, Any]:
    """One attempt as it is kept."""
    told = {"answer": receipt.outcome, "provider_id": receipt.provider_id, "detail": receipt.detail}
    return {"outbox_id": row_id, "number": number, "at": at, **told}


async def keep_attempts(connection: AsyncConnection, made: Sequence[Mapping[str, Any]]) -> None:
    if made:
        await connection.execute(insert(attempts), list(made))


async def attempts_of(connection: AsyncConnection, row_ids: Iterable[int]) -> Mapping[int, list[dict[str, Any]]]:
    """The attempts of some messages in their order, by the message's row."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in await connection.execute(OF_ROWS, {"wanted": list(row_ids)}):
        found[row.outbox_id].append({column.name: row._mapping[column.name] for column in SHOWN})
    return found
