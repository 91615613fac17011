"""How many replies are understood in a second on one core, and how long the longest of texts takes."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice

from bot.cli.bench.figures import Figure, Measured, Size, Tell, interleaved
from bot.core.days import morning
from bot.core.meaning import Context
from bot.language.understand import understand
from scheduler.clock import monotonic

TOPIC = "understand"
NOW = morning(date(2027, 1, 18), 10)
LONG = 100_000  # bytes
SAID = (  # by whom, after which question; the date is another one every time
    ("owner", Context.REMINDER_DUE, "終わりました"),
    ("owner", Context.REMINDER_DUE, "{date}に終わりました。異常なしでした"),
    ("owner", Context.REMINDER_DUE, "まだです。来週業者に来てもらいます"),
    ("owner", Context.OVERDUE, "忙しくてまだできていません。すみません"),
    ("owner", Context.ASK_DATE, "{date}の午後でお願いします"),
    ("owner", Context.ASK_DATE, "来月の第2土曜はどうでしょうか"),
    ("owner", Context.CONFIRM_DATE, "はい、それで大丈夫です"),
    ("owner", Context.ASK_RESULT, "特に問題はないと言われました"),
    ("owner", Context.ASK_CONSENT, "同意します"),
    ("owner", Context.NONE, "メールの配信を止めてください"),
    ("owner", Context.NONE, "費用はいくらかかりますか？"),
    ("owner", Context.NONE, "担当の方と電話で話したいです"),
    ("owner", Context.NONE, "天井から雨漏りしているようです。見てもらえますか"),
    ("servicer", Context.ASK_DATE, "{date}、10時にうかがいます"),
    ("servicer", Context.ASK_RESULT, "{date}に点検実施、外壁にひび割れ1か所、要補修です"),
    ("servicer", Context.OVERDUE, "お客様のご都合で{date}に延期になりました"),
    ("owner", Context.REMINDER_DUE, "The inspection was done on {date}, no problems found."),
    ("owner", Context.NONE, "👍"),
)
REPEATED = ("点検は終わりました。", "10月3日", "あ", "1", "来週の", "\n", "異常なし、要補修、")


async def measure(size: Size, tell: Tell) -> Measured:
    """Both figures."""
    tell("replies are read")
    await _rate(len(SAID))  # the tables of phrases become patterns once in a process's life: no round is to pay for it
    found = await interleaved({"replies": lambda: _rate(size.messages), "longest": _longest})
    return [
        Figure(TOPIC, "replies understood on one core", "replies/s", found["replies"], wanted="≥ 2,000"),
        Figure(TOPIC, f"the slowest text of {LONG:,} bytes", "s", found["longest"], wanted="< 1"),
    ]


def replies(count: int) -> Iterator[tuple[str, Context, str]]:
    """So many replies, no two dates alike in a row."""
    for n, (role, context, text) in enumerate(islice(cycle(SAID), count)):
        day = NOW.date() + timedelta(days=n % 300 - 150)
        yield role, context, text.format(date=f"{day.month}月{day.day}日")


async def _rate(count: int) -> float:
    said = list(replies(count))
    begun = monotonic()
    for role, context, text in said:
        understand(text, NOW, role, context)
    return len(said) / (monotonic() - begun)


async def _longest() -> float:
    return max(_seconds(piece * (LONG // len(piece.encode()))) for piece in REPEATED)


def _seconds(text: str) -> float:
    begun = monotonic()
    understand(text, NOW, "owner", Context.NONE)
    return monotonic() - begun
