"""What a person's reply means: right, or asked; never silently wrong.

A reply is normalised and read once (message.py). Emergencies and requests to falsify come first, then answers of a word
or two by the question they answer, then the signs of whole sentences weighed against each other, and last what a text
may say by filling the question's slot. A second reader, who learned from replies and knows no rules, looks at it too
(second_look.py); where the two differ, it is asked. Pure: no clock, no I/O; the same text, time and question mean the
same for ever.
"""

from dataclasses import replace
from datetime import datetime

from bot.core.meaning import Context, Intent, Meaning, Topic
from bot.language import doubts
from bot.language.answers import answer, bare_word, empty, first_word, tells_result
from bot.language.dates.choose import choose
from bot.language.dates.span import Span
from bot.language.grammar.stance import stance
from bot.language.grammar.verbs import Act
from bot.language.message import Message, read
from bot.language.performer import performer
from bot.language.second_look import ALIKE, WEIGHED, is_unlikely_result, other_reading, unseen_result
from bot.language.signs.arrangement import sign_of_arranging, sign_of_moving
from bot.language.signs.days import day_alone, day_to_come, moved_days, told_days, wished_days
from bot.language.signs.english import signs_in_english
from bot.language.signs.findings import findings
from bot.language.signs.sign import Sign
from bot.language.signs.status import signs_of_status
from bot.language.signs.trouble import emergency, signs_of_defects
from bot.language.signs.wishes import falsification, signs_of_wishes
from bot.language.signs.work import leaves_open, sign_of_work
from bot.language.slots import answered, slot
from bot.language.text.normal import normalise, tidy
from bot.language.text.phrasebook import any_of
from bot.language.times import hour_of
from bot.language.topics import beside, topic_of, worry
from bot.language.weigh import weigh

DATED = {Intent.DONE, Intent.SCHEDULE, Intent.RESCHEDULE, Intent.SNOOZE}
PERFORMED = {Intent.DONE, Intent.SCHEDULE, Intent.RESCHEDULE}
READERS = {
    Act.FINISH: sign_of_work,
    Act.WORK: sign_of_work,
    Act.VISIT: sign_of_work,
    Act.ARRANGE: sign_of_arranging,
    Act.MOVE: sign_of_moving,
}
OPEN = {Intent.SCHEDULE, Intent.NOT_YET}
HINDERED = {Intent.DECLINE, Intent.NOT_YET}
PERHAPS_HINDERED = {Intent.STOP, Intent.SNOOZE}
TOPICS = set(Topic) - {Topic.NONE}
SAY_NOTHING = ("status.file_sent", "status.closed_days", "status.only_introduced")
FINE_AT_END = (" ok", "、ok", "。ok", "、良", "、〇", "、○", "、◯")  # 「7/10済、OK」
SHORT = 24  # characters; a longer answer that begins with yes or no says more than that


def understand(text: str, now: datetime, role: str, context: Context) -> Meaning:
    """What ``text`` means, written at ``now`` (aware, Asia/Tokyo) by an owner, a servicer or staff, after ``context``.

    Never raises for any text, and takes time linear in its length. ``ask`` is true only where the reading itself is in
    doubt. A date is only ever the inspection's.
    """
    message = read(text, now, role in ("servicer", "builder"), context)
    meaning = (message.unread and _cry(message.unread)) or _meaning(message)
    if meaning.intent in PERFORMED and meaning.performer is None:
        meaning = replace(meaning, performer=performer(tidy(text)))
    meaning = _besides(message, meaning)
    return _asked(meaning, doubts.TOO_LONG) if message.unread else meaning


def _besides(message: Message, meaning: Meaning) -> Meaning:
    """The meaning with what else it is about, where that asks for an answer of its own."""
    if meaning.topic is not Topic.NONE:
        return meaning
    topic = beside(message.text, meaning.intent, servicer=message.servicer)
    return replace(meaning, topic=topic) if topic else meaning


def _cry(unread: str) -> Meaning | None:
    """A stop or an emergency in the middle of a text too long to be read whole."""
    plain = normalise(unread)
    if any_of("trouble.emergency").search(plain):
        return Meaning(Intent.PROBLEM, urgent=True)
    return Meaning(Intent.STOP) if any_of("stop.stop").search(plain) else None


def _meaning(message: Message) -> Meaning:
    danger = emergency(message)
    if danger:
        return Meaning(Intent.PROBLEM, urgent=True, ask=bool(danger.doubt), why=danger.doubt)
    if falsification(message):
        return Meaning(Intent.OTHER, ask=True, why=doubts.FALSIFY)
    word = bare_word(message.text)
    if tells_result(message.text, word, message.context):
        asked = message.context is not Context.OVERDUE or first_word(message.text) != "yes"
        return _asked(Meaning(Intent.DONE, result="ok"), doubts.TWO_READINGS if asked else "")
    if word:
        thought = any_of("stance.thought").search(message.text)
        return _asked(answer(word, message.context), doubts.HEDGED if thought else "")
    if empty(message.text):
        return Meaning(Intent.OTHER)
    return _looked_at_twice(message, by_rules(message))


def by_rules(message: Message) -> Meaning:
    """The meaning of whole sentences by the rules alone, before the second reader has its say."""
    signs = _signs(message)
    message.seen[WEIGHED] = {sign.intent for sign in signs if not sign.weak}
    chosen = weigh(message, signs)
    if chosen and chosen.intent is Intent.NOT_YET:
        chosen = day_to_come(message) or chosen
    if chosen and (not chosen.weak or chosen.doubt == doubts.CONSTRAINT):
        return _told(message, chosen)
    return _filled(message) or (_told(message, chosen) if chosen else _led(message) or _unknown(message))


def _looked_at_twice(message: Message, meaning: Meaning) -> Meaning:
    """The rules' meaning, asked about where a second reader finds another likelier, or a result they did not."""
    intent = other_reading(message, meaning)
    if intent and intent is not meaning.intent:
        meaning = _told(message, Sign(intent, 0, _why_otherwise(meaning, intent)))
    elif intent:
        meaning = _asked(meaning, doubts.TWO_READINGS)
    result = unseen_result(message, meaning)
    if result != meaning.result or is_unlikely_result(message, meaning):
        meaning = _asked(replace(meaning, result=result), doubts.TWO_READINGS)
    return meaning


def _why_otherwise(meaning: Meaning, intent: Intent) -> str:
    """The doubt in another reading than the rules' own, which had its own reasons."""
    if meaning.why == doubts.NOT_UNDERSTOOD:
        return meaning.why
    return "" if {intent, meaning.intent} <= ALIKE and not meaning.ask else doubts.TWO_READINGS


def _signs(message: Message) -> list[Sign]:
    """Every sign of a message, from verbs, tables and days."""
    readable = (verb for verb in message.verbs if verb.act in READERS)
    of_verbs = (READERS[verb.act](message, verb, stance(message, verb)) for verb in readable)
    return [
        *(sign for sign in of_verbs if sign),
        *signs_of_status(message),
        *signs_in_english(message),
        *signs_of_wishes(message),
        *signs_of_defects(message),
        *wished_days(message),
        *told_days(message),
        *moved_days(message),
    ]


def _filled(message: Message) -> Meaning | None:
    """What the text says by answering the question: a day, a result, a name."""
    by_day = None if any_of("status.closed_days").search(message.text) else day_alone(message)
    told = _told(message, by_day) if by_day else None
    if told and (message.context is Context.ASK_DATE or told.result):
        return told
    filled = slot(message)
    if filled and filled.intent is Intent.DONE:
        chosen = choose(message, Intent.DONE, 0)
        if filled.performer and chosen.doubt == doubts.FUTURE_DONE:
            return replace(_told(message, Sign(Intent.SCHEDULE, 0)), performer=filled.performer)
        return _asked(_dated(filled, chosen.span, message), chosen.doubt)
    return filled or told


def _told(message: Message, sign: Sign) -> Meaning:
    """The meaning of a sign, with its day, hour and findings."""
    partial = sign.partial or (sign.intent in OPEN and leaves_open(message))
    meaning = Meaning(sign.intent, partial=partial, ask=bool(sign.doubt), why=sign.doubt)
    if sign.intent in DATED:
        chosen = choose(message, sign.intent, sign.at)
        meaning = _asked(_dated(meaning, chosen.span, message), chosen.doubt)
    if sign.intent is Intent.DONE:
        result, doubt = findings(message)
        result = result or ("ok" if message.text.endswith(FINE_AT_END) else None)
        if result is None and message.context is Context.ASK_RESULT and (word := answered(message)):
            result = word.result
        meaning = _asked(replace(meaning, result=result), doubt)
        nothing_known = meaning.date is None and result is None and any_of("stance.unsure_at_end").search(message.text)
        meaning = _asked(meaning, doubts.UNSURE) if nothing_known else meaning
    topic = _topic(message, sign)
    return replace(meaning, topic=topic) if topic else meaning


def _topic(message: Message, sign: Sign) -> Topic:
    """What asks for an answer of its own; money only where it hinders or puts off."""
    if sign.topic in TOPICS:
        return Topic(sign.topic)
    hindered = sign.intent in HINDERED or (sign.intent in PERHAPS_HINDERED and sign.doubt)
    return worry(message.text) if hindered else topic_of(message.text, sign.intent)


def _dated(meaning: Meaning, found: Span | None, message: Message) -> Meaning:
    if found is None:
        return meaning
    last = None if found.precision == "day" else found.last
    hour = hour_of(message.text) if meaning.intent is not Intent.DONE and found.precision == "day" else None
    return replace(meaning, date=found.first, date_precision=found.precision, date_end=last, time=hour)


def _asked(meaning: Meaning, doubt: str) -> Meaning:
    """The meaning, asked about if there is a doubt; the first doubt is the one told."""
    return replace(meaning, ask=True, why=meaning.why or doubt) if doubt else meaning


def _led(message: Message) -> Meaning | None:
    """「はい、その日で」: the first word answers; if much else is said, it is asked."""
    word = first_word(message.text)
    if word is None:
        return None
    meaning = answer(word, message.context)
    if meaning.intent is Intent.YES and any_of("consent.reserved").search(message.text):
        return _asked(meaning, doubts.LIMITED_CONSENT)
    return _asked(meaning, doubts.NOT_UNDERSTOOD) if len(message.text) > SHORT else meaning


def _unknown(message: Message) -> Meaning:
    """Nothing known was said: noise is let be; what speaks of the house or the work is asked."""
    if any(any_of(table).search(message.text) for table in SAY_NOTHING):
        return Meaning(Intent.OTHER)
    if any_of("trouble.house").search(message.text) or any_of("trouble.worry").search(message.text):
        if message.context is Context.ASK_RESULT:
            return Meaning(Intent.DONE, result="issues", ask=True, why=doubts.NOT_UNDERSTOOD)
        return Meaning(Intent.PROBLEM, ask=True, why=doubts.NOT_UNDERSTOOD, topic=worry(message.text))
    money = worry(message.text)
    if money or message.verbs or any_of("status.topic").search(message.text) or _is_sentence(message):
        return Meaning(Intent.OTHER, ask=True, why=doubts.NOT_UNDERSTOOD, topic=money)
    return Meaning(Intent.OTHER)


def _is_sentence(message: Message) -> bool:
    """Whether somebody said something, or named a day, and not of the weather."""
    said = message.mentions or any_of("status.sentence").search(message.text)
    return bool(said) and not any_of("status.small_talk").search(message.text)
