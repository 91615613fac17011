"""What the staff do with a matter: take it, call, let it sleep, choose another servicer, close it, decide."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.core.case import Basis, Report, Result, Scene
from bot.core.closing import close
from bot.core.course import visits
from bot.core.days import civil
from bot.core.desk import called, settle, snooze, take
from bot.core.matter import moved, partner
from bot.core.outcome import Mode, Outcome
from bot.core.people import STAFF_DESK, Role
from bot.core.plan import Kind
from bot.core.rights import Right, rights_of
from bot.core.turn import Turn
from handlers import choosing, events, heard, keyed, lapsing, passing, talking
from handlers.answers import answer, ask, done, seen_elsewhere

Answer = Callable[[Turn], list[Outcome]]
SNOOZE_DAYS = 7


def reply(turn: Turn) -> list[Outcome]:
    """The staff's answer, decided. Free words serve only where a reason was asked for."""
    action = turn.reply.action
    right = ASKS.get(action.verb, Right.ACT) if action else Right.SEE
    if right not in rights_of(turn.person):
        return [answer(turn, "reply_no_right", right=right)]
    if right is not Right.SEE and turn.household is not None and turn.person.id in turn.household.away:
        return [answer(turn, "reply_away")]  # they would hold what their stand-in holds
    if action is None:
        said_to_us = [] if turn.reply.overheard else [answer(turn, "reply_staff_help")]
        return _to_question(turn) or said_to_us
    if action.verb in KEYED:
        return KEYED[action.verb](turn)
    if action.verb in FREE:
        return FREE[action.verb](turn)
    if turn.scene is None or not turn.scene.case.open or action.verb not in PRESSED:
        return [answer(turn, "reply_over")]
    return PRESSED[action.verb](turn)


def _scene(turn: Turn) -> Scene:
    assert turn.scene is not None
    return turn.scene


def _arg(turn: Turn) -> str:
    return turn.reply.action.arg if turn.reply.action else ""


def _moved(turn: Turn, outcome: Outcome, state: str) -> Outcome:
    """What one of the staff did, told at the desk: the others see whose it is, and what became of it.

    It is the desk's answer to a press there, so it waits for no hours. Whoever works as the desk itself sees it
    anyway, where the desk is in one place.
    """
    if turn.person.id == STAFF_DESK and not seen_elsewhere(turn):
        return outcome
    case = next((case for case in outcome.cases if case.id == _scene(turn).case.id), _scene(turn).case)
    told = moved(replace(_scene(turn), case=case), state, turn.person.name or turn.person.id, Mode.REPLY)
    others = (said for said in outcome.says if said.kind != told.kind)  # it is said once, and by name
    return replace(outcome, says=(*others, told))


def _take(turn: Turn) -> list[Outcome]:
    """What a colleague has is a supervisor's to take: whoever presses a moment later does not push them out."""
    matter = _scene(turn).case.matter
    held = matter is not None and matter.taken_by not in ("", turn.person.id)
    if held and Right.ASSIGN not in rights_of(turn.person):
        return [answer(turn, "reply_held")]
    outcome = take(_scene(turn), turn.person.id, turn.now)
    return [_moved(turn, done(turn, outcome, "reply_taken", day=_until(outcome)), "taken")]


def _until(outcome: Outcome) -> str:
    matter = outcome.cases[-1].matter
    return matter.until.isoformat() if matter and matter.until else ""


def _snooze(turn: Turn) -> list[Outcome]:
    days = int(_arg(turn)) if _arg(turn).isdigit() and len(_arg(turn)) < 4 else SNOOZE_DAYS
    outcome = snooze(_scene(turn), turn.person.id, civil(turn.now) + timedelta(days=days), turn.now)
    return [_moved(turn, done(turn, outcome, "reply_asleep", day=_until(outcome)), "asleep")]


def _call(turn: Turn) -> list[Outcome]:
    """Before the call the desk says what came of it: will do, no answer, closed down."""
    return [ask(turn, "ask_call", "reply_call", {})]


def _called(turn: Turn) -> list[Outcome]:
    outcome = called(_scene(turn), turn.person.id, _arg(turn), turn.now)
    return [_moved(turn, done(turn, outcome, "reply_called", said=_arg(turn)), "called")]


def _release(turn: Turn) -> list[Outcome]:
    return [_moved_on(turn, passing.released(turn), "released")]


def _pass_on(turn: Turn) -> list[Outcome]:
    return [_moved_on(turn, passing.passed_on(turn), "passed_on")]


def _moved_on(turn: Turn, outcome: Outcome, state: str) -> Outcome:
    """Told at the desk, where anything came of it."""
    return _moved(turn, outcome, state) if outcome.cases else outcome


def _choose_servicer(turn: Turn) -> list[Outcome]:
    return choosing.choose(turn, _scene(turn))


def _assign(turn: Turn) -> list[Outcome]:
    """Another company is asked; the house is its own once it and the owner have agreed."""
    return [_told_of(turn, outcome) for outcome in choosing.chosen(turn, _scene(turn), _arg(turn))]


def _ask_association(turn: Turn) -> list[Outcome]:
    return [_told_of(turn, outcome) for outcome in choosing.association(turn, _scene(turn), _arg(turn))]


def _told_of(turn: Turn, outcome: Outcome) -> Outcome:
    """Who chose, or keyed in what was said, is told at the desk."""
    return _moved_on(turn, outcome, "company_asked")


def _close(turn: Turn) -> list[Outcome]:
    """The reason comes with the button, as from the console, or is asked for."""
    if turn.reply.text.strip():
        return _settled_because(turn)
    return [ask(turn, "ask_reason", "reply_ask_reason", {})]


def _talk(turn: Turn) -> list[Outcome]:
    """One of the staff takes the talk over: Engawa is quiet there until it is handed back."""
    outcome = talking.take_over(turn, _scene(turn))
    return [_moved(turn, outcome, "talking") if outcome else answer(turn, "reply_no_talk")]


def _write(turn: Turn) -> list[Outcome]:
    if not partner(_scene(turn)):
        return [answer(turn, "reply_over")]
    outcome = talking.write(turn, _scene(turn))
    return [_moved(turn, outcome, "written") if outcome.cases else outcome]


def _hand_back(turn: Turn) -> list[Outcome]:
    if not partner(_scene(turn)):
        return [answer(turn, "reply_over")]
    return [_moved(turn, talking.give_back(turn, _scene(turn)), "handed_back")]


def _decide(turn: Turn) -> list[Outcome]:
    """A disagreement: one side's word is taken, or what the staff found out themselves."""
    side, _, result = _arg(turn).partition("=")
    scene = _scene(turn)
    word = scene.case.report_of(Role(side)) if side in (Role.OWNER, Role.SERVICER) else None
    if word is None:
        return [answer(turn, "reply_over")]
    decided = Result(result) if result in (Result.OK, Result.ISSUES) else word.result
    report = replace(_own_report(turn, decided), done_on=word.done_on, performer=word.performer)
    outcome = close(scene, _basis(scene, word), report, turn.now)
    return [_moved(turn, done(turn, outcome, "reply_decided"), "decided")]


def _basis(scene: Scene, word: Report) -> Basis:
    """Another company's work stands on its document, if one is there; everything else on what the staff found out."""
    matter = scene.case.matter
    elsewhere = matter is not None and matter.reason == "other_company"
    return Basis.DOCUMENT if elsewhere and word.evidence else Basis.STAFF


def _own_report(turn: Turn, result: Result) -> Report:
    return Report(Role.STAFF, turn.person.id, civil(turn.now), result, turn.now, turn.reply.via)


def _settled(turn: Turn) -> list[Outcome]:
    """A date around the plan, such as the house's common ID: the staff's word closes it, and nothing else."""
    works = _scene(turn).open_works
    if not works or any(work.kind is not Kind.MILESTONE for work in works):
        return [answer(turn, "reply_over")]
    outcome = close(_scene(turn), Basis.STAFF, _own_report(turn, Result.OK), turn.now)
    return [_moved(turn, done(turn, outcome, "reply_decided"), "decided")]


def _to_question(turn: Turn) -> list[Outcome]:
    if Right.ACT not in rights_of(turn.person):
        return []
    if turn.talk.question not in WORDS or turn.scene is None or not turn.reply.text.strip():
        return []
    return WORDS[turn.talk.question](turn)


def _settled_because(turn: Turn) -> list[Outcome]:
    # The reason itself may hold a name: the fact keeps where it stands, not what it says.
    outcome = settle(_scene(turn), turn.person.id, turn.reply.source, turn.now)
    return [_moved(turn, done(turn, outcome, "reply_matter_closed"), "closed")]


def _pending(turn: Turn) -> list[Outcome]:
    return [answer(turn, "reply_pending", matters=list(turn.survey.matters), mine=False)]


def _mine(turn: Turn) -> list[Outcome]:
    return [answer(turn, "reply_pending", matters=list(turn.survey.matters), mine=True)]


def _house(turn: Turn) -> list[Outcome]:
    found = turn.survey
    return [answer(turn, "reply_house", matters=list(found.matters), found=found.house, next_on=found.next_on)]


def _handover(turn: Turn) -> list[Outcome]:
    """The way to another servicer without an alert: for a house, by its id."""
    if turn.scene is None or not turn.scene.case.open or not visits(turn.scene.case):
        return [answer(turn, "reply_over")]
    return _choose_servicer(turn)


def _help(turn: Turn) -> list[Outcome]:
    return [answer(turn, "reply_staff_help")]


# What is typed answers these.
WORDS: dict[str, Answer] = {
    "ask_reason": _settled_because,
    "ask_words": _write,
    heard.QUESTION: heard.written,
    choosing.FEE: choosing.their_fee,
}
PRESSED: dict[str, Answer] = {
    "take": _take,
    "snooze": _snooze,
    "release": _release,
    "pass_on": _pass_on,
    "call": _call,
    "called": _called,
    "heard": heard.pressed,
    "servicers": _choose_servicer,
    "assign": _assign,
    "ask_association": _ask_association,
    "close": _close,
    "decide": _decide,
    "settled": _settled,
    "talk": _talk,
    "write": _write,
    "hand_back": _hand_back,
    "their_yes": choosing.their_yes,
    "their_no": choosing.their_no,
    "call_off": choosing.called_off,
    "agree": choosing.owner_agreed,
    "disagree": choosing.owner_refused,
    "lapse": lapsing.proposed,
    "lapse_confirm": lapsing.confirmed,
    "lapse_drop": lapsing.dropped,
}
# What a deed asks for, where it is more than ACT or less.
ASKS = {"lapse_confirm": Right.SIGN} | dict.fromkeys(("pending", "mine", "house", "help"), Right.SEE)
KEYED: dict[str, Answer] = {"said": keyed.said, "undeliverable": keyed.undeliverable}
FREE: dict[str, Answer] = {
    "pending": _pending,
    "mine": _mine,
    "house": _house,
    "handover": _handover,
    "help": _help,
    "event_release": events.released,
    "event_aside": events.set_aside,
    "event_cancel": events.cancelled,
}
