"""Who keeps a house's history: asked of its owner, looked for by the staff, and what follows once it is known."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core.case import Phase, Scene
from bot.core.course import finish
from bot.core.days import civil
from bot.core.history.access import NOBODY, Entry, Provider, Shelf
from bot.core.history.step import noted
from bot.core.house import Household
from bot.core.matter import CLOCK, settle_matter
from bot.core.outcome import Change, Deed, Outcome

NO_PROVIDER = "no_provider"  # works wait, and nobody knows for whom
PROVIDER_NAMED = "provider_named"  # the owner has answered in words that only a person can judge
ABOUT_KEEPER = frozenset({NO_PROVIDER, PROVIDER_NAMED})
ANSWER_DAYS = 14  # that an owner has to answer, before works that wait for it lie with the staff


@dataclass(frozen=True, slots=True)
class Sought:
    """A house of which nobody has told who keeps its history, and who could be meant.

    ``number`` is that of its next case; ``providers`` are those on our list that take new houses.
    """

    household: Household
    number: int
    providers: tuple[Provider, ...] = ()


def found(shelf: Shelf, now: datetime) -> tuple[Shelf, Outcome]:
    """What lies with the staff because nobody knew who keeps the history is over once that is known.

    It is over as well while the owner says that nobody does; their own words, though, are still to be read. The works
    that lay there wait again: to be entered, or for the next time that the owner is asked.
    """
    until, known = shelf.access.nobody_until, shelf.access.provider is not None
    said_nobody = until is not None and civil(now) < until
    over = [scene for scene in shelf.unknown if _may_end(scene) and (known or (said_nobody and _missing(scene)))]
    if not over:
        return shelf, Outcome()
    outcome = Outcome(shelf.house_id)
    for scene in over:
        scene, ended = settle_matter(scene, CLOCK)
        outcome = outcome.and_also(finish(replace(scene, case=replace(scene.case, phase=Phase.CLOSED)), now, ended))
    left = tuple(scene for scene in shelf.unknown if scene not in over)
    shelf = replace(shelf, unknown=left, at_desk=shelf.at_desk - {_reason(scene) for scene in over})
    return (shelf, outcome) if left else _waits_again(shelf, outcome)


def kept_by_nobody(by: str, where: Mapping[str, str], today: date) -> Outcome:
    """An owner says that nobody keeps it, or that they do not know: on record, and they are not asked for a year.

    ``by`` is the owner's key; ``where`` tells by which way they said so (``via``, ``source``).
    """
    answered = noted(answer=NOBODY, answered_on=today, look_on=today)
    return Outcome(deeds=(Deed("history_none", by, where),), changes=(answered,))


def _waits_again(shelf: Shelf, outcome: Outcome) -> tuple[Shelf, Outcome]:
    works = sorted(entry.work_id for entry in shelf.entries if entry.state is Entry.STAFF)
    entries = (replace(each, state=Entry.NEW) if each.work_id in works else each for each in shelf.entries)
    change = Change("entries_noted", {"works": works, "state": Entry.NEW})
    return replace(shelf, entries=tuple(entries)), outcome.and_also(Outcome(changes=(change,) if works else ()))


def _may_end(scene: Scene) -> bool:
    """A talk of the staff's goes on until they end it."""
    return scene.case.matter is not None and not scene.case.matter.talks_with


def _missing(scene: Scene) -> bool:
    return _reason(scene) == NO_PROVIDER


def _reason(scene: Scene) -> str:
    return scene.case.matter.reason if scene.case.matter else ""
