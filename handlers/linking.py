"""An account is bound to a person: by a one-time code, and where one stood before, only with its consent."""

from dataclasses import replace

from bot.core.outcome import Change, Deed, Outcome
from bot.core.turn import Claim, Turn, Vouched
from handlers.answers import answer, done, say


def link(turn: Turn, claim: Claim) -> list[Outcome]:
    """The code is used up. The account is theirs at once, or once the address it would replace has agreed."""
    if claim.replaces:
        return [_ask_first(turn, claim, _account(claim))]
    told = say(replace(turn, person=claim.person), "reply_linked", channel=turn.reply.via)
    return [replace(_linked(claim, "linked"), says=(told,))]


def _account(claim: Claim) -> dict[str, str]:
    person_id = claim.person.id
    return {"person_id": person_id, "channel": claim.channel, "address": claim.address, "digest": claim.digest}


def _linked(claim: Claim, change: str) -> Outcome:
    """The account is theirs, and the record says so."""
    deed = Deed("channel_linked", claim.person.id, {"channel": claim.channel})
    return Outcome(claim.house_id, deeds=(deed,), changes=(Change(change, _account(claim)),))


def offer(turn: Turn, vouched: Vouched) -> Outcome:
    """A mail to the address that the guest's platform has verified: it leads to the code, the chat does not.

    Whoever writes there is answered like any stranger, and learns nothing.
    """
    told = say(replace(turn, person=vouched.person), "reply_link_offer", channel=turn.reply.via)
    return Outcome(says=(replace(told, channel=vouched.channel, address="", ticket=""),))


def _ask_first(turn: Turn, claim: Claim, data: dict[str, str]) -> Outcome:
    """Changing an address asks the old one first: whoever took the code alone cannot take over the talk."""
    known = replace(turn, person=claim.person)
    asked = say(known, "reply_link_ask", channel=turn.reply.via, digest=claim.digest)
    asked = replace(asked, ticket="", address="")  # what came in came from the new account: an answer to it goes there
    deed = Deed("link_asked", claim.person.id, {"channel": turn.reply.via})
    outcome = Outcome(claim.house_id, deeds=(deed,), changes=(Change("link_waits", data),), says=(asked,))
    return answer(turn, "reply_link_waits").and_also(outcome)


def confirm(turn: Turn) -> list[Outcome]:
    """The old address agrees: the new one takes its place, and both are told."""
    claim = turn.claim
    if claim is None:
        return [answer(turn, "reply_link_over")]
    outcome = done(turn, _linked(claim, "link_agreed"), "reply_linked", channel=claim.channel)
    there = replace(say(turn, "reply_linked", channel=claim.channel), channel=claim.channel, address="", ticket="")
    return [replace(outcome, says=(*outcome.says, there))]


def refuse(turn: Turn) -> list[Outcome]:
    """It was not them: nothing changes, and the staff see it in the record."""
    claim = turn.claim
    if claim is None:
        return [answer(turn, "reply_link_over")]
    change = Change("link_refused", {"person_id": turn.person.id, "digest": claim.digest})
    deed = Deed("link_refused", turn.person.id, {"channel": claim.channel})
    return [done(turn, Outcome(claim.house_id, deeds=(deed,), changes=(change,)), "reply_link_refused")]
