"""What verbs and nouns of arranging and moving a visit say: fixed, being fixed, not fixed, moved, off."""

from bot.core.meaning import Intent
from bot.language import doubts
from bot.language.grammar.endings import Form
from bot.language.grammar.predicates import Predicate
from bot.language.grammar.stance import Stance
from bot.language.message import Message
from bot.language.signs.intended import not_come_to, requests
from bot.language.signs.sign import Sign
from bot.language.signs.subject import part_of
from bot.language.text.phrasebook import any_of

PLANS = ("予定", "計画", "スケジュール", "約束")
IN_THE_MAKING = ("手配", "調整", "日程調整", "申込", "申し込み")  # しています: not fixed yet
LOOSE_NOUNS = ("お願い", "調整", "段取り", "スケジュール", "日程調整")
COURTESY = "お願い"
BEFORE_MOVE, BEHIND_MOVE = 20, 14  # characters around a word of moving that may take it back


def sign_of_arranging(message: Message, verb: Predicate, around: Stance) -> Sign | None:
    """A visit is fixed, is being fixed, is not."""
    form = verb.form
    if form in (Form.NOT, Form.NOT_DONE):
        return _to_arrange(verb) if requests(message, verb, around) else Sign(Intent.NOT_YET, verb.start)
    courtesy = verb.text == COURTESY or (verb.word == COURTESY and form in (Form.WILL, Form.ASK))
    if form in (Form.IF, Form.AND, Form.PAUSE) or courtesy:
        return None
    if verb.word in PLANS and form is Form.BARE:
        return _plan(message, verb, around)
    if around.asks or message.clause_at(verb.start).asks:
        return Sign(Intent.QUESTION, verb.start)
    if around.unsure or (around.unreal and not around.planned):
        return None
    if form in (Form.DID, Form.IS, Form.WAS):
        return _arranged(verb, around)
    if form is Form.WILL and (any_of("work.only_meant_after").match(around.after) or not_come_to(message, verb)):
        return Sign(Intent.NOT_YET, verb.start, weak=True)  # 「申し込むのを忘れていました」
    if form is Form.WILL and any_of("work.says_which_after").match(around.after):
        return None  # 「頼む業者を探しています」
    return _noun(verb, around) if form is Form.BARE else _to_arrange(verb)


def _to_arrange(verb: Predicate) -> Sign:
    """「これから予約します」「手配してもらえませんか」: wished, not fixed."""
    return Sign(Intent.SCHEDULE, verb.start, doubts.NOT_FIXED, weak=True)


def _arranged(verb: Predicate, around: Stance) -> Sign | None:
    """「予約しました」「依頼しています」, but not 「頼んでいた業者」 or 「いつもお願いしています」."""
    if verb.form is Form.DID and any_of("work.taken_for_so_after").match(around.after):
        return None
    by_custom = verb.form is Form.IS and any_of("work.by_custom_before").search(around.before)
    if by_custom or any_of("work.says_which_after").match(around.after):
        return None
    making = verb.form is Form.IS and "てあ" not in verb.text and verb.word in IN_THE_MAKING
    return Sign(Intent.SCHEDULE, verb.start, doubts.NOT_FIXED if making else doubts.HEDGED if around.hedged else "")


def _plan(message: Message, verb: Predicate, around: Stance) -> Sign | None:
    """「8/3の予定です」, but not 「予定はありません」, 「8/3の予定でした」 or 「家を売る予定です」."""
    if message.clause_at(verb.start).asks and around.after in ("は", "って"):
        return Sign(Intent.QUESTION, verb.start)
    other = any_of("work.other_plan_before").search(around.before)
    if other and all(known.end != verb.start for known in message.verbs):
        return None
    if any_of("work.no_plan_after").match(around.after):
        return Sign(Intent.NOT_YET, verb.start)
    if any_of("work.past_plan_after").match(around.after):
        return Sign(Intent.NOT_YET, verb.start, doubts.PAST_PLAN, weak=True)
    if around.asks or any_of("work.other_plan_after").match(around.after):
        return None
    return Sign(Intent.SCHEDULE, verb.start, doubts.HEDGED if around.hedged else "", part=part_of(around.before))


def _noun(verb: Predicate, around: Stance) -> Sign | None:
    """「予約済み」「8/3に予約」「調整中」."""
    if around.after.startswith(("中", "しているところ")):
        return Sign(Intent.SCHEDULE, verb.start, doubts.NOT_FIXED)
    settled = verb.text.endswith(("済", "済み", "ずみ"))
    if not settled and not any_of("work.arranged_after").match(around.after):
        return None
    if not settled and not around.after and around.before.endswith("の"):
        return None  # 「8/7の予約、…」: what is spoken of, not what is said of it
    loose = verb.word in LOOSE_NOUNS and not settled
    return Sign(Intent.SCHEDULE, verb.start, doubts.NOT_FIXED if loose else "", weak=loose)


def sign_of_moving(message: Message, verb: Predicate, around: Stance) -> Sign | None:
    """A visit is moved or off; told, asked for or wished, it is the same."""
    clause = message.clause_at(verb.start)
    nearby = message.text[max(clause.start, verb.start - BEFORE_MOVE) : verb.end + BEHIND_MOVE]
    if requests(message, verb, around):
        return Sign(Intent.RESCHEDULE, verb.start)
    if verb.form in (Form.NOT, Form.NOT_DONE) or any_of("later.not_moved").search(nearby):
        kept = any_of("work.move_denied").search(nearby)
        return Sign(Intent.YES, verb.start, doubts.TWO_READINGS, weak=True) if kept else None
    unnamed = verb.word in ("変更", "取り消", "取消") and not any_of("work.visit").search(message.text)
    doubt = doubts.TWO_READINGS if unnamed and not message.mentions else ""
    supposed = verb.form is Form.IF or around.unreal or any_of("stance.not_said_after").match(around.after)
    return None if supposed and not around.planned else Sign(Intent.RESCHEDULE, verb.start, doubt)
