"""Signs of the work in English statements: negation first, then questions and conditions, then what is said."""

import re

from bot.core.meaning import Intent
from bot.language import doubts
from bot.language.message import Message
from bot.language.signs.sign import Sign
from bot.language.text.clauses import Clause
from bot.language.text.phrasebook import any_of

BUT = re.compile(r"(?<!everything )(?<!all )(?<!nothing )(?<!anything )\bbut\b")  # 「all but the roof」 is no turn
CAME = re.compile(r"\b(came|come by|visited|here|by)$")
LATIN = re.compile(r"[a-z]{3}")
OFFERED = re.compile("(can|could) (you|they|someone|we)|how about|let's")
PASSIVE = re.compile(r"\b(be|get|to)\b.{0,4}$")
UNSURE = re.compile(r"\b(maybe|might|probably|perhaps|not sure)\b")


def signs_in_english(message: Message) -> list[Sign]:
    """What English statements say of the work; nothing where a statement holds no Latin word."""
    clauses = (clause for clause in message.clauses if LATIN.search(clause.text))
    signs = (
        _statement(part, hindered=BUT.search(clause.text) is not None) for clause in clauses for part in _parts(clause)
    )
    return [sign for sign in signs if sign]


def _parts(clause: Clause) -> list[Clause]:
    """「not done yet but booked」: what stands before and behind the but."""
    but = BUT.search(clause.text)
    if but is None:
        return [clause]
    at = clause.start + but.end()
    return [
        Clause(clause.start, clause.start + but.start(), clause.text[: but.start()], clause.asks),
        Clause(at, clause.end, clause.text[but.end() :], clause.asks),
    ]


def _statement(clause: Clause, *, hindered: bool) -> Sign | None:
    """What a statement says; ``hindered``: a but stands in it, so that whoever came may have done nothing."""
    text, lead = clause.text.strip(), clause.start + len(clause.text) - len(clause.text.lstrip())
    asks = any_of("english.asks").search(text)
    denied = any_of("english.not_done").search(text)
    if denied and not asks:
        return Sign(Intent.NOT_YET, lead + denied.start())
    fixed = any_of("english.arranged").search(text)
    if fixed:
        only_asks = clause.asks and not OFFERED.match(fixed[0])
        doubt = doubts.HEDGED if UNSURE.search(text[: fixed.start()]) else ""
        return None if only_asks else Sign(Intent.SCHEDULE, lead + fixed.start(), doubt)
    done = any_of("english.done").search(text)
    if not done or clause.asks or asks or _unreal(text, text[: done.start()]):
        return None
    doubt = _doubt(text) or (doubts.CAME_ONLY if hindered and " and " not in text and CAME.search(done[0]) else "")
    return Sign(Intent.DONE, lead + done.start(), doubt, partial=bool(any_of("english.partial").search(text)))


def _unreal(text: str, before: str) -> bool:
    """「once it is done」, 「to be done」, 「the booking is done」."""
    if PASSIVE.search(before) and not any_of("english.hedge").search(text):
        return True
    return bool(any_of("english.unreal").search(before) or any_of("english.not_the_work").search(before))


def _doubt(text: str) -> str:
    if any_of("english.hearsay").search(text):
        return doubts.HEARSAY
    return doubts.HEDGED if any_of("english.hedge").search(text) else ""
