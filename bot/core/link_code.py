"""The one-time code by which a person shows that an account of theirs belongs to them.

Eight letters and digits, none of which looks like another, written in two groups: K7PM-3XQD. Whoever reads it from a
letter types it as they see it, so width, case, spaces and the dash do not count.
"""

import re
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
_LOOSE = re.compile(r"[\s-]")
_CODE = re.compile(f"(?<![0-9A-Z])([{ALPHABET}]{{4}}-?[{ALPHABET}]{{4}})(?![0-9A-Z])")
_ALONE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_LONGEST = 200  # characters of a message in which a code is looked for


def shown(code: str) -> str:
    """K7PM3XQD → K7PM-3XQD."""
    return f"{code[:4]}-{code[4:]}"


def read_code(text: str) -> str:
    """The code in a short message; empty if there is none."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).upper().strip()
    plain = re.sub("[‐‑–—−ー]", "-", plain)
    alone = _LOOSE.sub("", plain)
    if _ALONE.fullmatch(alone):
        return alone
    found = _CODE.search(plain)
    return found[1].replace("-", "") if found else ""
