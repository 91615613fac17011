"""Check digits of official numbers."""

import re

_CORPORATE = re.compile(r"[1-9][0-9]{12}")
_MUNICIPALITY = re.compile(r"(?:0[1-9]|[1-3][0-9]|4[0-7])[0-9]{3,4}")


def is_corporate_no(text: str) -> bool:
    """法人番号: thirteen digits, the first of which checks the others.

    The check digit is 9 less the remainder by 9 of the sum of the twelve digits, counted from the right, every
    second one doubled (法人番号の指定等に関する省令 第2条).
    """
    if not _CORPORATE.fullmatch(text):
        return False
    digits = [int(digit) for digit in reversed(text[1:])]
    return int(text[0]) == 9 - (sum(digits[::2]) + 2 * sum(digits[1::2])) % 9


def is_municipality_code(text: str) -> bool:
    """全国地方公共団体コード: prefecture (01-47) and municipality in five digits, or six with the check digit.

    The check digit is the last digit of 11 less the remainder by 11 of the digits weighted 6, 5, 4, 3, 2.
    """
    if not _MUNICIPALITY.fullmatch(text):
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(text, (6, 5, 4, 3, 2), strict=False))
    return len(text) == 5 or int(text[5]) == (11 - weighted % 11) % 10
