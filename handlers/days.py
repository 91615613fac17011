"""Which day an owner means for a visit: picked from those on offer, named, read back."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.case import Phase, Scene
from bot.core.course import visits
from bot.core.days import civil
from bot.core.meaning import Intent, Meaning
from bot.core.moves import call_off, fix, wish
from bot.core.outcome import Outcome
from bot.core.turn import Turn
from bot.language import doubts
from bot.language.dates import span
from bot.language.named_days import named_days
from handlers import reporting
from handlers.answers import answer, ask, done, doubtful_yes

MONTH = re.compile(r"月|[/／.-]|[A-Za-z]{3}")  # a month was written
CHOICE = 4  # days between which they may choose with one tap
ASKED_FOR = {  # why no day can be read back: said with the question for one
    span.NO_SUCH_DATE: "no_such_date",
    span.ROUGHLY: "roughly",
    doubts.NOT_FIXED: "not_fixed",
    doubts.SOME_TIME: "not_fixed",
    doubts.CONTACTED: "not_fixed",
}
SEVERAL = frozenset({doubts.TWO_DATES, span.SEVERAL_DAYS, doubts.TWO_READINGS})
ARRANGED = ("予約", "決ま", "約束", "来ます", "来る", "booked", "scheduled", "appointment")


def picked(turn: Turn, scene: Scene) -> list[Outcome]:
    """One of the offered days."""
    arg = turn.reply.action.arg if turn.reply.action else ""
    day = next((day for day in scene.case.offered if day.isoformat() == arg and day > civil(turn.now)), None)
    if day is None:
        return [answer(turn, "reply_changed")]
    return [done(turn, fix(scene, turn.person, day, turn.now))]


def asked(turn: Turn, verb: str = "wish", doubt: str = "") -> list[Outcome]:
    """No day is said yet, or none that can be."""
    return [ask(turn, "ask_day", "reply_ask_day", {"verb": verb}, doubt=doubt)]


def lacking(scene: Scene, now: datetime) -> bool:
    """Whether a visit's date has passed with no day settled, on offer or wished for: the next to ask is which day."""
    case = scene.case
    settled = case.phase is not Phase.ARRANGING or case.offered or case.wished_on
    return visits(case) and not settled and case.target_on < civil(now)


def asked_after(turn: Turn, outcome: Outcome) -> list[Outcome]:
    """Which day suits, in answer to what led to ``outcome``."""
    question = asked(turn)[0]
    return [replace(done(turn, outcome, "reply_ask_day", doubt=""), talk=question.talk)]


def said(turn: Turn, scene: Scene) -> list[Outcome]:
    """The answer to "which day": one that is typed is read back before it counts; empty where no day was said."""
    verb, tapped = str(turn.talk.data["verb"]), turn.reply.action
    if tapped is not None:
        return _kept(turn, scene, verb, tapped.arg) if tapped.verb == "day" else []
    meaning = turn.reply.meaning
    day = _clear_day(meaning)
    if day is None and meaning is not None and meaning.date is not None and meaning.why != doubts.CONSTRAINT:
        return _which(turn, verb, meaning)
    return [reporting.read_back(turn, verb, day)] if day else []


def doubted(turn: Turn, scene: Scene, meaning: Meaning) -> list[Outcome]:
    """A day in doubt, out of the blue: between several they choose, one is read back, none is asked for."""
    day = meaning.date if meaning.date_precision == "day" and meaning.why not in ASKED_FOR else None
    verb, _ = _meant(turn, scene, day or civil(turn.now))
    return _which(turn, verb, meaning)


def _which(turn: Turn, verb: str, meaning: Meaning) -> list[Outcome]:
    named = _meant_days(turn, meaning)
    if len(named) > 1:
        texts = [day.isoformat() for day in named]
        return [ask(turn, "ask_day", "reply_choose_day", {"verb": verb}, days=texts)]
    if named:
        return [reporting.read_back(turn, verb, named[0])]
    return asked(turn, verb, ASKED_FOR.get(meaning.why, ""))


def _meant_days(turn: Turn, meaning: Meaning) -> list[date]:
    """The days that an owner may mean, where their words leave it open: 「火曜か木曜」「今度の金曜」."""
    if meaning.date is None or meaning.date_precision != "day" or meaning.why in ASKED_FOR:
        return []
    if meaning.why == span.THIS_OR_NEXT:
        return [meaning.date, meaning.date + timedelta(weeks=1)]
    several = named_days(turn.reply.text, turn.now) if meaning.why in SEVERAL else ()
    return list(several or [meaning.date])[:CHOICE]


def _kept(turn: Turn, scene: Scene, verb: str, text: str) -> list[Outcome]:
    """A day that they chose: they saw it with its weekday. One that has passed since is asked anew."""
    move, day = wish if verb == "wish" else fix, date.fromisoformat(text)
    if day <= civil(turn.now):
        return [ask(turn, "ask_day", "reply_day_past", {"verb": verb}, day=text)]
    return [done(turn, move(scene, turn.person, day, turn.now), "reply_wished", day=text)]


def confirmed(turn: Turn, scene: Scene, verb: str) -> list[Outcome]:
    """The answer to a day read back: it counts, or another is said, or asked for; empty where it is none."""
    if doubtful_yes(turn):
        return [reporting.read_back(turn, str(turn.talk.data["verb"]), date.fromisoformat(turn.talk.data["date"]))]
    if verb == Intent.YES:
        return _kept(turn, scene, str(turn.talk.data["verb"]), str(turn.talk.data["date"]))
    return said(turn, scene) or (asked(turn, str(turn.talk.data["verb"])) if verb == Intent.NO else [])


def wanted(turn: Turn, scene: Scene, meaning: Meaning) -> list[Outcome]:
    """A day to fix or to wish for, out of the blue."""
    day = _clear_day(meaning)
    if day is None and meaning.intent is Intent.RESCHEDULE and _is_to_come(scene, turn.now):
        return _called_off(turn, scene)
    if day is None:
        return asked(turn, "fix" if meaning.intent is Intent.SCHEDULE else "wish")
    return [reporting.read_back(turn, *_meant(turn, scene, day))]


def _is_to_come(scene: Scene, now: datetime) -> bool:
    day = scene.case.visit_on
    return scene.case.phase is Phase.FIXED and day is not None and day >= civil(now)


def _called_off(turn: Turn, scene: Scene) -> list[Outcome]:
    """Whoever cannot on the fixed day has called it off, also before they know another."""
    question, day = asked(turn)[0], scene.case.visit_on
    outcome = call_off(scene, turn.person, turn.now)
    said = done(turn, outcome, "reply_called_off", day=day.isoformat() if day else "")
    return [replace(said, talk=question.talk)]


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
