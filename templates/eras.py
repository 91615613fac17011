"""How a day is written with its Japanese era."""

from datetime import date

from bot.core.eras import era_of


def day_in_era(day: date) -> str:
    """2026-11-21 → 令和8年（2026年）11月21日."""
    era = era_of(day)
    if era is None:
        return f"{day.year}年{day.month}月{day.day}日"
    year = day.year - era.base
    return f"{era.name}{'元' if year == 1 else year}年（{day.year}年）{day.month}月{day.day}日"
