"""The texts that people agree to: each version kept for good, with what proves later which text it was.

``NAME.toml`` is the version in force, ``NAME.N.toml`` an earlier one. What owners read stands in each language, what is
concluded between companies in Japanese alone.
"""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

NAMES = ("consent", "privacy", "builder_data", "backup_terms", "association")
OF_OWNERS = ("consent", "privacy")  # read by everybody, on a page of their own


@dataclass(frozen=True, slots=True)
class Section:
    """``source`` and ``as_of`` say where a statement on the law comes from, and when that was read."""

    heading: str
    paragraphs: tuple[str, ...]
    source: str = ""
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """One version of a text in one language. ``hash`` is the SHA-256, in hex, of ``text`` in UTF-8.

    A ``draft`` is not yet to be agreed to by anybody real.
    """

    name: str
    language: str
    version: str
    date: date
    hash: str
    title: str
    sections: tuple[Section, ...]
    draft: bool

    @property
    def text(self) -> str:
        """The words exactly as they are to be shown: whoever shows less has not shown what the hash stands for."""
        return _shown(self.title, self.sections)


@cache
def contract(name: str, language: str, version: str = "") -> Contract:
    """The version in force, or that one. Raises KeyError for a text, language or version that there is not."""
    found = _versions(name, language)
    return found[version] if version else list(found.values())[-1]


def versions(name: str, language: str) -> Sequence[Contract]:
    """All versions that are kept, the one in force last; none in a language that the text does not have."""
    return tuple(_versions(name, language).values()) if _has(name, language) else ()


@cache
def _versions(name: str, language: str) -> Mapping[str, Contract]:
    if not _has(name, language):
        raise KeyError(name)
    read = [_read(path, name, language) for path in _folder(language).iterdir() if path.name.split(".")[0] == name]
    return {one.version: one for one in sorted(read, key=lambda one: int(one.version))}


def _has(name: str, language: str) -> bool:
    return name in NAMES and language in ("ja", "en") and (_folder(language) / f"{name}.toml").is_file()


def _folder(language: str) -> Traversable:
    return files("templates") / "contracts" / language


def _read(path: Traversable, name: str, language: str) -> Contract:
    raw = tomllib.loads(path.read_text("utf-8"))
    sections = tuple(map(_section, raw["sections"]))
    digest = hashlib.sha256(_shown(raw["title"], sections).encode()).hexdigest()
    return Contract(name, language, raw["version"], raw["date"], digest, raw["title"], sections, raw["draft"])


def _section(raw: Mapping[str, Any]) -> Section:
    return Section(raw["heading"], tuple(raw["paragraphs"]), raw.get("source", ""), raw.get("as_of"))


def _shown(title: str, sections: Sequence[Section]) -> str:
    blocks = ["\n".join([section.heading, *section.paragraphs]) for section in sections]
    return "\n\n".join([title, *blocks]) + "\n"
