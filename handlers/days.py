"""Which day an owner means for a visit: picked from those on offer, named, read back."""

import re
from datetime import date, timedelta

from bot.core.case import Scene
from bot.core.days import civil
from bot.core.meaning import Intent, Meaning
from bot.core.moves import fix, wish
from bot.core.outcome import Outcome
from bot.core.turn import Turn
from handlers import reporting
from handlers.answers import answer, ask, done, doubtful_yes

MONTH = re.compile(r"月|[/／.-]|[A-Za-z]{3}")  # a month was written
ARRANGED = ("予約", "決ま", "約束", "来ます", "来る", "booked", "scheduled", "appointment")


def picked(turn: Turn, scene: Scene) -> list[Outcome]:
    """One of the offered days."""
    arg = turn.reply.action.arg if turn.reply.action else ""
    day = next((day for day in scene.case.offered if day.isoformat() == arg and day > civil(turn.now)), None)
    if day is None:
        return [answer(turn, "reply_changed")]
    return [done(turn, fix(scene, turn.person, day, turn.now))]


def asked(turn: Turn, verb: str = "wish") -> list[Outcome]:
    """No day is said yet."""
    return [ask(turn, "ask_day", "reply_ask_day", {"verb": verb})]


def said(turn: Turn) -> list[Outcome]:
    """The answer to "which day": read back before it counts; empty where no one day was said."""
    day = _clear_day(turn.reply.meaning)
    return [reporting.read_back(turn, str(turn.talk.data["verb"]), day)] if day else []


def confirmed(turn: Turn, scene: Scene, verb: str) -> list[Outcome]:
    """The answer to a day read back: it counts, or another is said, or asked for; empty where it is none."""
    if doubtful_yes(turn):
        return [reporting.read_back(turn, str(turn.talk.data["verb"]), date.fromisoformat(turn.talk.data["date"]))]
    if verb == Intent.YES:
        move = wish if turn.talk.data["verb"] == "wish" else fix
        outcome = move(scene, turn.person, date.fromisoformat(turn.talk.data["date"]), turn.now)
        return [done(turn, outcome, "reply_wished", day=turn.talk.data["date"])]
    return said(turn) or (asked(turn, str(turn.talk.data["verb"])) if verb == Intent.NO else [])


def wanted(turn: Turn, scene: Scene, meaning: Meaning) -> list[Outcome]:
    """A day to fix or to wish for, out of the blue."""
    day = _clear_day(meaning)
    if day is None:
        return asked(turn, "fix" if meaning.intent is Intent.SCHEDULE else "wish")
    return [reporting.read_back(turn, *_meant(turn, scene, day))]


def suiting(turn: Turn, scene: Scene, meaning: Meaning) -> list[Outcome]:
    """Which weekday suits is no day yet: of the days on offer one is chosen, otherwise one is asked for."""
    if scene.case.offered:
        return [answer(turn, "reply_help")]
    first = meaning.date if meaning.date_precision == "day" else None
    day = (first + timedelta(weeks=1)).isoformat() if first else ""  # for example: the company has to plan it, too
    return [ask(turn, "ask_day", "reply_ask_weekday", {"verb": "wish"}, day=day)]


def _clear_day(meaning: Meaning | None) -> date | None:
    return meaning.date if meaning and meaning.date_precision == "day" and not meaning.ask else None


def _meant(turn: Turn, scene: Scene, day: date) -> tuple[str, date]:
    """What a typed day is for: one of the days on offer is chosen, also where only its number was written."""
    offered = scene.case.offered
    alike = [each for each in offered if each.day == day.day]
    if day not in offered and len(alike) == 1 and not MONTH.search(turn.reply.text):
        day = alike[0]
    return ("fix" if day in offered or _arranged(turn) else "wish"), day


def _arranged(turn: Turn) -> bool:
    """Whether they tell of a day that is settled with the company, not of one they would like."""
    return any(word in turn.reply.text for word in ARRANGED)
