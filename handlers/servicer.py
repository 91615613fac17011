"""What a servicer says, and what follows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot.core.case import Phase, Result, Scene
from bot.core.days import civil
from bot.core.meaning import Context, Intent, Meaning, Topic
from bot.core.moves import fix, later, matter, not_yet, quoted
from bot.core.outcome import Outcome
from bot.core.people import Role
from bot.core.turn import Turn
from bot.language.asked_list import Period, asked_list, span_of
from bot.language.doubts import FALSIFY, NO_ROOM, TWO_READINGS
from bot.language.understand import understand
from handlers import candidate, entering, farewell, files, linking, offering, preferences, reporting, sheet, talking
from handlers.answers import (
    again,
    answer,
    ask,
    bare_and_overtaken,
    done,
    doubtful_yes,
    emergency,
    says,
    stood_under,
    to_desk,
)
from handlers.named import Named, named
from handlers.renewal import new_link

Answer = Callable[[Turn], list[Outcome]]


def reply(turn: Turn) -> list[Outcome]:
    """The servicer's answer, decided."""
    asked = candidate.reply(turn) if turn.candidacies else []
    if asked:
        return asked
    if turn.reply.action is not None:
        return _pressed(turn)
    meaning = turn.reply.meaning
    if meaning is not None and meaning.urgent:
        return emergency(_where(turn, named(turn.reply.text, turn.scenes)))
    if sheet.named(turn):
        return sheet.sent(turn)
    about_us = preferences.asked_for(turn)
    if about_us:
        return about_us
    if meaning is not None and meaning.intent is Intent.STOP:
        return farewell.stop(turn)
    with_people = talking.with_staff(turn) or _came_back(turn)
    return with_people or _asks_for_list(turn) or _to_question(turn) or _meant(turn)


def _pressed(turn: Turn) -> list[Outcome]:
    action = turn.reply.action
    assert action is not None
    if action.verb in FREE:
        return FREE[action.verb](turn)
    came_back = _came_back(turn)
    if came_back:
        return came_back
    if action.verb in ANSWERS:
        return (_to_question(turn) if stood_under(turn) else []) or [answer(turn, "reply_over")]
    if turn.scene is None or not turn.scene.case.open or action.verb not in PRESSED:
        return [answer(turn, "reply_over")]
    if action.round != turn.scene.case.round:
        return [answer(turn, "reply_changed")]
    return PRESSED[action.verb](turn)


def _came_back(turn: Turn) -> list[Outcome]:
    """Another company is being asked about this house: people decide which it is to be."""
    if turn.scene is None or turn.scene.case.candidacy is None:
        return []
    return [to_desk(turn, "servicer_back", "reply_human")]


def _scene(turn: Turn) -> Scene:
    assert turn.scene is not None
    return turn.scene


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
    """No room now: they are asked again once; after that the staff hear from them when they can, or who else could."""
    case = _scene(turn).case
    if case.phase is not Phase.FIXED and case.put_off.get(Role.SERVICER):
        return [done(turn, matter(_scene(turn), turn.person, "put_off", turn.now), "reply_human")]
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
    return [to_desk(turn, "refused", "reply_owner_refused")]


def _quoted(turn: Turn) -> list[Outcome]:
    """A quotation went to the owner, who is told that nothing is decided by it; what it says stays between the two."""
    return [done(turn, quoted(_scene(turn), turn.person, turn.now), "reply_quoted")]


def _help(turn: Turn) -> list[Outcome]:
    return [answer(turn, "reply_servicer_list", cases=_list(turn.scenes), period="", count=0)]


def _asks_for_list(turn: Turn) -> list[Outcome]:
    """「今月の予定は」, 「今日の予定」: their works, whatever else is open, and no day on which they come."""
    period = asked_list(turn.reply.text)
    if period is None:
        return []
    if period is Period.NOW:
        return _help(turn)
    first, last = span_of(period, civil(turn.now))
    within = [scene for scene in turn.scenes if first <= (scene.case.visit_on or scene.case.target_on) <= last]
    cases = _list(tuple(within) or turn.scenes)  # with nothing then, what there is
    return [answer(turn, "reply_servicer_list", cases=cases, period=period, count=len(within))]


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
    if question == entering.QUESTION:
        return entering.reference(turn)
    if _of_another(turn):
        return []
    if bare_and_overtaken(turn):
        return again(turn)
    if question in reporting.QUESTIONS:
        scenes = [scene for scene in turn.scenes if scene.case.id in turn.talk.data.get("cases", ())]
        return (reporting.go_on(turn, scenes) or []) if scenes else []
    if question == "ask_offer" and turn.scene is not None and action is None:
        days = offering.typed_days(turn)
        return [offering.read_back(turn, days)] if days else []
    if question == "confirm_offer" and turn.scene is not None:
        return offering.confirmed(turn)
    if question == "confirm_day" and turn.scene is not None:
        return _confirm_day(turn)
    return []


def _of_another(turn: Turn) -> bool:
    """Whether they name a house that the open question is not about."""
    found = named(turn.reply.text, turn.scenes)
    asked = turn.talk.data.get("cases") or [turn.talk.case_id]
    return found.unsure or any(scene.case.id not in asked for scene in found.scenes)


def _confirm_day(turn: Turn) -> list[Outcome]:
    day = date.fromisoformat(turn.talk.data["date"])
    if doubtful_yes(turn):
        return [reporting.read_back(turn, "fix", day)]
    if says(turn, "yes") and day <= civil(turn.now):  # it has passed since it was read back
        return [ask(turn, "ask_offer", "reply_day_past", {}, day=day.isoformat())]
    if says(turn, "yes"):
        return [done(turn, fix(_scene(turn), turn.person, day, turn.now))]
    return offering.ask_for_days(turn) if says(turn, "no") else []


def _meant(turn: Turn) -> list[Outcome]:
    meaning = turn.reply.meaning
    found = named(turn.reply.text, turn.scenes)
    if files.only_files(turn):
        return files.attach(_where(turn, found))
    if meaning is None:
        return files.wordless(turn)
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


def _where(turn: Turn, found: Named) -> Turn:
    """Files and alarms belong to the one house that is named with them; several, or none of theirs, to none."""
    if len(found.scenes) == 1:
        return replace(turn, scene=found.scenes[0])
    return replace(turn, scene=None) if found.unsure or found.scenes else turn


def _told_apart(turn: Turn, words: Sequence[str]) -> bool:
    """Whether each house has a day or a result of its own: 「山田様邸は異常なし、佐藤様邸は指摘あり」."""
    pieces = [understand(piece, turn.now, Role.SERVICER, Context.OVERDUE) for piece in words[:-1]]
    told = (piece for piece in pieces if piece.why != TWO_READINGS)  # 「山田様邸、」 may be anything, and says nothing
    return any(piece.intent is not Intent.OTHER or piece.date or piece.result or piece.ask for piece in told)


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
        return offering.scheduled(turn)
    if meaning.partial and meaning.intent is Intent.NOT_YET:
        return [answer(turn, "reply_partial")]
    if meaning.why == NO_ROOM:
        return _later(turn)
    if meaning.ask:
        return [answer(turn, "reply_unclear")]
    if meaning.intent is Intent.YES:
        case = _scene(turn).case
        settled = case.phase is Phase.FIXED and case.wished_on is None
        return [answer(turn, "reply_noted")] if settled else offering.agreed(turn)
    return BY_INTENT.get(meaning.intent, _unclear)(turn)


def _unclear(turn: Turn) -> list[Outcome]:
    return [answer(turn, "reply_unclear")]


def _choose(turn: Turn) -> list[Outcome]:
    if turn.scene is None or not turn.scene.case.open:
        return [answer(turn, "reply_over")]
    return [ask(turn, "", "reply_servicer_case", {})]


ANSWERS = frozenset({"yes", "no", "day", "result_ok", "result_issues"})
PRESSED: dict[str, Answer] = {
    "offer": offering.ask_for_days,
    "offer_these": offering.these,
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
    "sheet": sheet.sent,
    "help": _help,
    "hours": preferences.hours,
    "language": preferences.language,
    "new_link": new_link,
    "link_yes": linking.confirm,
    "link_no": linking.refuse,
    "stop_channel": farewell.stop,
    "choose": _choose,
    "entered": entering.entered,
    "not_entered": entering.not_entered,
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
