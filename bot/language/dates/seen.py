"""The days a message names, resolved in the direction of a sentence, and how much of the text is about each."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from bot.language.dates.mentions import Mention
from bot.language.dates.resolve import Resolved, resolve
from bot.language.dates.span import FAR, OTHER_YEAR, Look, Span, months_from
from bot.language.dates.when import When
from bot.language.message import Message
from bot.language.text.clauses import Clause
from bot.language.text.phrasebook import any_of, body

REACH = 30  # characters behind or before a day that say whose day it is
SAME_WEEK = 16  # characters between two days of one week: 来週火曜の点検を木曜に
INTO = re.compile("中?(?:の|、|に|で|ごろの)?、?")  # between a stretch of days and one of them
HALF_MONTH = 15  # days
INHERITS = 8  # characters between two days of one month: 11月3日じゃなくて5日


@dataclass(frozen=True, slots=True)
class Day:
    """A mention with what it means in the sentence's direction, and the words before and behind it in its statement."""

    mention: Mention
    resolved: Resolved
    clause: Clause
    before: str
    after: str

    @property
    def span(self) -> Span | None:
        return self.resolved.span


def days_seen(message: Message, look: Look) -> list[Day]:
    """Every mention resolved in one direction; a bare day takes its month from the day before it."""
    known: list[Day] | None = message.seen.get(look)
    if known is None:
        known = message.seen[look] = _resolved(message, look)
    return known


def _resolved(message: Message, look: Look) -> list[Day]:
    found: list[Day] = []
    for index, mention in enumerate(message.mentions):
        last = found[-1] if found else None
        when = _with_month(last, mention, message) if last else mention.when
        resolved = resolve(when, message.now, look, last.span if last else None)
        resolved = (last and _of_that_week(last, mention, message, look)) or resolved
        resolved = (last and _within(last, mention, message, look)) or resolved
        found.append(_day(message, index, resolved))
    return found


def _day(message: Message, index: int, resolved: Resolved) -> Day:
    mention = message.mentions[index]
    clause = message.clause_at(mention.start)
    start = max(clause.start, message.mentions[index - 1].end if index else 0, mention.start - REACH)
    following = message.mentions[index + 1].start if index + 1 < len(message.mentions) else clause.end
    end = min(following, mention.end + REACH, max(clause.end, mention.end))
    return Day(mention, resolved, clause, message.text[start : mention.start], message.text[mention.end : end])


def _of_that_week(last: Day, mention: Mention, message: Message, look: Look) -> Resolved | None:
    """「来週火曜の点検を木曜に」: the Thursday of next week, unless the sentence looks the other way from there."""
    when, week = mention.when, last.mention.when.week_off
    if week is None or last.mention.when.weekday is None or when != When(weekday=when.weekday):
        return None
    if mention.start - last.mention.end > SAME_WEEK:
        return None
    found = resolve(replace(when, week_off=week), message.now, look)
    today = message.now.date()
    fits = found.span and (found.span.first <= today if look is Look.BACK else found.span.first >= today)
    return found if fits else None


def _within(last: Day, mention: Mention, message: Message, look: Look) -> Resolved | None:
    """「年末の29日」「お盆、14日に」「来月末の30日」: that day of the stretch, or month, named right before."""
    when, span = mention.when, last.span
    if not when.day or when.month is not None or when.month_off is not None or span is None:
        return None
    far = span.doubt == OTHER_YEAR or abs((span.first - message.now.date()).days) > FAR
    if far or not INTO.fullmatch(message.text, last.mention.end, mention.start):
        return None
    days = (span.first + timedelta(days=n) for n in range((span.last - span.first).days + 1))
    of_month = span.first if last.mention.when.part or last.mention.when.after else None
    found = next((day for day in days if day.day == when.day), of_month)
    return resolve(replace(when, year=found.year, month=found.month), message.now, look) if found else None


def _moved_to(message: Message, mention: Mention) -> bool:
    return any_of("days.moved_to_after").match(message.text[mention.end : mention.end + REACH]) is not None


def _nearest_to(old: date, when: When) -> When:
    """「9/20だった予定が27日になりました」: of the old day's month, or of the next where it lies far before it."""
    month = months_from(old.replace(day=1), 1) if old.day - (when.day or 0) > HALF_MONTH else old
    return replace(when, month=month.month)


@cache
def _joined() -> re.Pattern[str]:
    return re.compile(f"{body('days.taken_back_between')}|^(?:に|の)?(?:から|~|-|か|と|や|、|または)")


def _with_month(last: Day, mention: Mention, message: Message) -> When:
    """「11月3日じゃなくて5日」, 「11月3日は無理なので5日に」: the fifth of November."""
    when = mention.when
    if not when.day or when.month is not None or when.month_off is not None:
        return when
    if last.span is None or (last.mention.when.month is None and last.mention.when.month_off is None):
        return when
    between = message.text[last.mention.end : mention.start]
    if any_of("days.old_and_new_between").match(between) and _moved_to(message, mention):
        return _nearest_to(last.span.first, when)
    joined = len(between) <= INHERITS and _joined().search(between)
    instead = len(between) <= REACH and any_of("days.unavailable_after").search(between)
    if not joined and not (instead and when.day > last.span.first.day):
        return when
    return replace(when, year=last.span.first.year, month=last.span.first.month)
