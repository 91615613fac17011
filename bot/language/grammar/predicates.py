"""The verbs of a text, each with what kind of act it names and what its ending says of it."""

import re
from dataclasses import dataclass
from functools import cache

from bot.language.grammar.endings import Form, Help, ending
from bot.language.grammar.verbs import Act, nouns, stems
from bot.language.text.opening import guarded

SURU = re.compile(
    r"(?P<particle>[をはもが]?|だけは?)(?:し(?!か|っか|ばら|つこ|よう|ま[ういっわ]|み)|いたし|され|させ|でき|す[るれ]|せ(?=ず|ん)|なさ(?=[いっる]))"
)
ASKED = re.compile(
    r"を?(?:ください(?!ま)|ちょうだい|欲しい|ほしい|(?:お)?願い(?:し|でき|いた|申)|もらえ|いただけ|いただきた)"
)
# 「点検いただきました」「点検くださった」: a favour, without する.
RECEIVED = re.compile("を?(?:(いただ)(?=[いき](?!た[いく]))|くださ(?=いまし|った))")
SETTLED = re.compile("(?:(?:済み|ずみ|済(?!み))(?![んまむめ]))?")


@dataclass(frozen=True, slots=True)
class Predicate:
    """A verb in the text: ``word`` is its stem or noun, ``text`` all of it, from ``start`` to ``end``.

    ``noun``: it is a する-noun. ``helpers`` are the helping verbs met in its ending.
    """

    act: Act
    form: Form
    start: int
    end: int
    word: str
    text: str
    helpers: frozenset[Help] = frozenset()
    noun: bool = False


@cache
def _pattern() -> re.Pattern[str]:
    """All stems and nouns as one pattern; group i of it belongs to row i of the verbs, the last group is a noun."""
    return re.compile(guarded(f"({verb})" for verb in [*(stem for stem, _, _ in stems()), _names().pattern]))


@cache
def _names() -> re.Pattern[str]:
    return re.compile("|".join(sorted(nouns(), key=len, reverse=True)))


def predicates(text: str) -> list[Predicate]:
    """Every verb of the tables that stands in a normalised text, in order."""
    found: list[Predicate] = []
    at = 0
    while match := _pattern().search(text, at):
        made = _verb(text, match) if (match.lastindex or 0) <= len(stems()) else None
        named = None if made else _names().match(text, match.start())
        made = _noun(text, named) if named else made
        at = max(made.end, match.start() + 1) if made else match.start() + 1
        if made:
            found.append(made)
    return found


def _verb(text: str, match: re.Match[str]) -> Predicate | None:
    _, row, act = stems()[(match.lastindex or 1) - 1]
    start, word = match.start(), match[0]
    closed = ending(text, match.end(), row)
    if closed is None:
        stop = match.end() + text.startswith(("り", "み"), match.end())  # 終わり, 済み
        return Predicate(act, Form.BARE, start, stop, word, text[start:stop]) if act is Act.FINISH else None
    form, end, helpers = closed
    return Predicate(act, form, start, end, word, text[start:end], helpers)


def _noun(text: str, match: re.Match[str]) -> Predicate:
    act, start, word = nouns()[match[0]], match.start(), match[0]
    suru = SURU.match(text, match.end())
    closed = ending(text, suru.end("particle"), "suru") if suru else None
    if closed:
        form, end, helpers = closed
        return Predicate(act, form, start, end, word, text[start:end], helpers, noun=True)
    received = RECEIVED.match(text, match.end())
    closed = ending(text, received.end(), "ka" if received[1] else "aru") if received else None
    if closed:
        form, end, helpers = closed
        return Predicate(act, form, start, end, word, text[start:end], helpers | {Help.FAVOUR}, noun=True)
    asked = ASKED.match(text, match.end())
    settled = SETTLED.match(text, match.end())
    end = asked.end() if asked else settled.end() if settled else match.end()
    return Predicate(act, Form.ASK if asked else Form.BARE, start, end, word, text[start:end], noun=True)
