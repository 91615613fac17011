"""One of the staff in talk with somebody: what either of them writes goes to the other."""

from bot.core.case import Scene
from bot.core.matter import partner
from bot.core.outcome import Outcome, Talk
from bot.core.people import Person
from bot.core.talks import answered, begin, hand_back, passed_on
from bot.core.turn import Turn
from handlers.answers import ask, done


def with_staff(turn: Turn) -> list[Outcome]:
    """Words that a person writes while one of the staff is in talk with them; a pressed button means what it says."""
    if turn.reply.action is not None:
        return []
    mine = (scene for scene in (*turn.scenes, *turn.desk) if partner(scene) == turn.person.id)
    scene = next(mine, None)
    if scene is None:
        return []
    heard = passed_on(scene, turn.person, turn.reply.source, turn.now)
    return [heard.and_also(Outcome(talk=Talk(turn.person.id)))]


def take_over(turn: Turn, scene: Scene) -> Outcome | None:
    """The talk with a person of the house, or with its owner or servicer; None where there is nobody to write to."""
    person = _person(scene, turn.reply.action.arg if turn.reply.action else "")
    if person is None or not person.addresses:
        return None
    return done(turn, begin(scene, person, turn.person.id, turn.now), "reply_talk")


def write(turn: Turn, scene: Scene) -> Outcome:
    """The words came with the button, as from the console, or are asked for."""
    if not turn.reply.text.strip():
        return ask(turn, "ask_words", "reply_ask_words", {})
    return done(turn, answered(scene, turn.person.id, turn.reply, turn.now), "reply_said")


def give_back(turn: Turn, scene: Scene) -> Outcome:
    return done(turn, hand_back(scene, turn.person.id, turn.now), "reply_handed_back")


def _person(scene: Scene, arg: str) -> Person | None:
    """By id, or the one of a side who asked for it, or else its first."""
    household = scene.household
    known = [*household.owners, *([household.servicer] if household.servicer else [])]
    asker = scene.case.matter.asker if scene.case.matter else ""
    mine = [person for person in known if person.id == arg or person.role == arg]
    return next((person for person in mine if person.id == asker), next(iter(mine), None))
