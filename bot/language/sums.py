"""Sums of money as people write them: 「3万5千円」, 「30,000円(税込)」, 「無料」."""

import re
import unicodedata

from bot.language.text import numerals

FREE = re.compile("無料|無償|ただ|0円|サービス|free|no charge", re.IGNORECASE)
SUM = re.compile(r"(?:(\d+(?:\.\d+)?)万)?(?:(\d+)千)?(\d+)?円?")
KANJI = re.compile("[〇一二三四五六七八九十百]+(?=万|千|円)")
MOST = 10_000_000  # yen: no inspection costs more, so that it is a slip of the finger


def yen(text: str) -> int | None:
    """The one sum that a text names, in yen; None where it names none, several, or one that cannot be."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    plain = KANJI.sub(lambda m: str(numerals.value(m[0])), plain)
    found = {_value(match) for match in SUM.finditer(plain) if match[0]}
    sums = {value for value in found if value is not None and value <= MOST}
    if len(sums) == 1 and len(found) == 1:
        return sums.pop()
    return 0 if not found and FREE.search(plain) else None


def _value(match: re.Match[str]) -> int | None:
    """Yen; a bare figure below a thousand is no sum but a count, and stands for nothing."""
    man, sen, rest = match.groups()
    value = round(float(man or 0) * 10_000) + int(sen or 0) * 1_000 + int(rest or 0)
    counted = man or sen or match[0].endswith("円") or value >= 1_000
    return value if counted else None
