"""An owner makes good, with one tap, what stood on the company's word alone."""

from dataclasses import replace

from bot.core.days import civil
from bot.core.outcome import Change, Deed, Outcome
from bot.core.turn import Turn
from handlers.answers import answer, done


def was_done(turn: Turn) -> list[Outcome]:
    """The owner says that it was as the company reported, of everything that stands on its word alone."""
    named = turn.reply.action.case_id if turn.reply.action else ""
    scene = next((one for one in turn.desk if one.case.id == named and one.case.risk is not None), None)
    risk = scene.case.risk if scene is not None else None
    works = [reason.at for reason in risk.reasons if reason.code == "unconfirmed"] if risk else []
    if scene is None or not works:
        return [answer(turn, "reply_over")]
    deed = Deed("closure_confirmed", turn.person.id, {"works": works}, scene.case.id)
    change = Change("closure_confirmed", {"works": works})
    outcome = Outcome(scene.case.house_id, deeds=(deed,), changes=(change,), wake_on=civil(turn.now))
    return [done(replace(turn, scene=scene), outcome, "reply_was_done")]
