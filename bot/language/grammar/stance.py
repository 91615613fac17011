"""What is said around a verb, as flags."""

import re
from dataclasses import dataclass

from bot.language.grammar.predicates import Predicate
from bot.language.message import Message
from bot.language.text.clauses import Clause
from bot.language.text.phrasebook import any_of

REACH = 40  # characters behind a verb that may still qualify it
ASKED = re.compile(r"^(?:の|ん)?(?:です|でしょう)?(?:か|よね|よな|でしょ)?$")
ENDS_ASKING = re.compile(r"か(?:ね|な)?$")


@dataclass(frozen=True, slots=True)
class Stance:
    """How the writer stands to what the verb says. ``before`` is the statement up to the verb, ``after`` the rest."""

    before: str
    after: str
    asks: bool  # a question mark, or a question's ending
    hedged: bool
    hearsay: bool
    unsure: bool
    unreal: bool  # a condition, a time to come, a denial
    planned: bool
    was_planned: bool
    partial: bool


def stance(message: Message, predicate: Predicate) -> Stance:
    """What qualifies this verb in its own statement."""
    clause = message.clause_at(predicate.start)
    before = message.text[clause.start : predicate.start]
    after = _after(message, clause, predicate)
    return Stance(
        before=before,
        after=after,
        asks=bool(any_of("stance.question_after").match(after)) or (clause.asks and _question(after)),
        hedged=bool(any_of("stance.hedge_after").match(after) or any_of("stance.hedge_before").search(before)),
        hearsay=bool(any_of("stance.hearsay_after").match(after) or any_of("stance.hearsay_before").search(before)),
        unsure=bool(any_of("stance.unsure_after").match(after)),
        unreal=bool(any_of("stance.unreal_after").match(after)),
        planned=bool(any_of("stance.planned_after").match(after)),
        was_planned=bool(any_of("stance.was_planned_after").match(after)),
        partial=bool(any_of("stance.partial_before").search(before) or any_of("stance.partial_after").match(after)),
    )


def _question(after: str) -> bool:
    """Whether the statement's question is, or takes in, this verb."""
    return bool(ASKED.match(after) or ENDS_ASKING.search(after))


def _after(message: Message, clause: Clause, predicate: Predicate) -> str:
    end = max(clause.end, predicate.end)
    return message.text[predicate.end : min(end, predicate.end + REACH)]
