"""The text that an owner consents to, with what proves later which text it was."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of the text in one language. ``hash`` is the SHA-256, in hex, of ``text`` in UTF-8.

    A ``draft`` is not yet to be agreed to by anybody real.
    """

    version: str
    hash: str
    title: str
    sections: tuple[Section, ...]
    draft: bool

    @property
    def text(self) -> str:
        """The words exactly as they are to be shown: whoever shows less has not shown what the hash stands for."""
        return _shown(self.title, self.sections)


@cache
def consent_text(language: str) -> ConsentText:
    """The text in force. Raises FileNotFoundError for a language that has none."""
    raw = tomllib.loads((files("templates") / language / "consent.toml").read_text("utf-8"))
    sections = tuple(Section(each["heading"], tuple(each["paragraphs"])) for each in raw["sections"])
    digest = hashlib.sha256(_shown(raw["title"], sections).encode()).hexdigest()
    return ConsentText(raw["version"], digest, raw["title"], sections, raw["draft"])


def _shown(title: str, sections: tuple[Section, ...]) -> str:
    blocks = ["\n".join([section.heading, *section.paragraphs]) for section in sections]
    return "\n\n".join([title, *blocks]) + "\n"
