"""Words of a stop that end nothing: lifted again, denied, or only a change of the way messages come."""

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.core.meaning import Intent, Topic
from bot.language import doubts
from bot.language.message import Message
from bot.language.signs.sign import Sign
from bot.language.text.phrasebook import any_of

REACH = 12  # characters by which a stop may begin before what is said of it


def without_ends(message: Message, signs: list[Sign]) -> list[Sign]:
    """「配信停止を解除してください」 wants messages, 「LINEをやめてメールに」 another channel: asked, and no stop."""
    if all(s.intent is not Intent.STOP for s in signs):
        return signs
    lifted = list(any_of("stop.lifted").finditer(message.text))
    switched = list(any_of("stop.switched").finditer(message.text))
    return [_turned(sign, lifted, switched) if sign.intent is Intent.STOP else sign for sign in signs]


def _turned(sign: Sign, lifted: Iterable[re.Match[str]], switched: Iterable[re.Match[str]]) -> Sign:
    if _within(sign, lifted):
        return Sign(Intent.CHANGE, sign.at, doubts.TWO_READINGS, topic=Topic.CONTACT)
    return replace(sign, doubt=sign.doubt or doubts.LIMITED_STOP) if _within(sign, switched) else sign


def _within(sign: Sign, found: Iterable[re.Match[str]]) -> bool:
    return any(match.start() - REACH <= sign.at < match.end() for match in found)
