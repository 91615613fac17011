"""What a person said on the telephone or on a slip, keyed in by the staff: it counts as that person's own word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core.case import Report, Result, Scene
from bot.core.closing import reported
from bot.core.course import visits
from bot.core.days import civil
from bot.core.desk import open_desk
from bot.core.house import Household
from bot.core.moves import fix, later, matter, not_yet, wish
from bot.core.outcome import Change, Deed, Outcome, Talk
from bot.core.people import Person
from bot.core.turn import Reply, Turn
from bot.core.unreached import came_back
from handlers import farewell
from handlers.answers import answer, done

RESULTS = {"done_ok": Result.OK, "done_issues": Result.ISSUES}
AHEAD = frozenset({"fix", "wish"})  # these need a day that is still to come
OF_A_VISIT = AHEAD | {"cannot"}
VIAS = frozenset({"phone", "letter"})


@dataclass(frozen=True, slots=True)
class Word:
    """Who said what, on which day it was done or is wished, how it reached the staff; ``code`` is that of a slip."""

    via: str
    verb: str
    day: date | None
    person_id: str
    code: str = ""

    def __str__(self) -> str:
        return "=".join((self.via, self.verb, self.day.isoformat() if self.day else "", self.person_id, self.code))


@dataclass(frozen=True, slots=True)
class Printed:
    """The consent text that was on a letter, by its code, and who of the staff has the paper before them."""

    code: str
    version: str
    hash: str
    by: str


def read_word(arg: str) -> Word | None:
    """The word in a button's argument; None for anything else."""
    via, _, rest = arg.partition("=")
    verb, _, rest = rest.partition("=")
    day, _, rest = rest.partition("=")
    person_id, _, code = rest.partition("=")
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError:
        return None
    return Word(via, verb, on, person_id, code) if via in VIAS and person_id else None


def said(turn: Turn) -> list[Outcome]:
    """The word of an owner or servicer of this case."""
    action = turn.reply.action
    word = read_word(action.arg) if action else None
    if word is None or turn.household is None:
        return [answer(turn, "reply_over")]
    scene, person = turn.scene, _person(turn, word)
    if scene is None or person is None or not may_be_said(scene, word):
        return [answer(turn, "reply_over")]
    refused = _refused(turn, scene, word)
    if refused is not None:
        return [refused]
    outcome = _told(scene, person, word, turn.now)
    if outcome is None:
        return [answer(turn, "reply_over")]
    return [done(turn, outcome.and_also(_proof(turn, word)), "reply_keyed", who=person.id)]


def undeliverable(turn: Turn) -> list[Outcome]:
    """A letter came back: the case lies with the staff, who look for the person elsewhere."""
    code, _, why = (turn.reply.action.arg if turn.reply.action else "").partition("=")
    if turn.household is None or not code.isdigit():
        return [answer(turn, "reply_over")]
    if turn.scene is not None and turn.scene.case.open:
        outcome = matter(turn.scene, turn.person, "address_dead", turn.now)
    else:
        outcome = open_desk(turn.household, turn.next_number, "address_dead", turn.person, turn.now)
    case_id = turn.scene.case.id if turn.scene else ""
    returned = Outcome(
        deeds=(Deed("letter_came_back", turn.person.id, came_back(code, why), case_id),),
        changes=(Change("letter_answered", {"code": code}),),
    )
    return [done(turn, outcome.and_also(returned), "reply_keyed", who="")]


def _person(turn: Turn, word: Word) -> Person | None:
    household = turn.household
    known = [*household.owners, household.servicer] if household else []
    return next((person for person in known if person is not None and person.id == word.person_id), None)


def may_be_said(scene: Scene, word: Word) -> bool:
    """Of a case at the desk nothing is done or put off, and only where somebody comes can a day be fixed."""
    fits = visits(scene.case) if word.verb in OF_A_VISIT else bool(scene.open_works)
    return scene.case.open and (fits or word.verb == "human")


def _refused(turn: Turn, scene: Scene, word: Word) -> Outcome | None:
    """A day that cannot be."""
    today = civil(turn.now)
    if word.verb in RESULTS and word.day is not None and word.day > today:
        return answer(turn, "reply_day_future", day=word.day.isoformat())
    if word.verb in RESULTS and word.day is not None and word.day < scene.household.house.handed_over_on:
        return answer(turn, "reply_day_too_early", day=word.day.isoformat())
    if word.verb in RESULTS and word.day is not None and scene.done_before(word.day):
        return answer(turn, "reply_day_before_last", day=word.day.isoformat(), last=str(scene.last_done))
    if word.verb in AHEAD and word.day is not None and word.day <= today:
        return answer(turn, "reply_day_past", day=word.day.isoformat())
    return None


def _told(scene: Scene, person: Person, word: Word, now: datetime) -> Outcome | None:
    if word.verb in RESULTS:
        if word.day is None:
            return None
        report = Report(person.role, person.id, word.day, RESULTS[word.verb], now, word.via)
        return reported(scene, report, now)
    if word.verb in AHEAD and word.day is None:
        return None
    move = MOVES.get(word.verb)
    return move(scene, person, word.day, now) if move else None


def _proof(turn: Turn, word: Word) -> Outcome:
    """Who keyed it in, and that the letter is answered."""
    case_id = turn.scene.case.id if turn.scene else ""
    data = {"for": word.person_id, "via": word.via, "word": word.verb, "source": turn.reply.source}
    deed = Deed("word_keyed_in", turn.person.id, data, case_id)
    changes = (Change("letter_answered", {"code": word.code}),) if word.code else ()
    return Outcome(deeds=(deed,), changes=changes)


def on_paper(owner: Person, household: Household, verb: str, printed: Printed, now: datetime) -> Outcome:
    """The owner's tick on a printed consent; who is in the room is the staff, so nothing is said to the owner."""
    reply = Reply("letter", f"letter:{printed.code}")
    consent = {"version": printed.version, "hash": printed.hash}
    house = (household.house.id,)
    turn = Turn(owner, reply, Talk(owner.id), now, household=household, unconsented=house, consent=consent)
    decided = farewell.consent(turn) if verb == "consent" else farewell.decline(turn)
    keyed_in = Deed("word_keyed_in", printed.by, {"for": owner.id, "via": "letter", "word": verb, "code": printed.code})
    answered = Change("letter_answered", {"code": printed.code})
    told = replace(decided[0], house_id=household.house.id, says=(), talk=None)
    return told.and_also(Outcome(deeds=(keyed_in,), changes=(answered,)))


def ending(turn: Turn, what: str, by: str) -> list[Outcome]:
    """What somebody asked of the staff by telephone or letter: a channel, the support or their data ends at once.

    ``what`` is the name of a channel, or one of the other two endings. Nobody is written to: they are in the talk.
    """
    first, *others = farewell.ENDINGS[what](turn) if what in farewell.ENDINGS else farewell.end_channel(turn, what)
    keyed_in = Deed("word_keyed_in", by, {"for": turn.person.id, "via": turn.reply.via, "word": what})
    return [replace(first, says=(), talk=None).and_also(Outcome(deeds=(keyed_in,))), *others]


Move = Callable[[Scene, Person, date | None, datetime], Outcome]


def _wish(scene: Scene, person: Person, day: date | None, now: datetime) -> Outcome:
    assert day is not None
    return wish(scene, person, day, now)


def _fix(scene: Scene, person: Person, day: date | None, now: datetime) -> Outcome:
    assert day is not None
    return fix(scene, person, day, now)


def _cannot(scene: Scene, person: Person, day: date | None, now: datetime) -> Outcome:
    return matter(scene, person, "cannot", now)


def _human(scene: Scene, person: Person, day: date | None, now: datetime) -> Outcome:
    return matter(scene, person, "human", now)


MOVES: Mapping[str, Move] = {
    "not_yet": not_yet,
    "later": later,
    "wish": _wish,
    "fix": _fix,
    "cannot": _cannot,
    "human": _human,
}
