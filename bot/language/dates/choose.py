"""Which of the days named is the inspection's, and why it may be in doubt."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.core.meaning import Intent
from bot.language import doubts
from bot.language.dates import span as why
from bot.language.dates.seen import REACH, Day, days_seen
from bot.language.dates.span import Look, Span
from bot.language.grammar.verbs import Act
from bot.language.message import Message
from bot.language.text.phrasebook import any_of, body

LOOKS = {
    Intent.DONE: Look.BACK,
    Intent.SCHEDULE: Look.AHEAD,
    Intent.RESCHEDULE: Look.AHEAD,
    Intent.SNOOZE: Look.AHEAD,
}
ALONE = 6  # characters beside a day in a statement that holds little but the day
BOTH = re.compile("^(?:\\(.\\))?[とや、・,]+$")  # 「3日と10日に点検しました」: over with the latter
TO = re.compile(r"\b(?:to|until|till|for) $|→$")
FROM = re.compile(r"\bfrom $")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The day meant, if any, and the doubt about it."""

    span: Span | None = None
    doubt: str = ""


@cache
def _anchor() -> re.Pattern[str]:
    """The first of these words behind a day decides whose day it is."""
    kinds = ("work", "repair", "arranging", "other")
    return re.compile("|".join(f"(?P<{kind}>{body(f'days.{kind}_after')})" for kind in kinds))


def choose(message: Message, intent: Intent, at: int) -> Chosen:
    """The day that belongs to this intent, said at this place of the text."""
    look = LOOKS.get(intent)
    if look is None or not message.mentions:
        return Chosen()
    days = _corrected(message, [day for day in days_seen(message, look) if _eligible(message, day, intent)])
    if intent is Intent.RESCHEDULE:
        days = [day for day in days if _leads_to(message, day, at)] or days
    fitting = [day for day in days if day.span is None or _fits(day.span, look, message.now.date())]
    if not days and _may_be_its_day(message, intent, look):
        return Chosen(None, doubts.DATE_BESIDE)
    if not fitting:
        near = (look is Look.BACK and _next_year(message, at)) or any(
            _nearness(message, day, at) == 0 or _stands_alone(day) for day in days
        )
        return Chosen(None, (doubts.FUTURE_DONE if look is Look.BACK else doubts.PAST_PLAN) if near else "")
    fitting = _surer(message, fitting) or fitting
    best = min(_nearness(message, day, at) for day in fitting)
    nearest = [day for day in fitting if _nearness(message, day, at) == best]
    nearest = [*_offered_with(message, nearest, days, intent), *nearest, *_closer(nearest, fitting)]
    chosen = _one_of(message, nearest, look)
    return _near_enough(chosen, nearest) if intent in (Intent.SNOOZE, Intent.SCHEDULE) else chosen


def _corrected(message: Message, days: list[Day]) -> list[Day]:
    """「15日に終わりました。あ、14日でした」: without the days that a later one corrects."""
    for index in range(len(days) - 1, 0, -1):
        between = message.text[days[index - 1].mention.end : days[index].mention.start]
        unsure = any_of("days.perhaps_corrected_between").search(between)
        told_so = any_of("days.corrected_after").match(days[index].after)
        if any_of("days.corrected_between").search(between) or (told_so and (unsure or "の" in told_so[0])):
            return days[index:]
    return days


def _surer(message: Message, days: list[Day]) -> list[Day]:
    """Those of no other year than was meant; of 「5月19日か20日」 the second is as unsure as the first."""
    unsure = {day.mention.end for day in days if day.span and day.span.doubt == why.OTHER_YEAR}
    return [day for day in days if day.span and day.mention.end not in unsure and not _beside(message, day, unsure)]


def _beside(message: Message, day: Day, ends: set[int]) -> bool:
    """Whether a day is a choice beside one that ends at one of these places."""
    start = day.mention.start
    return any(end < start and any_of("days.either_between").search(message.text[end:start]) for end in ends)


def _leads_to(message: Message, day: Day, at: int) -> bool:
    """「22日に変えてもらいました」: the day right before what is said of the move."""
    return day.mention.end == at - 1 and message.text[at - 1] == "に"


def _closer(nearest: list[Day], fitting: list[Day]) -> list[Day]:
    """「年末に終わりました、27日です」: a day told further on, within the stretch told first."""
    wide = [day.span for day in nearest if day.span and day.span.precision != "day"]
    alone = (day for day in fitting if day not in nearest and day.span and _stands_alone(day))
    return [day for day in alone if any(_within(day.span, stretch) for stretch in wide)]


def _offered_with(message: Message, nearest: list[Day], days: list[Day], intent: Intent) -> list[Day]:
    """「12日か、だめなら19日で」: the day that is offered first, though a comma parts it from the other."""
    at = days.index(nearest[0])
    if intent is not Intent.SCHEDULE or at == 0 or days[at - 1].span is None:
        return []
    between = message.text[days[at - 1].mention.end : nearest[0].mention.start]
    offered = between.strip("、, ") and any_of("days.either_between").search(between)
    return [days[at - 1]] if offered else []


def _within(day: Span | None, stretch: Span) -> bool:
    return day is not None and stretch.first <= day.first and day.last <= stretch.last


def _fits(found: Span, look: Look, today: date) -> bool:
    return found.first <= today if look is Look.BACK else found.last >= today


def _next_year(message: Message, at: int) -> bool:
    """「来年終わりました」: a year to come in the same statement."""
    clause = message.clause_at(at)
    return any((m.when.year_off or 0) > 0 and clause.start <= m.start < clause.end for m in message.mentions)


def _stands_alone(day: Day) -> bool:
    return len(day.clause.text) - (day.mention.end - day.mention.start) <= ALONE


def _nearness(message: Message, day: Day, at: int) -> int:
    """0: said of the same statement; 1: in one without a verb of its own; 2: elsewhere."""
    other = day.clause
    if message.clause_at(at) == other:
        return 0
    verbs = (verb for verb in message.verbs if other.start <= verb.start < other.end)
    return 2 if any(verb.act in (Act.CONTACT, Act.SIDE) for verb in verbs) else 1


def _eligible(message: Message, day: Day, intent: Intent) -> bool:
    """Whether the day can be the inspection's: not a quake's, a call's, a report's, an old or a taken-back one."""
    if any_of("days.taken_back").search(message.text[day.mention.end : day.mention.end + 12]):
        return False
    if (day.span is None and not day.resolved.doubt) or _leads_to_next(message, day):
        return False
    if intent is Intent.RESCHEDULE:
        return _is_new(message, day)
    if intent is Intent.SCHEDULE and _is_that_day(message, day):
        return True
    if any_of("days.with_whom_after").match(day.after):
        return True
    if intent is Intent.SCHEDULE and _was_earlier(message, day):
        return False
    if intent is not Intent.DONE and any_of("days.unavailable_after").search(day.after):
        return False
    if intent is Intent.SCHEDULE and _day_of_booking(message, day):
        return False
    if intent is Intent.DONE and any_of("days.entrusted_and_over").match(message.text, day.mention.end):
        return True
    return not _of_another_event(day, intent)


def _may_be_its_day(message: Message, intent: Intent, look: Look) -> bool:
    """「七五三の日に法事のついでに見てもらいました」: another event's day, and perhaps the inspection's as well."""
    if intent not in (Intent.DONE, Intent.SCHEDULE):
        return False
    others = (day for day in days_seen(message, look) if day.span and _fits(day.span, look, message.now.date()))
    return any(not any_of("days.surely_other").search(day.before + day.after) for day in others)


def _leads_to_next(message: Message, day: Day) -> bool:
    """「敬老の日の翌日」「お盆明けの8/21」: named only for the day beside it."""
    end = day.mention.end
    if any_of("days.beyond_after").match(day.after) and message.text.startswith(day.after, end):
        return end + len(day.after) in {other.start for other in message.mentions}
    beside = [other.when for other in message.mentions if 0 <= other.start - end <= 1]
    return any(when.next_unit or (day.mention.when.after and when.day is not None) for when in beside)


def _was_earlier(message: Message, day: Day) -> bool:
    """「去年の点検は9月でした。今年はこれから頼みます」: the day of an earlier time."""
    if not any_of("days.told_as_past").match(message.text, day.mention.end):
        return False
    return bool(any_of("stance.earlier").search(message.text, day.clause.start, day.mention.start))


def _is_that_day(message: Message, day: Day) -> bool:
    """「お盆に帰省するので、その時に見てもらいます」."""
    return bool(any_of("days.that_day_after").match(message.text[day.mention.end : day.mention.end + REACH]))


def _of_another_event(day: Day, intent: Intent) -> bool:
    told = "days.quoted_after", "days.talked_of_after"
    if any(any_of(table).match(day.after) for table in told[: 1 if intent is Intent.DONE else 2]):
        return False
    anchor = _anchor().search(day.after)
    if anchor is None or any_of("days.next_topic_after").match(day.after):
        other = any_of("days.other_before").search(day.before)
        return other is not None and not (intent is Intent.SNOOZE and any_of("days.contact").match(other[0]))
    if anchor.lastgroup == "other":
        return intent is not Intent.SNOOZE or not any_of("days.contact").match(anchor[0])
    return intent is Intent.DONE and anchor.lastgroup in ("arranging", "repair")


def _day_of_booking(message: Message, day: Day) -> bool:
    """「今日予約しました」: the day of the call, not of the visit."""
    gone = day.span is not None and (day.span.last < message.now.date() or day.mention.when.day_off == 0)
    return gone and bool(any_of("days.booked_after").match(day.after))


def _is_new(message: Message, day: Day) -> bool:
    """Whether a visit is moved to this day, and not from it."""
    if TO.search(day.before) or any_of("days.taken_back_between").search(day.before):
        return True
    if any_of("days.same_day_after").match(message.text, day.mention.end):
        return True
    if FROM.search(day.before) or any_of("days.old_after").search(day.after):
        return False
    if day.mention.when.next_unit or any_of("days.plainly_new_after").search(day.after):
        return True
    if any_of("days.called_off").search(message.text) or any_of("days.moved_from_before").search(day.before):
        return False
    return len(message.mentions) == 1 or bool(any_of("days.new_after").search(day.after))


def _one_of(message: Message, days: list[Day], look: Look) -> Chosen:
    """One day out of those that fit equally well."""
    nameless = [day.resolved.doubt for day in days if day.span is None]
    if nameless:
        return Chosen(None, nameless[0])
    spans = [day.span for day in days if day.span]
    narrowest = min(spans, key=lambda s: ((s.last - s.first).days, bool(s.doubt)))
    if any(s.first > narrowest.first or narrowest.last > s.last for s in spans):
        return _several(message, days, spans, look)
    return Chosen(narrowest, _softening(next(day for day in days if day.span == narrowest), narrowest, look))


def _softening(day: Day, found: Span, look: Look) -> str:
    """「10日頃に終わりました」, 「7/31までにやります」: a day, but not quite."""
    if found.doubt or found.precision != "day":
        return found.doubt
    if day.mention.around and look is Look.BACK:
        return why.ROUGHLY
    return why.DEADLINE if day.mention.until and look is Look.AHEAD else ""


def _near_enough(chosen: Chosen, days: list[Day]) -> Chosen:
    """「お盆明けにまた」: the day on which to ask again, or that is read back, may as well be one about that time."""
    about = chosen.doubt == why.ROUGHLY and all(day.mention.when.after for day in days)
    return Chosen(chosen.span) if about else chosen


def _several(message: Message, days: list[Day], spans: list[Span], look: Look) -> Chosen:
    """Two days: a correction, a range, a choice, or two events."""
    between = message.text[days[-2].mention.end : days[-1].mention.start]
    if any_of("days.taken_back_between").search(between):
        return Chosen(spans[-1], spans[-1].doubt)
    if any_of("days.range_between").search(between):
        over = look is Look.BACK  # with its last day; what is to come begins with its first
        return Chosen(spans[-1] if over else spans[-2], why.SEVERAL_DAYS)
    either = any_of("days.either_between").search(between) and (look is Look.AHEAD or not BOTH.search(between))
    return Chosen(min(spans, key=lambda s: s.first) if either else spans[-1], doubts.TWO_DATES)
