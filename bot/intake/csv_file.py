"""CSV: UTF-8 with or without BOM, or cp932, any line end, of any length, read as a stream.

The encoding is found by trial over the whole file, before a row is taken. A row's line is the line of the text file
on which it begins, so that a person finds it in an editor also after cells with line breaks. A quotation mark that
is never closed costs its own line only, not the rest of the file.
"""

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from bot.intake.heading import Heading, read_heading
from bot.intake.part import RawRow, is_blank
from bot.intake.reasons import Fault, Refused

LONGEST_LINE = 100_000  # characters: many times the longest row that could be good
_CHUNK = 1 << 20
_NOT_TEXT_IN_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")  # single bytes that Python lets pass and no text contains


class CsvPart:
    """The one table of a CSV file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._encoding = encoding_of(path)
        self._size = max(path.stat().st_size, 1)
        self.progress = 0.0
        self.heading, self.faults, self.heading_line = self._read_heading()

    def rows(self) -> Iterator[RawRow]:
        """Every row after the heading, blank ones included."""
        with open_csv(self._path, self._encoding) as file:
            for row in records(file):
                if row.line > self.heading_line:
                    self.progress = min(1.0, file.buffer.tell() / self._size)
                    yield row
        self.progress = 1.0

    def _read_heading(self) -> tuple[Heading, list[Fault], int]:
        with open_csv(self._path, self._encoding) as file:
            for row in records(file):
                if is_blank(row.cells):
                    continue
                heading, faults = read_heading([str(cell) for cell in row.cells])
                return heading, faults, row.line
        raise Refused(Fault("file_empty"))


def open_csv(path: Path, encoding: str) -> TextIO:
    """A CSV file to read rows from, its line ends as they are."""
    return path.open(encoding=encoding, newline="")


def encoding_of(path: Path) -> str:
    """The first encoding in which every byte of the file is text. Raises Refused."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Refused(Fault("unknown_encoding", None, "UTF-16"))
    trials = ("utf-8-sig",) if start.startswith(codecs.BOM_UTF8) else ("utf-8", "cp932")
    for encoding in trials:
        if _decodes(path, encoding):
            return encoding
    raise Refused(Fault("unknown_encoding"))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                text = decoder.decode(chunk)
                if encoding == "cp932" and _NOT_TEXT_IN_CP932.search(text):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def records(file: TextIO) -> Iterator[RawRow]:
    """The rows of an open CSV file with the line on which each begins."""
    lines = _Lines(file)
    reader = csv.reader(lines, strict=True)
    while True:
        lines.begin_row()
        begins = lines.next_line
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _RowTooLong:
            yield RawRow(begins, [], (Fault("line_too_long"),))
            reader = csv.reader(lines, strict=True)
            continue
        except csv.Error:
            reason = "line_too_long" if lines.cut else "broken_quotes"
            yield RawRow(begins, [lines.give_back_all_but_first()], (Fault(reason),))
            reader = csv.reader(lines, strict=True)
            continue
        yield RawRow(begins, cells, (Fault("line_too_long"),) if lines.cut else ())


class _RowTooLong(Exception):
    """A row goes on over more lines than any good row could."""


class _Lines:
    """The physical lines of a file, counted, of which those of the row being read can be given back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self._of_this_row: list[str] = []
        self._length = 0
        self.next_line = 1
        self.cut = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line:
            raise StopIteration
        self._of_this_row.append(line)
        self._length += len(line)
        self.next_line += 1
        if self._length > 2 * LONGEST_LINE:
            raise _RowTooLong
        return line

    def begin_row(self) -> None:
        self._of_this_row.clear()
        self._length = 0
        self.cut = False

    def give_back_all_but_first(self) -> str:
        """Lets every line of this row but its first be read again; returns that first one."""
        first, *others = self._of_this_row
        self._again.extendleft(reversed(others))
        self.next_line -= len(others)
        return first.rstrip("\r\n")

    def _read(self) -> str:
        line = self._file.readline(LONGEST_LINE)
        if len(line) < LONGEST_LINE or line.endswith(("\n", "\r")):
            return line
        self.cut = True
        while (rest := self._file.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
            pass
        return line
