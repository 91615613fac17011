"""The book as JSON, readable without this program: names and meanings stand beside every code (docs/record.md)."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.core.book.section import Book, Coded, Section, Value
from bot.core.days import TOKYO
from templates.book.spoken import Spoken

SCHEMA, VERSION = "engawa.house-record", 1
Both = Mapping[str, Spoken]


def book_json(book: Book, spoken: Both) -> str:
    """The whole book as indented JSON; ``spoken`` by language."""
    told = {
        "schema": SCHEMA,
        "version": VERSION,
        "title": _both(spoken, lambda it: it.said["title"]),
        "house": book.house_id,
        "on": book.on.isoformat(),
        "reading": _both(spoken, lambda it: [*it.laws(it.said["laws"]), *it.said["lead"]]),
        "sections": [section_told(book, section, spoken) for section in book.sections],
        "checking": _both(spoken, lambda it: it.said["verify"]["lines"]),
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def section_told(book: Book, section: Section, spoken: Both) -> dict[str, Any]:
    return {
        "code": section.code,
        "name": _both(spoken, lambda it: it.title(section)),
        "law": _both(spoken, lambda it: it.law(section)) if section.law else None,
        "columns": {name: _both(spoken, lambda it, name=name: it.column(section, name)) for name in section.columns},
        "rows": [{name: _value(book, row[name], spoken) for name in section.columns} for row in section.rows],
    }


def _value(book: Book, value: Value, spoken: Both) -> Any:
    """Plain where it says itself what it is; otherwise the code (null: not on record) with its meaning."""
    if value is None or isinstance(value, Coded):
        code = value.code if value is not None else None
        return {"code": code} | _both(spoken, lambda it: it.value(book, value))
    if isinstance(value, tuple):
        return [_value(book, one, spoken) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(TOKYO).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _both(spoken: Both, say: Any) -> dict[str, Any]:
    return {language: say(one) for language, one in spoken.items()}
