"""An owner's answers after an earthquake or a storm: one question at a time, by a button or in words of their own."""

from dataclasses import replace

from bot.core.case import Report, Result, Scene
from bot.core.days import civil
from bot.core.ladder import EVENT
from bot.core.meaning import Context, Intent, Meaning
from bot.core.moves import matter
from bot.core.outcome import Outcome, Talk
from bot.core.people import Role
from bot.core.seen import ANSWERS, DAMAGE, NONE, OUTSIDE, STICKER, Found, question_of, sorted_as
from bot.core.self_check import answered, put_off
from bot.core.turn import Turn
from bot.language.after_event import speaks_of_danger, sticker_in
from bot.language.doubts import FALSIFY
from bot.language.understand import understand
from handlers.answers import answer, ask, done
from handlers.files import only_files

QUESTION = "ask_seen"
LATER = frozenset({Intent.NOT_YET, Intent.SNOOZE})
SAID = frozenset({Intent.DONE, Intent.PROBLEM, Intent.OTHER, Intent.YES, Intent.NO, *LATER})


def pressed(turn: Turn) -> list[Outcome]:
    """A button carries its question and its answer."""
    scene, action = turn.scene, turn.reply.action
    name, _, said = action.arg.partition("=") if action else ("", "", "")
    if scene is None or scene.case.ladder != EVENT or said not in (*ANSWERS.get(name, ()), "later"):
        return [answer(turn, "reply_over")]
    return _later(turn, scene, None) if said == "later" else _took(turn, scene, {name: said})


def in_words(turn: Turn) -> list[Outcome]:
    """What they write is about the house after the event; empty if it is about something else."""
    scene, meaning = _scene(turn), turn.reply.meaning
    if scene is not None and only_files(turn):
        return [_next(replace(turn, scene=scene), scene, heard="photo")]
    if scene is None or meaning is None or not _of_the_house(meaning):
        return []
    turn = replace(turn, scene=scene)
    check = scene.case.check
    assert check is not None
    question = question_of(check)
    colour = sticker_in(turn.reply.text, asked=question == STICKER)
    if colour:
        return _took(turn, scene, {STICKER: colour})
    if speaks_of_danger(turn.reply.text):
        return _trouble(turn, scene, {question if question != STICKER else OUTSIDE: "danger"})
    if meaning.intent in LATER and not meaning.ask:
        return _later(turn, scene, meaning)
    return _by_result(turn, scene, question)


def _of_the_house(meaning: Meaning) -> bool:
    """Whether it may be an answer: no other topic, and no wish that something be recorded which was not looked at."""
    return not meaning.topic and meaning.intent in SAID and meaning.why != FALSIFY


def _by_result(turn: Turn, scene: Scene, question: str) -> list[Outcome]:
    """In order, or not; what is neither is asked once more, unless it came out of the blue."""
    seen = _understood(turn)
    place, meaning = OUTSIDE if question == STICKER else question, turn.reply.meaning
    if seen.result == Result.OK:
        return _took(turn, scene, {question: NONE})
    if meaning is not None and meaning.intent is Intent.PROBLEM:
        return _trouble(turn, scene, {place: DAMAGE})
    if seen.result == Result.ISSUES and question != STICKER:
        return _took(turn, scene, {place: DAMAGE})
    return [_next(turn, scene, heard="unclear")]


def _understood(turn: Turn) -> Meaning:
    return understand(turn.reply.text, turn.now, Role.OWNER, Context.ASK_RESULT)


def _scene(turn: Turn) -> Scene | None:
    """The case that their words are about: the one in talk, or the one we asked about while another was in talk."""
    if turn.scene is not None and turn.scene.case.ladder == EVENT:
        return turn.scene if turn.scene.case.open else None
    asked = [one for one in turn.scenes if one.case.ladder == EVENT and one.case.silence.get(Role.OWNER, 0)]
    ours = len(asked) == 1 and (turn.scene is None or turn.overtaken or not turn.talk.question)
    return asked[0] if ours else None


def _took(turn: Turn, scene: Scene, answers: dict[str, str]) -> list[Outcome]:
    """The answer is kept, and the next thing asked; with the last one they are thanked."""
    report = Report(
        side=turn.person.role,
        person_id=turn.person.id,
        done_on=civil(turn.now),
        result=Result.OK,
        said_at=turn.now,
        via=turn.reply.via,
        evidence=tuple(dict.fromkeys([*_photos(turn), *turn.reply.evidence])),
        source=turn.reply.source,
        checked=True,
    )
    outcome = answered(scene, report, answers, turn.now)
    case = outcome.cases[0] if outcome.cases else scene.case
    after = replace(scene, case=next((one for one in outcome.cases if one.id == scene.case.id), case))
    check = after.case.check
    assert check is not None
    if after.case.open:
        asked = _next(replace(turn, scene=after), after, heard=sorted_as(check))
        return [outcome.and_also(asked)]
    follows = Talk(turn.person.id, "", case.house_id, scene.case.id, asked_at=turn.now)
    kind = "reply_event_danger" if sorted_as(check) is Found.DANGER else "reply_event_done"
    said = tuple(one for one in outcome.says if one.to != turn.person.id)
    thanks = done(replace(turn, scene=after), replace(outcome, says=said), kind, how=sorted_as(check))
    return [replace(thanks, talk=follows)]


def _trouble(turn: Turn, scene: Scene, answers: dict[str, str]) -> list[Outcome]:
    """Damage told in words of their own: kept as the answer, and the staff hear what was written."""
    told = matter(scene, turn.person, "problem", turn.now)
    after = next((case for case in told.cases if case.id == scene.case.id), scene.case)
    beside = sum(case.id != scene.case.id for case in told.cases)
    stands = replace(scene, case=after, next_number=scene.next_number + beside)
    kept = _took(turn, stands, answers)
    return [told.and_also(kept[0])]


def _later(turn: Turn, scene: Scene, meaning: Meaning | None) -> list[Outcome]:
    outcome = put_off(scene, turn.person, meaning.date if meaning else None, turn.now)
    again = outcome.cases[-1].later.get(Role.OWNER)
    return [done(turn, outcome, "reply_later", day=again.isoformat() if again else "")]


def _next(turn: Turn, scene: Scene, heard: str) -> Outcome:
    """The one thing that is asked now, with what we have heard so far."""
    check = scene.case.check
    question = question_of(check) if check else ""
    return ask(turn, QUESTION, "reply_event", {"evidence": _photos(turn)}, asked=question, so_far=heard)


def _photos(turn: Turn) -> list[str]:
    """Photos that came between the questions, or before them."""
    return [*turn.talk.data.get("evidence", ()), *turn.reply.evidence] if turn.talk.data else [*turn.reply.evidence]
