"""The code of a line on a company's monthly list: five signs that name the work, and one that shows a slip of the pen.

The signs are those of the linking codes, thirty-one of them, so the last one tells any one sign misread and any two
exchanged. Whoever keys it in from a FAX types it as they see it: width, case, spaces and the dash do not count.
"""

import re
import unicodedata

from bot.core.link_code import ALPHABET

DATA = 5
_LOOSE = re.compile(r"[\s‐‑–—−ー-]")
_SIGN = "[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]"
_WRITTEN = re.compile(rf"(?<!{_SIGN}){_SIGN}{{3}}[-－‐−ー 　]?{_SIGN}{{3}}(?!{_SIGN})")  # in a message


def code_of(number: int) -> str:
    """The whole code of a number; numbers beyond all codes begin again."""
    signs = []
    for _ in range(DATA):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    data = "".join(signs)
    return data + _check(data)


def shown(code: str) -> str:
    """K7P3XQ → K7P-3XQ."""
    return f"{code[:3]}-{code[3:]}"


def typed(text: str) -> str:
    """What was typed, as a code is written; anything else as it came, shortened."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text[:40])).upper()


def is_code(code: str) -> bool:
    """Whether it can be a code at all: its last sign fits the others."""
    right = len(code) == DATA + 1 and all(sign in ALPHABET for sign in code)
    return right and _check(code[:DATA]) == code[DATA]


def _check(data: str) -> str:
    """Each sign weighs by its place, from two on; the last one brings the sum to nothing (its own weight is one)."""
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(data, 2))
    return ALPHABET[-total % len(ALPHABET)]


def codes_in(text: str) -> dict[str, str]:
    """What could be codes in the words of a message: each as it is written there, with the code that it is."""
    found = {match[0]: typed(match[0]) for match in _WRITTEN.finditer(text)}
    return {written: code for written, code in found.items() if is_code(code)}
