"""Kanji numerals to digits, only where they count something: 「十一月三日」 but not 「一部」 or 「四日市」."""

import re

DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0, "壱": 1, "弐": 2, "参": 3, "両": 2,
}  # fmt: skip
TENS = {"十": 10, "拾": 10, "廿": 20, "卅": 30}
HUNDRED = "百"
NUMERAL = "[〇零一二三四五六七八九十拾廿卅百壱弐参]"

ANY = re.compile(NUMERAL)
# What makes a numeral a number. The lookbehind keeps 「一昨日」「第二土曜」's own rules out of reach of "日".
COUNTED = re.compile(
    rf"({NUMERAL}{{1,6}})(?=\s?(?:か月|月(?!見|面)|日(?![市本光])|年|時(?![的期])|週|階|件|箇?所|ヶ所|号|棟|名|回目|[、,~〜]{NUMERAL}日))"
)
ORDINAL = re.compile(rf"第({NUMERAL})(?=の?[月火水木金土日]曜?)")
MINUTES = re.compile(rf"(?<=時)({NUMERAL}{{1,3}})(?=分)")


def value(numeral: str) -> int:
    """The number a kanji numeral stands for: 二十三 → 23, 二〇二六 → 2026, 廿日's 廿 → 20."""
    if not any(c in TENS or c == HUNDRED for c in numeral):
        return int("".join(str(DIGITS[c]) for c in numeral))
    total, unit = 0, 0
    for c in numeral:
        if c == HUNDRED:
            total, unit = total + (unit or 1) * 100, 0
        elif c in TENS:
            total, unit = total + (TENS[c] if TENS[c] > 10 else (unit or 1) * 10), 0
        else:
            unit = DIGITS[c]
    return total + unit


def to_digits(text: str) -> str:
    """The text with its counting kanji numerals written as digits."""
    if not ANY.search(text):
        return text
    for pattern in (COUNTED, MINUTES):
        text = pattern.sub(lambda m: str(value(m[1])), text)
    return ORDINAL.sub(lambda m: f"第{value(m[1])}", text)
