"""The words of days and what they count; how they stand in a text is in phrases/dates.txt."""

import re
from collections.abc import Iterable
from functools import cache

from bot.core import eras
from bot.language.dates.japan import NAMES
from bot.language.text.opening import guarded
from bot.language.text.phrasebook import lines, tables


def _counted(words: str) -> dict[str, int]:
    """「先週 -1 来週 1」 as a table."""
    parts = words.split()
    return dict(zip(parts[::2], map(int, parts[1::2]), strict=True))


WEEKDAYS = "月火水木金土日"
WEEKS = _counted("先々週 -2 前々週 -2 先週 -1 前の週 -1 今週 0 この週 0 来週 1 次週 1 次の週 1 再来週 2 再々来週 3")
MONTHS_OFF = _counted("先々月 -2 前々月 -2 先月 -1 前月 -1 今月 0 当月 0 来月 1 次の月 1 再来月 2")
YEARS_OFF = _counted("一昨年 -2 おととし -2 去年 -1 昨年 -1 今年 0 本年 0 来年 1 再来年 2")
DAYS_OFF = _counted(
    "昨日の昨日 -2 一昨々日 -3 先一昨日 -3 一昨日 -2 昨日 -1 昨晩 -1 昨夜 -1 昨夕 -1 本日 0 今日 0 今朝 0 今晩 0 今夜 0"
    " 今夕 0 先ほど 0 先程 0 さきほど 0 さっき 0 たった今 0 ただいま 0 ただ今 0 つい今 0 今しがた 0 このあと 0"
    " この後 0 これから来 0 明日 1 明朝 1 明晩 1 明後日 2 明々後日 3"
)
EN_DAYS_OFF = {
    "the day before yesterday": -2,
    "yesterday": -1,
    "last night": -1,
    "today": 0,
    "this morning": 0,
    "this afternoon": 0,
    "tonight": 0,
    "just now": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}
MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
EN_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
NUMBERS = _counted("a 1 an 1 one 1 two 2 three 3 four 4 five 5 six 6 seven 7 ten 10") | {
    "couple of": 2,
    "a couple of": 2,
}
# A day by the one or the stretch named before it.
BESIDE = {"前の": "前", "前日": "前", "最終": "末", "最後": "末", "初日": "初"}

# Thirds, halves and edges of a month: first and last day, 0 for the month's last.
THIRDS = {
    "early": (1, 10),
    "mid": (11, 20),
    "late": (21, 0),
    "head": (1, 5),
    "end": (0, 0),
    "first": (1, 15),
    "second": (16, 0),
}
PARTS = {
    word: THIRDS[third]
    for third, words in {
        "early": "上旬 初旬 early",
        "mid": "中旬 半ば なかば 中頃 中ごろ 真ん中 中盤 mid middle",
        "late": "下旬 終わり おわり 終盤 late",
        "head": "頭 あたま 初め はじめ 始め 初頭 初 beginning",
        "end": "末 末日 end",
        "first": "前半",
        "second": "後半",
    }.items()
    for word in words.split()
}
PARTS_OF_MONTH = (
    "上旬|初旬|中旬|下旬|月?初め|月?頭(?!金)|あたま|はじめ|始め|初頭|前半|後半|半ば|なかば|中頃|中ごろ|真ん中|中盤|末日|末"
    "|(?:の)?(?:終わり|おわり)(?=[にのでご頃、。済や点見完実]|終わ|$)"
)
FEAST_ENDING = (
    "(?:休み|期間|連休)?中?[のがを]?(?P<feast_after>明け|過ぎ|あと(?=に)|後"
    "|終わっ(?=た(?:ら|頃|ころ|あと|後)|て(?:から|すぐ))|済ん(?=だ(?:ら|後|あと)|で(?:から|すぐ)))?"
    "(?P<feast_before>前(?!の?日)|まで(?=に))?"
)
# What must stand behind figures to make them a date, and what makes 「10日」 a length of time.
AFTER_FIGURE = r"(?=[にのではや点検完済実終予頃ごか、。!?)(~\s]|が(?:いい|良|希|よ)|から|まで|$)"
NEVER_A_DAY = (
    "(?:ほど|くらい|ぐらい|程度|程)?(?:間|かか|かけ|前(?!後)|後|以内|おき|連続|ぶり|経|待|目|がかり)"
    "|市|分|に分け|以上|未満"
)
NOT_A_DAY = f"(?!{NEVER_A_DAY}|で(?:終|完|済|でき|直)|中に(?:終|完)|(?:に|で)?[1-9]回)"
# What may stand behind a day and soften it.
AROUND = r"\s?(?:頃|ごろ|ころ|あたり|前後|近辺|くらい|ぐらい)"
UNTIL = r"(?:の?(?:中|内))?まで(?:に(?:は)?)?|\s?以内"


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


SHARED = {
    "weeks": _any(WEEKS),
    "months_off": _any(MONTHS_OFF),
    "years_off": _any(YEARS_OFF),
    "days_off": _any(DAYS_OFF),
    "en_days_off": _any(EN_DAYS_OFF),
    "numbers": _any(NUMBERS),
    "months": _any([*MONTHS, *(month[:3] for month in MONTHS), "sept"]),
    "weekdays": _any([*EN_WEEKDAYS, *(day[:3] for day in EN_WEEKDAYS), "tues", "thurs"]),
    "feasts": _any(name for name in NAMES if name != "盆"),
    "units": "日|週間?|か月間?|年間?",
    "en_parts": "early |mid[- ]|late |(?:the )?(?:end|beginning|middle) of ",
    "parts_of_month": PARTS_OF_MONTH,
    "feast_ending": FEAST_ENDING,
    "after_figure": AFTER_FIGURE,
    "not_a_day": NOT_A_DAY,
    "never_a_day": f"(?!{NEVER_A_DAY})",
}


# A day word begins with one of these; looking first makes a long text cheap to read.
LISTED = (*WEEKS, *MONTHS_OFF, *YEARS_OFF, *DAYS_OFF, *NAMES)
BEGINS = {word[0] for word in LISTED} | set(WEEKDAYS + "(年週毎第最半前中翌上初下お旧盆三連やさご末こそ閏")


def pattern() -> re.Pattern[str]:
    """All kinds of day words as one pattern; the outermost group that matched is named ``kind_`` and the kind."""
    return _pattern(eras.ERAS)


@cache
def _pattern(known: tuple[eras.Era, ...]) -> re.Pattern[str]:
    names, full = ([name.lower() for era in known for name in era.names], [era.name for era in known])
    shared = SHARED | {"eras": _any(names), "eras_in_full": _any(full)}
    kinds = [f"(?P<kind_{kind}>{'|'.join(lines(f'dates.{kind}'))})" for kind in tables("dates")]
    spelled = "|".join(guarded([re.sub("<<([a-z_]+)>>", lambda m: shared[m[1]], kind)]) for kind in kinds)
    begins = "".join(sorted(BEGINS | {name[0] for name in full}))
    return re.compile(rf"(?=[\da-z、の{re.escape(begins)}]|(?<=月))(?:{spelled})")
