"""The words of a chart of what a loan costs."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from bot.programmes.loan import Loan

MAN = 10_000  # 一万: sums in Japanese are read in these


@cache
def chart_words(language: str) -> Mapping[str, Any]:
    """Read once. Raises FileNotFoundError for a language that has none."""
    return tomllib.loads((files("templates") / language / "loan_chart.toml").read_text("utf-8"))


def titled(loan: Loan, language: str) -> str:
    """What a chart is headed with: how much, for how long, paid back how."""
    words = chart_words(language)
    years, months = divmod(loan.months, 12)
    term = words["months"].format(months=loan.months) if months else words["years"].format(years=years)
    return str(words["title"]).format(
        principal=sum_of(loan.principal, language), term=term, method=words["method"][loan.method]
    )


def sum_of(yen: int, language: str) -> str:
    """Yen as the language has them: in Japanese whole tens of thousands as 万円."""
    words = chart_words(language)
    if "man" in words and yen and yen % MAN == 0:
        return str(words["man"]).format(yen=f"{yen // MAN:,}")
    return yen_of(yen, language)


def yen_of(yen: int, language: str) -> str:
    """Yen to the last one, and what is below nothing as leaflets print it (▲)."""
    words = chart_words(language)
    return str(words["less" if yen < 0 else "yen"]).format(yen=f"{abs(yen):,}")
