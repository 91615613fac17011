"""What stands in a book, in words of one language: headings, columns, values, and every fact as a sentence."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from bot.core.book.section import Book, Coded, Section, Value
from bot.core.days import TOKYO
from templates.facts import Facts, Names
from templates.forms import MONTHS


@cache
def book_words(language: str) -> Mapping[str, Any]:
    """Read once. Raises FileNotFoundError for a language that has no books."""
    return tomllib.loads((files("templates") / language / "book.toml").read_text("utf-8"))


@cache
def pack_words(language: str) -> Mapping[str, Any]:
    """Those of a house's pack over those of its book."""
    own, book = tomllib.loads((files("templates") / language / "pack.toml").read_text("utf-8")), book_words(language)
    return {**book, **own} | {name: {**book[name], **own[name]} for name in ("sections", "columns", "codes")}


class Spoken:
    """One language. ``words`` are the catalogue's; ``said`` those of the book, or of what is said in its place."""

    def __init__(self, language: str, words: Mapping[str, Any], said: Mapping[str, Any] | None = None) -> None:
        self.language = language
        self.said = said if said is not None else book_words(language)
        self._words = words
        self._facts = Facts(language, words)

    def title(self, section: Section) -> str:
        return str(self.said["sections"][section.code])

    def law(self, section: Section) -> str:
        """Which items of the law's list a section answers; empty for what the law does not ask for."""
        numbers = self.said["between"].join(map(str, section.law))
        return str(self.said["law"].format(numbers=numbers)) if numbers else ""

    def column(self, section: Section, name: str) -> str:
        own = self.said["columns_of"].get(section.code, {})
        return str(own.get(name) or self.said["columns"][name])

    def value(self, book: Book, value: Value) -> str:
        """A value as people read it; what is not known is said to be so."""
        if isinstance(value, Coded):
            return self.coded(book, value)
        if isinstance(value, tuple):
            return " ".join(self.value(book, one) for one in value) if value else str(self.said["unknown"])
        if isinstance(value, datetime):
            local = value.astimezone(TOKYO)
            return f"{self.day(local.date())} {local:%H:%M}"
        if isinstance(value, date):
            return self.day(value)
        return str(self.said["unknown"]) if value is None else str(value)

    def day(self, value: date) -> str:
        """Without its weekday: nobody arranges anything by a record."""
        if self.language == "ja":
            return f"{value.year}年{value.month}月{value.day}日"
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"

    def coded(self, book: Book, value: Coded) -> str:
        """What a code means; the code itself where nobody worded it."""
        if value.of == "told":
            return self._told(book, int(value.code))
        if value.of == "cited":
            return self._cited(book, int(value.code))
        if value.of == "milestone":
            known = self._words["milestones"].get(value.code) or {"title": self._words["occasion"].get(value.code)}
            return str(known["title"] or value.code)
        found = self.said["codes"].get(value.of) or self._words.get(value.of, {})
        return str(found.get(value.code, value.code))

    def laws(self, names: list[str]) -> list[str]:
        """Sentences on law, from their own file."""
        return [str(self._words["law"][name]) for name in names]

    def _cited(self, book: Book, seq: int) -> str:
        """A fact as a line that rests on it names it: its number, its day and what it says."""
        fact = next(fact for fact in book.facts if fact["seq"] == seq)
        day = self.day(fact["at"].astimezone(TOKYO).date())
        return str(self.said["cited"].format(number=seq, day=day, told=self._told(book, seq)))

    def _told(self, book: Book, seq: int) -> str:
        fact = next(fact for fact in book.facts if fact["seq"] == seq)
        text = self._facts.whole(fact, Names(people=book.names, parts=book.parts))
        return text if text != fact["kind"] else str(self.said["told"]["other"])
