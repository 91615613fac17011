"""What an owner says, and what follows."""

import re
from collections.abc import Callable

from bot.core.case import Phase, Result, Scene
from bot.core.course import visits
from bot.core.meaning import Intent, Meaning, Topic
from bot.core.moves import later, not_yet, tell
from bot.core.outcome import Outcome, Say
from bot.core.people import Role
from bot.core.turn import Turn
from bot.language.doubts import CONSTRAINT, FALSIFY
from handlers import (
    beside,
    days,
    doubting,
    farewell,
    files,
    history,
    keeping,
    linking,
    loans,
    making_good,
    preferences,
    questions,
    reporting,
    self_check,
    succession,
    talking,
)
from handlers.answers import again, answer, ask, bare_and_overtaken, done, emergency, stood_under, to_desk
from handlers.renewal import new_link

Answer = Callable[[Turn], list[Outcome]]
ADDRESS = re.compile(r"住所(が|を|も)?.{0,4}変|\baddress\b")
PASSED_ON = re.compile(r"売|譲|相続|名義|贈与|亡|離婚|所有者|\b(sold|sell|inherit|owner)")


def reply(turn: Turn) -> list[Outcome]:
    """The owner's answer, decided: a button first, then the open question, then what the words mean."""
    if turn.near or turn.person.bereaved:
        return beside.reply(turn)
    if turn.reply.action is not None:
        return _pressed(turn)
    meaning = turn.reply.meaning
    if meaning is not None and meaning.urgent:
        return emergency(turn)
    about_us = farewell.answered(turn) or farewell.asked_for(turn) or preferences.asked_for(turn)
    about_us = about_us or history.asked_for(turn)
    if about_us:
        return about_us
    if meaning is not None and meaning.intent is Intent.STOP and meaning.topic is not Topic.MONEY:
        return farewell.stop(turn)
    after_event = talking.with_staff(turn) or self_check.in_words(turn)
    return after_event or _to_question(turn) or succession.answered(turn) or keeping.unasked(turn) or _meant(turn)


def _pressed(turn: Turn) -> list[Outcome]:
    action = turn.reply.action
    assert action is not None
    if action.verb in FREE:
        return FREE[action.verb](turn)
    if action.verb in ANSWERS:
        if action.arg in farewell.PAGES:
            answered = farewell.answered(turn)
        else:
            answered = _to_question(turn) if stood_under(turn) else []
        return answered or [answer(turn, "reply_over")]
    if turn.scene is None or not turn.scene.case.open or action.verb not in PRESSED:
        return [answer(turn, "reply_over")]
    if action.round != turn.scene.case.round:
        return [answer(turn, "reply_changed")]
    return PRESSED[action.verb](turn)


def greet(turn: Turn) -> list[Outcome]:
    """They open a channel to us: the consent is asked where it is missing; otherwise what there is to do."""
    return _help(turn)


def _scene(turn: Turn) -> Scene:
    assert turn.scene is not None
    return turn.scene


def _pick(turn: Turn) -> list[Outcome]:
    return days.picked(turn, _scene(turn))


def _done_ok(turn: Turn) -> list[Outcome]:
    return reporting.tapped(turn, _scene(turn), Result.OK)


def _done_issues(turn: Turn) -> list[Outcome]:
    return reporting.tapped(turn, _scene(turn), Result.ISSUES)


def _already(turn: Turn) -> list[Outcome]:
    return reporting.already(turn, _scene(turn))


def _self_ok(turn: Turn) -> list[Outcome]:
    return reporting.today(turn, _scene(turn), Result.OK)


def _self_issues(turn: Turn) -> list[Outcome]:
    return reporting.today(turn, _scene(turn), Result.ISSUES)


def _not_yet(turn: Turn) -> list[Outcome]:
    meaning = turn.reply.meaning
    again, scene = meaning.date if meaning else None, _scene(turn)
    outcome = not_yet(scene, turn.person, again, turn.now)
    if again is None and days.lacking(scene, turn.now):
        return days.asked_after(turn, outcome)
    kind = "reply_help" if scene.case.offered else "reply_not_yet"  # days wait for their choice
    return [done(turn, outcome, kind)]


def _later(turn: Turn) -> list[Outcome]:
    meaning = turn.reply.meaning
    outcome = later(_scene(turn), turn.person, meaning.date if meaning else None, turn.now)
    again = outcome.cases[-1].later.get(Role.OWNER)
    if again is None:
        return [done(turn, outcome, "reply_noted")]
    return [done(turn, outcome, "reply_later", day=again.isoformat())]


def _human(turn: Turn) -> list[Outcome]:
    return [to_desk(turn, "human", "reply_human")]


def _problem(turn: Turn) -> list[Outcome]:
    """A defect, or trouble with the company: staff and servicer hear of it, and nothing is counted as done.

    Somebody at the door whom we did not announce is no defect, whatever they say of the roof.
    """
    if turn.reply.meaning is not None and turn.reply.meaning.topic is Topic.STRANGER:
        return [to_desk(turn, "fraud", "reply_scam")]
    if turn.reply.meaning is not None and turn.reply.meaning.topic is Topic.CLOSING:
        return [to_desk(turn, "closing", "reply_company_gone")]
    doubtful = turn.reply.meaning is not None and turn.reply.meaning.ask  # the staff ask first what it is
    told = () if doubtful or not turn.scene or not visits(turn.scene.case) else _to_company(turn.scene)
    return [to_desk(turn, "problem", "reply_problem").and_also(Outcome(says=told))]


def _to_company(scene: Scene) -> tuple[Say, ...]:
    return tell(scene, Role.SERVICER, "servicer_problem")


def _change(turn: Turn) -> list[Outcome]:
    """Only what staff have seen a document of takes effect. What is said of a death stops this channel at once."""
    topic = turn.reply.meaning.topic if turn.reply.meaning else Topic.NONE
    if topic is Topic.DEATH:
        return farewell.bereaved(turn)
    return [to_desk(turn, "change", "reply_contact" if topic is Topic.CONTACT or _moved(turn) else "reply_change")]


def _moved(turn: Turn) -> bool:
    """Whether an address is all that changed: 「住所が変わりました」, and no word of another owner."""
    text = turn.reply.text
    return bool(ADDRESS.search(text)) and not PASSED_ON.search(text)


def _help(turn: Turn) -> list[Outcome]:
    if _unmandated(turn):
        return farewell.ask_consent(turn)
    return [answer(turn, "reply_help" if turn.scene else "reply_help_nothing")]


def _to_question(turn: Turn) -> list[Outcome]:
    """The answer to what we asked last; empty if it is about something else."""
    question, meaning, action = turn.talk.question, turn.reply.meaning, turn.reply.action
    verb = action.verb if action else meaning.intent if meaning else ""
    if bare_and_overtaken(turn):
        return again(turn)
    if question == "consent" and verb in (Intent.YES, Intent.CONSENT, Intent.NO, Intent.DECLINE):
        unsure = meaning is not None and meaning.ask
        if unsure:
            return farewell.ask_consent(turn)
        return farewell.consent(turn) if verb in (Intent.YES, Intent.CONSENT) else farewell.decline(turn)
    if question in reporting.QUESTIONS and turn.scene is not None and turn.scene.case.open:
        return reporting.go_on(turn, [turn.scene]) or []
    if question == "ask_day" and turn.scene is not None:
        return days.said(turn, turn.scene)
    if question == "confirm_day" and turn.scene is not None:
        return days.confirmed(turn, turn.scene, verb)
    if question in keeping.QUESTIONS:
        return keeping.go_on(turn)
    return []


def _meant(turn: Turn) -> list[Outcome]:
    """Free words, out of the blue or beside the question."""
    meaning = turn.reply.meaning
    if files.only_files(turn):
        return files.attach(turn)
    if meaning is None:
        return files.wordless(turn)
    if meaning.topic is Topic.MONEY:
        return [answer(turn, "reply_money")]
    if meaning.topic is Topic.COMPANY:
        return [to_desk(turn, "company_wish", "reply_company_wish")]
    went = reporting.how_it_went(turn, turn.scene) if turn.scene and turn.scene.case.open else []
    if went:
        return went
    if meaning.intent is Intent.DECLINE:
        return farewell.support_page(turn)
    if meaning.intent in FREE_WORDS and meaning.intent is not Intent.QUESTION:
        return FREE_WORDS[meaning.intent](turn)
    if meaning.intent is Intent.CONSENT:
        return farewell.ask_consent(turn)
    if _unmandated(turn):
        return _help(turn)
    if meaning.intent is Intent.QUESTION:
        return questions.answered(turn) or _help(turn)
    if meaning.why == FALSIFY:
        return [answer(turn, "reply_not_done_not_recorded")]
    if turn.scene is None or not turn.scene.case.open:
        return _of_no_case(turn, meaning)
    return _about_case(turn, meaning)


def _of_no_case(turn: Turn, meaning: Meaning) -> list[Outcome]:
    """Which of several is asked. Where nothing is open, a word on a visit is about one that is over, or early."""
    if len(turn.scenes) > 1:
        return [answer(turn, "reply_which", cases=_names(turn))]
    about_a_visit = meaning.intent in (Intent.DONE, Intent.NOT_YET, Intent.SCHEDULE, Intent.RESCHEDULE)
    return [to_desk(turn, "human", "reply_human")] if about_a_visit else _help(turn)


def _unmandated(turn: Turn) -> bool:
    return turn.household is not None and not turn.household.mandated


def _names(turn: Turn) -> list[dict[str, str]]:
    return [
        {"case": scene.case.id, "house": scene.case.house_id, "target": scene.case.target_on.isoformat()}
        for scene in turn.scenes
    ]


def _about_case(turn: Turn, meaning: Meaning) -> list[Outcome]:
    scene = _scene(turn)
    if meaning.why == CONSTRAINT and visits(scene.case):
        return days.suiting(turn, scene, meaning)
    if reporting.day_alone(turn, scene):
        return reporting.start(turn, [scene], meaning)
    if meaning.partial and meaning.intent is Intent.NOT_YET:
        return [answer(turn, "reply_partial")]
    if meaning.ask:
        return doubting.asked(turn, scene, meaning)
    if meaning.intent is Intent.OTHER:
        return [answer(turn, "reply_help" if scene.case.offered else "reply_noted")]
    if meaning.intent is Intent.DONE:
        return reporting.start(turn, [scene], meaning)
    if meaning.intent in (Intent.SCHEDULE, Intent.RESCHEDULE) and not visits(scene.case):
        return _later(turn)
    if meaning.intent in (Intent.SCHEDULE, Intent.RESCHEDULE):
        return days.wanted(turn, scene, meaning)
    if meaning.intent is Intent.YES and scene.case.phase is Phase.FIXED:
        return [answer(turn, "reply_noted")]
    return BY_INTENT.get(meaning.intent, _unclear)(turn)


def _unclear(turn: Turn) -> list[Outcome]:
    return [answer(turn, "reply_unclear")]


def _choose(turn: Turn) -> list[Outcome]:
    """Which of several cases they mean: what they write next is about this one."""
    if turn.scene is None or not turn.scene.case.open:
        return [answer(turn, "reply_over")]
    return _help(turn) if _unmandated(turn) else [ask(turn, "", "reply_help", {})]


ANSWERS = frozenset({"yes", "no", "day", "result_ok", "result_issues", "checked"})
PRESSED: dict[str, Answer] = {
    "pick": _pick,
    "wish": days.asked,
    "done_ok": _done_ok,
    "done_issues": _done_issues,
    "already": _already,
    "self_ok": _self_ok,
    "self_issues": _self_issues,
    "not_yet": _not_yet,
    "later": _later,
    "agree": succession.agreed,
    "disagree": succession.disagreed,
    "seen": self_check.pressed,
}
FREE: dict[str, Answer] = {
    "consent": farewell.consent,
    "decline": farewell.decline,
    "stop_channel": farewell.stop,
    "stop_support": farewell.support_page,
    "erase": farewell.erase_page,
    "human": _human,
    "problem": _problem,
    "help": _help,
    "hours": preferences.hours,
    "language": preferences.language,
    "new_link": new_link,
    "link_yes": linking.confirm,
    "link_no": linking.refuse,
    "choose": _choose,
    "was_done": making_good.was_done,
    "loan_days": loans.of_house,
    "history_same": history.same,
    "history_changed": history.changed,
    "keeper_none": keeping.nobody,
    "keeper_there": keeping.there,
    "entrust": history.entrust,
    "entrust_no": history.keep_to_oneself,
    "keep_files": history.keep_files,
    "let_files_go": history.let_files_go,
    "files_handed": history.files_handed,
}
FREE_WORDS: dict[Intent, Answer] = {
    Intent.HUMAN: _human,
    Intent.PROBLEM: _problem,
    Intent.QUESTION: _help,
    Intent.CHANGE: _change,
}
BY_INTENT: dict[Intent, Answer] = {Intent.NOT_YET: _not_yet, Intent.SNOOZE: _later}
