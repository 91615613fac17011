"""From a mention to days: which year, which month, which week, seen from now and from the direction of the sentence.

The rules: what looks back takes the latest match not after today, what looks ahead the first not before it; weeks run
Monday to Sunday; a date that does not exist is never repaired.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count, islice

from bot.language.dates import japan
from bot.language.dates.span import (
    ANOTHER_HOLIDAY,
    FAR,
    FIRST_YEAR,
    LAST_YEAR,
    LONG_RUN,
    NO_SUCH_DATE,
    OTHER_YEAR,
    ROUGHLY,
    SEVERAL_DAYS,
    THIS_OR_NEXT,
    WEEKDAY_DISAGREES,
    Look,
    Span,
    days,
    monday_of,
    month_length,
    month_span,
    months_from,
    nearest,
    one_day,
)  # fmt: skip
from bot.language.dates.when import When
from bot.language.dates.words import THIRDS

BESIDE: dict[str, Callable[[Span], date]] = {
    "日": lambda before: before.last + timedelta(days=1),
    "前": lambda before: before.first - timedelta(days=1),
    "初": lambda before: before.first,
    "末": lambda before: before.last,
}
HEAD, END = THIRDS["head"], THIRDS["end"]
MAY = 5  # whose run is that of the end of April too
NEAR_DAYS = 2  # 「今度の日曜」 that close may be meant of the week after
NEAR_HOLIDAY = 14  # 「連休明け」 further off may be meant of a holiday we do not know


@dataclass(frozen=True, slots=True)
class Resolved:
    """The days of a mention, or None with the reason why there are none (empty: it names no day)."""

    span: Span | None
    doubt: str = ""


def resolve(when: When, now: datetime, look: Look, before: Span | None = None) -> Resolved:
    """The days meant. ``now`` is in Asia/Tokyo; ``before`` is what the mention before it meant (翌週)."""
    today = now.date()
    if when.vague:
        return Resolved(None, when.doubt)
    try:
        found = _fixed(when, now, before) or _recurring(when, today, look)
    except (OverflowError, ValueError):
        return Resolved(None, NO_SUCH_DATE)
    if isinstance(found, str):
        return Resolved(None, found)
    if found is None:
        return Resolved(None, when.doubt)
    if when.weekday is not None and found.precision == "day" and found.first.weekday() != when.weekday:
        found = found.in_doubt(WEEKDAY_DISAGREES)
    return Resolved(found.in_doubt(when.doubt))


def _fixed(when: When, now: datetime, before: Span | None) -> Span | None:
    """What now alone decides: 昨日, 3日前, 来週の水曜."""
    today = now.date()
    if when.next_unit:
        return _next_to(when, before)
    if when.hours is not None:
        return one_day((now + timedelta(hours=when.hours)).date())
    if when.day_off is not None:
        first = today + timedelta(days=when.day_off)
        last = today + timedelta(days=when.day_to) if when.day_to is not None else first
        return Span(first, last, "day" if first == last else "week")
    if when.shift is not None:
        return one_day(months_from(today, when.shift))
    if when.week_off is not None:
        return _in_week(when, monday_of(today) + timedelta(days=7 * when.week_off))
    return None


def _next_to(when: When, before: Span | None) -> Span | None:
    if before is None:
        return None
    if when.next_unit in BESIDE:
        return one_day(BESIDE[when.next_unit](before))
    if when.next_unit == "月":
        following = months_from(before.first, 1)
        return month_span(following.year, following.month)
    return _in_week(when, monday_of(before.first) + timedelta(days=7))


def _in_week(when: When, monday: date) -> Span:
    if when.opening:
        first = japan.next_open(monday)
        return one_day(first, ANOTHER_HOLIDAY if first != monday else "")
    if when.weekday is not None:
        return one_day(monday + timedelta(days=when.weekday))
    return days(monday + timedelta(days=5), 2) if when.weekend else days(monday, 7)


def _recurring(when: When, today: date, look: Look) -> Span | str | None:
    """What comes round again, so that the look of the sentence decides: 7/15, 15日, 土曜, 上旬, 文化の日."""
    if when.feast == LONG_RUN:
        return _long_run(when, today, look)
    if when.feast:
        return _feast(when, today, look)
    if when.after:
        return _after_weekend(when, today, look)
    if when.weekend:
        return nearest(lambda n: days(monday_of(today) + timedelta(days=5 + 7 * n), 2), iter(range(3)), look, today)
    if when.month is not None or when.month_off is not None:
        return _of_year(when, today, look)
    if when.day is not None or when.part is not None or when.nth is not None:
        return _of_month(when, today, look)
    if when.weekday is not None:
        return _weekday(when, today, look)
    return None


def _weekday(when: When, today: date, look: Look) -> Span | None:
    """「土曜」, and with a lean 「この前の土曜」 (before today) or 「今度の土曜」 (after it)."""
    weekday = when.weekday or 0
    coming = today + timedelta(days=(weekday - today.weekday()) % 7)
    if when.lean < 0:
        return one_day(today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1))
    if when.lean > 0:
        coming = coming if coming > today else coming + timedelta(days=7)
        this_week = monday_of(coming) == monday_of(today)
        unsure = (coming - today).days <= NEAR_DAYS or (when.lean == 2 and this_week)
        return one_day(coming, THIS_OR_NEXT if unsure else "")
    if look is Look.AHEAD or (look is Look.NEAR and coming == today):
        return one_day(coming)
    past = today - timedelta(days=(today.weekday() - weekday) % 7)
    return one_day(past) if look is Look.BACK else one_day(past, THIS_OR_NEXT)


def _of_year(when: When, today: date, look: Look) -> Span | str | None:
    """A month with what stands in it. Without a year the look decides which, and far ones are doubted."""
    if when.month is not None and not 1 <= when.month <= 12:
        return NO_SUCH_DATE
    if when.month_off is not None:
        first = months_from(today.replace(day=1), when.month_off)
        return _in_month(when, first.year, first.month)
    month = when.month or 1
    year = when.year if when.year is not None else None if when.year_off is None else today.year + when.year_off
    if year is not None:
        return _in_month(when, year, month) if FIRST_YEAR <= year <= LAST_YEAR else NO_SUCH_DATE
    found = nearest(lambda n: _span_in(when, today.year + n, month), iter(range(9)), look, today)
    return NO_SUCH_DATE if found is None else _far(found, when, today)


def _far(found: Span, when: When, today: date) -> Span | str:
    """A day far away, in doubt; the 29th of February is none in a year without it, unless named as such."""
    leap = found.first.month == 2 and found.first.day == 29 and found.precision == "day"
    away = max((today - found.first).days, (found.first - today).days)
    if leap and away > 366:
        return found.in_doubt(NO_SUCH_DATE) if when.leap else NO_SUCH_DATE
    return found.in_doubt(OTHER_YEAR) if away > FAR else found


def _of_month(when: When, today: date, look: Look) -> Span | str | None:
    """A day, a third or an n-th weekday, of this year's run of months."""
    if when.day is not None and not 1 <= when.day <= 31:
        return NO_SUCH_DATE
    if when.year is not None or when.year_off is not None:
        return None  # 「2026年の15日」 names no day

    def made(n: int) -> Span | None:
        first = months_from(today.replace(day=1), n)
        return _span_in(when, first.year, first.month)

    return nearest(made, islice(count(), 14), look, today)


def _in_month(when: When, year: int, month: int) -> Span | str:
    return _span_in(when, year, month) or NO_SUCH_DATE


def _span_in(when: When, year: int, month: int) -> Span | None:
    """What the words mean within one month; None where that month has no such day."""
    if when.day is not None:
        day = _real_date(year, month, when.day)
        return one_day(day) if day else None
    if when.part is not None:
        return _weekday_in_part(when, year, month) or _part(when.part, year, month)
    if when.nth is not None:
        return _nth(when, year, month)
    if when.weekday is not None:
        return month_span(year, month).in_doubt(SEVERAL_DAYS)
    return month_span(year, month)


def _real_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _part(part: tuple[int, int], year: int, month: int) -> Span:
    length = month_length(year, month)
    first, last = part[0] or length, part[1] or length
    if first == last:
        return one_day(date(year, month, first))
    return Span(date(year, month, first), date(year, month, last), "week", ROUGHLY if last - first > 10 else "")


def _weekday_in_part(when: When, year: int, month: int) -> Span | None:
    """「月末の土曜」: the month's last; 「月初めの水曜」: its first; 「半ばの金曜」: the only one then."""
    if when.weekday is None or when.part is None:
        return None
    if when.part in (END, HEAD):
        return _nth(replace(when, nth=-1 if when.part == END else 1), year, month)
    part = _part(when.part, year, month)
    of_them = [day for n in range((part.last - part.first).days + 1) if _is_on(day := part.first + timedelta(n), when)]
    return one_day(of_them[0]) if len(of_them) == 1 else part.in_doubt(SEVERAL_DAYS)


def _is_on(day: date, when: When) -> bool:
    return day.weekday() == when.weekday


def _nth(when: When, year: int, month: int) -> Span | None:
    weekday, nth = when.weekday or 0, when.nth or 1
    first = date(year, month, 1)
    all_of_them = [
        first + timedelta(days=n) for n in range(month_length(year, month)) if (first.weekday() + n) % 7 == weekday
    ]
    if nth > len(all_of_them):
        return None
    return one_day(all_of_them[nth - 1] if nth > 0 else all_of_them[-1])


def _feast(when: When, today: date, look: Look) -> Span | None:
    """A holiday or custom by its name; 「お盆明け」 is the working day after it."""
    name = when.feast or ""

    def made(n: int) -> Span | None:
        found = japan.named(name, (when.year or today.year + (when.year_off or 0)) + n)
        return (
            found if not found or not when.after else one_day(japan.next_open(found.last + timedelta(days=1)), ROUGHLY)
        )

    if when.year is not None or when.year_off is not None:
        found = made(0)
    else:
        found = nearest(made, iter(range(3)), look, today)
    if found is None:
        return None
    return found.in_doubt(ROUGHLY) if name in japan.ROUGH else found


def _long_run(when: When, today: date, look: Look) -> Span | str | None:
    """「9月の連休」: three or more free days of that month; of several the first that fits, and in doubt."""
    month = _of_year(replace(when, feast=None), today, look)
    if not isinstance(month, Span):
        return month
    golden = japan.named("gw", month.first.year) if month.first.month == MAY else None
    runs = [golden] if golden else japan.long_weekends(month)
    fitting = [run for run in runs if (run.first <= today if look is Look.BACK else run.last >= today)] or runs
    if not fitting:
        return month.in_doubt(ANOTHER_HOLIDAY)
    return fitting[0].in_doubt(ANOTHER_HOLIDAY if len(fitting) > 1 or month.doubt else "")


def _after_weekend(when: When, today: date, look: Look) -> Span | None:
    """「連休明け」, or 「5月の連休明け」: the first that ends in that month or after."""
    month = _of_year(replace(when, after=False), today, look) if when.month or when.month_off is not None else None
    if isinstance(month, Span):
        found = japan.after_long_weekend(month.first, Look.AHEAD)
        return found and found.in_doubt(ANOTHER_HOLIDAY)
    found = japan.after_long_weekend(today, look)
    if found and abs((found.first - today).days) > NEAR_HOLIDAY:
        return found.in_doubt(ANOTHER_HOLIDAY)
    return found
