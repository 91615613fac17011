"""Signs that days alone give: 「8/3でお願いします」, 「明日です」, 「7/15」."""

import re
from dataclasses import replace
from itertools import pairwise

from bot.core.meaning import Context, Intent
from bot.language import doubts
from bot.language.answers import first_word
from bot.language.dates.seen import Day, days_seen
from bot.language.dates.span import OTHER_YEAR, WEEKDAY_DISAGREES, Look
from bot.language.message import Message
from bot.language.signs.findings import findings
from bot.language.signs.sign import Sign
from bot.language.signs.subject import part_of
from bot.language.signs.work import past_words
from bot.language.text.phrasebook import any_of

CONTENT = re.compile("[一-龥ァ-ヴa-z]")
CLOSE = 90  # days: a date without its year is taken for the nearer one if that is so near
TWO_MONTHS = 62  # days
TO_COME = "年今来本再"  # 年内, 今年度: no day, but ahead
OPEN_ENDS = ("は", "って")
FREE = re.compile(
    "(?:は|って|の?(?:午前|午後|朝|夕方)中?は?)?空いて(?:い)?(?:ます|る|ましょう|るでしょう|ますでしょう)"
)
ALSO_THEN = ("も", "中も", "休みも", "でも")
ANY_SUCH_DAY = ("土日", "週末", "平日", "祝日", "休日")
OF_WHAT_WAS = (Context.OVERDUE, Context.CONFIRM_DATE)  # was it done, and on that day
DECIDING = ("決", "予約", "頼", "調整")


def wished_days(message: Message) -> list[Sign]:
    """A visit wished, offered or fixed by naming its day."""
    ahead = (day for day in days_seen(message, Look.AHEAD) if _is_wished(message, day))
    return [Sign(Intent.SCHEDULE, day.mention.start, part=part_of(day.before)) for day in ahead]


def _is_wished(message: Message, day: Day) -> bool:
    gone = day.span.last < message.now.date() if day.span else message.text[day.mention.start] not in TO_COME
    of_the_rest = any_of("days.rest_before").search(day.before) and any_of("days.stated_after").search(day.after)
    quoted = message.context is not Context.ASK_DATE and any_of("days.quoted_after").match(day.after)
    wished = quoted or of_the_rest or any_of("days.wished_after").search(day.after)
    if (gone and not day.resolved.doubt) or not wished:
        return False
    if day.clause.asks and (day.span is None or day.after.endswith(OPEN_ENDS)):
        return False  # 「今日の予定は?」「来年でもいいですか」
    if day.clause.asks and not message.servicer and FREE.match(day.after):
        return False  # 「8/3は空いてますか」
    if day.clause.asks and day.after.startswith(ALSO_THEN) and _is_any_such(message, day):
        return False  # 「土日でも来てもらえますか」「年末年始も対応してもらえますか」
    another_act = not quoted and _is_for_another_act(day)
    if another_act or any_of("days.unavailable_after").search(day.after):
        return False
    decided_today = day.mention.when.day_off == 0 and day.after.startswith(DECIDING)
    return not decided_today and not _long_gone(day)


def _is_any_such(message: Message, day: Day) -> bool:
    """Whether a day stands for its kind: a feast, a weekend, a holiday."""
    return day.mention.when.feast is not None or message.text.startswith(ANY_SUCH_DAY, day.mention.start)


def _is_for_another_act(day: Day) -> bool:
    """「来週また連絡を」, 「再通知は10月1日に」: the day of our next message."""
    told_after = any_of("days.another_act_after").search(day.after)
    return bool(told_after or any_of("days.reminder_before").search(day.before))


def _long_gone(day: Day) -> bool:
    """「7/1に点検」 on 22 July is last month's, not next year's, unless it is plainly wished."""
    far = day.span is not None and day.span.doubt == OTHER_YEAR
    return far and not any_of("days.plainly_wished").search(day.after)


def moved_days(message: Message) -> list[Sign]:
    """「8日を22日にしてもらいました」: from one day to the next. Such a sign stands where the new day's verb does."""
    moves = (new for old, new in pairwise(days_seen(message, Look.AHEAD)) if _is_moved(message, old, new))
    return [Sign(Intent.RESCHEDULE, new.mention.end + 1) for new in moves]


def _is_moved(message: Message, old: Day, new: Day) -> bool:
    between = message.text[old.mention.end : new.mention.start]
    of_last_year = (old.mention.when.year_off or 0) < 0
    if of_last_year or any_of("stance.earlier").search(message.text, old.clause.start, new.mention.start):
        return False  # 「去年は9/20だった点検が今年は27日になりました」
    if any_of("days.planned_between").search(between) and any_of("days.takes_place_after").match(new.after):
        return True
    if any_of("days.agreed_on_after").match(new.after) and any_of("days.ruled_out_between").match(between):
        return True
    if any_of("days.asked_instead_after").match(new.after) and any_of("days.unavailable_after").match(old.after):
        return True
    moved = any_of("days.old_and_new_between").match(between) or any_of("days.moved_from_before").search(old.before)
    return bool(moved and any_of("days.moved_to_after").match(new.after))


def told_days(message: Message) -> list[Sign]:
    """「点検は昨日です」: the inspection's own day."""
    pairs = zip(days_seen(message, Look.BACK), days_seen(message, Look.AHEAD), strict=True)
    signs = [_by_direction(message, past, future) for past, future in pairs if _is_told(past, future)]
    return [replace(s, doubt="") if s.intent is Intent.DONE and _is_sure(message, s) else s for s in signs]


def _is_sure(message: Message, sign: Sign) -> bool:
    """Whether something was found, or the day could not as well be one to come."""
    if message.context is Context.ASK_RESULT or any_of("days.paper_came").search(message.text):
        return True
    return findings(message)[0] is not None or _is_fixed(message, sign) or _was(message, sign)


def _was(message: Message, sign: Sign) -> bool:
    """「点検日は9月11日でした」, told as having been, and not of an earlier time."""
    end = next(m.end for m in message.mentions if m.start == sign.at)
    before = message.text[message.clause_at(sign.at).start : sign.at]
    return bool(any_of("days.told_as_past").match(message.text, end)) and not any_of("stance.earlier").search(before)


def _is_told(past: Day, future: Day) -> bool:
    stated = any_of("days.stated_after").search(past.after) or any_of("days.was_after").match(past.after)
    told = (any_of("days.told_before").search(past.before) and stated) or any_of("days.told_after").match(past.after)
    return bool(told and past.span and future.span) and not past.clause.asks


def _is_fixed(message: Message, sign: Sign) -> bool:
    """Whether the day of a sign could not as well be one to come."""
    when = next(m.when for m in message.mentions if m.start == sign.at)
    return any(part is not None for part in (when.year, when.year_off, when.month_off, when.week_off, when.day_off))


def day_alone(message: Message) -> Sign | None:
    """A message that is little more than a day: its own direction decides, and where it has none, it is asked."""
    pairs = list(zip(days_seen(message, Look.BACK), days_seen(message, Look.AHEAD), strict=True))
    named = [(past, future) for past, future in pairs if past.span or future.span or past.resolved.doubt]
    asked = _answers_when(message)
    if not named:
        long_ago = asked and any((m.when.year_off or 0) < 0 for m in message.mentions)
        return Sign(Intent.DONE, message.mentions[0].start, doubts.EARLIER_TIME) if long_ago else None
    if any_of("days.unavailable_after").search(named[-1][0].after):
        return None  # 「10日はだめです」
    if not asked and not any_of("days.stated_after").search(named[-1][0].after):
        return None
    past, future = _fixed_one(named)
    if past.clause.asks and not (asked and any_of("days.mused_after").match(past.after)):
        return Sign(Intent.QUESTION, past.mention.start)
    sign = _by_direction(message, past, future)
    if sign.doubt == doubts.DATE_ALONE and sign.intent is Intent.DONE and _tells_result(message):
        sign = replace(sign, doubt="")
    unsure = any_of("stance.hedge_anywhere").search(message.text)
    doubt = doubts.HEDGED if unsure else doubts.DATE_BESIDE if asked and _tells_else(message) else ""
    return replace(sign, doubt=sign.doubt or doubt)


def _tells_else(message: Message) -> bool:
    """「今日は暑いですね」 answers no question for the day: without its day and what may stand by one, much is left."""
    rest, end = [], 0
    for mention in message.mentions:
        rest.append(message.text[end : mention.start])
        end = max(end, mention.end)
    left = any_of("days.beside").sub("", "".join([*rest, message.text[end:]]))
    return bool(CONTENT.search(left))


def day_to_come(message: Message) -> Sign | None:
    """「8/3です。まだこれからです」: a day to come is named, and no other event's."""
    named = [day for day in days_seen(message, Look.AHEAD) if not any_of("days.other_before").search(day.before)]
    stated = named and any_of("days.stated_after").search(named[-1].after)
    if message.context is not Context.ASK_DATE and named:
        stated = stated and any_of("days.nothing_before").fullmatch(named[-1].before)
    sign = day_alone(message) if stated else None
    return sign if sign and sign.intent is Intent.SCHEDULE and not sign.doubt else None


def _fixed_one(named: list[tuple[Day, Day]]) -> tuple[Day, Day]:
    """The day named last, or 「明日」 where it is the same: 「明日、25日です」."""
    either = {day.span.first for day in named[-1] if day.span}
    fixed = ((past, future) for past, future in named if past.span and past.span == future.span)
    return next((pair for pair in fixed if pair[0].span and pair[0].span.first in either), named[-1])


def _by_weekday(past: Day, future: Day) -> Intent | None:
    """「30日の木曜」: the month in which the 30th is a Thursday, where that is only one of the two."""
    when = past.mention.when
    if when.weekday is None or when.month is not None or when.month_off is not None:
        return None
    fits = [day.span is not None and day.span.doubt != WEEKDAY_DISAGREES for day in (past, future)]
    return None if fits[0] == fits[1] else Intent.DONE if fits[0] else Intent.SCHEDULE


def _tells_result(message: Message) -> bool:
    """「問題なしでした、7/11」: what was found tells that the day is the inspection's."""
    told = past_words(message.text) or any_of("findings.of_inspection").search(message.text)
    return findings(message) == ("ok", "") and bool(told)


def _answers_when(message: Message) -> bool:
    """Whether the inspection was asked for its day, or the answer to 「お済みですか」 begins with yes."""
    if message.context is Context.ASK_DATE:
        return True
    return message.context is Context.OVERDUE and first_word(message.text) == "yes"


def _by_direction(message: Message, past: Day, future: Day) -> Sign:
    """Done or planned, by where the day lies; a day that lies on either side goes by distance."""
    today, at = message.now.date(), past.mention.start
    asked = _answers_when(message)
    sure_done = "" if asked else doubts.DATE_ALONE
    if past.span is None or future.span is None:
        return Sign(Intent.DONE if asked else Intent.SCHEDULE, at, doubts.DATE_ALONE)
    if future.span.last < today:
        return Sign(Intent.DONE, at, "" if asked else doubts.DAY_GONE)
    if past.span.first > today:
        return Sign(Intent.SCHEDULE, at)
    if past.span == future.span:
        doubt = sure_done if past.span.precision == "day" else ""
        return Sign(Intent.DONE if asked else Intent.SCHEDULE, at, doubt)
    by_weekday = _by_weekday(past, future)
    if by_weekday:
        return Sign(by_weekday, at, sure_done if by_weekday is Intent.DONE else "")
    behind, before_us = (today - past.span.first).days, (future.span.last - today).days
    return _by_distance(message, past, behind, before_us)


def _by_distance(message: Message, past: Day, behind: int, before_us: int) -> Sign:
    """The nearer one, or, 「木曜でした」, the one gone by.

    A bare 「25日」 or 「土曜」 is asked unless it answers the question and has just been.
    """
    at, when = past.mention.start, past.mention.when
    asked = _answers_when(message)
    weekday_alone = when.weekday is not None and when.day is None
    if weekday_alone and any_of("days.told_as_past").match(message.text, past.mention.end):
        return Sign(Intent.DONE, at, "" if asked or message.context in OF_WHAT_WAS else doubts.DATE_ALONE)
    within_reach = behind <= TWO_MONTHS  # else the day has its month from the one before: 「7/25か26」
    if (
        asked
        and within_reach
        and when.month is None
        and when.month_off is None
        and when.feast is None
        and when.part is None
    ):
        this_month = when.day is not None and past.span is not None and past.span.first.month == message.now.month
        return Sign(Intent.DONE, at, "" if this_month else doubts.DATE_ALONE)
    if behind <= before_us:
        return Sign(Intent.DONE, at, "" if asked and behind <= CLOSE else doubts.DATE_ALONE)
    return Sign(Intent.SCHEDULE, at, doubts.DATE_ALONE if before_us > CLOSE else "")
