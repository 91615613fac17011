"""What the book of a house is made of: sections of rows, values that are known or not, and codes with their meaning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.core.notes import Note, Topic
from bot.core.statements import Statement


@dataclass(frozen=True, slots=True)
class Coded:
    """A code and the list of words that says what it means (see templates/*/book.toml and words.toml)."""

    of: str
    code: str


# None is what is not on record: it is shown as 記録なし, never left out and never guessed.
Value = str | int | float | bool | date | datetime | Coded | tuple[str | date | Coded, ...] | None
Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the book. ``law`` names the items of 施行規則第14条第1項 that it answers, by their number.

    With ``single``, there is one row and its columns are read one below the other. A list of which nothing is on record
    has one row in which nothing is known.
    """

    code: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    law: tuple[int, ...] = ()
    single: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """``on`` is the civil day whose state it shows; ``facts`` are the rows of the record, in order."""

    house_id: str
    on: date
    sections: tuple[Section, ...]
    facts: tuple[Mapping[str, Any], ...]
    names: Mapping[str, str]
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sources:
    """What storage knows of a house, as it is stored: rows by their columns.

    ``facts`` have their data as a mapping, and as the text that was sealed under ``sealed``. ``names`` are those that
    the reader may see, by person. ``head`` is where the chain ends: the number of facts, and what closes it.
    ``sealed_on`` is the day (ISO) of the daily seal in which that head stands, or empty. ``companies`` tells of each
    whether it is in business (``active``) and its last day (``closed_on``), where that is asked for.
    """

    house: Mapping[str, Any]
    owners: Sequence[Mapping[str, Any]]
    plan: Sequence[Mapping[str, Any]]
    records: Sequence[Mapping[str, Any]]
    works: Sequence[Mapping[str, Any]]
    cases: Sequence[Mapping[str, Any]]
    mandates: Sequence[Mapping[str, Any]]
    facts: Sequence[Mapping[str, Any]]
    names: Mapping[str, str]
    head: tuple[int, str]
    sealed_on: str = ""
    companies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    history: Mapping[str, Any] = field(default_factory=dict)  # the way to its history, with the provider's name
    entries: Sequence[Mapping[str, Any]] = ()  # of works, in that history
    evidence: Sequence[Mapping[str, Any]] = ()  # what became of files
    notes: Mapping[Topic, Note] = field(default_factory=dict)  # what owners and staff told of the house
    statements: Sequence[Statement] = ()  # all that was stated for the law's list, in the order of its numbers


def single(code: str, row: Row, *law: int) -> Section:
    """A section of one row."""
    return Section(code, tuple(row), (known(row),), law, single=True)


def listed(code: str, columns: tuple[str, ...], rows: Sequence[Row], *law: int) -> Section:
    """A section of many rows; of none, one row that says so column by column."""
    blank: Row = dict.fromkeys(columns)
    return Section(code, columns, tuple(known({**blank, **row}) for row in rows) or (blank,), law)


def known(row: Row) -> Row:
    """The same with None for what was never given."""
    return {name: None if value == "" else value for name, value in row.items()}
