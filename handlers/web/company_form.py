"""A company as somebody types it into a form: checked like a row of a builder's file, and registered."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.candidates import NO_FIRMS
from bot.intake.cells import read_cell
from bot.intake.reasons import Fault, refuses
from bot.intake.rows import ServicerRow, made
from bot.intake.rules import judge
from bot.intake.tables import ADDRESSES, SERVICERS
from handlers.web.forms import Posted
from storage.intake.batch import Arrival
from storage.intake.servicers import take_servicers

MAIL = ADDRESSES[0].key
FIELDS = ("name", MAIL, "phone", "area", "role", "licence_until")
REACHED_BY = (MAIL, "phone")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, by field, and which fields cannot be taken as they are; the row only where all of them can."""

    values: dict[str, str]
    wrong: Sequence[str] = ()
    row: ServicerRow | None = None


def read_company(form: Posted, today: date) -> Typed:
    """The name and one way to reach the company are needed; everything else may be left out."""
    typed = {name: form.text(name) for name in FIELDS}
    cells = {"servicer_id": _new_id(form), **typed}
    faults: list[Fault] = []
    values: dict[str, Any] = {column.key: column.default for column in SERVICERS.columns}
    for name, cell in cells.items():
        values[name] = read_cell(cell, SERVICERS.column(name), faults)
    faults += judge(SERVICERS.name, values, today)
    wrong = [fault.field for fault in faults if fault.field in FIELDS and refuses([fault])]
    wrong += REACHED_BY if not any(typed[name] for name in REACHED_BY) else ()
    wrong += ("role",) if typed["role"] in NO_FIRMS else ()  # only a file of ours says who is one
    if wrong or refuses(faults):
        return Typed(typed, tuple(dict.fromkeys(filter(None, wrong))) or ("name",))
    row = made(SERVICERS, values, frozenset(name for name, cell in cells.items() if cell))
    return Typed(typed, (), row if isinstance(row, ServicerRow) else None)


def _new_id(form: Posted) -> str:
    """The same for one showing of the form, so that a second click registers no second company."""
    return f"N{hashlib.sha256(form.nonce.encode()).hexdigest()[:10]}"


async def register(connection: AsyncConnection, row: ServicerRow, arrival: Arrival) -> str:
    """The company is one of those known from now on; its id. The arrival's source is who named it."""
    await take_servicers(connection, arrival, [asdict(row)])
    await arrival.write(connection)
    return row.servicer_id
