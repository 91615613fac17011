"""One spelling for what people write in many: width, kana, typos, dashes, spaces, quoted mail."""

import re
import unicodedata
from functools import cache

from bot.language.text import numerals, spelling
from bot.language.text.opening import guarded
from bot.language.text.phrasebook import lines

KANA_SHIFT = ord("ア") - ord("あ")

INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), 0x2060, 0xFEFF, *range(0xFE00, 0xFE10), 0xAD, *range(0x1F3FB, 0x1F400)]
)
MARKS = str.maketrans(
    dict.fromkeys(spelling.DASHES, "-")
    | dict.fromkeys(spelling.TILDES, "~")
    | dict.fromkeys('「」『』“”‘’«»【】"`', "")
    | {"。": "。", "．": ".", "!": "!", "\r": "\n", "\t": " ", "…": "。", "‥": "。", "・": "・"}
)

QUOTED_LINE = re.compile(r"^[ \t]*(?:[>＞]|&gt;).*$", re.MULTILINE)
QUOTE_HEADER = re.compile(
    r"^(?:-{2,}\s*(?:Original Message|元のメッセージ|転送|Forwarded).*|On .{5,100} wrote:"
    r"|\d{4}年\d{1,2}月\d{1,2}日.{0,20}\d{1,2}:\d{2}.{0,60}[:：]|(?:差出人|From|送信者)\s*[:：].*|-- ?)\s*$",
    re.MULTILINE | re.IGNORECASE,
)

# 「終わりました特に…」: a finished sentence runs on into the next, unless the next word is what it qualifies.
PLAIN_DAYS = "ついたち|ふつか|みっか|よっか|むいか|ここのか|とおか"
QUALIFIED = "旨件日時際場通点方頃分者為次以結物所人業内箇事案故様後前間"
RUN_ON = re.compile(f"(?:(?<=ました)|(?<=ません)|(?<=でした)|(?<=です))(?=[一-龥])(?![{QUALIFIED}])")
KATAKANA = re.compile("[ァ-ヴー]{2,}")
SPEECH = re.compile("|".join(spelling.KATAKANA_SPEECH))
# Loanwords in hiragana, whose ー is no drawl.
LOANWORDS = {"めーる": "メール", "めっせーじ": "メッセージ", "らいん": "ライン", "りまいんど": "リマインド"}
LOANWORD = re.compile("|".join(LOANWORDS))
NEGATION = re.compile("ねぇ(?=で|っす|す|よ|んだ|から|けど|わ)")
DRAWL = re.compile(r"(?<=[ぁ-ん])[ー~]+(?![\d])|(?<=[ぁ-ん一-龥])[ぁぃぅぇぉ](?!わ[りっるら]|[ぁ-ん一-龥]?\d)")
# What may stand behind a month in kana: 「業者さんがつながらない」 names none.
BARE_MONTH = "(?=[にのはで、。!?中末上下初頃頭]|ごろ|ころ|まで|から|以降|あたり|やり|点検|$)"
HESITATION = re.compile("う[ー~]+ん")
DIGIT_DASH = re.compile(r"(?<=\d)[ー‐](?=\d)")
DIGIT_GAP = re.compile(r"(?<=\d) +(?=[年月日時分週/])|(?<=[年月/]) +(?=\d)")
ARROW = re.compile(" ?(?:→|⇒|->|=>) ?")
MAILBOX = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6} ?", re.ASCII)
KANJI = re.compile("[一-龥]")
KANA_GAP = re.compile(r"(?<=[ぁ-んー])(?<!ます|です|はい|いえ)(?<!ました|ません|でした) +(?=[ぁ-ん])")
WIDE_GAP = re.compile(r"(?<=[^\x00-\x7f]) +(?=[^ ])|(?<=[^ ]) +(?=[^\x00-\x7f])")
LOOKALIKE = re.compile(r"(?<![a-z])[lio|]+(?=\d+[月日年/])|(?<=\d)[lo](?=[月日年/\d])|(?<![a-z])[l|]{1,2}(?=月\d)")


@cache
def _spellings() -> tuple[re.Pattern[str], list[tuple[re.Pattern[str], str]]]:
    """One pattern that says whether anything must be respelled, and the lines one by one."""
    pairs = [line.split(" → ") for line in lines("spelling.spellings")]
    needed = re.compile(guarded(f"(?:{left})" for left, _ in pairs))
    return needed, [(re.compile(left), right) for left, right in pairs]


@cache
def _kana_dates() -> re.Pattern[str]:
    return re.compile(
        "(?P<month>" + "|".join(sorted(spelling.KANA_MONTHS, key=len, reverse=True)) + ")"
        f"(?:[、 ]?の?(?P<day>{'|'.join(sorted(_kana_days(), key=len, reverse=True))})|{BARE_MONTH})"
    )


@cache
def _bare_kana_days() -> re.Pattern[str]:
    """「来月のなのかに」: a day in kana behind a month that is named otherwise, or one that can be nothing else."""
    days = "|".join(sorted(_kana_days(), key=len, reverse=True))
    return re.compile(f"(?<=[今来先]月の)(?:{days})(?=[にはでの、。]|です|$)|(?<![ぁ-ん])(?:{PLAIN_DAYS})")


@cache
def _kana_days() -> dict[str, int]:
    days = {word: n for n, word in enumerate(spelling.KANA_DAYS, 1)} | {
        "はつか": 20,
        "じゅうよっか": 14,
        "にじゅうよっか": 24,
    }
    for tens, word in spelling.KANA_TENS.items():
        for n, units in enumerate(spelling.KANA_UNITS):
            days |= {word + unit + "にち": tens + n for unit in units.split() or [""] if 0 < tens + n <= 31}
    return days


def own_words(text: str) -> str:
    """What the person wrote, without quoted mail below it; the whole text where nothing else is left."""
    header = QUOTE_HEADER.search(text)
    own = QUOTED_LINE.sub("", text[: header.start()] if header else text)
    return own if own.strip() else text


def tidy(text: str) -> str:
    """NFKC and one kind of dash, tilde and line end; names keep their letters."""
    text = unicodedata.normalize("NFKC", text.translate(INVISIBLE))
    return text.translate(MARKS)


def normalise(text: str) -> str:
    """The spelling that every rule of this package reads. Tildes and dashes between figures keep their meaning."""
    text = tidy(text).lower()
    text = MAILBOX.sub("アドレス", text)
    text = _speech_to_hiragana(text)
    text = DIGIT_DASH.sub("-", text)
    text = HESITATION.sub("ううむ", text)
    text = LOANWORD.sub(lambda m: LOANWORDS[m[0]], text)
    text = DRAWL.sub("", NEGATION.sub("ねえ", text)).replace("ぉわ", "おわ")
    text = DIGIT_GAP.sub("", text)
    text = RUN_ON.sub("。", ARROW.sub("→", text))
    text = _without_gaps(text).strip()
    text = _kana_dates().sub(_kana_date, text)
    text = _respell(text)
    text = _bare_kana_days().sub(lambda m: f"{_kana_days()[m[0]]}日", text)
    text = LOOKALIKE.sub(lambda m: "".join(spelling.LOOKALIKES[c] for c in m[0]), text)
    return numerals.to_digits(text)


def _without_gaps(text: str) -> str:
    """A gap between words is a comma; in kana alone it only parts the words, unless a sentence ends before it."""
    if KANJI.search(text):
        return WIDE_GAP.sub("、", text)
    return WIDE_GAP.sub("、", KANA_GAP.sub("", text))


def _speech_to_hiragana(text: str) -> str:
    if not SPEECH.search(text):
        return text
    whole = not re.search("[ぁ-ん]", text)
    return KATAKANA.sub(lambda m: _hiragana(m[0]) if whole or SPEECH.search(m[0]) else m[0], text)


def _hiragana(run: str) -> str:
    return "".join(chr(ord(c) - KANA_SHIFT) if "ァ" <= c <= "ン" else c for c in run)


def _respell(text: str) -> str:
    needed, respellings = _spellings()
    if not needed.search(text):
        return text
    for pattern, right in respellings:
        text = pattern.sub(right, text)
    return text


def _kana_date(match: re.Match[str]) -> str:
    month = spelling.KANA_MONTHS.index(match["month"]) + 1
    day = match["day"]
    return f"{month}月" + (f"{_kana_days()[day]}日" if day else "")
