"""How a person wishes to be written to: between which hours, and in which language.

Words bring up a choice of hours, with those that they name put first; only the choice itself changes anything.
"""

import re

from bot.core.meaning import Intent
from bot.core.outcome import Change, Deed, Outcome
from bot.core.turn import Turn
from bot.language.text.normal import normalise, own_words
from handlers.answers import answer, done, house_of

Hours = tuple[int, int]
USUAL: tuple[Hours, ...] = ((9, 17), (9, 12), (12, 17), (10, 18), (17, 21))
EARLIEST, LATEST = 6, 23  # o'clock: nobody is helped by hours outside these
LANGUAGES = ("ja", "en")
# Who clearly says one of these speaks of the hours of a visit or of a call.
BESIDES = frozenset({Intent.DONE, Intent.PROBLEM, Intent.HUMAN, Intent.SCHEDULE, Intent.RESCHEDULE, Intent.CHANGE})
OF_MESSAGES = re.compile(
    r"送って|送ら|送る|届|連絡|通知|知らせ|メール|メッセージ|line|ライン|\b(message|send|notify|write|contact|text|mail)"
)
PART = r"(夜|夜中|早朝|朝|昼|夕方|午前|午後|\d時(以降|より|前|過ぎ|まで)|\b(night|evening|morning|afternoon)s?)"
SENT_THEN = re.compile(
    rf"{PART}[^。、\n]{{0,8}}?(送|届|通知|鳴ら|(連絡|メール|line|ライン|電話)(し|を|は))"
    rf"|(連絡|通知|知らせ|メール|メッセージ|line|ライン)(は|を)[^。、\n]{{0,8}}?{PART}"
    rf"|\b(message|send|notify|write|contact|text|mail)\b.{{0,20}}{PART}"
)
WISH = re.compile(
    r"ないで|な($|。)|やめ|控え|だけ|のみ|にして|ください|下さい|ほしい|欲しい|困|お願い|\b(please|only|don't|not|never)\b"
)
CLOCK = r"(午前|午後|朝|夜|夕方)?(\d{1,2})(?:時|:00|am|pm)?"
BETWEEN = re.compile(rf"{CLOCK}(?:から|~|-|より| to | and ){CLOCK}")
IN_ENGLISH = re.compile(r"英語(で|に)|\bin english\b|^english( please)?$")
IN_JAPANESE = re.compile(r"日本語(で|に)(お願い|して|変え|戻し)|\bin japanese\b")


def asked_for(turn: Turn) -> list[Outcome]:
    """Words about hours or language; nothing for other words."""
    meaning = turn.reply.meaning
    if meaning is not None and (meaning.date is not None or (meaning.intent in BESIDES and not meaning.ask)):
        return []
    words = normalise(own_words(turn.reply.text))
    if IN_ENGLISH.search(words) or IN_JAPANESE.search(words):
        return _speak(turn, "en" if IN_ENGLISH.search(words) else "ja")
    named = _named(words)
    about_hours = SENT_THEN.search(words) or (named and OF_MESSAGES.search(words))
    return _choice(turn, named) if about_hours and WISH.search(words) else []


def hours(turn: Turn) -> list[Outcome]:
    """The hours that were chosen, or the choice."""
    chosen = read_hours(turn.reply.action.arg if turn.reply.action else "")
    if chosen is None:
        return _choice(turn, None)
    start, end = chosen
    data = {"person_id": turn.person.id, "hour_from": start, "hour_until": end}
    deed = Deed("hours_chosen", turn.person.id, {"from": start, "until": end})
    outcome = Outcome(house_of(turn), deeds=(deed,), changes=(Change("person_set", data),))
    return [done(turn, outcome, "reply_hours_set", start=start, end=end)]


def language(turn: Turn) -> list[Outcome]:
    """The language that was chosen."""
    chosen = turn.reply.action.arg if turn.reply.action else ""
    return _speak(turn, chosen) if chosen in LANGUAGES else [answer(turn, "reply_over")]


def read_hours(text: str) -> Hours | None:
    """9-17 → (9, 17); None for what are no hours."""
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", text)
    return _possible(int(match[1]), int(match[2])) if match else None


def _speak(turn: Turn, chosen: str) -> list[Outcome]:
    data = {"person_id": turn.person.id, "language": chosen}
    deed = Deed("language_chosen", turn.person.id, {"language": chosen})
    outcome = Outcome(house_of(turn), deeds=(deed,), changes=(Change("person_set", data),))
    return [done(turn, outcome, "reply_language_set")]


def _choice(turn: Turn, named: Hours | None) -> list[Outcome]:
    found = dict.fromkeys([*([named] if named else []), *USUAL])
    start, end = turn.person.hours
    return [answer(turn, "reply_hours", start=start, end=end, ranges=[f"{first}-{last}" for first, last in found])]


def _named(words: str) -> Hours | None:
    match = BETWEEN.search(words)
    if match is None:
        return None
    start, end = _hour(match[1], match[2]), _hour(match[3], match[4])
    return _possible(start, end) or _possible(start, end + 12)


def _hour(half: str | None, text: str) -> int:
    hour = int(text)
    return hour + 12 if half in ("午後", "夜", "夕方") and hour < 12 else hour


def _possible(start: int, end: int) -> Hours | None:
    return (start, end) if EARLIEST <= start < end <= LATEST else None
