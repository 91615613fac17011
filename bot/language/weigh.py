"""Which of several signs a message is taken for.

stop > human > done > reschedule > schedule > problem > decline, consent > change > question > snooze > not yet. What
limits a "done" is settled first: with a part that is not done it is "not yet", partial.
"""

from dataclasses import replace

from bot.core.meaning import Context, Intent, Topic
from bot.language import doubts
from bot.language.grammar.endings import Form
from bot.language.grammar.verbs import Act
from bot.language.message import Message
from bot.language.signs.ends import without_ends
from bot.language.signs.findings import findings
from bot.language.signs.sign import Sign
from bot.language.signs.taken_back import without_taken_back
from bot.language.signs.trouble import DEFECT
from bot.language.signs.wishes import WITHDRAWN
from bot.language.signs.work import is_visit
from bot.language.text.clauses import Clause
from bot.language.text.phrasebook import any_of

ORDER = (
    Intent.STOP,
    Intent.HUMAN,
    Intent.DONE,
    Intent.RESCHEDULE,
    Intent.SCHEDULE,
    Intent.PROBLEM,
    Intent.DECLINE,
    Intent.CONSENT,
    Intent.CHANGE,
    Intent.QUESTION,
    Intent.SNOOZE,
    Intent.NOT_YET,
    Intent.YES,
)
MUSED = ("だったかな", "でしたかね", "だったかなあ", "ですかね", "かなあ", "かな")
ENTRUSTING = ("頼", "依頼", "お願い")
VISITING = (Act.FINISH, Act.WORK, Act.VISIT)
TOLD = (Intent.NOT_YET, Intent.DONE, Intent.SCHEDULE)
SAME_WORDS = 12  # characters within which a refusal and a possible stop are the same words


def weigh(message: Message, signs: list[Sign]) -> Sign | None:
    """The sign that counts, with what the others add to its doubt; None where there is none."""
    signs = _settled(message, signs)
    strong = [sign for sign in signs if not sign.weak]
    chosen = min(strong or signs, key=_precedence, default=None)
    return chosen and _in_company(message, chosen, {sign.intent for sign in strong})


def _precedence(sign: Sign) -> tuple[int, bool]:
    """By intent, and of one intent what is not in doubt before what is."""
    return ORDER.index(sign.intent), bool(sign.doubt)


def _settled(message: Message, signs: list[Sign]) -> list[Sign]:
    """The signs after those that cancel each other have done so."""
    signs = _without_what_closed(message, without_ends(message, without_taken_back(message, signs)))
    signs = _without_strangers(_again_later(message, _refusal_or_stop(_moved(_without_withdrawn(signs)))))
    signs = _cannot_now(_waited_for(message, _end_expected(message, _without_defiance(message, signs))))
    if message.context is Context.ASK_CONSENT:
        signs = [_answered_later(message, s) for s in signs]
    if message.context is Context.ASK_RESULT:
        signs = [s for s in signs if s.intent is not Intent.QUESTION or not _muses_on_result(message, s)]
        signs = [replace(s, intent=Intent.DONE) if s.topic == DEFECT or _of_repair(message, s) else s for s in signs]
    if message.context is Context.ASK_DATE:
        signs = [s for s in signs if s.intent is not Intent.QUESTION or not _muses(message, s)]
    if message.context is Context.ASK_PERFORMER and not message.mentions:
        signs = [_named(message, s) for s in signs]
    if any(s.intent is Intent.DONE for s in signs):
        return _done_so_far(message, [s for s in signs if s.doubt != doubts.CONTACTED])
    open_ones = [s for s in signs if s.intent is Intent.NOT_YET and not s.weak]
    found = message.context is Context.ASK_RESULT and findings(message)[0]  # 「異常なし(屋根は未確認)」
    if any(s.partial for s in open_ones) or (open_ones and (found or _says_part(message))):
        return _marked_partial(signs, Intent.NOT_YET)
    planned = any(s.intent is Intent.SCHEDULE and not s.weak for s in signs)
    rest = planned and _says_part(message) and any_of("work.the_rest").search(message.text)
    return _marked_partial(signs, Intent.SCHEDULE) if rest else signs


def _answered_later(message: Message, sign: Sign) -> Sign:
    """「来週決めます」 names, asked to agree and without a word of a visit, the day of an answer."""
    of_visit = any(verb.act in VISITING for verb in message.verbs) or "点検" in message.text
    if sign.intent not in (Intent.SCHEDULE, Intent.RESCHEDULE) or of_visit:
        return sign
    return replace(sign, intent=Intent.SNOOZE, doubt=sign.doubt or doubts.TWO_READINGS)


def _named(message: Message, sign: Sign) -> Sign:
    """「山田工務店に頼みました」 names, asked who did it, who was asked to; perhaps to come yet."""
    verb = next((v for v in message.verbs if v.start == sign.at and v.word in ENTRUSTING), None)
    named = sign.intent is Intent.SCHEDULE and verb is not None and verb.form is Form.DID
    usual = any_of("work.by_custom_before").search(message.text[: sign.at])
    return replace(sign, intent=Intent.DONE, doubt="" if usual else doubts.TWO_READINGS) if named else sign


def _waited_for(message: Message, signs: list[Sign]) -> list[Sign]:
    """「頼んだけど業者の都合でまだです」: that somebody was asked fixes no visit, where it is still waited for."""
    waits = max((s.at for s in signs if s.intent is Intent.NOT_YET and not s.weak), default=-1)
    asked = [v.start for v in message.verbs if v.word in ENTRUSTING and v.form is Form.DID and v.start < waits]
    said = [s for s in signs if s.intent is Intent.SCHEDULE and s.at not in asked]
    hindered = asked and any_of("work.hindered_before").search(message.text, asked[-1], waits)
    return (
        [s for s in signs if s.at not in asked or s.intent is not Intent.SCHEDULE] if hindered and not said else signs
    )


def _cannot_now(signs: list[Sign]) -> list[Sign]:
    """「今月は手一杯で伺えません」 asks for nothing later."""
    cannot = any(s.intent is Intent.NOT_YET and s.doubt in (doubts.CANNOT, doubts.NO_ROOM) for s in signs)
    return [s for s in signs if s.intent is not Intent.SNOOZE or s.doubt] if cannot else signs


def _moved(signs: list[Sign]) -> list[Sign]:
    """「8日を22日にしてもらいました」: what was done is the moving."""
    moves = {s.at for s in signs if s.intent is Intent.RESCHEDULE}
    return [s for s in signs if s.intent is not Intent.DONE or s.at not in moves]


def _muses(message: Message, sign: Sign) -> bool:
    """「7月5日だったかな」 answers when it was, in doubt."""
    clause = message.clause_at(sign.at)
    mused = clause.text.endswith(("かな", "っけ", "かしら", "だったか", "でしたか"))
    return message.has_day(clause) and (mused or any_of("days.mused_at_end").search(clause.text) is not None)


def _muses_on_result(message: Message, sign: Sign) -> bool:
    """「まあまあだったかな」 answers what it was like, in doubt."""
    return message.clause_at(sign.at).text.endswith(MUSED) and findings(message)[0] is not None


def _end_expected(message: Message, signs: list[Sign]) -> list[Sign]:
    """「点検が終わったので、もう連絡しなくていいですよね」: an end that is expected, not asked for."""
    done = any(s.intent is Intent.DONE and not s.doubt for s in signs)
    stops = [s for s in signs if s.intent is Intent.STOP]
    follows = done and stops and all(s.doubt for s in stops) and any_of("stop.asked").search(message.text)
    return [s for s in signs if s.intent is not Intent.STOP] if follows else signs


def _without_defiance(message: Message, signs: list[Sign]) -> list[Sign]:
    """「まだですけど、何か?」 tells, and asks nothing."""
    tells = any(s.intent in TOLD and not s.weak for s in signs)
    defies = tells and any_of("question.defiant").search(message.text)
    return [s for s in signs if s.intent is not Intent.QUESTION or s.at < defies.start()] if defies else signs


def _of_repair(message: Message, sign: Sign) -> bool:
    """「来月補修する予定です」 tells, asked for the result, that something was found."""
    repair = any_of("days.repair_after").search(message.clause_at(sign.at).text)
    return sign.intent is Intent.SCHEDULE and repair is not None


def _refusal_or_stop(signs: list[Sign]) -> list[Sign]:
    """「点検はいりません」 refuses the inspection, not the messages."""
    refusals = [s.at for s in signs if s.intent is Intent.DECLINE and not s.doubt]
    return [s for s in signs if s.doubt != doubts.STOP_WHAT or all(abs(s.at - at) > SAME_WORDS for at in refusals)]


def _without_withdrawn(signs: list[Sign]) -> list[Sign]:
    """「前に同意しましたが、取り消したいです」 is neither a consent, nor a visit called off, nor an end of messages."""
    if not any(s.topic == WITHDRAWN for s in signs):
        return signs
    return [s for s in signs if s.intent not in (Intent.CONSENT, Intent.RESCHEDULE) and s.doubt != doubts.STOP_WHAT]


def _without_strangers(signs: list[Sign]) -> list[Sign]:
    """What somebody we did not send has looked at, found, or wants to do, is no inspection and no finding."""
    if not any(s.topic == Topic.STRANGER for s in signs):
        return signs
    return [s for s in signs if s.intent not in (Intent.DONE, Intent.SCHEDULE) and s.topic != DEFECT]


def _without_what_closed(message: Message, signs: list[Sign]) -> list[Sign]:
    """「8/3に予約していた工務店が倒産しました」: what was arranged with it is off, and nothing of it has been done."""
    closings = [s for s in signs if s.topic == Topic.CLOSING]
    return [s for s in signs if not any(_is_off(message, s, closing) for closing in closings)] if closings else signs


def _is_off(message: Message, sign: Sign, closing: Sign) -> bool:
    if message.clause_at(sign.at) != message.clause_at(closing.at):
        return False
    heard = sign.intent is Intent.DONE and sign.doubt
    return bool(heard or (sign.intent is Intent.SCHEDULE and sign.at < closing.at))


def _again_later(message: Message, signs: list[Sign]) -> list[Sign]:
    """「来週また教えてください」 asks nothing now."""
    later = [message.clause_at(s.at) for s in signs if s.intent is Intent.SNOOZE and not s.doubt]
    return [s for s in signs if s.intent is not Intent.QUESTION or not _asks_again(message.clause_at(s.at), later)]


def _asks_again(clause: Clause, later: list[Clause]) -> bool:
    return clause in later and not (clause.asks and any_of("question.interrogative").search(clause.text))


def _done_so_far(message: Message, signs: list[Sign]) -> list[Sign]:
    """Done, or only a part of it, or not at all because what came after failed."""
    done = [s for s in signs if s.intent is Intent.DONE]
    open_ones = [s for s in signs if s.intent is Intent.NOT_YET and not s.weak]
    planned = [s for s in signs if s.intent is Intent.SCHEDULE and not s.weak]
    rest_of_them = [s for s in signs if s.intent is not Intent.DONE]
    fell_through = open_ones or any(s.intent is Intent.RESCHEDULE and s.at > done[0].at for s in signs)
    if fell_through and all(is_visit(message.verbs, s) for s in done):
        return rest_of_them
    remains = any_of("stance.partial_anywhere").search(message.text)
    limited = _limited(message, done, [*planned, *open_ones])
    if not limited and not open_ones and not (remains and planned):
        return signs
    told_apart = any(s.part or s.partial for s in [*done, *open_ones])
    if open_ones and not (limited or remains or told_apart):
        return [replace(s, doubt=s.doubt or doubts.CONTRADICTION) for s in rest_of_them]
    if planned:
        return _marked_partial(rest_of_them, Intent.SCHEDULE)
    at_some_time = [s for s in rest_of_them if s.intent is Intent.SNOOZE and not message.mentions]
    return [
        *_marked_partial([s for s in rest_of_them if s not in at_some_time], Intent.NOT_YET),
        Sign(Intent.NOT_YET, done[0].at, doubts.PARTIAL, partial=True),
    ]


def _limited(message: Message, done: list[Sign], others: list[Sign]) -> bool:
    """Whether what is done is said of a part, or of another house than what is not."""
    if any_of("work.all_of_it").search(message.text):
        return False
    differs = any(d.part and o.part and d.part != o.part for d in done for o in others[:9])
    return differs or any(s.partial for s in done)


def _marked_partial(signs: list[Sign], intent: Intent) -> list[Sign]:
    return [replace(s, partial=True, doubt=s.doubt or doubts.PARTIAL) if s.intent is intent else s for s in signs]


def _says_part(message: Message) -> bool:
    return bool(any_of("work.says_part").search(message.text))


def _in_company(message: Message, chosen: Sign, said: set[Intent]) -> Sign:
    """What else was said may put the choice in doubt."""
    company = {
        Intent.CONSENT: (doubts.LIMITED_CONSENT, {Intent.DECLINE, Intent.QUESTION}),
        Intent.DECLINE: (doubts.CONTRADICTION, {Intent.CONSENT}),
        Intent.CHANGE: (doubts.MIXED_CHANGE, {Intent.QUESTION}),
    }
    if chosen.intent is Intent.CONSENT and any_of("consent.reserved").search(message.text):
        return replace(chosen, doubt=chosen.doubt or doubts.LIMITED_CONSENT)
    if chosen.intent in (Intent.SCHEDULE, Intent.DECLINE) and Intent.QUESTION in said and not message.mentions:
        return replace(chosen, doubt=chosen.doubt or doubts.ALSO_ASKS)
    doubt, others = company.get(chosen.intent, ("", set()))
    return replace(chosen, doubt=chosen.doubt or doubt) if others & said else chosen
