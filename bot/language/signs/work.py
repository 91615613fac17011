"""What verbs of finishing, inspecting and coming say: done, not done, refused, to come.

Whether something happened is read from the verb's ending first, then from what stands around it, then from whose ending
or coming it is.
"""

import re

from bot.core.meaning import Context, Intent
from bot.language import doubts
from bot.language.dates.seen import days_seen
from bot.language.dates.span import Look
from bot.language.grammar.endings import FAVOUR, Form, Help
from bot.language.grammar.predicates import Predicate
from bot.language.grammar.stance import Stance
from bot.language.grammar.verbs import Act
from bot.language.message import Message
from bot.language.signs.findings import findings, says_finding
from bot.language.signs.intended import comes_for_another, intended, requests
from bot.language.signs.sign import Sign
from bot.language.signs.subject import (
    ARRANGING,
    OTHER,
    REPAIR,
    limited_to_part,
    part_of,
    stands_free,
    subject,
    unknown_subject,
)  # fmt: skip
from bot.language.text.phrasebook import any_of

INSPECTION = ("点検", "検査", "診断")
GOING = ("行", "い")  # an owner went elsewhere: 「歯医者に行ってきました」
ANSWERS = (Context.ASK_DATE, Context.ASK_PERFORMER, Context.ASK_RESULT)  # the question takes the inspection for done
RESULTING = ("の結果", "の結果は", "の結果では", "では", "で", "にて")
CANNOT = re.compile("(?:でき|出来|伺え|行け|られ|れ)(?:ません|ない)$")
LEFT_UNDONE = ("で帰", "で行", "で終", "まま", "で戻")  # 「点検しないで帰りました」
ASKING = ("か", "の", "?", "かい", "かね", "かな")  # 「点検したのに何でまた来るんですか」
WHETHER = ("か", "かを", "かどうか", "かどうかを")
SOON = 60  # days
FINDING_REACH = 80  # characters behind a verb within which its finding is told


def sign_of_work(message: Message, verb: Predicate, around: Stance) -> Sign | None:
    """What one verb of the work says, or None where it says nothing of the inspection."""
    if verb.form in (Form.BARE, Form.PAUSE):
        return _bare(message, verb, around)
    if verb.form in (Form.DID, Form.IS, Form.WAS):
        return _happened(message, verb, around)
    if verb.form in (Form.NOT, Form.NOT_DONE):
        return _did_not(message, verb, around)
    if verb.form in (Form.WILL, Form.WISH, Form.ASK):
        return intended(message, verb, around)
    return _found_when(message, verb, around)


def _bare(message: Message, verb: Predicate, around: Stance) -> Sign | None:
    """「点検完了」「済み」「終わり」: over, unless what follows or stands before says otherwise."""
    if around.before.endswith("未") or any_of("work.complete_unreal").match(around.after):
        return None
    over = verb.act is Act.FINISH or verb.text.endswith(("済", "済み", "ずみ"))
    only_found = verb.form is Form.PAUSE and (not over or verb.word == "実施")
    if only_found or (verb.text == "実施" and not _dated_name(message, verb, around)):
        return _found_when(message, verb, around)
    if not over:
        return _inspected(message, verb, around)
    stem_only = not verb.noun and verb.form is Form.BARE and not verb.text.endswith(("済", "み", "り"))
    if stem_only or not stands_free(around.before):
        return None
    clause = message.clause_at(verb.start)
    if clause.asks and any_of("question.interrogative").search(around.after):
        return None
    told = around.hedged or around.hearsay or any_of("work.complete_after").match(around.after)
    return _done(message, verb, around) if told else None


def _dated_name(message: Message, verb: Predicate, around: Stance) -> bool:
    """「7/15実施」 tells of a day; 「点検の実施」 is only a name."""
    return message.has_day(message.clause_at(verb.start)) and not around.before.endswith("の")


def _inspected(message: Message, verb: Predicate, around: Stance) -> Sign | None:
    """「昨日点検でした」, or 「土曜に点検、異常なし」 where something was found."""
    if verb.act is not Act.FINISH and around.after.startswith(("でした", "だった")):
        return Sign(Intent.DONE, verb.start, "" if findings(message)[0] else doubts.HEDGED)
    if message.has_day(message.clause_at(verb.start)) and any_of("days.paper_came").search(message.text, verb.end):
        return _done(message, verb, around)
    found = around.after in RESULTING or (not around.after and message.has_day(message.clause_at(verb.start)))
    return _found_when(message, verb, around) if found else None


def _happened(message: Message, verb: Predicate, around: Stance) -> Sign | None:
    """「終わりました」 and its kin."""
    if around.asks and not around.hedged:
        return Sign(Intent.QUESTION, verb.start)
    if around.unsure:
        return Sign(Intent.NOT_YET, verb.start, doubts.UNSURE)
    if any_of("work.names_which_after").match(around.after) and _asks_beside(message, verb):
        return None
    if around.unreal:
        return Sign(Intent.NOT_YET, verb.start, doubts.HEDGED) if around.after.startswith("つもり") else None
    if verb.act is Act.VISIT and not _visit_counts(around):
        return None
    if verb.act is Act.VISIT and any_of("work.sent_away_after").match(message.text, verb.end):
        return Sign(Intent.NOT_YET, verb.start, doubts.TWO_READINGS)
    if _tells_how(verb, around) or _of(verb, around) == OTHER:
        return None
    if verb.form is Form.IS and verb.act is not Act.FINISH:
        return _going_on(message, verb, around)
    return _done(message, verb, around)


def _tells_how(verb: Predicate, around: Stance) -> bool:
    """「屋根はドローンで見ていました」: how a part was looked at, beside that all is done."""
    watched = verb.word == "見" and verb.form is Form.WAS and limited_to_part(around.before)
    return watched and bool(any_of("work.by_means_before").search(around.before))


def _asks_beside(message: Message, verb: Predicate) -> bool:
    """「点検してもらった業者の電話番号を教えてください」: asked is something about an inspection, none is reported."""
    clause = message.clause_at(verb.start)
    wanted = any_of("work.name_wanted").search(clause.text)
    return clause.asks or bool(wanted or any_of("question.question").search(clause.text))


def _of(verb: Predicate, around: Stance) -> str:
    """What is over. 「息子がやってくれました」: who does it as a favour is its doer, not another thing that ended."""
    favour = verb.act is Act.WORK and Help.FAVOUR in verb.helpers
    return "" if favour and any_of("work.doer_before").search(around.before) else subject(around.before)


def _visit_counts(around: Stance) -> bool:
    """Whether it is the inspector who came, and came to inspect."""
    if comes_for_another(around) or any_of("work.stranger_before").search(around.before):
        return False
    caller = any_of("work.caller_after").match(around.after) and "点検" not in around.before
    return not caller and subject(around.before) not in (OTHER, ARRANGING)


def _going_on(message: Message, verb: Predicate, around: Stance) -> Sign | None:
    """「来てます」「点検しています」: now, or already over; 「もう」 or a favour received decides."""
    favour = bool(verb.helpers & FAVOUR) or "てあ" in verb.text
    over = favour or any_of("stance.ready").search(around.before) or _on_day_gone(message, verb)
    now = any_of("work.now_before").search(around.before) or around.before.endswith(WHETHER)
    if not now and (verb.word == "でき" or (verb.act is Act.WORK and over)):
        return _done(message, verb, around)
    return Sign(Intent.NOT_YET, verb.start, doubts.IN_PROGRESS)


def _on_day_gone(message: Message, verb: Predicate) -> bool:
    """「2月に点検しています」: a day of the same statement that is over."""
    clause, today = message.clause_at(verb.start), message.now.date()
    days = (day for day in days_seen(message, Look.NEAR) if not day.mention.since)
    near = (day for day in days if day.clause == clause or (day.clause.end + 1 == clause.start and not day.after))
    return any(day.span and day.span.last < today for day in near)


def _done(message: Message, verb: Predicate, around: Stance) -> Sign | None:
    """Done, with every reason to doubt it; or what else is over."""
    of = _of(verb, around)
    if of in (ARRANGING, OTHER):
        return Sign(Intent.SCHEDULE, verb.start) if of == ARRANGING else None
    doubt = _told_doubt(around) or (doubts.ANOTHER_WORK if of == REPAIR else _act_doubt(message, verb, around))
    partial = around.partial or limited_to_part(around.before)
    return Sign(Intent.DONE, verb.start, doubt, partial=partial, part=part_of(around.before))


def _told_doubt(around: Stance) -> str:
    """The doubt in how it is told."""
    return doubts.HEARSAY if around.hearsay else doubts.HEDGED if around.hedged else ""


def _act_doubt(message: Message, verb: Predicate, around: Stance) -> str:
    """The doubt in what is told: an earlier time, another work, a mere visit."""
    if any_of("stance.earlier").search(around.before) and "今回" not in message.text:
        return doubts.EARLIER_TIME
    if around.after.startswith("のに") and not message.mentions and message.text.endswith(ASKING):
        return doubts.ALSO_ASKS
    if not verb.word and verb.helpers & FAVOUR and _may_be_ahead(message, verb):
        return doubts.DATE_ALONE
    if verb.act is Act.VISIT:
        answers = message.context in ANSWERS and (message.servicer or verb.word not in GOING)
        told = verb.helpers & FAVOUR or answers or any(word in message.text for word in INSPECTION)
        gone = findings(message)[0] and any_of("status.inspectors_left").search(message.text)
        return "" if told or gone else doubts.CAME_ONLY
    if not subject(around.before) and unknown_subject(around.before):
        return doubts.ANOTHER_WORK
    return doubts.IN_PROGRESS if verb.form is Form.WAS and verb.act is Act.WORK and not verb.noun else ""


def _may_be_ahead(message: Message, verb: Predicate) -> bool:
    """「22日にしてもらいました」: done on the day, or put on one that is soon to come."""
    today = message.now.date()
    ahead = (day for day in days_seen(message, Look.AHEAD) if day.mention.end == verb.start - 1)
    return any(day.span and today < day.span.first and (day.span.first - today).days < SOON for day in ahead)


def _did_not(message: Message, verb: Predicate, around: Stance) -> Sign | None:
    """「やってません」 is not yet, 「やりません」 a refusal, 「してもらえませんか」 a wish."""
    if requests(message, verb, around):
        return intended(message, verb, around)
    if verb.text.endswith(("ほしくない", "欲しくない", "ほしくなかった")):
        return Sign(Intent.DECLINE, verb.start, doubts.TWO_READINGS)
    if around.asks or (message.clause_at(verb.start).asks and not around.before.startswith("まだ")):
        return Sign(Intent.QUESTION, verb.start)
    if any_of("work.denied_after").match(around.after):
        return Sign(Intent.NOT_YET, verb.start, doubts.HEDGED)
    if any_of("work.supposed_after").match(around.after) or subject(around.before) in (OTHER, REPAIR, ARRANGING):
        return None
    if around.after.startswith(LEFT_UNDONE):
        return Sign(Intent.NOT_YET, verb.start)
    able = "でき" in verb.text or "れ" in verb.text
    refuses = verb.form is Form.NOT and verb.act is Act.WORK and verb.word != "見" and "まだ" not in around.before
    if refuses and not able:
        return Sign(Intent.DECLINE, verb.start, doubts.TWO_READINGS if around.before else "")
    if CANNOT.search(verb.text) and _refuses_perhaps(message, around):
        for_good = message.servicer and not any_of("work.for_now").search(message.text)
        if not for_good and _has_no_room(message):
            return Sign(Intent.NOT_YET, verb.start, doubts.NO_ROOM)
        return Sign(Intent.DECLINE if for_good else Intent.NOT_YET, verb.start, doubts.CANNOT)
    partial = around.before.endswith("しか")
    return Sign(
        Intent.NOT_YET, verb.start, doubts.PARTIAL if partial else "", partial=partial, part=part_of(around.before)
    )


def _refuses_perhaps(message: Message, around: Stance) -> bool:
    """「できません」: a servicer may refuse the work or the day by it, and so may an owner who says no more."""
    return "まだ" not in around.before and (message.servicer or not around.before)


def _has_no_room(message: Message) -> bool:
    """「今月は手一杯で伺えません」, said by a servicer, and of no day: to be asked again later."""
    of_a_day = any(m.when.day is not None for m in message.mentions) or any_of("work.of_one_day").search(message.text)
    return message.servicer and not of_a_day and any_of("work.no_room").search(message.text) is not None


def _found_when(message: Message, verb: Predicate, around: Stance) -> Sign | None:
    """「見てもらったら瓦がずれてました」: what was found tells that it was done."""
    if verb.act is Act.VISIT and not _visit_counts(around):
        return None
    condition = verb.form is Form.IF and not verb.text.endswith(("たら", "だら"))
    if condition or around.before.startswith("もし") or any_of("stance.unreal_after").match(around.after):
        return None
    rest = message.text[verb.end : verb.end + FINDING_REACH]
    ahead = any_of("work.to_come_after").match(rest) or any_of("work.wished_so_after").match(rest)
    if verb.form is Form.IF and ahead:
        return None
    relieved = verb.act is Act.FINISH and any_of("work.relief_after").match(rest)
    relieved = relieved or (Help.FAVOUR in verb.helpers and any_of("work.thanks_after").match(rest))
    told = any_of("work.told").search(rest) and not message.clause_at(verb.start).asks
    return _done(message, verb, around) if relieved or (told and says_finding(rest)) else None


def leaves_open(message: Message) -> bool:
    """「外壁は終わって、床下は8/20にやります」: one part is over, and what is told of another is still to come."""
    if any_of("work.left_over").search(message.text):
        return True
    over = [v for v in message.verbs if v.act is Act.FINISH and v.form is Form.AND]
    return any(_of_another_part(message, verb) for verb in over) and not findings(message)[0]


def _of_another_part(message: Message, verb: Predicate) -> bool:
    clause = message.clause_at(verb.start)
    before, rest = message.text[clause.start : verb.start], message.text[verb.end : verb.end + FINDING_REACH]
    if not limited_to_part(before) or past_words(rest):
        return False
    other = part_of(rest)
    return bool((other and other not in before) or any_of("work.the_rest").search(rest))


def is_visit(verbs: list[Predicate], sign: Sign) -> bool:
    """Whether a sign was read from a verb of coming."""
    return any(verb.start == sign.at and verb.act is Act.VISIT for verb in verbs)


def past_words(text: str) -> bool:
    """Whether anything in the text is told as having been."""
    return bool(re.search("でした|かった|とのこと|ました|そうです", text))
