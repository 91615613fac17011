"""An answer on a terminal: sections of short lines. A value that is longer than a line is folded, never cut.

A line with a link stays whole: the terminal breaks it as it likes, and it is copied in one piece.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

INDENT = 2
BETWEEN = "   "  # two values on one line
LINK = re.compile("https?://")
BLANK: tuple[Any, ...] = (None, "", [], {}, ())


def show(answer: Mapping[str, Any]) -> None:
    """Prints values line by line, then every list and mapping as a section of its own; what is blank is left out."""
    console = Console()
    for number, line in enumerate(_lines(answer, console.width)):
        for piece in _folded(line, console):
            if number or piece:  # no blank line above the first section
                typer.echo(piece)


def _lines(answer: Mapping[str, Any], width: int) -> Iterator[str]:
    yield from (f"{name}: {value}" for name, value in answer.items() if _is_plain(value) and value not in BLANK)
    for name, value in answer.items():
        if isinstance(value, Mapping):
            yield from ("", name, *_indented(_row(value, width - INDENT)))
        elif isinstance(value, list):
            yield from ("", f"{name} ({len(value)})" if value else f"{name}: none")
            for row in value:
                yield from _item(row, width)


def _is_plain(value: Any) -> bool:
    return not isinstance(value, Mapping | list)


def _item(row: Any, width: int) -> Iterator[str]:
    """One item of a list: its first line is marked, the others stand below it."""
    lines = _row(row, width - INDENT) if isinstance(row, Mapping) else [_written(row)]
    for number, line in enumerate(lines):
        yield f"{'  ' if number else '- '}{line}"


def _row(row: Mapping[str, Any], width: int) -> list[str]:
    """A mapping's values, as many on a line as there is room for; what is nested stands below its name."""
    kept = {name: value for name, value in row.items() if value not in BLANK}
    plain = {name: _written(value) for name, value in kept.items() if not _is_nested(value)}
    lines = list(_filled([f"{name}: {value}" for name, value in plain.items()], width))
    for name, value in kept.items():
        if isinstance(value, Mapping):
            lines += [f"{name}:", *_indented(_row(value, width - INDENT))]
        elif _is_nested(value):
            lines += [f"{name}:", *(line for item in value for line in _item(item, width))]
    return lines


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and not all(map(_is_plain, value)))


def _written(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _filled(pairs: list[str], width: int) -> Iterator[str]:
    line = ""
    for pair in pairs:
        if line and cell_len(line + BETWEEN + pair) > width:
            yield line
            line = ""
        line += BETWEEN + pair if line else pair
    if line:
        yield line


def _indented(lines: list[str]) -> Iterator[str]:
    return (" " * INDENT + line for line in lines)


def _folded(line: str, console: Console) -> Iterator[str]:
    """A line in pieces that fit; those after the first stand a little to the right."""
    if (cell_len(line) <= console.width or LINK.search(line)) and "\n" not in line:
        yield line
        return
    body = line.lstrip(" -")
    lead = line[: len(line) - len(body)]
    room = max(console.width - len(lead) - INDENT, 2)  # one wide character at least
    for number, piece in enumerate(Text(body).wrap(console, room, overflow="fold")):
        yield (" " * (len(lead) + INDENT) if number else lead) + piece.plain.rstrip()
