"""A file that a submitter's machine brings: taken in once under each key that the machine gave it, or tried out.

The key stands with the import, so what was answered can be answered again from the import alone.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from sqlalchemy.exc import IntegrityError

from handlers.web.api.caller import Caller
from handlers.web.api.problem import ProblemError
from handlers.web.api.shapes import Import, Remark
from handlers.web.intake.looking import without_value, words_of
from handlers.web.intake.taking import Sending, take_files
from storage.imports import import_at, import_under, let_go
from storage.store import Store, rehearsed

DOOR = "api"
CUT_SHORT = timedelta(minutes=15)  # an import that has no verdict by then never comes to one
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"
NAMES: Mapping[str, str] = {JSON: "api.json", "text/csv": "api.csv", XLSX: "api.xlsx"}


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it came: its bytes, its media type, and the key under which the machine tells it from others."""

    data: bytes
    media: str
    key: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def kept_key(self) -> str | None:
        """Under which it is kept; a trial has none."""
        return f"{DOOR}:{self.key}" if self.key else None


async def tried(store: Store, caller: Caller, file: Brought, now: datetime) -> Any:
    """The import that it would become, without a key; nothing of it stays."""
    async with rehearsed(store) as trial:
        number = await _take(trial, caller, replace(file, key=""), now)
        async with trial.read() as connection:
            return await import_at(connection, caller.who.id, number)


async def taken(store: Store, caller: Caller, file: Brought, now: datetime) -> Any:
    """The import that it has become, now or when it came first. Raises ProblemError."""
    known = await _known(store, caller, file, now)
    if known is None:
        try:
            number = await _take(store, caller, file, now)
        except IntegrityError:
            known = await _known(store, caller, file, now)
            if known is None:
                raise
            return known
        async with store.read() as connection:
            known = await import_at(connection, caller.who.id, number)
    return known


async def _take(store: Store, caller: Caller, file: Brought, now: datetime) -> int:
    """The name of the file on disk is ours."""
    sending = Sending(caller.who, caller.person_id, DOOR, file.kept_key, (NAMES[file.media],), rejected_files=False)
    with NamedTemporaryFile(prefix="engawa-", suffix=".upload") as kept:
        kept.write(file.data)
        kept.flush()
        (one,) = await take_files(store, [Path(kept.name)], sending, now)
    return one.import_id


async def _known(store: Store, caller: Caller, file: Brought, now: datetime) -> Any:
    """The import that was made under that key before; None where it was cut short, so that it is taken anew."""
    async with store.read() as connection:
        number = await import_under(connection, caller.who.id, file.kept_key or "")
        row = await import_at(connection, caller.who.id, number) if number is not None else None
    if row is None:
        return None
    if row.file_hash != file.digest:
        raise ProblemError(409, "other_body")
    if row.verdict:
        return row
    if now - row.at < CUT_SHORT:
        raise ProblemError(409, "under_way", headers={"retry-after": 5})
    async with store.write() as connection:
        await let_go(connection, row.id)
    return None


def shape_of(row: Any, language: str, *, trial: bool = False) -> Import:
    """An import as it is told; the words of its problems are the language's, and repeat nothing that was written."""
    words = words_of(language)
    remarks = [Remark(**found, message=without_value(found, words)) for found in row.problems]
    return Import(
        id=None if trial else row.id,
        at=row.at,
        door=row.door,
        verdict=row.verdict or None,
        rows_total=row.rows_total,
        rows_accepted=row.rows_accepted,
        counts=row.counts,
        problems=remarks,
    )
