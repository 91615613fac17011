"""What was asked for a loan's day that holds no more: the loan was repaid or corrected, or went with its owner."""

from dataclasses import replace
from datetime import datetime

from bot.core.case import Basis, Phase, Scene
from bot.core.course import finish
from bot.core.ledger import Ledger
from bot.core.loan import loan_of
from bot.core.matter import CLOCK, outlive
from bot.core.milestones import milestones
from bot.core.outcome import Deed, Outcome


def over(ledger: Ledger, now: datetime) -> Outcome:
    """Calls off what was opened for such a day, and says nothing: nobody has to do anything about it."""
    house = ledger.household.house
    outcome, standing = Outcome(house.id), {milestone.code for milestone in milestones(house)}
    for scene in ledger.scenes:
        works = scene.open_works
        if works and all(loan_of(work.code) and work.code not in standing for work in works):
            outcome = outcome.and_also(_called_off(scene, now))
    return outcome


def _called_off(scene: Scene, now: datetime) -> Outcome:
    works = tuple(replace(work, basis=Basis.CALLED_OFF) for work in scene.open_works)
    deed = Deed("loan_date_over", CLOCK, {"item": works[0].code}, scene.case.id)
    scene, kept = outlive(scene, CLOCK)
    closed = replace(scene.case, phase=Phase.CLOSED, later={})
    outcome = Outcome(works=works, deeds=(deed,)).and_also(kept)
    return finish(replace(scene, case=closed, works=works), now, outcome)
