"""Emergencies, and defects that are named and not denied."""

import re
from collections.abc import Iterator

from bot.core.meaning import Intent
from bot.language import doubts
from bot.language.message import Message
from bot.language.signs.sign import Sign
from bot.language.signs.wishes import WINDOW, excepted
from bot.language.text.phrasebook import any_of

DEFECT = "defect"
SOS = "🆘"
SUPPOSED = re.compile("場合|もし|たら")


def emergency(message: Message) -> Sign | None:
    """Gas, fire, water that does not stop, collapse: before anything else."""
    if SOS in message.text:
        return Sign(Intent.PROBLEM, message.text.index(SOS))
    water = any_of("trouble.water").search(message.text)
    if water and any_of("trouble.hurry").search(message.text) and not _harmless(message.text, water):
        return Sign(Intent.PROBLEM, water.start())
    for clause in message.clauses:
        match = any_of("trouble.emergency").search(clause.text)
        if match and not _harmless(clause.text, match) and not (clause.asks and SUPPOSED.search(clause.text)):
            past = any_of("trouble.past_emergency").search(clause.text)
            return Sign(Intent.PROBLEM, clause.start + match.start(), doubts.PAST_EMERGENCY if past else "")
    return None


def _harmless(text: str, match: re.Match[str]) -> bool:
    return excepted(("trouble.not_emergency",), text, match)


def signs_of_defects(message: Message) -> list[Sign]:
    """One sign for every statement that tells of a defect."""
    firsts = ((clause, next(defects(clause.text), None)) for clause in message.clauses)
    return [Sign(Intent.PROBLEM, c.start + first.start(), topic=DEFECT) for c, first in firsts if first]


def defects(text: str) -> Iterator[re.Match[str]]:
    """The defects a statement tells of: not denied, mended, supposed or part of a check's name."""
    for table in ("trouble.defect", "trouble.failure"):
        yield from (match for match in any_of(table).finditer(text) if _is_real(text, match))


def _is_real(text: str, match: re.Match[str]) -> bool:
    if any_of("trouble.hypothetical_before").search(text[: match.start()]):
        return False
    return not any_of("trouble.no_defect_after").match(text[match.end() : match.end() + WINDOW])
