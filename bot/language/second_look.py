"""What the rules read, beside what a second reader finds likely, who learned from other people's replies.

Where the rules understood nothing, the likeliest reading is asked about instead of nothing. Where both read and the
second finds the rules' reading doubtful, it is asked about too, and where hardly likely, the likeliest instead. The
second reader never makes anything certain.
"""

import re

from bot.core.meaning import Intent, Meaning, Topic
from bot.language import doubts
from bot.language.grammar.verbs import Act
from bot.language.learned.guess import NO_RESULT, likely_intents, likely_results
from bot.language.message import Message
from bot.language.text.phrasebook import any_of

# By cross-validation: doubting what is less likely than DOUBTFUL finds half of the readings that were silently wrong,
# and asks one reply in seventy needlessly; beyond it the latter grow faster. Down to UNLIKELY the rules are right more
# often than the guess, so that it is their reading that is asked about.
LIKELY, SURE, DOUBTFUL, UNLIKELY, NEVER = 0.5, 0.8, 0.16, 0.04, 0.01
WEIGHED = "weighed"  # under which a message remembers the intents that the rules saw in it
ALIKE = {Intent.SCHEDULE, Intent.RESCHEDULE}  # either names a day, which is read back whatever it is called
TENSES = {Intent.DONE, Intent.SCHEDULE}
ASKS_AT_END = re.compile("(?:[^ら]か|の|よね|しょう|っけ)[?。]*$")
KEPT = {Intent.STOP, Intent.PROBLEM}  # what must not be missed is never read as anything else, and seldom doubted


def other_reading(message: Message, meaning: Meaning) -> Intent | None:
    """What to ask about instead; None where the rules' reading may stand, and itself where it is hardly likely."""
    likely = likely_intents(message)
    best = max(likely, key=likely.__getitem__)
    likelihood = likely.get(meaning.intent, 1.0)
    least = UNLIKELY if meaning.intent in KEPT else DOUBTFUL
    doubted = likelihood < least and not _plain(message, meaning, best)
    if not doubted and meaning.why != doubts.NOT_UNDERSTOOD:
        return None
    better = likelihood < UNLIKELY or meaning.why == doubts.NOT_UNDERSTOOD
    if better and likely[best] >= LIKELY and best is not Intent.OTHER and not _kept(message, meaning, best):
        return best
    return meaning.intent if doubted and meaning.intent is not Intent.OTHER else None  # 「山田様邸、」 says nothing yet


def unseen_result(message: Message, meaning: Meaning) -> str | None:
    """The result that the rules did not see in a report, "ok" or "issues"; None where they did, or hardly any was told.

    Where they were in doubt of what they read, that is asked about as it is.
    """
    if meaning.intent is not Intent.DONE or meaning.result or meaning.why not in ("", doubts.NOT_UNDERSTOOD):
        return meaning.result
    likely = likely_results(message)
    best = max(likely, key=likely.__getitem__)
    return best if best != NO_RESULT and likely[best] >= SURE else None


def is_unlikely_result(message: Message, meaning: Meaning) -> bool:
    """Whether reports like this hardly ever had the result that the rules read: 「心配せんで」 tells of none."""
    return bool(meaning.result) and likely_results(message)[str(meaning.result)] < NEVER


def _plain(message: Message, meaning: Meaning, best: Intent) -> bool:
    """Whether the guess knows no better than the rules: of the calendar, of names, of English."""
    if meaning.intent is Intent.SCHEDULE and any_of("english.plainly_arranged").search(message.text):
        return True
    return _by_calendar(message, meaning, best) or _named_alike(message, meaning, best)


def _by_calendar(message: Message, meaning: Meaning, best: Intent) -> bool:
    """「8月29日(土)です」: whether that is over or to come is told by the calendar, which a guess does not know."""
    return {meaning.intent, best} <= TENSES | ALIKE and meaning.date is not None and not message.verbs


def _named_alike(message: Message, meaning: Meaning, best: Intent) -> bool:
    """Whether the guess is the same by another name, or is what a plain question takes for granted.

    Those who labelled called a change "other" for long. 「期限を過ぎたらどうなるんでしょう」 asks of what is not done.
    """
    if meaning.intent is Intent.CHANGE:
        return best is Intent.OTHER
    asks = meaning.intent is Intent.QUESTION and message.clauses and ASKS_AT_END.search(message.text)
    return bool(asks) and best is Intent.NOT_YET


def _kept(message: Message, meaning: Meaning, best: Intent) -> bool:
    """Whether the rules have seen more than a guess may put aside.

    A stop, a problem, a topic of its own; the guess itself, which they weighed against the rest; the finished
    inspection, or that something else is finished: 「車の点検が終わった」; a plain consent, guessed to be a refusal.
    """
    if meaning.intent in KEPT or meaning.topic is not Topic.NONE or best in message.seen.get(WEIGHED, ()):
        return True
    if meaning.intent is Intent.CONSENT and best is Intent.DECLINE and not meaning.ask:
        return True
    finished = any(verb.act is Act.FINISH for verb in message.verbs)
    return finished and (best is Intent.DONE or (meaning.intent is Intent.DONE and not meaning.ask))
