"""What is asked where an owner's words are in doubt: about the day where that is doubtful, else what they meant."""

from dataclasses import replace

from bot.core.case import Scene
from bot.core.course import visits
from bot.core.meaning import Intent, Meaning
from bot.core.outcome import Outcome
from bot.core.turn import Turn
from bot.language import doubts
from bot.language.dates import span
from handlers import days, reporting
from handlers.answers import answer

# Reasons to doubt the day alone, not what is said of it.
OF_THE_DAY = frozenset(
    {
        doubts.TWO_DATES,
        doubts.FUTURE_DONE,
        span.NO_SUCH_DATE,
        span.OTHER_YEAR,
        span.WEEKDAY_DISAGREES,
        span.ERA_ENDED,
        span.YEAR_UNCLEAR,
        span.NOT_SURELY_A_DATE,
        span.THIS_OR_NEXT,
        span.SEVERAL_DAYS,
        span.ROUGHLY,
        span.DIALECT,
        span.ANOTHER_HOLIDAY,
    }
)
TOLD = {doubts.HEARSAY: "hearsay", doubts.DOCUMENT_ONLY: "document", doubts.CAME_ONLY: "came"}


def asked(turn: Turn, scene: Scene, meaning: Meaning) -> list[Outcome]:
    """The question that settles the doubt. Nothing is recorded meanwhile, and who has reported is not asked whether."""
    if meaning.intent is Intent.DONE and meaning.why in OF_THE_DAY:
        return reporting.start(turn, [scene], replace(meaning, result=None))
    if meaning.intent is Intent.DONE and not scene.case.report_of(turn.person.role):
        return [answer(turn, "reply_perhaps_done", doubt=TOLD.get(meaning.why, ""))]
    if meaning.intent in (Intent.SCHEDULE, Intent.RESCHEDULE) and visits(scene.case):
        return days.doubted(turn, scene, meaning)
    return [answer(turn, "reply_unclear")]
