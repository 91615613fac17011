"""Header lines as bytes, RFC 2047 words where the text needs them and nothing that could end a line early; and back."""

import re
from binascii import a2b_base64, a2b_qp, b2a_base64

from bot.channels.mail.address import Mailbox
from bot.channels.mail.charsets import text_of

_BREAKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_PLAIN = re.compile(r"[ -~]{0,60}")
_PLAIN_NAME = re.compile(r"[ !#-\[\]-~]{1,60}")  # printable ASCII that may stand between quotes as it is
_WORD = re.compile(r"=\?([!->@-~]{1,40})\?([bq])\?([!->@-~]*)\?=", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"(?<=\?=)\s+(?==\?)")
_WORD_BYTES = 39  # 64 columns once encoded: with the longest field name before it still below RFC 2047's 76
_LINE = 76


def text_line(field: str, text: str) -> bytes:
    """One unstructured header (Subject). Any run of spaces, control characters and line breaks is one space."""
    text = _BREAKS.sub(" ", text).strip()
    if _PLAIN.fullmatch(text) and "=?" not in text:
        return f"{field}: {text}\r\n".encode("ascii")
    return f"{field}: {encoded(text)}\r\n".encode("ascii")


def mailbox_line(field: str, mailbox: Mailbox) -> bytes:
    """One address header (From, To); the address must have passed ``smtp_address``."""
    name = _BREAKS.sub(" ", mailbox.name).strip()
    if not name:
        return f"{field}: {mailbox.address}\r\n".encode("ascii")
    plain = _PLAIN_NAME.fullmatch(name) and "=?" not in name
    shown = f'"{name}"' if plain else encoded(name)
    last = len(field) + 2 + len(shown) if "\r\n" not in shown else len(shown) - shown.rindex("\r\n") - 2
    fold = "\r\n" if last + len(mailbox.address) + 3 > _LINE else ""
    return f"{field}: {shown}{fold} <{mailbox.address}>\r\n".encode("ascii")


def encoded(text: str) -> str:
    """RFC 2047 words, folded one per line, none of them cutting a character in two."""
    data = text.encode("utf-8", "replace")
    words = []
    start = 0
    while start < len(data):
        end = min(start + _WORD_BYTES, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        words.append(f"=?utf-8?b?{b2a_base64(data[start:end], newline=False).decode('ascii')}?=")
        start = end
    return "\r\n ".join(words)


def decoded(value: object) -> str:
    """A header as people read it, from how it came: RFC 2047 words of any charset, bytes of none, folded or not."""
    text = re.sub(r"\r?\n(?=[ \t])", "", str(value))
    if not text.isascii():
        text = text_of(text.encode("utf-8", "surrogateescape"), "")
    text = _BETWEEN_WORDS.sub("", text)
    return _BREAKS.sub(" ", _WORD.sub(_word, text)).strip()


def _word(found: re.Match[str]) -> str:
    charset, form, content = found[1].partition("*")[0], found[2].lower(), found[3]
    try:
        data = a2b_base64(content + "=" * (-len(content) % 4)) if form == "b" else a2b_qp(content, header=True)
    except ValueError:
        return found[0]
    return text_of(data, charset)
