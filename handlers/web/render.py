"""From a page's name and what it shows to HTML. Everything is escaped; a name that is missing fails at once."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.core.days import TOKYO
from handlers.web.in_place import in_place
from templates.catalogue import LANGUAGES
from templates.forms import day, forms, month, near_day

WORDS = ("site", "chat", "works", "staff", "intake", "api")


class Pages:
    """All pages in all languages. ``words`` are the catalogue's, which pages share with messages."""

    def __init__(self, words: Mapping[str, Mapping[str, Any]]) -> None:
        self.words = {language: _words(language) for language in LANGUAGES}
        self._environments = {language: _environment(language, self.words[language], words) for language in LANGUAGES}

    def render(self, name: str, language: str, **shown: Any) -> str:
        """A page, or a piece of one. Raises jinja2.UndefinedError for anything that it shows and was not given."""
        return self._environments[language].get_template(f"{name}.html").render(shown)


def _words(language: str) -> Mapping[str, Any]:
    """The words of these pages, by the file they stand in."""
    folder = files("templates") / language / "pages"
    return {name: tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in WORDS}


def _environment(language: str, said: Mapping[str, Any], words: Mapping[str, Mapping[str, Any]]) -> Environment:
    environment = Environment(
        loader=PackageLoader("handlers.web", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"language": language, "say": said, "words": words[language], "in_place": in_place}
    filters: dict[str, Callable[..., str]] = {
        "day": lambda value: day(language, _civil(value)),
        "near_day": lambda value, today: near_day(language, _civil(value), today),
        "month": lambda value: month(language, _civil(value)),
        "clock": lambda instant: f"{instant.astimezone(TOKYO):%H:%M}",
        "word": lambda code, of: str(words[language][of].get(code, code)),
        "areas": forms(language, words[language])["areas"],
    }
    environment.filters |= filters
    return environment


def _civil(value: date | datetime | str | None) -> str:
    """An instant as its day in Tokyo; a day as it is."""
    if isinstance(value, datetime):
        value = value.astimezone(TOKYO).date()
    return value.isoformat() if isinstance(value, date) else value or ""
