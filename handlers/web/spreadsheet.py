"""Tables as spreadsheets open them: UTF-8 with a byte order mark, and no cell that is taken for a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from starlette.responses import Response

from bot.intake.rejected import guarded

MEDIA_TYPE = "text/csv; charset=utf-8"
Cell = str | int | None


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The whole table (RFC 4180). A number stays one; text that begins like a formula gets an apostrophe."""
    out = StringIO()
    csv.writer(out).writerows([[_cell(cell) for cell in row] for row in (header, *rows)])
    return out.getvalue().encode("utf-8-sig")


def csv_response(name: str, content: bytes) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def _cell(cell: Cell) -> str:
    return guarded(cell) if isinstance(cell, str) else "" if cell is None else str(cell)
