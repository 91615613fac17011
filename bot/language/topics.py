"""What a question is about, so that it gets its own answer. Nothing is recorded on the strength of it."""

from enum import StrEnum

from bot.language.text.normal import normalise
from bot.language.text.phrasebook import any_of

LONGEST = 400  # characters read: a question is short


class Topic(StrEnum):
    """In the order in which they are tried: what is narrower comes first."""

    LOAN = "loan"
    HISTORY = "history"
    STAKE = "stake"
    PRESENCE = "presence"
    WHY = "why"
    SENDER = "sender"
    VISITOR = "visitor"
    COST = "cost"
    DURATION = "duration"
    CONTENT = "content"
    WHEN = "when"


def topic_of(text: str) -> Topic | None:
    """The topic of a question; None where none of ours fits."""
    words = normalise(text[:LONGEST])
    return next((topic for topic in Topic if any_of(f"topics.{topic}").search(words)), None)
