"""Servicers: companies, as people we write to and as what they can do."""

from collections.abc import Sequence, Set
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import servicer_key
from storage.handovers import OUT_OF_BUSINESS
from storage.intake.batch import Arrival, Row, add, change
from storage.intake.contacts import Contact, take_contacts
from storage.intake.known import closed_by_handover
from storage.mandates import wake_candidacies, wake_cases
from storage.record import SERVICE, get_value, set_value
from storage.tables import cases, houses, servicers

COLUMNS = (
    *("role", "corporate_no", "area", "status", "closed_on", "closing_days", "backup"),
    *("capacity_per_month", "association", "licence_until", "structures"),
)
TEXTS = frozenset({"role", "corporate_no", "area", "status", "closing_days", "association", "structures"})


async def take_servicers(connection: AsyncConnection, arrival: Arrival, rows: Sequence[Row]) -> None:
    """Adds or updates companies."""
    ids = [row["servicer_id"] for row in rows]
    known = {row.id: row for row in await connection.execute(select(servicers).where(servicers.c.id.in_(ids)))}
    closed = await closed_by_handover(connection, known)
    wanted = {row["servicer_id"]: _columns(row, known.get(row["servicer_id"]), closed) for row in rows}
    changed = [row for servicer_id, row in wanted.items() if servicer_id in known and _differs(row, known[servicer_id])]
    contacts = await take_contacts(connection, arrival, [_contact(row) for row in rows])
    await add(connection, servicers, [row for servicer_id, row in wanted.items() if servicer_id not in known])
    await change(connection, servicers, changed)
    moved = [servicer_key(row["id"]) for row in changed if row["status"] != known[row["id"]].status]
    await wake_cases(connection, cases.c.holder.in_(moved), arrival.today)
    if moved:
        await wake_candidacies(connection, moved, arrival.today)
    firms = [person_id.partition(":")[2] for person_id in moved]
    theirs = (houses.c.servicer_id.in_(firms), houses.c.guarantee_no.is_not(None))  # what it means for a guarantee
    await connection.execute(update(houses).where(*theirs).values(wake_on=arrival.today))
    for servicer_id in wanted.keys() - known.keys():
        arrival.fact(SERVICE, "servicer_taken_in", servicer=servicer_id)
    await _differing(connection, arrival, [row for row in rows if row["servicer_id"] in closed])
    for servicer_id, before in known.items():
        row = wanted[servicer_id]
        fields = {name for name in COLUMNS if row[name] != before._mapping[name]}
        if fields := fields | contacts.get(servicer_key(servicer_id), {}).keys():
            arrival.fact(SERVICE, "servicer_updated", servicer=servicer_id, fields=sorted(fields), status=row["status"])


async def _differing(connection: AsyncConnection, arrival: Arrival, rows: Sequence[Row]) -> None:
    """A file that has a closed company in business is a matter for the staff: once a month, however often it comes."""
    month = arrival.today.strftime("%Y-%m")
    for row in rows:
        name = f"closed_in_file:{row['servicer_id']}"
        differs = "status" in row["given"] and row["status"] != OUT_OF_BUSINESS
        if differs and await get_value(connection, name) != month:
            await set_value(connection, name, month)
            arrival.fact(SERVICE, "servicer_differs", servicer=row["servicer_id"], status=row["status"])


def _columns(row: Row, before: Any, closed: Set[str]) -> dict[str, Any]:
    """What is to stand; what the file leaves out stays as it was ``before``.

    Whether a company that a handover has closed is in business is decided by who approved that, and by no file.
    """
    values = {name: (row[name] or "") if name in TEXTS else row[name] for name in COLUMNS}
    kept = {name: before._mapping[name] for name in COLUMNS if before is not None and name not in row["given"]}
    if row["servicer_id"] in closed:
        kept |= {"status": before.status, "closed_on": before.closed_on}
    return {"id": row["servicer_id"], **values, **kept}


def _differs(row: dict[str, Any], before: Any) -> bool:
    return any(row[name] != before._mapping[name] for name in COLUMNS)


def _contact(row: Row) -> Contact:
    return Contact(
        person_id=servicer_key(row["servicer_id"]),
        name=row["name"],
        language=row["language"] if "language" in row["given"] else None,
        phone=row["phone"],
        order=tuple(row["channel_order"]) or None,
        addresses=tuple(row["addresses"]),
    )
