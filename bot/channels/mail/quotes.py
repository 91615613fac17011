"""What a person wrote themselves, without the mail they answer and without their signature.

A table of our own: mail-parser-reply and talon know one Japanese client between them. Where it is not clear, words are
taken for quoted: an answer that is missed is asked for again, one that was never given would be believed.
"""

import re
import unicodedata

LONGEST = 4000  # characters of an answer
_LINES = 2000
_WRAPPED = 60  # columns; a quoted line this long was perhaps broken by the client, its rest without a mark
_TALKED_OF = 300  # characters of the longest line that can be anything but somebody's words

_QUOTE = re.compile(r"\s*[>＞]")
_DAY = r"\d{4}\s*(?:年|[/.-])\s*\d{1,2}\s*(?:月|[/.-])\s*\d{1,2}\s*日?"
_TIME = r"\d{1,2}\s*[:：時]\s*\d{2}"
_ADDRESS = r"<[^<>\s]+@[^<>\s]+>"
_WROTE = r"(?:のメール|wrote|さん?は書きました|が書きました|書きました|からのメール|さんからの返信)"
_LONG = tuple(  # begins in a way of its own, so that a client's line breaks do no harm
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}.{{0,40}}?{_TIME}.*{_ADDRESS}\s*[:：]?",  # Gmail
        rf"[(（]?{_DAY}.{{0,40}}?{_TIME}.*{_WROTE}\s*[:：]?",  # iPhone, Thunderbird
        rf"On .{{6,250}}{_WROTE}\s*[:：]?",  # anybody in English
    )
)
_SHORT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf".*{_ADDRESS}\s*(?:さん)?(?:の|から|は|が)?\s*{_WROTE}\s*[:：]?",
        rf".*{_TIME}.*{_WROTE}\s*[:：]",
    )
)
_SEPARATOR = re.compile(
    r"[-_=＿ー―－─━*\s]{2,}\s*(?:元のメッセージ|元のメール|元メール|転送(?:された)?メッセージ|引用(?:ここから)?|受信メール|"
    r"Original Message|Original Mail|Forwarded message|Reply Message)\s*[-_=＿ー―－─━*\s]*.*",
    re.IGNORECASE,
)
_SENDER = re.compile(r"[*\s]*(?:差出人|送信者|送信元|発信者|From)\s*[*]?\s*[:：]", re.IGNORECASE)
_HEADER = re.compile(
    r"[*\s]*(?:送信日時|送信日|日時|日付|受信日時|宛先|件名|Sent|Date|To|Cc|Subject)\s*[*]?\s*[:：]", re.IGNORECASE
)
_SENT_FROM = re.compile(
    r"(?:(?:マイ|私の)?(?:iPhone|iPad|Android|スマートフォン|スマホ|携帯|Galaxy|Xperia|Pixel|ドコモ|docomo|au|"
    r"SoftBank|ソフトバンク|楽天).{0,20}(?:から|より)(?:の)?(?:送信|返信).*|Sent from .{1,60}|"
    r".{0,30}Outlook for (?:iOS|Android|Mac).{0,80}|Yahoo!メール.{0,20}(?:から|より).*|"
    r"(?:Gmail|Spark).{0,20}(?:から|より)送信.*|"
    r"Get Outlook for .*|Windows 版のメールから送信)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"--\s?")
_RULE = re.compile(
    r"\s*([-_=＿ー―－─━＝*＊~～・･☆★◇◆■□+＋.:：。^]\s?)(?:[-_=＿ー―－─━＝*＊~～・･☆★◇◆■□+＋.:：。^\s]){5,}\s*"
)
_CARD = re.compile(
    r"TEL|FAX|電話|携帯|〒|https?://|www\.|[\w.+-]+@[\w-]+\.|株式会社|有限会社|工務店|\d{2,4}-\d{2,4}-\d{4}",
    re.IGNORECASE,
)
_CARD_LINES = 12


def own_words(text: str) -> str:
    """What stands there that is neither quoted nor signature; at most ``LONGEST`` characters."""
    lines = [line.rstrip() for line in text.split("\n")[:_LINES]]
    end, marked = _quote_begins(lines)
    below = [] if end == len(lines) or not marked else _between(lines[end:])
    kept = _unsigned(_between(lines[:end]))
    if not marked or below:
        kept = [*kept, *_unsigned(below)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()[:LONGEST].strip()


def _quote_begins(lines: list[str]) -> tuple[int, bool]:
    """The line at which somebody else's words begin, and whether each of those is marked as quoted."""
    for at, line in enumerate(lines):
        if _is(_SEPARATOR, line) or _is_header(lines, at):
            return at, False
        length = _attribution(lines, at)
        if length:
            after = next((rest for rest in lines[at + length :] if rest), "")
            return at, bool(_QUOTE.match(after))
    return len(lines), True


def _attribution(lines: list[str], at: int) -> int:
    """How many lines say that what follows was written by somebody; 0 for none."""
    for length in (1, 2, 3):
        said = " ".join(line.strip() for line in lines[at : at + length])
        if not lines[at] or len(said) > _TALKED_OF:
            return 0
        if any(pattern.fullmatch(said) for pattern in (_LONG if length > 1 else _LONG + _SHORT)):
            return length
    return 0


def _is_header(lines: list[str], at: int) -> bool:
    """Somebody's name with the other headers of their mail right below, as Outlook and carriers put them."""
    following = [line for line in lines[at + 1 : at + 7] if line]
    return bool(_SENDER.match(lines[at])) and sum(bool(_HEADER.match(line)) for line in following[:5]) >= 2


def _between(lines: list[str]) -> list[str]:
    """The lines among these that are not quoted, nor the rest of a quoted one."""
    kept = []
    last = ""
    skip = 0
    for at, line in enumerate(lines):
        skip = max(skip - 1, 0) or _attribution(lines, at)
        if not skip and not _QUOTE.match(line) and not (line and last and _width(last) >= _WRAPPED):
            kept.append(line)
        last = line if _QUOTE.match(line) else ""
    return kept


def _unsigned(lines: list[str]) -> list[str]:
    """Without what a client or a person puts below every mail."""
    kept: list[str] = []
    for at, line in enumerate(lines):
        if _is(_SIGNATURE, line) or (_is(_RULE, line) and _is_card(lines[at + 1 :])):
            break
        if not _is(_SENT_FROM, line.strip()):
            kept.append(line)
    return kept


def _is_card(lines: list[str]) -> bool:
    """A rule with nothing below it, or with a few lines that say how somebody can be reached."""
    filled = [line for line in lines if line]
    return not filled or (len(filled) <= _CARD_LINES and any(_CARD.search(line[:_TALKED_OF]) for line in filled))


def _is(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= _TALKED_OF and bool(pattern.fullmatch(line))


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line)
