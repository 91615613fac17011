"""A message's text as the platform reads it (#html-style, #sendmessage)."""

import re
from html import unescape

from engawa_fakes.telegram.refusal import bad

LONGEST = 4096  # after the markup is read, in UTF-16 units
TAGS = frozenset({"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote"}) | {
    "span",
    "tg-spoiler",
    "tg-emoji",
}
_TOKEN = re.compile(r"<(/?)([a-zA-Z-]+)(?:\s[^<>]*)?>|<|&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});|&")
_TAG = re.compile(r"<[^<>]*>")


def shown_text(text: str, parse_mode: str) -> str:
    """What a person sees. Refuses markup that does not close, unknown tags, bare < and &, nothing, and too much."""
    if parse_mode not in ("", "HTML"):
        raise bad(f"unsupported parse_mode {parse_mode!r}: this counterpart knows HTML")
    shown = _without_markup(text) if parse_mode else text
    if not shown.strip():
        raise bad("message text is empty")
    if len(shown.encode("utf-16-le")) // 2 > LONGEST:
        raise bad("message is too long")
    return shown


def _without_markup(text: str) -> str:
    opened: list[str] = []
    for found in _TOKEN.finditer(text):
        if found[0] in ("<", "&"):
            raise bad(f"can't parse entities: unescaped {found[0]} at byte offset {found.start()}")
        if found[2]:
            _tag(opened, found[2].lower(), closes=bool(found[1]))
    if opened:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag {opened[-1]}")
    return unescape(_TAG.sub("", text))


def _tag(opened: list[str], name: str, *, closes: bool) -> None:
    if name not in TAGS:
        raise bad(f'can\'t parse entities: Unsupported start tag "{name}"')
    if not closes:
        opened.append(name)
    elif not opened or opened.pop() != name:
        raise bad(f'can\'t parse entities: Unexpected end tag "{name}"')
