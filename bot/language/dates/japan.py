"""Japan's calendar as people name it: national holidays, Obon, the turn of the year, long weekends."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

from bot.language.dates.span import FIRST_YEAR, LAST_YEAR, Look, Span, days, one_day

# Days that no law proclaims: name → (month, day, length). Obon is the one of August, as the office keeps it.
CUSTOMS = {
    "元日": (1, 1, 1),
    "元旦": (1, 1, 1),
    "三が日": (1, 1, 3),
    "正月": (1, 1, 3),
    "節分": (2, 3, 1),
    "ひな祭り": (3, 3, 1),
    "桃の節句": (3, 3, 1),
    "端午の節句": (5, 5, 1),
    "七夕": (7, 7, 1),
    "盆": (8, 13, 4),
    "七五三": (11, 15, 1),
    "クリスマスイブ": (12, 24, 1),
    "クリスマス": (12, 25, 1),
    "大晦日": (12, 31, 1),
    "大みそか": (12, 31, 1),
    "ゴールデンウィーク": (4, 29, 8),
    "gw": (4, 29, 8),
    "年末": (12, 26, 6),
    "年末年始": (12, 29, 6),
    "年始": (1, 4, 12),
    "年明け": (1, 4, 12),
    "新年": (1, 4, 12),
    "年度末": (3, 31, 1),
    "christmas": (12, 25, 1),
    "new year's eve": (12, 31, 1),
    "new year's day": (1, 1, 1),
}
# Names the law has dropped or that people shorten.
RENAMED = {"体育の日": "スポーツの日", "天長節": "天皇誕生日", "子供の日": "こどもの日", "子どもの日": "こどもの日"}
PROCLAIMED = [
    "成人の日",
    "建国記念の日",
    "建国記念日",
    "天皇誕生日",
    "春分の日",
    "昭和の日",
    "憲法記念日",
    "みどりの日",
    "こどもの日",
    "海の日",
    "山の日",
    "敬老の日",
    "秋分の日",
    "スポーツの日",
    "文化の日",
    "勤労感謝の日",
]
NAMES = [*PROCLAIMED, *RENAMED, *CUSTOMS, "シルバーウィーク"]
ROUGH = {"年末", "年末年始", "年始", "年明け", "新年", "正月"}


@lru_cache(maxsize=64)
def holidays_of(year: int) -> dict[date, str]:
    """The national holidays of one year, substitute holidays included; empty outside the years spoken of."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    return dict(holidays.country_holidays("JP", years=year, language="ja"))


def is_free(day: date) -> bool:
    """Saturday, Sunday or a national holiday."""
    return day.weekday() >= 5 or day in holidays_of(day.year)


def named(name: str, year: int) -> Span | None:
    """The days of that name in that year, or None where there are none."""
    if name == "シルバーウィーク":
        return _silver_week(year)
    if name in CUSTOMS:
        month, day, length = CUSTOMS[name]
        return one_day(date(year, month, day)) if length == 1 else days(date(year, month, day), length)
    wanted = RENAMED.get(name, name)
    wanted = "建国記念の日" if wanted == "建国記念日" else wanted
    return next((one_day(day) for day, found in holidays_of(year).items() if found == wanted), None)


def _silver_week(year: int) -> Span | None:
    """The run of free days around the autumn equinox, where it is a long one."""
    run = free_run(date(year, 9, 21))
    return run if run and (run.last - run.first).days >= 3 else None


def free_run(day: date) -> Span | None:
    """The unbroken free days around a day, or None where it is a working day."""
    if not is_free(day):
        return None
    first, last = day, day
    while is_free(first - timedelta(days=1)):
        first -= timedelta(days=1)
    while is_free(last + timedelta(days=1)):
        last += timedelta(days=1)
    return Span(first, last, "week")


def long_weekends(month: Span) -> list[Span]:
    """The runs of three or more free days that touch a month, in order."""
    each = (free_run(month.first + timedelta(days=n)) for n in range((month.last - month.first).days + 1))
    return list(dict.fromkeys(run for run in each if run and (run.last - run.first).days >= 2))


def next_open(day: date) -> date:
    """The first working day from this one on."""
    while is_free(day):
        day += timedelta(days=1)
    return day


def after_long_weekend(today: date, look: Look) -> Span | None:
    """The working day after a run of three or more free days (連休明け): the next one, or the last one past."""
    step = timedelta(days=-1 if look is Look.BACK else 1)
    day = today
    for _ in range(150):
        run = free_run(day)
        if run and (run.last - run.first).days >= 2:
            after = run.last + timedelta(days=1)
            if look is not Look.BACK or after <= today:
                return one_day(after)
        day += step
    return None
