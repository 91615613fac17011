"""What one of the staff heard on the telephone, typed in their own words: understood, read back, and kept by a press.

It is understood as if that person had written it, and nothing is kept before the staff have seen what it was taken for.
"""

from collections.abc import Mapping

from bot.core.case import Phase, Scene
from bot.core.days import civil
from bot.core.meaning import Context, Intent, Meaning
from bot.core.outcome import Outcome
from bot.core.people import Person, Role
from bot.core.turn import Turn
from bot.language.doubts import HEARSAY
from bot.language.understand import understand
from handlers.answers import answer, ask
from handlers.keyed import RESULTS, Word, may_be_said

QUESTION = "ask_heard"
DONE: Mapping[str, str] = {result: verb for verb, result in RESULTS.items()}
BARE = {Intent.NOT_YET: "not_yet", Intent.HUMAN: "human"}  # these need no day


def pressed(turn: Turn) -> list[Outcome]:
    """Whose words they are comes with the button; the words come with it, as from a form, or are asked for."""
    side = turn.reply.action.arg if turn.reply.action else ""
    if turn.reply.text.strip():
        return _read(turn, side)
    if turn.scene is None or _said_by(turn.scene, side) is None:
        return [answer(turn, "reply_over")]
    return [ask(turn, QUESTION, "reply_ask_heard", {"side": side}, side=side)]


def written(turn: Turn) -> list[Outcome]:
    return _read(turn, str(turn.talk.data.get("side", "")))


def _read(turn: Turn, side: str) -> list[Outcome]:
    """What may be kept, as buttons; where the words do not say enough, what is missing."""
    scene = turn.scene
    person = _said_by(scene, side) if scene is not None else None
    if scene is None or person is None:
        return [answer(turn, "reply_over")]
    meaning = understand(turn.reply.text, turn.now, Role(side), _context(turn, scene))
    words = [word for word in _words(turn, meaning, person) if may_be_said(scene, word)]
    if not words:
        return [ask(turn, QUESTION, "reply_heard_unclear", {"side": side}, side=side)]
    day = words[0].day.isoformat() if words[0].day else ""
    heard = [{"verb": word.verb, "arg": str(word)} for word in words]
    return [answer(turn, "reply_heard", side=side, day=day, heard=heard)]


def _said_by(scene: Scene, side: str) -> Person | None:
    if side == Role.OWNER:
        return scene.household.owner
    return scene.household.servicer if side == Role.SERVICER else None


def _context(turn: Turn, scene: Scene) -> Context:
    late = scene.case.target_on < civil(turn.now) or scene.case.phase is Phase.CONFIRMING
    return Context.OVERDUE if late else Context.REMINDER_DUE


def _words(turn: Turn, meaning: Meaning, person: Person) -> list[Word]:
    """What it may have meant: never more than what was said, and nothing of what is doubtful."""
    day = meaning.date if meaning.date_precision == "day" else None
    doubtful = meaning.ask and meaning.why != HEARSAY  # what the staff write down is hearsay, and kept as theirs
    if doubtful or meaning.partial:
        return []
    if meaning.intent is Intent.DONE and day is not None and meaning.result is not None:
        return [Word("phone", DONE[meaning.result], day, person.id)]
    if meaning.intent in (Intent.SCHEDULE, Intent.RESCHEDULE) and day is not None and day > civil(turn.now):
        verbs = ("fix", "wish") if person.role is Role.OWNER else ("fix",)
        return [Word("phone", verb, day, person.id) for verb in verbs]
    if meaning.intent is Intent.SNOOZE:
        return [Word("phone", "later", meaning.date, person.id)]
    verb = BARE.get(meaning.intent, "")
    return [Word("phone", verb, None, person.id)] if verb else []
