"""A reply, read once: its normalised text, its statements, verbs and days."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from bot.core.meaning import Context
from bot.language.dates.mentions import Mention, mentions
from bot.language.grammar.predicates import Predicate, predicates
from bot.language.text.clauses import Clause, clauses
from bot.language.text.normal import normalise, own_words

READ_WHOLE = 8_000  # characters; of what is longer, beginning and end are read, and the rest searched for cries


@dataclass(frozen=True, slots=True)
class Message:
    """What was written, when, by whom, in answer to what. ``unread`` is the middle of an overlong text.

    ``seen`` remembers what several rules ask for: the days resolved in each direction, the findings.
    """

    text: str
    clauses: list[Clause]
    verbs: list[Predicate]
    mentions: list[Mention]
    now: datetime
    servicer: bool
    context: Context
    unread: str = ""
    seen: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def clause_at(self, at: int) -> Clause:
        """The statement in which a place of the text stands; the last one before it where it stands in none."""
        if not self.clauses:
            return Clause(0, len(self.text), self.text)
        return self.clauses[max(0, bisect_right(self.clauses, at, key=attrgetter("start")) - 1)]

    def has_day(self, clause: Clause) -> bool:
        """Whether a statement names a day."""
        return any(clause.start <= mention.start < clause.end for mention in self.mentions)


def read(text: str, now: datetime, servicer: bool, context: Context) -> Message:
    """The message, ready for the rules. Quoted mail below it is left out."""
    own = own_words(text)
    unread = ""
    if len(own) > READ_WHOLE:
        half = READ_WHOLE // 2
        own, unread = own[:half] + "。" + own[-half:], own[half:-half]
    plain = normalise(own)
    return Message(plain, clauses(plain), predicates(plain), mentions(plain), now, servicer, context, unread)
