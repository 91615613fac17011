"""What a servicer says, and what follows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.core.case import Phase, Result, Scene
from bot.core.days import civil
from bot.core.meaning import Context, Intent, Meaning, Topic
from bot.core.moves import fix, later, matter, not_yet, offer, quoted
from bot.core.outcome import Outcome
from bot.core.people import Role
from bot.core.turn import Turn
from bot.language.doubts import FALSIFY
from bot.language.understand import understand
from handlers import farewell, linking, preferences, reporting, talking
from handlers.answers import again, answer, ask, bare_and_overtaken, done, stood_under, to_desk
from handlers.named import Named, named
from handlers.renewal import new_link

Answer = Callable[[Turn], list[Outcome]]
MANY = 10  # days that one message may offer
ASKS_FOR = re.compile(
    r"たい|お願い|おねがい|でしょうか|いかが|ますか|可能|ご都合|もらえ|いただけ|\b(could|can|may|would|please)\b"
)
BETWEEN_DAYS = re.compile(r"[、,;；\n]|か(?=\d)|または|と(?=\d)|\bor\b|\band\b")


def reply(turn: Turn) -> list[Outcome]:
    """The servicer's answer, decided."""
    if turn.reply.action is not None:
        return _pressed(turn)
    about_us = preferences.asked_for(turn)
    if about_us:
        return about_us
    meaning = turn.reply.meaning
    if meaning is not None and meaning.intent is Intent.STOP:
        return farewell.stop(turn)
    return talking.with_staff(turn) or _to_question(turn) or _meant(turn)


def _pressed(turn: Turn) -> list[Outcome]:
    action = turn.reply.action
    assert action is not None
    if action.verb in FREE:
        return FREE[action.verb](turn)
    if action.verb in ANSWERS:
        return (_to_question(turn) if stood_under(turn) else []) or [answer(turn, "reply_over")]
    if turn.scene is None or not turn.scene.case.open or action.verb not in PRESSED:
        return [answer(turn, "reply_over")]
    if action.round != turn.scene.case.round:
        return [answer(turn, "reply_changed")]
    return PRESSED[action.verb](turn)


def _scene(turn: Turn) -> Scene:
    assert turn.scene is not None
    return turn.scene


def _offer(turn: Turn) -> list[Outcome]:
    """Asked for days: three that fit their calendar are proposed, others can be typed."""
    days = _open_days(turn, _scene(turn))
    return [ask(turn, "ask_offer", "reply_ask_offer", {}, days=[day.isoformat() for day in days])]


def _open_days(turn: Turn, scene: Scene) -> list[date]:
    """Three of their own open days, some weeks ahead and before the target."""
    calendar, today = turn.person.calendar, civil(turn.now)
    latest = max(scene.case.target_on - timedelta(days=7), today + timedelta(days=14))
    first = max(today + timedelta(days=7), latest - timedelta(days=28))
    days = [calendar.next_open(first + timedelta(days=9 * step)) for step in range(3)]
    return sorted(set(days))


def _offer_these(turn: Turn) -> list[Outcome]:
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


def _accept(turn: Turn) -> list[Outcome]:
    """The day the owner wished for suits."""
    scene = _scene(turn)
    if scene.case.wished_on is None or scene.case.wished_on <= civil(turn.now):
        return [answer(turn, "reply_changed")]
    return [done(turn, fix(scene, turn.person, scene.case.wished_on, turn.now))]


def _done_ok(turn: Turn) -> list[Outcome]:
    return reporting.tapped(turn, _scene(turn), Result.OK)


def _done_issues(turn: Turn) -> list[Outcome]:
    return reporting.tapped(turn, _scene(turn), Result.ISSUES)


def _already(turn: Turn) -> list[Outcome]:
    return reporting.already(turn, _scene(turn))


def _not_yet(turn: Turn) -> list[Outcome]:
    meaning = turn.reply.meaning
    outcome = not_yet(_scene(turn), turn.person, meaning.date if meaning else None, turn.now)
    fixed = outcome.cases[-1].phase is Phase.FIXED
    return [done(turn, outcome, "reply_noted" if fixed else "reply_not_yet")]


def _later(turn: Turn) -> list[Outcome]:
    """No room now: they are asked again once; after that the staff see whether another company has room."""
    case = _scene(turn).case
    if case.phase is not Phase.FIXED and case.put_off.get(Role.SERVICER):
        return _cannot(turn)
    meaning = turn.reply.meaning
    outcome = later(_scene(turn), turn.person, meaning.date if meaning else None, turn.now)
    again = outcome.cases[-1].later.get(Role.SERVICER)
    if again is None:
        return [done(turn, outcome, "reply_noted")]
    return [done(turn, outcome, "reply_later", day=again.isoformat())]


def _cannot(turn: Turn) -> list[Outcome]:
    return [done(turn, matter(_scene(turn), turn.person, "cannot", turn.now), "reply_cannot")]


def _human(turn: Turn) -> list[Outcome]:
    return [to_desk(turn, "human", "reply_human")]


def _problem(turn: Turn) -> list[Outcome]:
    if turn.reply.meaning is not None and turn.reply.meaning.topic is Topic.UNREACHED:
        return [to_desk(turn, "unreached", "reply_unreached")]
    closing = turn.reply.meaning is not None and turn.reply.meaning.topic is Topic.CLOSING
    return [to_desk(turn, "closing" if closing else "problem", "reply_problem_noted")]


def _change(turn: Turn) -> list[Outcome]:
    """News of the owner, or of themselves: staff look, and until they have seen a document everything stays."""
    topic = turn.reply.meaning.topic if turn.reply.meaning else Topic.NONE
    return [to_desk(turn, "bereavement" if topic is Topic.DEATH else "change", "reply_change_noted")]


def _refused(turn: Turn) -> list[Outcome]:
    return [to_desk(turn, "refused", "reply_unreached")]


def _quoted(turn: Turn) -> list[Outcome]:
    """A quotation went to the owner, who is told that nothing is decided by it; what it says stays between the two."""
    return [done(turn, quoted(_scene(turn), turn.person, turn.now), "reply_quoted")]


def _help(turn: Turn) -> list[Outcome]:
    return [answer(turn, "reply_servicer_list", cases=_list(turn.scenes))]


def greet(turn: Turn) -> list[Outcome]:
    """They open a channel to us: their houses."""
    return _help(turn)


def _list(scenes: tuple[Scene, ...]) -> list[dict[str, str]]:
    return [
        {
            "case": scene.case.id,
            "house": scene.case.house_id,
            "owner": scene.household.owner.name if scene.household.owner else "",
            "target": scene.case.target_on.isoformat(),
            "phase": scene.case.phase,
            "visit": scene.case.visit_on.isoformat() if scene.case.visit_on else "",
        }
        for scene in sorted(scenes, key=lambda scene: scene.case.visit_on or scene.case.target_on)
    ]


def _to_question(turn: Turn) -> list[Outcome]:
    question, action = turn.talk.question, turn.reply.action
    if _of_another(turn):
        return []
    if bare_and_overtaken(turn):
        return again(turn)
    if question in reporting.QUESTIONS:
        scenes = [scene for scene in turn.scenes if scene.case.id in turn.talk.data.get("cases", ())]
        return (reporting.go_on(turn, scenes) or []) if scenes else []
    if question == "ask_offer" and turn.scene is not None and action is None:
        days = typed_days(turn)
        return [_read_offer(turn, days)] if days else []
    if question == "confirm_offer" and turn.scene is not None:
        return _confirm_offer(turn)
    if question == "confirm_day" and turn.scene is not None:
        return _confirm_day(turn)
    return []


def _of_another(turn: Turn) -> bool:
    """Whether they name a house that the open question is not about."""
    found = named(turn.reply.text, turn.scenes)
    asked = turn.talk.data.get("cases") or [turn.talk.case_id]
    return found.unsure or any(scene.case.id not in asked for scene in found.scenes)


def _read_offer(turn: Turn, days: list[date]) -> Outcome:
    texts = [day.isoformat() for day in days]
    return ask(turn, "confirm_offer", "reply_read_back_days", {"days": texts}, days=texts)


def _confirm_offer(turn: Turn) -> list[Outcome]:
    if _says(turn, "yes"):
        return _offered(turn, [date.fromisoformat(day) for day in turn.talk.data["days"]])
    days = typed_days(turn) if turn.reply.action is None else []
    if days:
        return [_read_offer(turn, days)]
    return _offer(turn) if _says(turn, "no") else []


def _confirm_day(turn: Turn) -> list[Outcome]:
    if _says(turn, "yes"):
        day = date.fromisoformat(turn.talk.data["date"])
        return [done(turn, fix(_scene(turn), turn.person, day, turn.now))]
    return _offer(turn) if _says(turn, "no") else []


def _says(turn: Turn, word: str) -> bool:
    if turn.reply.action is not None:
        return turn.reply.action.verb == word
    meaning = turn.reply.meaning
    return meaning is not None and meaning.intent == word and not meaning.ask


def _meant(turn: Turn) -> list[Outcome]:
    meaning = turn.reply.meaning
    found = named(turn.reply.text, turn.scenes)
    if reporting.only_files(turn):
        return reporting.attach(_about_files(turn, found))
    if meaning is None:
        return reporting.wordless(turn)
    if found.unsure or _told_apart(turn, found.words):
        return _of_no_house(turn, meaning)
    if len(found.scenes) > 1:
        return _of_several(turn, meaning, found.scenes)
    if found.scenes:
        turn = replace(turn, scene=found.scenes[0])
    went = reporting.how_it_went(turn, turn.scene) if turn.scene and turn.scene.case.open else []
    if went:
        return went
    if meaning.intent in FREE_WORDS:
        return FREE_WORDS[meaning.intent](turn)
    if meaning.topic is Topic.REFUSED:
        return _refused(turn)
    if turn.scene is None or not turn.scene.case.open:
        return _help(turn)
    if meaning.topic is Topic.QUOTED:
        return _quoted(turn)
    return _about_case(turn, meaning)


def _about_files(turn: Turn, found: Named) -> Turn:
    """Files belong to the one house that is named with them; several, or none of theirs, are asked about."""
    if len(found.scenes) == 1:
        return replace(turn, scene=found.scenes[0])
    return replace(turn, scene=None) if found.unsure or found.scenes else turn


def _told_apart(turn: Turn, words: Sequence[str]) -> bool:
    """Whether each house has a day or a result of its own: 「山田様邸は異常なし、佐藤様邸は指摘あり」."""
    pieces = [understand(piece, turn.now, Role.SERVICER, Context.OVERDUE) for piece in words[:-1]]
    return any(piece.intent is not Intent.OTHER or piece.date or piece.result or piece.ask for piece in pieces)


def _of_no_house(turn: Turn, meaning: Meaning) -> list[Outcome]:
    """It is not plain which house is meant: they choose one after the other; what needs a person goes to one."""
    if meaning.intent in FREE_WORDS:
        return FREE_WORDS[meaning.intent](replace(turn, scene=None))
    return _help(turn)


def _of_several(turn: Turn, meaning: Meaning, scenes: Sequence[Scene]) -> list[Outcome]:
    """The same word about several houses; what needs a question of its own is asked house by house."""
    if meaning.intent is Intent.DONE and not meaning.ask:
        return reporting.start(turn, scenes, meaning)
    deed = FREE_WORDS.get(meaning.intent) or BY_INTENT.get(meaning.intent)
    if deed is None or meaning.ask or meaning.intent is Intent.QUESTION:
        return _help(turn)
    return [outcome for scene in scenes for outcome in deed(replace(turn, scene=scene))]


def _about_case(turn: Turn, meaning: Meaning) -> list[Outcome]:
    if meaning.why == FALSIFY:
        return [answer(turn, "reply_not_done_not_recorded")]
    if meaning.intent is Intent.OTHER:
        return [answer(turn, "reply_unclear" if meaning.ask else "reply_noted")]
    if meaning.intent is Intent.DONE and (not meaning.ask or reporting.day_alone(turn, _scene(turn))):
        return reporting.start(turn, [_scene(turn)], meaning)
    if meaning.intent in (Intent.SCHEDULE, Intent.RESCHEDULE) or (turn.talk.question == "ask_offer" and meaning.date):
        return _scheduled(turn)
    if meaning.partial and meaning.intent is Intent.NOT_YET:
        return [answer(turn, "reply_partial")]
    if meaning.ask:
        return [answer(turn, "reply_unclear")]
    if meaning.intent is Intent.YES:
        return [answer(turn, "reply_noted")] if _scene(turn).case.phase is Phase.FIXED else _offer(turn)
    return BY_INTENT.get(meaning.intent, _unclear)(turn)


def _unclear(turn: Turn) -> list[Outcome]:
    return [answer(turn, "reply_unclear")]


def _scheduled(turn: Turn) -> list[Outcome]:
    """One day is taken for the day that is fixed with the owner, several for days on offer; both are read back.

    Another day that is only asked for, while one is fixed, is put to the owner.
    """
    case, meaning = _scene(turn).case, turn.reply.meaning
    days = [day for day in typed_days(turn) if day > civil(turn.now)]
    if not days and case.phase is Phase.FIXED and meaning is not None and meaning.intent is Intent.SCHEDULE:
        return [answer(turn, "reply_time")]  # 「10時に伺います」
    if not days:
        return _offer(turn)
    if len(days) > 1 or turn.talk.question == "ask_offer" or _asks_for(turn, days[0]):
        return [_read_offer(turn, days)]
    data = {"verb": "fix", "date": days[0].isoformat()}
    return [ask(turn, "confirm_day", "reply_read_back", data, day=days[0].isoformat(), what="fix")]


def _asks_for(turn: Turn, day: date) -> bool:
    """Whether the owner, who agreed to the day that is fixed, has still to agree to this one."""
    case = _scene(turn).case
    return case.phase is Phase.FIXED and day != case.wished_on and bool(ASKS_FOR.search(turn.reply.text))


def _choose(turn: Turn) -> list[Outcome]:
    if turn.scene is None or not turn.scene.case.open:
        return [answer(turn, "reply_over")]
    return [ask(turn, "", "reply_servicer_case", {})]


ANSWERS = frozenset({"yes", "no", "day", "result_ok", "result_issues"})
PRESSED: dict[str, Answer] = {
    "offer": _offer,
    "offer_these": _offer_these,
    "accept": _accept,
    "done_ok": _done_ok,
    "done_issues": _done_issues,
    "already": _already,
    "not_yet": _not_yet,
    "later": _later,
    "cannot": _cannot,
}
FREE: dict[str, Answer] = {
    "human": _human,
    "problem": _problem,
    "help": _help,
    "hours": preferences.hours,
    "language": preferences.language,
    "new_link": new_link,
    "link_yes": linking.confirm,
    "link_no": linking.refuse,
    "stop_channel": farewell.stop,
    "choose": _choose,
}
FREE_WORDS: dict[Intent, Answer] = {
    Intent.HUMAN: _human,
    Intent.PROBLEM: _problem,
    Intent.QUESTION: _help,
    Intent.CHANGE: _change,
}
BY_INTENT: dict[Intent, Answer] = {
    Intent.NOT_YET: _not_yet,
    Intent.SNOOZE: _later,
    Intent.NO: _cannot,
    Intent.DECLINE: _cannot,
}
