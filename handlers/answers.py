"""How a person is answered: in the channel they used, at once, and always."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.core.case import Scene
from bot.core.days import civil
from bot.core.desk import open_desk
from bot.core.meaning import Intent
from bot.core.moves import matter
from bot.core.outcome import Mode, Outcome, Say, Talk
from bot.core.particulars import about
from bot.core.people import STAFF_DESK, Role
from bot.core.turn import Turn


def say(turn: Turn, kind: str, **params: Any) -> Say:
    """An answer to the person who just wrote, about their case if it is clear which."""
    scene = turn.scene
    known = about(scene) if scene else {"house": turn.household.house.id if turn.household else ""}
    known |= {"role": turn.person.role, "today": civil(turn.now).isoformat()}
    if turn.person.role is Role.STAFF:
        known["owner"] = ""  # staff work with ids; a name kept there would outlive its person
    told = Say(turn.person.id, kind, known | params, Mode.REPLY, scene.case.id if scene else "")
    return to_them(turn, told)


def answer(turn: Turn, kind: str, **params: Any) -> Outcome:
    """Nothing but an answer; an open question stays open."""
    return Outcome(house_of(turn), says=(say(turn, kind, **params),))


def ask(turn: Turn, question: str, kind: str, data: Mapping[str, Any], **params: Any) -> Outcome:
    """An answer that asks something, and what we then wait to hear."""
    scene = turn.scene
    talk = Talk(
        person_id=turn.person.id,
        question=question,
        house_id=house_of(turn),
        case_id=scene.case.id if scene else "",
        data=data,
        asked_at=turn.now,
        says=kind,
        params=params,
    )
    return Outcome(house_of(turn), says=(say(turn, kind, **params),), talk=talk)


def again(turn: Turn) -> list[Outcome]:
    """The open question once more: their bare yes or no may be meant for what we said to them since."""
    talk = turn.talk
    return [ask(turn, talk.question, talk.says, talk.data, **talk.params)]


def bare_and_overtaken(turn: Turn) -> bool:
    """Whether they wrote no more than yes or no, and to what is not plain."""
    meaning = turn.reply.meaning
    bare = turn.reply.action is None and meaning is not None and meaning.intent in (Intent.YES, Intent.NO)
    return bare and turn.overtaken and bool(turn.talk.question and turn.talk.says)


def says(turn: Turn, word: str) -> bool:
    """Whether they pressed or wrote this word, beyond doubt."""
    if turn.reply.action is not None:
        return turn.reply.action.verb == word
    meaning = turn.reply.meaning
    return meaning is not None and meaning.intent == word and not meaning.ask


def doubtful_yes(turn: Turn) -> bool:
    """Whether they wrote what is perhaps a yes: 「たぶん大丈夫」. It keeps no day; the day is read back once more."""
    meaning = turn.reply.meaning
    written = turn.reply.action is None
    return written and meaning is not None and meaning.intent is Intent.YES and meaning.ask


def stood_under(turn: Turn) -> bool:
    """Whether the pressed answer stood under the question that is open; elsewhere it says nothing about this one."""
    action, talk, scene = turn.reply.action, turn.talk, turn.scene
    if action is None or action.case_id != talk.case_id:
        return False
    moved = scene is not None and action.round != scene.case.round
    return not moved and (talk.question in ("ask_date", "ask_day") or action.arg == talk.asked)


def done(turn: Turn, outcome: Outcome, kind: str = "", **params: Any) -> Outcome:
    """What followed from a reply, with the question closed and the person answered.

    What the outcome says to this person anyway becomes the answer; otherwise it is ``kind``. Where two words cannot
    both be true, it is that the staff will call.
    """
    desk = tuple(said for said in outcome.says if said.to == turn.person.id == STAFF_DESK and seen_elsewhere(turn))
    # Who moved a matter on is told what they did, not that it moved.
    others = (said for said in outcome.says if not (kind and said.kind == "staff_moved" and said.to == turn.person.id))
    says = tuple(to_them(turn, said) for said in others if said not in desk)
    told = "reply_apart" if _disputed(turn, outcome) else kind
    if told and not any(said.to == turn.person.id for said in says):
        says = (say(_with(turn, outcome), told, **params), *says)
    says += desk
    return replace(outcome, house_id=outcome.house_id or house_of(turn), says=says, talk=Talk(turn.person.id))


def seen_elsewhere(turn: Turn) -> bool:
    """Whether others look at the desk in another place than where this was done, as at a platform's.

    What is said to the desk goes there then, and is no answer to whoever is here.
    """
    return turn.person.id == STAFF_DESK and any(known.channel != turn.reply.via for known in turn.person.addresses)


def _disputed(turn: Turn, outcome: Outcome) -> bool:
    reasons = (deed.data["reason"] for deed in outcome.deeds if deed.kind == "matter_raised")
    return turn.person.role is not Role.STAFF and "disagreement" in reasons


def to_them(turn: Turn, said: Say) -> Say:
    """A word to the person who just wrote, in the channel they used; any other as it is."""
    if said.to != turn.person.id:
        return said
    reply = turn.reply
    return replace(said, mode=Mode.REPLY, channel=reply.via, ticket=reply.ticket, address=reply.address)


def _with(turn: Turn, outcome: Outcome) -> Turn:
    """The turn with the case as the outcome leaves it, so that the answer tells what now stands."""
    case = next((case for case in outcome.cases if turn.scene and case.id == turn.scene.case.id), None)
    if case is None or turn.scene is None:
        return turn
    scene = turn.scene
    return replace(turn, scene=Scene(scene.household, case, scene.works, scene.next_number))


def to_desk(turn: Turn, reason: str, kind: str) -> Outcome:
    """Something only a person can settle: a matter of the open case, or a case of its own at the desk."""
    scene = _open_for(turn, reason) or turn.scene
    if scene is not None and scene.case.open:
        return done(turn, matter(scene, turn.person, reason, turn.now), kind)
    if turn.household is not None:
        outcome = open_desk(turn.household, turn.next_number, reason, turn.person, turn.now)
        return done(turn, outcome, kind)
    if turn.scenes:  # it is not plain which house they mean: it lies with the first, rather than nowhere
        first = turn.scenes[0]
        return done(turn, open_desk(first.household, first.next_number, reason, turn.person, turn.now), kind)
    note = Say(STAFF_DESK, "staff_note", {"who": turn.person.id, "reason": reason}, Mode.PROMPT)
    return done(turn, Outcome(says=(note,)), kind)


def emergency(turn: Turn) -> list[Outcome]:
    """Gas, fire, water that will not stop: whom to call, nothing automatic, and staff at once."""
    outcome = to_desk(turn, "emergency", "reply_emergency")
    told = (replace(said, mode=Mode.ALARM) if said.to == turn.person.id else said for said in outcome.says)
    return [replace(outcome, says=tuple(told))]  # no pause keeps from anybody whom to call


def _open_for(turn: Turn, reason: str) -> Scene | None:
    """The desk's case that is open already for this reason at the house they speak of."""
    house = house_of(turn) or next((scene.case.house_id for scene in turn.scenes), "")
    here = (scene for scene in turn.desk if scene.case.house_id == house)
    return next((scene for scene in here if scene.case.matter and scene.case.matter.reason == reason), None)


def house_of(turn: Turn) -> str:
    if turn.scene is not None:
        return turn.scene.case.house_id
    return turn.household.house.id if turn.household else ""
