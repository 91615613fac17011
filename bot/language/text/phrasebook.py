"""The tables of phrases/, read once, as patterns: ``any_of("stop.limited")`` is table [limited] of stop.txt."""

import re
from functools import cache
from importlib import resources

from bot.language.text.opening import guarded

GAP = r"[^。!?\n]{0,8}?"
HEADING = re.compile(r"\[(\w+)\]")
NAMED = re.compile(r"<([^\W\d_]+)>")


@cache
def any_of(name: str) -> re.Pattern[str]:
    """A pattern that finds any line of a table."""
    return re.compile(body(name))


@cache
def either(first: str, second: str) -> re.Pattern[str]:
    """A pattern that finds any line of two tables."""
    return re.compile(f"{body(first)}|{body(second)}")


@cache
def body(name: str) -> str:
    """The lines of a table as one alternation, to be built into a larger pattern. Its groups capture nothing."""
    return f"(?:{guarded(f'(?:{_spelled(line)})' for line in lines(name))})"


def _spelled(line: str) -> str:
    """A line as a regular expression."""
    named = NAMED.sub(lambda m: "(?:" + "|".join(lines(f"words.{m[1]}")) + ")", line)
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", named).replace("…", GAP)


def lines(name: str) -> list[str]:
    """The lines of a table as they are written, without remarks."""
    file, table = name.split(".")
    return tables(file)[table]


@cache
def tables(file: str) -> dict[str, list[str]]:
    """The tables of one file, in its order."""
    found: dict[str, list[str]] = {}
    kept: list[str] = []
    for line in resources.files("bot.language.phrases").joinpath(f"{file}.txt").read_text("utf-8").splitlines():
        heading = HEADING.fullmatch(line)
        if heading:
            kept = found[heading[1]] = []
        elif line.strip() and not line.startswith("#"):
            kept.append(line)
    return found
