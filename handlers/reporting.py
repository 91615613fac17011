"""Done: on which day, by whom, with what result. What is missing is asked; a typed date is always read back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.core.case import Phase, Report, Result, Scene
from bot.core.closing import entrusted, noted, reported
from bot.core.course import checked_by_owner, visits
from bot.core.days import civil
from bot.core.meaning import Context, Intent, Meaning
from bot.core.moves import matter
from bot.core.outcome import Outcome, Talk
from bot.core.people import Role
from bot.core.roster import OLD_DAYS
from bot.core.turn import Turn
from bot.language.doubts import DATE_ALONE, DAY_GONE
from bot.language.performer import by_somebody
from bot.language.understand import understand
from handlers.answers import answer, ask, done, doubtful_yes
from handlers.files import follows, kept

CHECK = "ask_check"  # what owners checked themselves stands on a photo or on the list they went through
QUESTIONS = frozenset({"ask_date", "confirm_date", "ask_result", CHECK})
SAID_OF_IT = frozenset({Intent.DONE, Intent.YES, Intent.NO})  # a day named with these is the day on which it was done
ASIDE = "・"  # between the numbers of several houses
UNCLEAR = frozenset({Intent.OTHER, Intent.YES, Intent.DONE})
TOLD = re.compile(r"言われ|言うて|いわれ|指摘|とのこと|そうです|見つか|\b(told|found|said)\b")
AHEAD = frozenset({"ask_day", "confirm_day", "ask_offer", "confirm_offer"})  # questions for a day to come


def start(turn: Turn, scenes: Sequence[Scene], meaning: Meaning) -> list[Outcome]:
    """Somebody says in words that it is done: for one case or, by name, for several."""
    day = meaning.date if meaning.date_precision == "day" else None
    data = {
        "cases": [scene.case.id for scene in scenes],
        "date": day.isoformat() if day else "",
        "result": meaning.result or "",
        "performer": meaning.performer or _somebody(turn),
        "evidence": [*kept(turn), *turn.reply.evidence],
    }
    if day is None and meaning.date is None:
        data["proposed"] = _proposed(turn, scenes)
    return step(turn, scenes, data)


def _somebody(turn: Turn) -> str:
    """A person who did it in the company's place, as an owner tells; empty where none is named."""
    return by_somebody(turn.reply.text) if turn.person.role is Role.OWNER else ""


def day_alone(turn: Turn, scene: Scene) -> bool:
    """Whether a day alone tells when it was done, so that it can be read back: gone by, or once we ask if it is done.

    While a day to come is asked for, one that lies on either side tells nothing of the kind.
    """
    meaning = turn.reply.meaning
    if meaning is None or meaning.intent is not Intent.DONE or meaning.date_precision != "day":
        return False
    asked = scene.case.phase is Phase.CONFIRMING and turn.talk.question not in AHEAD
    return meaning.why == DAY_GONE or (asked and meaning.why == DATE_ALONE)


def how_it_went(turn: Turn, scene: Scene) -> list[Outcome]:
    """「大丈夫でした」 to how the visit went is its result; a defect counts as one where somebody was told of it."""
    meaning, text = turn.reply.meaning, turn.reply.text
    asked = scene.case.phase is Phase.CONFIRMING and not turn.talk.question
    if meaning is None or meaning.topic or not asked or scene.case.report_of(turn.person.role):
        return []
    told = TOLD.search(text) if meaning.intent is Intent.PROBLEM else meaning.ask and meaning.intent in UNCLEAR
    again = understand(text, turn.now, turn.person.role, Context.ASK_RESULT) if told else meaning
    found = again is not meaning and again.intent is Intent.DONE and again.result and not again.ask
    return start(turn, [scene], again) if found else []


def already(turn: Turn, scene: Scene) -> list[Outcome]:
    """It was done some time ago: when, and with what result, is asked."""
    return step(turn, [scene], {"cases": [scene.case.id], "evidence": kept(turn)})


def tapped(turn: Turn, scene: Scene, result: Result) -> list[Outcome]:
    """One tap on the question of the day after: it carried date and company, so it answers everything.

    The date is the one they were shown: the other side may have told of another since.
    """
    data = {"cases": [scene.case.id], "result": result, "performer": "", "evidence": kept(turn)}
    day = _day({"date": turn.reply.action.arg if turn.reply.action else ""}) or scene.case.visit_on
    if day is None or day > civil(turn.now):
        return step(turn, [scene], data | {"date": ""})
    return step(turn, [scene], data | {"date": day.isoformat(), "sure": True})


def today(turn: Turn, scene: Scene, result: Result) -> list[Outcome]:
    """An item that owners look after themselves, checked today."""
    data = {"cases": [scene.case.id], "date": civil(turn.now).isoformat(), "sure": True, "result": result}
    return step(turn, [scene], data | {"performer": "", "evidence": kept(turn)})


def go_on(turn: Turn, scenes: Sequence[Scene]) -> list[Outcome] | None:
    """The answer to one of our questions about a report; None if this is about something else."""
    data, meaning, action = dict(turn.talk.data), turn.reply.meaning, turn.reply.action
    data["evidence"] = [*data.get("evidence", ()), *turn.reply.evidence]
    if action is not None:
        return _tapped_answer(turn, scenes, data, action.verb, action.arg)
    if turn.talk.question == CHECK:
        return _checked(turn, scenes, data)
    if meaning is None:
        return None
    if meaning.intent in SAID_OF_IT and meaning.date is not None and meaning.date_precision == "day":
        said = "" if meaning.ask else meaning.result  # the day is read back, whatever else was in doubt is asked
        data |= {"date": meaning.date.isoformat(), "sure": False, "result": said or data.get("result", "")}
        return step(turn, scenes, data)
    if turn.talk.question == "confirm_date" and doubtful_yes(turn):
        return step(turn, scenes, data)
    if turn.talk.question == "confirm_date" and meaning.intent in (Intent.YES, Intent.NO):
        return _tapped_answer(turn, scenes, data, meaning.intent, "")
    if turn.talk.question == "ask_result" and meaning.result and not meaning.ask:
        return step(turn, scenes, data | {"result": meaning.result})
    if meaning.intent is Intent.DONE and meaning.result and not meaning.ask:
        return step(turn, scenes, data | {"result": meaning.result})  # said early: kept until the day is agreed
    if meaning.intent is Intent.DONE:
        return [_ask_again(turn, scenes, data)]
    return None


def _checked(turn: Turn, scenes: Sequence[Scene], data: Mapping[str, Any]) -> list[Outcome] | None:
    """A photo, or the word that they have seen it all."""
    meaning = turn.reply.meaning
    intent = meaning.intent if meaning else Intent.OTHER
    if intent in (Intent.YES, Intent.DONE) and not (meaning and meaning.ask):
        return step(turn, scenes, {**data, "checked": True})
    if intent in UNCLEAR:
        return step(turn, scenes, data)
    return None


def _tapped_answer(
    turn: Turn, scenes: Sequence[Scene], data: Mapping[str, Any], verb: str, arg: str
) -> list[Outcome] | None:
    if verb == "yes":
        return step(turn, scenes, {**data, "date": data.get("date") or data.get("proposed", ""), "sure": True})
    if verb == "no":
        return step(turn, scenes, {**data, "date": "", "proposed": ""})
    if verb == "day":
        return step(turn, scenes, {**data, "date": arg, "sure": True})
    if verb == "checked":
        return step(turn, scenes, {**data, "checked": True})
    if verb in ("result_ok", "result_issues"):
        return step(turn, scenes, {**data, "result": verb.removeprefix("result_")})
    return None


def _ask_again(turn: Turn, scenes: Sequence[Scene], data: Mapping[str, Any]) -> Outcome:
    return _ask_date(turn, scenes, data) if not data.get("date") else _ask_result(turn, scenes, data)


def step(turn: Turn, scenes: Sequence[Scene], data: Mapping[str, Any]) -> list[Outcome]:
    """The next thing that is missing is asked; when nothing is, the report is taken."""
    turn = replace(turn, scene=scenes[0]) if scenes else turn
    day = _day(data)
    if day is None and data.get("proposed"):
        return [_read_done(turn, scenes, data, data["proposed"])]
    if day is None:
        return [_ask_date(turn, scenes, data)]
    refused = _refused(turn, scenes, day, data)
    if refused is not None:
        return refused
    if not data.get("sure"):
        return [_read_done(turn, scenes, data, day.isoformat())]
    if not data.get("result"):
        return [_ask_result(turn, scenes, data)]
    if any(checked_by_owner(scene.case) for scene in scenes) and not (data.get("evidence") or data.get("checked")):
        return [ask(turn, CHECK, "reply_self_check", data, day=day.isoformat())]
    outcomes = [_report(turn, scene, day, data) for scene in scenes]
    return outcomes if len(outcomes) == 1 else [replace(each, talk=Talk(turn.person.id)) for each in outcomes]


def _read_done(turn: Turn, scenes: Sequence[Scene], data: Mapping[str, Any], day: str) -> Outcome:
    """The day read back, with every house it was said of."""
    return ask(turn, "confirm_date", "reply_read_back", data, day=day, what="done", house=_houses(scenes))


def _houses(scenes: Sequence[Scene]) -> str:
    return ASIDE.join(dict.fromkeys(scene.case.house_id for scene in scenes))


def _day(data: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(data["date"]) if data.get("date") else None
    except ValueError:
        return None


def _refused(turn: Turn, scenes: Sequence[Scene], day: date, data: Mapping[str, Any]) -> list[Outcome] | None:
    """A day that cannot be: asked once more, never bent."""
    kept_data, text = {**data, "date": "", "proposed": "", "sure": False}, day.isoformat()
    if day > civil(turn.now):
        return [ask(turn, "ask_date", "reply_day_future", kept_data, day=text)]
    if any(day < scene.household.house.handed_over_on for scene in scenes):
        return [ask(turn, "ask_date", "reply_day_too_early", kept_data, day=text)]
    again = next((scene for scene in scenes if scene.done_before(day)), None)
    if again is not None:
        there = replace(turn, scene=again)
        return [ask(there, "ask_date", "reply_day_before_last", kept_data, day=text, last=str(again.last_done))]
    long_before = (s for s in scenes if visits(s.case) and day < s.case.target_on - timedelta(days=OLD_DAYS))
    old = next(long_before, None)
    if old is None:
        return None
    outcome = matter(old, turn.person, "old_date", turn.now)
    return [done(replace(turn, scene=old), outcome, "reply_day_old", day=day.isoformat())]


def _ask_date(turn: Turn, scenes: Sequence[Scene], data: Mapping[str, Any]) -> Outcome:
    days = [(civil(turn.now) - timedelta(days=back)).isoformat() for back in range(3)]
    return ask(turn, "ask_date", "reply_ask_date", {**data, "date": ""}, days=days, house=_houses(scenes))


def _ask_result(turn: Turn, scenes: Sequence[Scene], data: Mapping[str, Any]) -> Outcome:
    return ask(turn, "ask_result", "reply_ask_result", data, day=data.get("date", ""), house=_houses(scenes))


def _proposed(turn: Turn, scenes: Sequence[Scene]) -> str:
    """The fixed day, when it is over: the one they most likely mean, to be confirmed by a yes."""
    day = scenes[0].case.visit_on if scenes else None
    return day.isoformat() if day is not None and day <= civil(turn.now) else ""


def _report(turn: Turn, scene: Scene, day: date, data: Mapping[str, Any]) -> Outcome:
    report = Report(
        side=turn.person.role,
        person_id=turn.person.id,
        done_on=day,
        result=Result(data["result"]),
        said_at=turn.now,
        via=turn.reply.via,
        performer=data.get("performer", ""),
        evidence=tuple(dict.fromkeys([*data.get("evidence", ()), *turn.reply.evidence])),
        source=turn.reply.source,
        checked=bool(data.get("checked")),
    )
    there = replace(turn, scene=scene)
    return replace(_told(there, scene, report), talk=follows(turn, scene))


def _told(there: Turn, scene: Scene, report: Report) -> Outcome:
    # Another company's work is lawful too, but its document is looked at by staff first.
    if report.performer and visits(scene.case) and entrusted(scene, report) is None:
        return done(there, noted(scene, report, "other_company", there.now), "reply_other_company")
    day, outcome = report.done_on.isoformat(), reported(scene, report, there.now)
    return done(there, outcome, "reply_reported", day=day, result=report.result)


def read_back(turn: Turn, verb: str, day: date) -> Outcome:
    """A typed day is read back before anything is done with it; ``verb`` says what it is for."""
    if day <= civil(turn.now):
        return answer(turn, "reply_day_past", day=day.isoformat())
    data = {"verb": verb, "date": day.isoformat()}
    return ask(turn, "confirm_day", "reply_read_back", data, day=day.isoformat(), what=verb)
