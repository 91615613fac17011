"""The message kinds: read once from templates/ja and templates/en, and kept by kind and version.

A kind's file is ``KIND.toml``; when its words change, the old file stays as ``KIND.N.toml`` under its number, so that
what was promised in version N is said in version N for good. Beside the kinds stand ``words.toml`` (single words and
footers), ``law.toml`` (every sentence on law, penalty or guarantee, with its source: what is law now is said in every
version), ``letter.toml``, ``book.toml``, ``pack.toml``, ``workbook.toml``, ``loan_chart.toml``, ``loan_list.toml`` and
``loan_sums.toml``.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from bot.core.message import CHOICE, LINK, WORDS
from templates.forms import duty, errand, forms, occasion

LANGUAGES = ("ja", "en")
# Ordinary text has none of these: they part the pieces of one compiled template.
PIECE, CELL = "\x1e", "\x1f"
BESIDE = frozenset(
    {
        *("words.toml", "law.toml", "letter.toml", "book.toml", "pack.toml", "workbook.toml"),
        *("loan_chart.toml", "loan_list.toml", "loan_sums.toml"),
    }
)


@dataclass(frozen=True, slots=True)
class ButtonForm:
    """A button of a kind; with ``each``, one for every value of that list among the particulars."""

    verb: str
    each: str


@dataclass(frozen=True)
class Kind:
    """One kind in one language and version: a single template that yields all its pieces."""

    name: str
    version: int
    source: str
    paragraphs: int
    facts: int
    buttons: tuple[ButtonForm, ...]
    environment: Environment
    wants: str = ""

    @cached_property
    def text(self) -> Template:
        """Compiled when it is first said: all of them together would cost every start of the program a second."""
        return self.environment.from_string(self.source)


class TemplateError(ValueError):
    """A template file is not what it should be."""


class Catalogue:
    """All kinds. ``versions`` holds the newest version of each, to be pinned when a message is written.

    ``words`` are the words of each language, its law under ``law``; ``footers`` the compiled lines under what we
    begin, by language and role.
    """

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, str, int], Kind] = {}
        self.words: dict[str, Mapping[str, Any]] = {}
        self.footers: dict[tuple[str, str], Template] = {}
        self.versions: dict[str, int] = {}
        for language in LANGUAGES:
            self._read(language)

    def kind(self, language: str, name: str, version: int) -> Kind:
        """Raises KeyError for what was never written."""
        return self._kinds[language, name, version]

    def names(self, language: str) -> set[str]:
        return {name for tongue, name, _ in self._kinds if tongue == language}

    def _read(self, language: str) -> None:
        folder = files("templates") / language
        words = _toml(folder / "words.toml")
        words["law"] = {name: sentence["text"] for name, sentence in _toml(folder / "law.toml").items()}
        self.words[language] = words
        # No autoescape: a neutral message is plain text, and every channel escapes for itself.
        environment = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)
        environment.filters |= forms(language, words)
        environment.globals |= {
            "words": words,
            "occasion": occasion(words),
            "errand": errand(words),
            "duty": duty(words),
        }
        for role, lines in words["footer"].items():
            self.footers[language, role] = environment.from_string(PIECE.join(lines))
        for name, path in _kinds_in(folder):
            kind = _kind(environment, name, _toml(path))
            if (language, name, kind.version) in self._kinds:
                raise TemplateError(f"{language}/{name}: version {kind.version} twice")
            self._kinds[language, name, kind.version] = kind
            self.versions[name] = max(kind.version, self.versions.get(name, 0))


def _toml(path: Traversable) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _kinds_in(folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    for path in folder.iterdir():
        if path.name.endswith(".toml") and path.name not in BESIDE:
            yield path.name.split(".")[0], path


def _kind(environment: Environment, name: str, raw: Mapping[str, Any]) -> Kind:
    _check(name, raw)
    facts, buttons = raw.get("facts", []), raw.get("buttons", [])
    pieces = [raw["title"], *raw.get("paragraphs", [])]
    pieces += [CELL.join(fact) for fact in facts]
    pieces += [_button(button) for button in buttons]
    return Kind(
        name=name,
        version=raw["version"],
        source=PIECE.join(pieces),
        paragraphs=len(raw.get("paragraphs", [])),
        facts=len(facts),
        buttons=tuple(ButtonForm(button["verb"], button.get("each", "")) for button in buttons),
        environment=environment,
        wants=raw.get("wants", ""),
    )


def _check(name: str, raw: Mapping[str, Any]) -> None:
    """A slip in a file is told when it is read, not when the message is wanted."""
    if not {"version", "title"} <= raw.keys() <= {"version", "title", "paragraphs", "facts", "buttons", "wants"}:
        raise TemplateError(f"{name}: has {', '.join(sorted(raw))}")
    if raw.get("wants", "") not in ("", WORDS, CHOICE, LINK):
        raise TemplateError(f"{name}: wants {raw['wants']}")
    if any(len(fact) != 2 for fact in raw.get("facts", [])):
        raise TemplateError(f"{name}: a fact is a label and a value")
    for button in raw.get("buttons", []):
        if not {"label", "verb"} <= button.keys() <= {"label", "verb", "arg", "each", "when"}:
            raise TemplateError(f"{name}: a button has {', '.join(sorted(button))}")


def _button(raw: Mapping[str, str]) -> str:
    """Label and argument; for a button per value, as many pairs as there are values."""
    pair = f"{raw['label']}{CELL}{raw.get('arg', '')}"
    if raw.get("each"):
        pair = f"{{% for it in {raw['each']} %}}{pair}{CELL}{{% endfor %}}"
    return f"{{% if {raw['when']} %}}{pair}{{% endif %}}" if raw.get("when") else pair
