"""From what storage knows of a house to its book."""

from datetime import date

from bot.core.book.beside import beside_sections, parts_of
from bot.core.book.law import law_sections
from bot.core.book.section import Book, Sources
from bot.core.book.then import as_of


def book(sources: Sources, today: date, on: date | None = None) -> Book:
    """The book as it stands on a civil day, today where none is given.

    Raises ValueError for a day before the house was taken in: nothing was on record then.
    """
    day = min(on or today, today)
    if day < sources.house["taken_in_on"]:
        raise ValueError("the house was not taken in by then")
    then = as_of(sources, day, today)
    sections = (*law_sections(then), *beside_sections(then))
    return Book(sources.house["id"], day, sections, tuple(then.facts), then.names, parts_of(then))
