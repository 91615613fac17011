"""A day as far as words fix it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class When:
    """What is known of a day. What ends in ``_off`` counts from now; ``shift`` is whole months from today."""

    year: int | None = None
    year_off: int | None = None
    month: int | None = None
    month_off: int | None = None
    week_off: int | None = None
    day: int | None = None
    day_off: int | None = None
    day_to: int | None = None  # the other end of 「2〜3日前」
    hours: int | None = None
    shift: int | None = None
    part: tuple[int, int] | None = None  # 「上旬」: first and last day, 0 for the month's last
    nth: int | None = None  # 「第2土曜」; -1 is the last
    weekday: int | None = None
    feast: str | None = None
    after: bool = False  # 「お盆明け」「連休明け」
    weekend: bool = False
    opening: bool = False  # 「週明け」「来週の頭」
    next_unit: str | None = None  # 「翌週」: counted from the mention before
    lean: int = 0  # 「この前の」 -1, 「今度の」 +1, English "next" +2
    leap: bool = False  # the 29th of February, named as the leap day
    vague: bool = False  # a time is named, no day: 「年内」「お盆前」
    doubt: str = ""
