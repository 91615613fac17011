"""Which cell styles of a workbook show a number as a date."""

import re

from bot.intake.xlsx_package import Package

# Built-in formats that show a day or a month, those of Japanese Excel included (27-36 and 50-58: eras and 年月日).
BUILT_IN_DATES = frozenset((*range(14, 18), 22, *range(27, 32), *range(34, 37), *range(50, 59)))
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', re.DOTALL)
_NO_DATE = re.compile(r"general|g/標準|am/pm|a/p|e[+-]")


def is_date_format(code: str) -> bool:
    """Whether a number format shows a day: a year, day, weekday, era or month, not only a time or an exponent."""
    plain = _NO_DATE.sub("", _NOT_SHOWN.sub("", code).lower()).split(";")[0]
    if re.search("[ydgea]", plain):
        return True
    return "m" in plain and "h" not in plain and "s" not in plain


def date_styles(package: Package, part: str | None) -> list[bool]:
    """For each cell style by number, whether it is a date."""
    formats: dict[str, bool] = {}
    styles: list[bool] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        inside.append(tag)
        if tag == "numFmt":
            formats[attributes.get("numFmtId", "")] = is_date_format(attributes.get("formatCode", ""))
        elif tag == "xf" and inside[-2:-1] == ["cellXfs"]:
            number = attributes.get("numFmtId", "0")
            built_in = number.isdecimal() and int(number) in BUILT_IN_DATES
            styles.append(formats.get(number, built_in))

    def end(_tag: str) -> None:
        inside.pop()

    if part is not None and part in package:
        package.parse_all(part, start, end, lambda _text: None)
    return styles
