"""What may stand in a log: ids, codes and places of ours; nothing that a person is called by, wrote, or is reached at.

Whatever a log could carry goes through here. It rather takes too much: what is quoted, and what is no plain English,
is somebody's and not ours.
"""

import re
from collections.abc import Callable, Sequence

GONE = "…"
LONGEST = 400  # characters of one text
SHORTEST_SECRET = 6  # characters: what is shorter would blot out half of every line
_READ = 2_000  # characters that are looked at; the rest is not shown
_SIGNED = 20  # characters from which a run of letters and digits is held for a key,
_MIXED = 32  # or a run of capitals and small letters

_ADDRESS = re.compile(r"\b([a-zA-Z][a-zA-Z0-9+.-]*)://([^\s'\"<>\\]*)")
_OURS = re.compile(r"/(c|stop|account|staff/enter)/(?!\{)[^\s'\"<>\\]+")
_BEARER = re.compile(r"\b(bearer|basic)[ :=]+[^\s'\",;]+", re.I)
_MAIL = re.compile(r"[^\s<>\"'(),;:=\[\]{}]+@[^\s<>\"'(),;\[\]{}]+")
_QUOTED = re.compile(r"'[^']*(?:'|$)|\"[^\"]*(?:\"|$)|`[^`]*(?:`|$)")
_PHONE = re.compile(r"(?<![\w.])(?:\+|\(?0)\d[\d ().-]{5,16}\d(?!\w)")
_KEY = re.compile(rf"(?:[\w-]+[.:])*[\w-]{{{_SIGNED},}}(?:[.:][\w-]+)*", re.ASCII)
_NUMBER = re.compile(r"\d{8,}")  # of a chat, a guarantee, a telephone: rows of ours are told as numbers, not in texts
_FOREIGN = re.compile(r"[^\x00-\x7f](?:[^\x00-\x7f]| (?=[^\x00-\x7f]))*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def redaction(secrets: Sequence[str]) -> Callable[[str], str]:
    """From a text to what of it may be shown. ``secrets`` are taken out wherever they stand, however they look."""
    known = sorted({one for one in secrets if len(one) >= SHORTEST_SECRET}, key=len, reverse=True)

    def redacted(text: str) -> str:
        for secret in known:
            text = text.replace(secret, GONE)
        return _shown(text)

    return redacted


def _shown(text: str) -> str:
    text = _CONTROL.sub(" ", text if len(text) <= _READ else re.sub(r"\S*\Z", "", text[:_READ]))
    text = _ADDRESS.sub(lambda found: f"{found[1]}://{_host(found[2])}{GONE}", text)
    text = _OURS.sub(rf"/\1/{GONE}", text)
    text = _BEARER.sub(rf"\1 {GONE}", text)
    text = _MAIL.sub(GONE, text)
    text = _QUOTED.sub(f"'{GONE}'", text)
    text = _PHONE.sub(GONE, text)
    text = _KEY.sub(lambda found: GONE if _is_key(found[0]) else found[0], text)
    text = _NUMBER.sub(GONE, text)
    text = _FOREIGN.sub(GONE, text)
    return text if len(text) <= LONGEST else text[:LONGEST] + GONE


def _host(rest: str) -> str:
    """Of what follows the scheme: the machine alone, without user, path and query."""
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    return f"{host}/" if host else ""


def _is_key(run: str) -> bool:
    """Words of ours are long too, with lines between them, and all of one case."""
    longest = max(re.split(r"[.:]", run), key=len)
    digits = any(char.isdigit() for char in longest)
    letters = any(char.isalpha() for char in longest)
    mixed = len(longest) >= _MIXED and not (longest.islower() or longest.isupper())
    return (digits and letters) or (digits and not letters) or mixed
