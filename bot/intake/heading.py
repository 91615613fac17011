"""The heading of a table: which columns stand where, and which table that makes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from bot.intake.cells import UNSEEN
from bot.intake.reasons import Fault, Refused
from bot.intake.tables import IGNORED_HEADERS, TABLES, Column, Table


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading understood. ``columns`` are (position, column) pairs, ``others`` the positions of all other cells.

    ``wrong`` is why nothing below it can be taken: a column that is missing, or there twice. What is written in the
    others is judged all the same, so that a person hears of everything at once.

    ``mended`` says that a column of reasons comes first: it is a list of refused rows, as we write it, that comes
    back. In a marked copy the column comes last, and the cells are as they were sent.
    """

    table: Table
    width: int
    columns: tuple[tuple[int, Column], ...]
    others: tuple[int, ...]
    reasons_at: tuple[int, ...]
    cells: tuple[str, ...]
    wrong: tuple[Fault, ...] = ()

    @property
    def mended(self) -> bool:
        return 0 in self.reasons_at


def normal(header: str) -> str:
    """A header as it is compared: NFKC, without unseen characters, trimmed."""
    return UNSEEN.sub("", normalize("NFKC", header)).strip()


def read_heading(headers: Sequence[str], called: str = "") -> tuple[Heading, list[Fault]]:
    """The table these headers name, and what to report about them. Raises Refused where they name none.

    ``called`` is the name of the sheet they stand on: it says which table is meant where some of them are missing.
    """
    names = [normal(header) for header in headers]
    table = table_of_headers(names, called)
    if table is None:
        raise Refused(Fault("unknown_table", None, " ".join(name for name in names if name)[:200]))
    by_name = column_names(table)
    columns = [(at, by_name[name]) for at, name in enumerate(names) if name in by_name]
    wrong = tuple(_missing_or_twice(table, [column for _, column in columns]))
    reasons_at = tuple(at for at, name in enumerate(names) if name in IGNORED_HEADERS)
    taken = {at for at, _ in columns} | set(reasons_at)
    others = tuple(at for at in range(len(names)) if at not in taken)
    faults = [Fault("unknown_column", headers[at].strip(), headers[at]) for at in others]
    faults += [Fault("header_form", column.key, headers[at]) for at, column in columns if headers[at] != names[at]]
    cells = tuple(header for at, header in enumerate(headers) if at not in reasons_at)
    return Heading(table, len(headers), tuple(columns), others, reasons_at, cells, wrong), faults


def column_names(table: Table) -> dict[str, Column]:
    """Both names of every column: the English key and the Japanese header."""
    return {name: column for column in table.columns for name in (column.key, column.header)}


def table_of_headers(names: Sequence[str], called: str = "") -> Table | None:
    """The table whose required columns are all there, else the one that is called so, else the nearest: of several, the
    one that knows most of them."""

    def fit(table: Table) -> tuple[bool, bool, int]:
        known = column_names(table)
        found = {known[name].key for name in names if name in known}
        whole = all(column.key in found for column in table.columns if column.required)
        return whole, bool(found) and called in (table.name, table.sheet), len(found)

    best = max(TABLES, key=fit)
    return best if fit(best)[2] else None


def _missing_or_twice(table: Table, found: list[Column]) -> list[Fault]:
    keys = [column.key for column in found]
    faults = [Fault("missing_column", c.key) for c in table.columns if c.required and c.key not in keys]
    twice = dict.fromkeys(key for key in keys if keys.count(key) > 1)
    return faults + [Fault("duplicate_column", key) for key in twice]
