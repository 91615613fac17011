"""Whether the owner agrees to the company that would take their house over."""

from bot.core.candidacy import agree, introduced_as, refuse
from bot.core.days import civil
from bot.core.meaning import Intent
from bot.core.outcome import Outcome
from bot.core.turn import Turn
from handlers.answers import answer, done

YES, NO = (Intent.YES, Intent.CONSENT), (Intent.NO, Intent.DECLINE)


def agreed(turn: Turn) -> list[Outcome]:
    """They agree, by name and fee: the company has the house from now on, and asks them for days.

    Where it has closed meanwhile, that is the answer.
    """
    if not asked(turn) or turn.scene is None or turn.candidate is None:
        return []
    kind = "owner_company" if turn.candidate.active else "owner_company_gone"
    return [done(turn, agree(turn.scene, turn.person.id, turn.candidate, turn.now), kind)]


def disagreed(turn: Turn) -> list[Outcome]:
    """They do not want this company: the staff ask them what they wish."""
    if not asked(turn) or turn.scene is None:
        return []
    return [done(turn, refuse(turn.scene, turn.person.id, turn.now), "reply_company_refused")]


def answered(turn: Turn) -> list[Outcome]:
    """A plain yes or no, while nothing else is asked of them; what may be one is asked, anything else is no answer."""
    meaning = turn.reply.meaning
    if not asked(turn) or meaning is None or turn.talk.question or meaning.intent not in (*YES, *NO, Intent.OTHER):
        return []
    if meaning.ask or meaning.intent is Intent.OTHER:
        return [_again(turn)]
    return agreed(turn) if meaning.intent in YES else disagreed(turn)


def _again(turn: Turn) -> Outcome:
    """The question as it was asked, with its buttons."""
    name = turn.candidate.name if turn.candidate else ""
    known = introduced_as(turn.scene, name, civil(turn.now)) if turn.scene else {}
    return answer(turn, "owner_new_company", **known)


def asked(turn: Turn) -> bool:
    """Whether the owner is asked about a company now."""
    candidacy = turn.scene.case.candidacy if turn.scene else None
    return candidacy is not None and candidacy.accepted
