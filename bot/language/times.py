"""The hour of a visit: 「10時」「午後1時半」「13:30」「2pm」. A part of the day (午前中, 夕方) names no hour."""

import re
from datetime import time

CLOCK = re.compile(
    r"(?P<half>午前|午後|朝の?|夕方の?|夜の?|昼の?|am ?|pm ?)?(?<!\d)(?P<hour>\d{1,2})"
    r"(?:時(?!間|点|期|代)(?:(?P<minute>\d{1,2})分|(?P<and_half>半))?|:(?P<colon>\d\d))"
    r"|\b(?P<en_hour>\d{1,2})(?::(?P<en_minute>\d\d))? ?(?P<en_half>am|pm)\b|(?P<noon>正午|noon)"
)
VISITS_FROM = 7  # nobody inspects a house before seven: 「3時」 is three in the afternoon


def hour_of(text: str) -> time | None:
    """The first hour named, or None. An hour below seven without 午前 or 午後 is of the afternoon."""
    match = CLOCK.search(text)
    if not match:
        return None
    if match["noon"]:
        return time(12)
    half = (match["half"] or match["en_half"] or "").strip().rstrip("の")
    hour = int(match["hour"] or match["en_hour"])
    minute = 30 if match["and_half"] else int(match["minute"] or match["colon"] or match["en_minute"] or 0)
    if hour < 12 and (half in ("午後", "夕方", "夜", "pm") or (not half and hour < VISITS_FROM and not match["colon"])):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
