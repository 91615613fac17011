"""What is to come by a verb's ending: planned, wished, asked for, or only asked about."""

import re

from bot.core.meaning import Intent
from bot.language import doubts
from bot.language.grammar.endings import FAVOUR, Form
from bot.language.grammar.predicates import Predicate
from bot.language.grammar.stance import Stance
from bot.language.grammar.verbs import Act
from bot.language.message import Message
from bot.language.signs.sign import Sign
from bot.language.signs.subject import OTHER, part_of, subject
from bot.language.text.phrasebook import any_of

DENIALS = ("ない", "ありません", "なかった", "ございません")
INTENDS = re.compile("うと(?:は)?思(?:い|っ)")  # 「やろうと思っています」
OBLIGED = re.compile("な(?:ければ|けれ|きゃ|いと)$")
BY_ONESELF = ("自分で", "自力で", "自分たちで")
CARRIED_OUT = ("実施", "遂行")  # 「実施します」 begins what 「終わります」 ends
RAMBLING = 14  # characters; a longer plan without a day may be something else


def requests(message: Message, verb: Predicate, around: Stance) -> bool:
    """「してもらえませんか」 denies nothing: it asks for it."""
    asks = around.asks or message.clause_at(verb.start).asks or around.after.startswith("か")
    return asks and bool(verb.helpers & FAVOUR)


def comes_for_another(around: Stance) -> bool:
    """「見積もりに来ます」「エアコンの修理で業者が入ります」."""
    return any_of("stance.purpose_other").search(around.before) is not None


def intended(message: Message, verb: Predicate, around: Stance) -> Sign | None:
    """「やります」「来てもらう予定です」「来てください」: to come, if not merely asked or talked about."""
    if around.was_planned:
        return Sign(Intent.NOT_YET, verb.start, doubts.PAST_PLAN, weak=True)
    if any_of("work.intends_not_after").match(around.after):
        return Sign(Intent.NOT_YET if around.after.startswith("予定") else Intent.DECLINE, verb.start)
    if verb.form is Form.WISH and around.after.startswith(DENIALS):
        return Sign(Intent.DECLINE, verb.start)
    if any_of("stance.not_said_after").match(around.after) and not around.planned:
        return None
    if subject(around.before) == OTHER or (verb.act is Act.VISIT and comes_for_another(around)):
        return None
    clause = message.clause_at(verb.start)
    if _only_asks(message, verb, around):
        return Sign(Intent.QUESTION, verb.start)
    if any_of("later.some_time").search(clause.text):
        return Sign(Intent.SNOOZE, verb.start, doubts.SOME_TIME)
    return (
        _planned(message, verb, around)
        if message.has_day(clause) or around.planned
        else _undated(message, verb, around)
    )


def not_come_to(message: Message, verb: Predicate) -> bool:
    """「やろうと思ってるんだけど忙しくて」: wished without a day, and not come to."""
    return any_of("work.not_come_to").match(message.text, verb.end - 1) is not None


def _planned(message: Message, verb: Predicate, around: Stance) -> Sign:
    """A day is named, or a plan."""
    dated = message.has_day(message.clause_at(verb.start))
    loose = not dated and verb.form in (Form.WISH, Form.ASK)
    hedged = around.hedged and not (around.planned or INTENDS.match(verb.text[-1:] + around.after))
    doubt = doubts.HEDGED if hedged else doubts.NOT_FIXED if loose else ""
    return Sign(Intent.SCHEDULE, verb.start, doubt, weak=loose, part=part_of(around.before))


def _undated(message: Message, verb: Predicate, around: Stance) -> Sign:
    """Neither: a duty felt, a work of one's own, an end to come, or a loose wish."""
    elsewhere = any_of("work.elsewhere").search(around.before)
    if elsewhere and any_of("work.refused_after").match(message.text, verb.end):
        return Sign(Intent.DECLINE, verb.start, doubts.TWO_READINGS)
    if OBLIGED.search(verb.text) or not_come_to(message, verb):
        return Sign(Intent.NOT_YET, verb.start, doubts.NOT_FIXED, weak=True)
    if around.before.endswith(BY_ONESELF):
        return Sign(Intent.DECLINE, verb.start, doubts.TWO_READINGS)
    if verb.act is Act.FINISH and verb.word not in CARRIED_OUT:
        return Sign(Intent.NOT_YET, verb.start, doubts.IN_PROGRESS, weak=True)
    loose = verb.form in (Form.WISH, Form.ASK) or len(message.clause_at(verb.start).text) > RAMBLING
    hedged = around.hedged and not INTENDS.match(verb.text[-1:] + around.after)
    doubt = doubts.HEDGED if hedged else doubts.NOT_FIXED if loose else ""
    return Sign(Intent.SCHEDULE, verb.start, doubt, weak=loose, part=part_of(around.before))


def _only_asks(message: Message, verb: Predicate, around: Stance) -> bool:
    """「いつ来ますか」 asks; 「8/3に来てもらえますか」 wishes for a day."""
    clause = message.clause_at(verb.start)
    if not (around.asks or clause.asks):
        return False
    wishes = verb.form in (Form.WISH, Form.ASK) or verb.helpers & FAVOUR
    wished_day = wishes and message.has_day(clause)
    return not wished_day or bool(any_of("question.interrogative").search(clause.text))
