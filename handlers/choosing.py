"""The staff choose another company, and write down what it, or the owner, said on the telephone."""

from typing import TypeGuard

from bot.core.candidacy import accept, ask, ask_association, decline, may_ask, withdraw
from bot.core.candidates import UNFIT, Ranked
from bot.core.case import Scene
from bot.core.outcome import Outcome
from bot.core.proposal import reasons
from bot.core.turn import Turn
from bot.language.sums import yen
from handlers import succession
from handlers.answers import answer, done
from handlers.answers import ask as ask_for
from handlers.candidate import NO_SUM

FEE = "ask_their_fee"


def choose(turn: Turn, scene: Scene) -> list[Outcome]:
    """The companies that could come, the best first, with what speaks for each. A silent one is called before."""
    if not may_ask(scene):
        return [ask_for(turn, "ask_call", "reply_call_first", {})]
    options = [_option(one) for one in turn.candidates]
    associations = [{"id": one.id.partition(":")[2], "name": one.name} for one in turn.associations]
    return [answer(turn, "reply_choose_servicer", options=options, associations=associations)]


def chosen(turn: Turn, scene: Scene, servicer_id: str) -> list[Outcome]:
    """That company is asked, and after it those who are fit, in their order."""
    if not may_ask(scene):
        return choose(turn, scene)
    first = next((one for one in turn.candidates if one.id == f"servicer:{servicer_id}"), None)
    if first is None or _other_asked(scene):
        return [answer(turn, "reply_over")]
    fit = (one.id for one in turn.candidates if one != first and not UNFIT.intersection(one.reasons))
    outcome = ask(scene, turn.person.id, (first.id, *fit), turn.now)
    return [done(turn, outcome, "reply_candidate_asked", company_new=first.company.person.name)]


def association(turn: Turn, scene: Scene, association_id: str) -> list[Outcome]:
    """An association is asked whether it knows a company."""
    if not may_ask(scene):
        return choose(turn, scene)
    known = next((one for one in turn.associations if one.id == f"servicer:{association_id}"), None)
    if known is None or scene.case.candidacy is not None:
        return [answer(turn, "reply_over")]
    outcome = ask_association(scene, turn.person.id, known.id, turn.now)
    return [done(turn, outcome, "reply_candidate_asked", company_new=known.name)]


def _other_asked(scene: Scene) -> bool:
    """Whether a company is being asked; while an association looks for one, the staff may name it themselves."""
    return scene.case.candidacy is not None and not scene.case.candidacy.introduces


def their_no(turn: Turn) -> list[Outcome]:
    """The company said on the telephone that it does not take the house on."""
    scene = turn.scene
    if not _is_asked(scene):
        return [answer(turn, "reply_over")]
    return [done(turn, decline(scene, turn.person.id, turn.now), "reply_company_noted")]


def their_yes(turn: Turn) -> list[Outcome]:
    """It takes it on, as it said on the telephone; for how much comes with it, as from the console, or is asked."""
    if turn.scene is not None and turn.scene.case.candidacy and turn.scene.case.candidacy.introduces:
        return [answer(turn, "reply_over")]  # an association takes nothing on
    if turn.reply.text.strip():
        return their_fee(turn)
    if not _is_asked(turn.scene):
        return [answer(turn, "reply_over")]
    return [ask_for(turn, FEE, "reply_ask_fee", {}, doubt="")]


def their_fee(turn: Turn) -> list[Outcome]:
    """The answer of the staff to what it costs."""
    scene, fee = turn.scene, yen(turn.reply.text)
    if turn.candidate is None or not _is_asked(scene):
        return [answer(turn, "reply_over")]
    if fee is None:
        return [ask_for(turn, FEE, "reply_ask_fee", {}, doubt=NO_SUM)]
    return [done(turn, accept(scene, turn.candidate, fee, turn.now), "reply_company_noted")]


def called_off(turn: Turn) -> list[Outcome]:
    scene = turn.scene
    if scene is None or scene.case.candidacy is None:
        return [answer(turn, "reply_over")]
    return [done(turn, withdraw(scene, turn.person.id, turn.now), "reply_company_noted")]


def owner_agreed(turn: Turn) -> list[Outcome]:
    """As the owner said on the telephone."""
    return succession.agreed(turn) or [answer(turn, "reply_over")]


def owner_refused(turn: Turn) -> list[Outcome]:
    return succession.disagreed(turn) or [answer(turn, "reply_over")]


def _is_asked(scene: Scene | None) -> TypeGuard[Scene]:
    return scene is not None and scene.case.candidacy is not None and not scene.case.candidacy.accepted


def _option(one: Ranked) -> dict[str, object]:
    return {
        "id": one.id.partition(":")[2],
        "name": one.company.person.name,
        "reasons": reasons(one),
    }
