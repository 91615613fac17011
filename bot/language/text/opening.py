"""The characters with which a find of a pattern can begin, so that a search passes over every other place at a glance.

Most places of a text begin no find of a table of a hundred lines; one look at the character there tells so, instead of
a hundred. Where one can begin, the parts of the table are told apart in the same way. A guard never changes what is
found: the patterns keep their order, and where an opening is not read here (a dot, [^…]), there is none.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from math import ceil

TOKEN = re.compile(
    r"(?P<ahead>\(\?=)|(?P<look>\(\?<?[=!])|(?P<group>\((?:\?:|\?P<\w+>|(?!\?)))|(?P<start>\^)|(?P<edge>\$|\\b)"
    r"|(?P<any>\.|\[\^\]?(?:\\.|[^\]\\])*\]|\\[ABDSWZ0-9]|\(\?)|\[(?P<set>(?:\\.|[^\]\\])+)\]|(?P<one>\\?[^\\])",
    re.DOTALL,
)
REPEAT = re.compile(r"(?:(?P<optional>[?*]|\{0?(?:,\d*)?\})|\+|\{\d+(?:,\d*)?\})[?+]?")
ITEM = re.compile(r"(?:\\.|[^\\])(?:-(?:\\.|[^\\]))?", re.DOTALL)  # of a class: a character, a kind or a range of them
FEW = 6  # patterns behind one guard that are tried one by one
PARTS = 4  # into which more are divided, each behind a guard of its own
START, ANY = "^", "."  # among openings: the start of the text, and what this module does not read


def guarded(patterns: Iterable[str]) -> str:
    """One pattern that finds what any of these finds, the first before the others."""
    runs = groupby(patterns, key=lambda pattern: openings(pattern) is None)
    return "|".join("|".join(run) if unread else _behind_guard(list(run)) for unread, run in runs)


def _behind_guard(patterns: list[str]) -> str:
    firsts = frozenset[str]().union(*(openings(pattern) or () for pattern in patterns))
    letters = "".join(sorted(firsts - {START}))
    looks = [START] * (START in firsts) + [f"(?=[{letters}])"] * bool(letters)
    tried = patterns if len(patterns) <= FEW else map(_behind_guard, _parts(patterns))
    return f"(?:{'|'.join(looks)})(?:{'|'.join(tried)})"


def _parts(patterns: list[str]) -> list[list[str]]:
    """The patterns in their order, in parts of much the same size."""
    size = ceil(len(patterns) / PARTS)
    return [patterns[at : at + size] for at in range(0, len(patterns), size)]


@cache
def openings(pattern: str) -> frozenset[str] | None:
    """What a find can begin with, each as it is written in a class of characters; None where that is not known."""
    reader = _Reader(pattern)
    found, empty = reader.alternatives()
    unread = empty or ANY in found or reader.at < len(pattern)
    return None if unread else frozenset(found)


class _Reader:
    """Goes once through a pattern. Its methods tell of a part what it can begin with, and whether it can be empty."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def alternatives(self) -> tuple[set[str], bool]:
        found, empty = self._sequence()
        while self.pattern.startswith("|", self.at):
            self.at += 1
            more, also_empty = self._sequence()
            found, empty = found | more, empty or also_empty
        return found, empty

    def _sequence(self) -> tuple[set[str], bool]:
        found: set[str] = set()
        empty = True
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            begins, may_be_empty = self._piece()
            found |= begins if empty else set()
            empty = empty and may_be_empty
        return found, empty

    def _piece(self) -> tuple[set[str], bool]:
        """One character, class or group with how often it may stand there."""
        token = TOKEN.match(self.pattern, self.at)
        if token is None:
            self.at = len(self.pattern)
            return {ANY}, False
        self.at = token.end()
        begins, empty = self._token(token.lastgroup or "", token[0], token["set"])
        repeat = REPEAT.match(self.pattern, self.at)
        self.at = repeat.end() if repeat else self.at
        return begins, empty or (repeat is not None and repeat["optional"] is not None)

    def _token(self, kind: str, text: str, inside: str | None) -> tuple[set[str], bool]:
        if kind in ("group", "ahead", "look"):
            begins, empty = self.alternatives()
            self.at += 1  # the closing bracket
            tells = kind == "group" or (kind == "ahead" and ANY not in begins)
            return (begins, empty) if tells else (set(), True)
        if kind == "edge":
            return set(), True
        if kind in ("start", "any"):
            return {START if kind == "start" else ANY}, False
        return {one if len(one) > 1 else re.escape(one) for one in ITEM.findall(inside or text)}, False
