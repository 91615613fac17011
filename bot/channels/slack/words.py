"""The few words that only Slack needs around a message, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on a modal's buttons and beside its field, and where a message is too long for its place."""

    send: str
    cancel: str
    write: str
    choose: str
    more: str
    page: str


def words_of(words: Mapping[str, Mapping[str, Any]]) -> dict[str, Words]:
    """By language."""
    return {language: Words(**lines["modal"]) for language, lines in words.items()}
