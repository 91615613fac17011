"""The days on which a company can come: asked for, read out of what it writes, read back, put to the owner."""

import re
from datetime import date, timedelta

from bot.core.case import Phase, Scene
from bot.core.days import civil
from bot.core.meaning import Context, Intent
from bot.core.moves import offer
from bot.core.outcome import Outcome
from bot.core.people import Role
from bot.core.turn import Turn
from bot.language.understand import understand
from handlers.answers import answer, ask, done, doubtful_yes, says

MANY = 10  # days that one message may offer
BETWEEN_DAYS = re.compile(r"[、,;；\n]|か(?=\d)|または|と(?=\d)|\bor\b|\band\b")
ASKS_FOR = re.compile(
    r"たい|お願い|おねがい|でしょうか|いかが|ますか|可能|ご都合|もらえ|いただけ|\b(could|can|may|would|please)\b"
)


def ask_for_days(turn: Turn) -> list[Outcome]:
    """Asked for days: three that fit their calendar are proposed, others can be typed."""
    days = _open_days(turn, _scene(turn))
    return [ask(turn, "ask_offer", "reply_ask_offer", {}, days=[day.isoformat() for day in days])]


def _open_days(turn: Turn, scene: Scene) -> list[date]:
    """Three of their own open days, some weeks ahead and before the target."""
    calendar, today = turn.person.calendar, civil(turn.now)
    latest = max(scene.case.target_on - timedelta(days=7), today + timedelta(days=14))
    first = max(today + timedelta(days=7), latest - timedelta(days=28))
    apart = min(9, (latest - first).days // 2)
    days = sorted({calendar.next_open(first + timedelta(days=apart * step)) for step in range(3)})
    return [day for day in days if day <= scene.case.target_on] or days


def these(turn: Turn) -> list[Outcome]:
    days = [_iso(text) for text in (turn.reply.action.arg if turn.reply.action else "").split(",")]
    return _offered(turn, [day for day in days if day is not None])


def _iso(text: str) -> date | None:
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def _offered(turn: Turn, days: list[date]) -> list[Outcome]:
    ahead = sorted({day for day in days if day > civil(turn.now)})[:MANY]
    if not ahead:
        return [ask(turn, "ask_offer", "reply_ask_offer", {}, days=[])]
    outcome = offer(_scene(turn), turn.person, ahead, turn.now)
    return [done(turn, outcome, "reply_offered", days=[day.isoformat() for day in ahead])]


def typed_days(turn: Turn) -> list[date]:
    """All the days in a message such as 「3/5か3/8、3/10の午後」; none if any of them is in doubt."""
    pieces = [piece for piece in BETWEEN_DAYS.split(turn.reply.text) if piece.strip()]
    meanings = [understand(piece, turn.now, Role.SERVICER, Context.ASK_DATE) for piece in pieces[: MANY * 2]]
    dated = [meaning for meaning in meanings if meaning.date is not None]
    if any(meaning.date_precision != "day" or meaning.ask for meaning in dated):
        return []
    return sorted({meaning.date for meaning in dated if meaning.date is not None})


def read_back(turn: Turn, days: list[date]) -> Outcome:
    texts = [day.isoformat() for day in days]
    return ask(turn, "confirm_offer", "reply_read_back_days", {"days": texts}, days=texts)


def confirmed(turn: Turn) -> list[Outcome]:
    shown = [date.fromisoformat(day) for day in turn.talk.data["days"]]
    if says(turn, "yes"):
        return _offered(turn, shown)
    days = typed_days(turn) if turn.reply.action is None else []
    if days:
        return [read_back(turn, days)]
    if doubtful_yes(turn):
        return [read_back(turn, shown)]
    return ask_for_days(turn) if says(turn, "no") else []


def scheduled(turn: Turn) -> list[Outcome]:
    """One day is taken for the day that is fixed with the owner, several for days on offer; both are read back.

    Another day that is only asked for, while one is fixed, is put to the owner.
    """
    case, meaning = _scene(turn).case, turn.reply.meaning
    days = [day for day in typed_days(turn) if day > civil(turn.now)]
    if not days and case.phase is Phase.FIXED and meaning is not None and meaning.intent is Intent.SCHEDULE:
        return [answer(turn, "reply_time")]  # 「10時に伺います」
    if not days:
        return agreed(turn) if meaning is None or meaning.date is None else ask_for_days(turn)
    if len(days) > 1 or turn.talk.question == "ask_offer" or _asks_for(turn, days[0]):
        return [read_back(turn, days)]
    data = {"verb": "fix", "date": days[0].isoformat()}
    return [ask(turn, "confirm_day", "reply_read_back", data, day=days[0].isoformat(), what="fix")]


def agreed(turn: Turn) -> list[Outcome]:
    """「承知しました」: the day the owner wished for is read back; where there is none, days are asked for."""
    wished = _scene(turn).case.wished_on
    if wished is None or wished <= civil(turn.now):
        return ask_for_days(turn)
    data = {"verb": "fix", "date": wished.isoformat()}
    return [ask(turn, "confirm_day", "reply_read_back", data, day=wished.isoformat(), what="fix")]


def _asks_for(turn: Turn, day: date) -> bool:
    """Whether the owner, who agreed to the day that is fixed, has still to agree to this one."""
    case = _scene(turn).case
    return case.phase is Phase.FIXED and day != case.wished_on and bool(ASKS_FOR.search(turn.reply.text))


def _scene(turn: Turn) -> Scene:
    assert turn.scene is not None
    return turn.scene
