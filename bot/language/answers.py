"""Answers of a word or two, read by the question they answer. The words stand in phrases/bare.txt."""

import re
from functools import cache

from bot.core.meaning import Context, Intent, Meaning
from bot.language import doubts
from bot.language.text.clauses import EMOJI
from bot.language.text.opening import guarded
from bot.language.text.phrasebook import body, lines

LONGEST = 40  # characters; what is longer is no bare answer
NOISE = re.compile(rf"(?:[\s。、!?.,・~\-ー()（）:;^_*'´`ω∀▽д°m<>/\\|=+…]|{EMOJI})+")
SENTENCES = re.compile(rf"(?:[。、!?.,・~\n]|{EMOJI})+")
WORDS = re.compile(rf"(?:[\s。、!?.,・~]|{EMOJI})+")

LEAD = re.compile("はい|うん|ええ|いいえ|いえ|いや")

# The kinds of bare answer, in the order they are recognised; and which outweighs which, where a message holds several.
KINDS = (  # noqa: SIM905
    "yes ack okay no wrong clear went fine glad enough none"
    " some at_all go_on please regards unsure forgot pause mark cross thanks"
).split()
WEIGHTS = (  # noqa: SIM905
    "cross at_all some no wrong forgot unsure none mark fine"
    " clear went yes ack okay glad enough go_on please regards thanks pause"
).split()

READ_AS = Context.REMINDER_DUE
WORK_QUESTIONS = {Context.REMINDER_DUE, Context.OVERDUE}
TOLD, WAS = {"clear", "fine"}, re.compile("かった|ませんでした|でした|だった")
YES_NO_QUESTIONS = {Context.OVERDUE, Context.ASK_CONSENT, Context.CONFIRM_DATE}


@cache
def _pattern() -> re.Pattern[str]:
    """All kinds as one pattern; the group that matched is named as its kind."""
    kinds = guarded(f"(?P<{kind}>{body(f'bare.{kind}')})" for kind in KINDS)
    return re.compile(f"(?:{kinds}){body('bare.tail')}")


@cache
def _marks() -> list[tuple[str, list[str]]]:
    return [(kind, "|".join(lines(f"bare.{kind}")).split("|")) for kind in ("mark", "cross", "okay", "ack")]


def bare_word(text: str) -> str | None:
    """The kind of answer a short normalised text is, or None where it is more than an answer."""
    if not text or len(text) > LONGEST:
        return None
    whole = NOISE.sub("", text)
    if not whole:
        return next((kind for kind, marks in _marks() if any(mark in text for mark in marks)), None)
    readings = dict.fromkeys((_parts(SENTENCES, text), _parts(WORDS, text), (whole,)))  # mostly the same: read once
    return next((kind for parts in readings if (kind := _weightiest(parts))), None)


def _parts(split: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(stripped for part in split.split(text) if (stripped := part.strip()))


def _weightiest(parts: tuple[str, ...]) -> str | None:
    """The kind of answer that outweighs the others, where every part is one; the first that is none ends the search."""
    kinds = []
    for part in parts:
        kind = _kind(part) or _joined(part)
        if kind is None:
            return None
        kinds.append(kind)
    return min(kinds, key=WEIGHTS.index, default=None)


def _joined(text: str) -> str | None:
    """「はいそうです」, written in one."""
    lead = LEAD.match(text)
    kinds = [_kind(lead[0]), _kind(text[lead.end() :])] if lead else [None]
    return None if None in kinds else min((kind for kind in kinds if kind), key=WEIGHTS.index)


def first_word(text: str) -> str | None:
    """The bare word a longer answer begins with: 「はい、その日で」."""
    parts = [part.strip() for part in SENTENCES.split(text[:LONGEST]) if part.strip()]
    kind = _kind(parts[0]) if len(parts) > 1 else None
    return None if kind in ("thanks", "pause") else kind


def _kind(part: str) -> str | None:
    match = _pattern().fullmatch(part)
    return match.lastgroup if match else None


def empty(text: str) -> bool:
    """Whether nothing but marks, faces and stops was sent."""
    return not NOISE.sub("", text)


def tells_result(text: str, kind: str | None, context: Context) -> bool:
    """「はい、問題なかったです」: asked whether it is done, what it was like is told, and so that it is."""
    return kind in TOLD and context in WORK_QUESTIONS and WAS.search(text) is not None


def answer(kind: str, context: Context) -> Meaning:
    """What a bare answer means to the question it answers. What fits no question is asked."""
    if context is Context.ASK_RESULT and kind in RESULT_ANSWERS:
        return Meaning(Intent.DONE, result=RESULT_ANSWERS[kind])
    if context in WORK_QUESTIONS and kind in WORK_ANSWERS:
        return Meaning(WORK_ANSWERS[kind])
    if context is Context.CONFIRM_DATE and kind in CONFIRMING:
        return Meaning(Intent.YES)
    if context is Context.ASK_CONSENT and kind in AGREEING:
        return Meaning(Intent.YES)
    intent, doubt = ELSEWHERE[kind]
    if kind in ("ack", "okay") and context is Context.ASK_CONSENT:
        doubt = doubts.TWO_READINGS  # 「承知しました」 says that it was read; it is no consent
    if kind == "enough" and context is Context.ASK_CONSENT:
        intent = Intent.DECLINE
    if kind == "enough" and context is Context.CONFIRM_DATE:
        intent = Intent.YES
    fits = context in YES_NO_QUESTIONS or (context is READ_AS and intent is Intent.YES)
    if doubt == doubts.NO_QUESTION and fits:
        doubt = ""
    return Meaning(intent, ask=bool(doubt), why=doubt)


# "Was anything wrong?"
RESULT_ANSWERS = {"yes": "issues", "some": "issues"} | dict.fromkeys(
    ("no", "none", "at_all", "clear", "went", "fine", "okay"), "ok"
)
# "How is it going?", "is it done?"
WORK_ANSWERS = {"mark": Intent.DONE, "cross": Intent.NOT_YET, "forgot": Intent.NOT_YET, "glad": Intent.YES}
# "On that day, then?"
CONFIRMING = {"clear", "fine", "glad", "go_on", "please", "regards", "mark"}
# "Do you agree?" 「大丈夫です」 may as well refuse, and 「お願いします」 be a courtesy.
AGREEING = {"clear", "go_on"}
# To every other question, or to none.
ELSEWHERE = {
    "yes": (Intent.YES, doubts.NO_QUESTION),
    "glad": (Intent.YES, doubts.NO_QUESTION),
    "no": (Intent.NO, doubts.NO_QUESTION),
    "wrong": (Intent.NO, doubts.NO_QUESTION),
    "cross": (Intent.NO, doubts.NO_QUESTION),
    "ack": (Intent.YES, ""),
    "okay": (Intent.YES, ""),
    "clear": (Intent.YES, doubts.TWO_READINGS),
    "fine": (Intent.YES, doubts.TWO_READINGS),
    "mark": (Intent.YES, doubts.TWO_READINGS),
    "go_on": (Intent.YES, doubts.TWO_READINGS),
    "please": (Intent.YES, doubts.TWO_READINGS),
    "enough": (Intent.NO, doubts.TWO_READINGS),
    "none": (Intent.NO, doubts.TWO_READINGS),
    "some": (Intent.OTHER, doubts.NO_QUESTION),
    "went": (Intent.OTHER, ""),
    "at_all": (Intent.NOT_YET, ""),
    "pause": (Intent.OTHER, ""),
    "unsure": (Intent.OTHER, doubts.UNSURE),
    "forgot": (Intent.OTHER, doubts.UNSURE),
    "regards": (Intent.OTHER, ""),
    "thanks": (Intent.OTHER, ""),
}
