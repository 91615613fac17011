"""The one font of a letter, embedded so that every printer shows it, and what becomes of signs that it lacks.

IPAex Gothic (JIS X 0213; its licence, the IPA Font License, lets documents embed it) comes with the package
matplotlib-fontja. It is found without importing that package, which would load matplotlib.
"""

import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

NAME = "IPAexGothic"
GETA = "〓"  # the printers' sign for a letter they do not have
MM = 72 / 25.4  # points
# Forms used in names that the font lacks, and the forms under which the same name is registered elsewhere.
VARIANTS = {"𠮷": "吉", "𫝆": "今", "槗": "橋", "戶": "戸", "𩵋": "魚"}
# The font's curly quotes are as wide as a kanji, so next to western letters straight ones stand for them.
QUOTES = re.compile("[‘’“”](?=[ -~])|(?<=[ -~])[‘’“”]")
STRAIGHT = {"‘": "'", "’": "'", "“": '"', "”": '"'}
COMBINED = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")
SPACES = {"Zs", "Zl", "Zp"}
UNSEEN = {"Cc", "Cf", "Mn", "Me"}  # controls, directions, joiners, variation selectors: nothing to print


def font_path() -> Path:
    """Where the font lies. Raises FileNotFoundError when the package that carries it is not installed."""
    package = find_spec("matplotlib_fontja")
    folders = (package.submodule_search_locations or []) if package else []
    for folder in folders:
        path = Path(folder) / "fonts" / "ipaexg.ttf"
        if path.exists():
            return path
    raise FileNotFoundError("ipaexg.ttf of the package matplotlib-fontja, which letters are printed with")


@cache
def font() -> TTFont:
    """The font, read and registered once (about 60 ms)."""
    found = TTFont(NAME, font_path())
    pdfmetrics.registerFont(found)
    return found


@cache
def _widths() -> dict[int, float]:
    """Of every sign, in thousandths of the size."""
    return dict(font().face.charWidths)


def width(text: str, size: float) -> float:
    """How wide a line of signs that the font has is, in mm."""
    known = _widths()
    return sum([known.get(ord(char), 1000.0) for char in text]) * size / (1000 * MM)


def legible(text: str) -> str:
    """The text in signs that the font has: what cannot be shown is shown as 〓, what has no form is left out."""
    text = QUOTES.sub(lambda found: STRAIGHT[found[0]], text)
    if _known().issuperset(text):
        return text
    composed = COMBINED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    return "".join(char if char in _known() else _shown(char) for char in composed)


@cache
def _known() -> frozenset[str]:
    """What the font shows as a sign of its own."""
    signs = map(chr, font().face.charToGlyph)
    return frozenset(sign for sign in signs if unicodedata.category(sign) not in UNSEEN | {"Co"})


def _shown(char: str) -> str:
    """What is printed for a sign that the font does not have."""
    category = unicodedata.category(char)
    if char in "\n\t":
        return char.replace("\t", " ")
    if category in UNSEEN:
        return ""
    if category in SPACES:
        return " "
    return next((way for way in _other_ways(char) if way and _known().issuperset(way)), GETA)


def _other_ways(char: str) -> tuple[str, ...]:
    """How else the same sign is written: a registered variant, its plain form, the letter without its accents."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", char) if unicodedata.category(one) != "Mn")
    return VARIANTS.get(char, ""), unicodedata.normalize("NFKC", char), bare
