"""Mentions of days in a text: neighbouring words that together name one (来月|15日, 8月8日|(土))."""

import re
from dataclasses import dataclass, fields, replace

from bot.language.dates.fields import READERS
from bot.language.dates.when import When
from bot.language.dates.words import AROUND, UNTIL, pattern

MOST = 60  # mentions read in one text; nobody names more

GAP = re.compile(r"(?:の|、| )?")
OF_THEN = re.compile("(?:は|なら|だと|でしたら|だったら|であれば)、?")  # 「来週なら火曜か水曜」
WIDEST = 6  # characters of a gap
RANK = (
    dict.fromkeys(("year", "year_off"), 1)
    | dict.fromkeys(("month", "month_off", "week_off", "next_unit"), 2)
    | dict.fromkeys(
        ("day", "day_off", "part", "feast", "nth", "weekend", "opening", "shift", "hours", "vague", "after"), 3
    )
    | {"weekday": 4}
)
AROUND_AFTER = re.compile(AROUND)
UNTIL_AFTER = re.compile(UNTIL)
YEAR_TOLD = re.compile(  # behind a day, a statement that holds nothing but its year
    r"[^。!?0-9]{0,16}[。!?、(]、?((?:それは|これは|確か|たしか)?)"
)
YEAR_ONLY = re.compile(
    r"(?:の(?:こと|話|分|もの|やつ|点検)?)?(?:なん)?(?:です|でした|だ|だった)?(?:けど|が|よ|ね)*(?:[。!)]|$)"
)
SINCE_AFTER = re.compile(r"以降|から(?!\d)|より")


@dataclass(frozen=True, slots=True)
class Mention:
    """One day (or week, or month) named in the text, from ``start`` to ``end`` of it, with what softens it."""

    start: int
    end: int
    when: When
    around: bool = False
    until: bool = False
    since: bool = False


def mentions(text: str) -> list[Mention]:
    """The days a normalised text names, in order."""
    found: list[Mention] = []
    joinable = False
    for match in pattern().finditer(text):
        when = READERS[(match.lastgroup or "").removeprefix("kind_")](match)
        if when is None:
            joinable = False
            continue
        joined = _join(found[-1], match, when, text) if joinable and found else None
        if joined:
            found[-1] = joined
        elif len(found) == MOST:
            break
        else:
            found.append(Mention(match.start(), match.end(), when))
        joinable = True
    return [_softened(mention, text) for mention in _of_year_told_after(found, text)]


def _of_year_told_after(found: list[Mention], text: str) -> list[Mention]:
    """「2月10日でした。去年のです」: the day of that year, told in a statement of its own."""
    if len(found) < 2 or not YEAR_ONLY.match(text, found[-1].end) or _ranks(found[-1].when) != {1}:
        return found
    *rest, day, year = found
    between = YEAR_TOLD.fullmatch(text, day.end, year.start)
    if between is None or min(_ranks(day.when), default=1) == 1 or not (day.when.month or day.when.feast):
        return found
    return [*rest, replace(day, when=replace(day.when, year=year.when.year, year_off=year.when.year_off))]


def _join(mention: Mention, match: re.Match[str], when: When, text: str) -> Mention | None:
    """The mention with this word added, where the word stands right behind it and adds what it lacks."""
    if match.start() - mention.end > WIDEST:
        return None
    have, more = _ranks(mention.when), _ranks(when)
    span = (mention.end, match.start())
    if not GAP.fullmatch(text, *span) and not (have == {2} and OF_THEN.fullmatch(text, *span)):
        return None
    if not have or (more and min(more) <= max(have)):
        return None
    if 4 in more and when.lean:
        return None
    named = {f.name: getattr(when, f.name) for f in fields(when) if getattr(when, f.name) not in (None, False, 0, "")}
    zero = {
        f.name: 0
        for f in fields(when)
        if f.name in RANK and getattr(when, f.name) == 0 and getattr(when, f.name) is not False
    }
    doubt = mention.when.doubt or when.doubt
    return replace(mention, end=match.end(), when=replace(mention.when, **{**zero, **named, "doubt": doubt}))


def _ranks(when: When) -> set[int]:
    return {rank for name, rank in RANK.items() if getattr(when, name) is not None and getattr(when, name) is not False}


def _softened(mention: Mention, text: str) -> Mention:
    at = mention.end
    around = AROUND_AFTER.match(text, at)
    at = around.end() if around else at
    until, since = UNTIL_AFTER.match(text, at), SINCE_AFTER.match(text, at)
    if not (around or until or since):
        return mention
    return replace(mention, around=bool(around), until=bool(until), since=bool(since))
