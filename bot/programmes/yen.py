"""Yen as people in Japan write and say them: 1億2,000万円, 3000万, 100,000,000."""

import re
import unicodedata
from decimal import Decimal

UNITS = {"億": 10**8, "万": 10**4, "": 1}
_PART = r"(?:([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)%s)?"
AMOUNT = re.compile("[¥]?" + "".join(_PART % unit for unit in UNITS) + "円?")
LONGEST = 40  # characters


def yen_of(text: str) -> int | None:
    """The yen of a text, None where it is no whole number of them. 1.5億 is 150,000,000; digits may be full-width."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text[:LONGEST]))
    found = AMOUNT.fullmatch(plain) if len(text) <= LONGEST else None
    if found is None or not any(found.groups()):
        return None
    parts = zip(found.groups(), UNITS.values(), strict=True)
    total = sum((Decimal(part.replace(",", "")) * unit for part, unit in parts if part), Decimal(0))
    return int(total) if total == int(total) else None


def written(yen: int) -> str:
    """As a page has it: 306,184円."""
    return f"{yen:,}円"
