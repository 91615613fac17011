"""What each kind of day word contributes to a mention. The kinds are the tables of phrases/dates.txt."""

import re
from collections.abc import Callable

from bot.core import eras
from bot.language.dates import english, span, words
from bot.language.dates.when import When

Reader = Callable[[re.Match[str]], When | None]
AHEAD = ("後", "あと", "ご", "し", "経っ", "たっ")


def _figures(*groups: str, doubt: str = "") -> Reader:
    """A reader of year, month and day (or the last ones of these) from groups of figures."""
    names = ("year", "month", "day")[-len(groups) :]

    def read(m: re.Match[str]) -> When:
        given = {name: int(m[group]) for name, group in zip(names, groups, strict=True)}
        return When(year=given.get("year"), month=given.get("month"), day=given.get("day"), doubt=doubt)

    return read


def _era(era: str, year: str, month: int | None = None, day: int | None = None) -> When:
    """Years of an era; those counted beyond its end (平成38年, printed in old plans) are converted and doubted."""
    named = eras.era_named(era)
    western = named.base + (1 if year == "元" else int(year))
    end = eras.last_day(named)
    over = end is not None and (western, month or 1) > (end.year, end.month)
    return When(year=western, month=month, day=day, doubt=span.ERA_ENDED if over else "")


def _short_year(m: re.Match[str]) -> When:
    """「8年7月15日」: of the era that began last or the house's age; 「26年」 is 2026."""
    n = int(m["yy_y"])
    return When(year=eras.ERAS[0].base + n, doubt=span.YEAR_UNCLEAR) if n < 20 else When(year=2000 + n)


def ago(n: int, unit: str, ahead: bool) -> When:
    """So many days, weeks, months or years back or ahead. Months and years back are only roughly meant."""
    sign = 1 if ahead else -1
    if unit.startswith(("日", "day")):
        return When(day_off=sign * n)
    if unit.startswith(("週", "week")):
        return When(day_off=sign * 7 * n)
    if unit.startswith(("か", "month")):
        return When(shift=sign * n, doubt="" if ahead else span.ROUGHLY)
    return When(shift=sign * 12 * n, vague=n > 1, doubt=span.ROUGHLY)


def _ago_range(m: re.Match[str]) -> When:
    sign = 1 if m["ar_way"] in AHEAD else -1
    size = {"日": 1, "週": 7, "か": 30, "年": 365}[m["ar_unit"][0]]
    first, last = sorted((sign * size * int(m["ar_n"]), sign * size * int(m["ar_to"])))
    return When(day_off=first, day_to=last, doubt=span.SEVERAL_DAYS)


def _half(m: re.Match[str]) -> When:
    sign = 1 if m["half_way"] == "後" else -1
    if m["half_what"] == "半月":
        return When(day_off=15 * sign, doubt=span.ROUGHLY)
    return When(shift=6 * sign, doubt=span.ROUGHLY)


def _hours(m: re.Match[str]) -> When:
    whole = int(m["h_n"]) if m["h_unit"] == "時間" else 0
    return When(hours=whole if m["h_way"] == "後" else -whole)


def _weekend(m: re.Match[str]) -> When:
    return When(weekend=True, week_off=words.WEEKS[m["we_week"]] if m["we_week"] else None)


def _week(m: re.Match[str]) -> When:
    return When(week_off=words.WEEKS[m["rw"]], weekday=_weekday_number(m["rw_day"]) if m["rw_day"] else None)


def _weekday(m: re.Match[str]) -> When:
    lean = 0 if not m["lean"] else 1 if m["lean"] in ("今度の", "次の") else -1
    return When(weekday=_weekday_number(m["wd"]), lean=lean)


def _weekday_number(kanji: str) -> int:
    return words.WEEKDAYS.index(kanji)


def _part(word: str) -> When:
    return When(part=words.PARTS[word.lstrip("の").removeprefix("月").lstrip("の") or "末"])


def _week_of_month(n: int) -> When:
    """「第2週」: the 8th to the 14th, or the week one thinks of."""
    return When(part=(7 * n - 6, 7 * n if n < 5 else 0), doubt=span.ROUGHLY)


def _feast(m: re.Match[str]) -> When:
    name = "盆" if "盆" in m["feast"] else m["feast"]
    return When(vague=True) if m["feast_before"] else When(feast=name, after=bool(m["feast_after"]))


READERS: dict[str, Reader] = {
    "ymd": _figures("ymd_y", "ymd_m", "ymd_d"),
    "ymd8": _figures("c_y", "c_m", "c_d"),
    "mdy": _figures("us_y", "us_m", "us_d"),
    "era_ymd": lambda m: _era(m["e_era"], m["e_y"], int(m["e_m"]), int(m["e_d"])),
    "era_y": lambda m: _era(m["n_era"], m["n_y"]),
    "yy": _short_year,
    "yy_md": lambda m: When(year=2000 + int(m["s_y"]), month=int(m["s_m"]), day=int(m["s_d"])),
    "y": lambda m: When(year=int(m["y_y"])),
    "ago_range": _ago_range,
    "ago": lambda m: ago(int(m["a_n"]), m["a_unit"], m["a_way"] in AHEAD),
    "weeks_off": lambda m: When(week_off=int(m["wo_n"]) * (-1 if m["wo_way"] == "前" else 1)),
    "hours": _hours,
    "half": _half,
    "between": lambda m: When(day_off=int(m["between_n"]) + 1),
    "wait": lambda m: ago(int(m["w_n"]), m["w_unit"], ahead=True),
    "same_day": lambda m: When(day_off=7 * words.WEEKS[m["same_way"]]),
    "this_time": lambda m: When(shift=12 * words.YEARS_OFF[m["tt_year"]], doubt=span.ROUGHLY),
    "slash": _figures("sl_m", "sl_d"),
    "dot": _figures("dot_m", "dot_d"),
    "dash": _figures("dash_m", "dash_d"),
    "mmdd": _figures("q_m", "q_d", doubt=span.NOT_SURELY_A_DATE),
    "leap_day": lambda _: When(month=2, day=29, leap=True),
    "month_day": _figures("md_m", "md_d"),
    "month_nn": _figures("mn_m", "mn_d"),
    "month": lambda m: When(month=int(m["mo_m"])),
    "rel_month": lambda m: When(month_off=words.MONTHS_OFF[m["rm"]]),
    "next_to": lambda m: When(next_unit=m["next_unit"]),
    "beside_day": lambda m: When(next_unit=words.BESIDE[m["beside"][:2]]),
    "rel_year": lambda m: When(year_off=words.YEARS_OFF[m["ry"]]),
    "vague_year": lambda _: When(vague=True),
    "weekend": _weekend,
    "week_start": lambda m: When(week_off=words.WEEKS.get(m["ws_week"], 1), opening=True),
    "week_end": lambda m: When(week_off=words.WEEKS[m["wk_week"]]),
    "rel_week": _week,
    "nth": lambda m: When(nth=int(m["nth_n"]), weekday=_weekday_number(m["nth_w"])),
    "last_nth": lambda m: When(nth=-1, weekday=_weekday_number(m["ln_w"])),
    "year_last": lambda m: When(year_off=0, month=12, nth=-1, weekday=_weekday_number(m["yl_w"])),
    "no_day": lambda _: None,
    "paren_wd": lambda m: When(weekday=_weekday_number(m["pw"])),
    "day_paren": lambda m: When(day=int(m["dp_d"]), weekday=_weekday_number(m["dp_w"])),
    "day": _figures("d_d"),
    "weekday": _weekday,
    "week_of_month": lambda m: _week_of_month(int(m["wom"])),
    "part_of": lambda m: _part(m["po"]),
    "during": lambda _: When(),
    "part": lambda m: _part(m["pt"]),
    "long_run": lambda _: When(feast=span.LONG_RUN),
    "feast": _feast,
    "long_weekend": lambda _: When(after=True),
    "dialect": lambda _: When(vague=True, doubt=span.DIALECT),
    "rel_day": lambda m: When(day_off=words.DAYS_OFF.get(m["rd"], 0)),
    "en_ago": lambda m: ago(english.number(m["ea_n"]), m["ea_unit"], ahead=False),
    "en_in": lambda m: ago(english.number(m["ei_n"]), m["ei_unit"], ahead=True),
    "en_md": english.month_day,
    "en_dm": english.day_month,
    "en_the": _figures("et_d"),
    "en_weekend": english.weekend,
    "en_rel": english.stretch,
    "en_end": lambda _: When(part=words.PARTS["末"], month_off=0),
    "en_wd": english.weekday,
    "en_day": lambda m: When(day_off=words.EN_DAYS_OFF[m["rd_en"]]),
}
