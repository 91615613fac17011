"""A report that is taken back in the same breath: it was another thing's, or never so."""

from bot.core.meaning import Intent
from bot.language import doubts
from bot.language.message import Message
from bot.language.signs.sign import Sign
from bot.language.text.phrasebook import any_of


def without_taken_back(message: Message, signs: list[Sign]) -> list[Sign]:
    """「終わりました。あ、それは車検でした」: told and taken back; a day put right behind it takes nothing back."""
    if all(s.intent is not Intent.DONE for s in signs):
        return signs
    back = any_of("work.taken_back").search(message.text)
    if back is None or any(m.start >= back.end() for m in message.mentions):
        return signs
    return [
        Sign(Intent.NOT_YET, s.at, doubts.CONTRADICTION) if s.intent is Intent.DONE and s.at < back.start() else s
        for s in signs
    ]
