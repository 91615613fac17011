"""All the days that a text names, where one alone is not meant for sure: 「火曜か木曜」."""

from datetime import date, datetime

from bot.core.meaning import Context
from bot.language.dates.seen import days_seen
from bot.language.dates.span import Look
from bot.language.message import read


def named_days(text: str, now: datetime) -> tuple[date, ...]:
    """The single days to come, each once, in their order. ``now`` is aware, Asia/Tokyo; no weeks and months."""
    message = read(text, now, False, Context.ASK_DATE)
    spans = (day.span for day in days_seen(message, Look.AHEAD))
    return tuple(sorted({span.first for span in spans if span and span.precision == "day" and span.first > now.date()}))
