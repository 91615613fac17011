"""What happens on a platform besides talking: somebody comes, leaves, takes a message back, or cannot be reached."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.core.arrival import What
from bot.core.meaning import Intent
from bot.core.moves import unevidenced, withdraw
from bot.core.outcome import Change, Deed, Mode, Outcome, Say
from bot.core.people import STAFF_DESK, Role
from bot.core.turn import Turn
from handlers import farewell, guest, linking, owner, reporting, servicer
from handlers.answers import answer, done, emergency, house_of, to_desk

# Questions about what somebody has just said: the day read back, what is missing of it.
FROM_WORDS = reporting.QUESTIONS | reporting.AHEAD
GREETINGS: Mapping[Role, Callable[[Turn], list[Outcome]]] = {
    Role.OWNER: owner.greet,
    Role.SERVICER: servicer.greet,
    Role.GUEST: guest.greet,
}


def came(turn: Turn) -> list[Outcome]:
    """A channel was opened to us, perhaps once more: it serves again, and they are greeted."""
    back = Outcome(house_of(turn), changes=(Change("address_back", _here(turn)),))
    greet = GREETINGS.get(turn.person.role)
    return [back, *(greet(turn) if greet else [])]


def left(turn: Turn) -> list[Outcome]:
    """They closed the channel: it ends, the next one serves, and nobody is asked why."""
    if turn.person.role is Role.GUEST:
        return []
    return [_ended(turn, "left")]


def failed(turn: Turn) -> list[Outcome]:
    """What we sent did not arrive, and nothing will at that address: it goes on through the next channel.

    Anybody can write such a report. It counts only where it names a message of ours to that very person.
    """
    if not turn.proved:
        return []
    if turn.person.role is Role.GUEST:
        return [Outcome(changes=(Change("channel_ended", {**_here(turn), "why": "dead"}),))]
    again = Change("undelivered", {"person_id": turn.person.id, "key": turn.about})
    return [_ended(turn, "dead").and_also(Outcome(changes=(again,)))]


def returned(turn: Turn) -> list[Outcome]:
    """What we sent came back, and the address is not to blame: that one message goes on through the next channel."""
    if not turn.proved or turn.person.role is Role.GUEST:
        return []
    deed = Deed("message_returned", turn.person.id, {"channel": turn.reply.via, "key": turn.about})
    again = Change("undelivered", {"person_id": turn.person.id, "key": turn.about})
    return [Outcome(house_of(turn), deeds=(deed,), changes=(again,))]


def unproved(turn: Turn) -> list[Outcome]:
    """Somebody writes in a person's name, and nothing shows that it is them: only what harms nobody follows."""
    meaning = turn.reply.meaning
    if meaning is not None and meaning.urgent:
        return emergency(turn)
    if meaning is not None and meaning.intent is Intent.STOP and not meaning.ask:
        return farewell.end_channel(turn, turn.reply.via)
    return [answer(turn, "reply_unproved")]


def _ended(turn: Turn, why: str) -> Outcome:
    others = [address for address in turn.person.addresses if address.channel != turn.reply.via]
    deed = Deed("address_ended", turn.person.id, {"channel": turn.reply.via, "why": why})
    params = {"who": turn.person.id, "reason": "address_dead", "house": house_of(turn)}
    note = Say(STAFF_DESK, "staff_note", params, Mode.PROMPT)
    return Outcome(
        house_of(turn),
        deeds=(deed,),
        changes=(Change("channel_ended", {**_here(turn), "why": why}),),
        says=() if others and why == "left" else (note,),
    )


def _here(turn: Turn) -> dict[str, str]:
    return {"person_id": turn.person.id, "channel": turn.reply.via}


def took_back(turn: Turn) -> list[Outcome]:
    """A message was withdrawn: its words and files are forgotten, that it was is kept, and what it reported is asked
    again."""
    if not turn.about:
        return []
    forget = forgotten(turn)
    if turn.person.role not in (Role.OWNER, Role.SERVICER):
        return [forget]
    scene = next((s for s in turn.scenes if any(r.source == turn.about for r in s.case.reports)), None)
    if scene is not None:
        return [forget, done(turn, withdraw(scene, turn.person, turn.about, turn.now), "reply_withdrawn")]
    if turn.settled_by_it:
        return [forget, to_desk(turn, "withdrawn", "reply_withdrawn")]
    if _asked_because_of_it(turn):
        return [forget, done(turn, Outcome(), "reply_withdrawn")]
    gone = set(turn.gone)
    shown = [s for s in turn.scenes if any(gone.intersection(report.evidence) for report in s.case.reports)]
    return [forget, *(unevidenced(scene, turn.person, gone, turn.now) for scene in shown)]


def _asked_because_of_it(turn: Turn) -> bool:
    """Whether the open question came from what they have taken back: a later yes would be the yes to that."""
    asked, said = turn.talk.asked_at, turn.said_at
    return turn.talk.question in FROM_WORDS and asked is not None and said is not None and asked >= said


def forgotten(turn: Turn) -> Outcome:
    """The words and files of the message that ``turn.about`` names are gone; that they were there is kept."""
    left = [ref for ref in turn.talk.data.get("evidence", ()) if ref not in turn.gone]
    talk = replace(turn.talk, data={**turn.talk.data, "evidence": left}) if "evidence" in turn.talk.data else None
    return Outcome(
        house_of(turn),
        deeds=(Deed("message_withdrawn", turn.person.id, {"channel": turn.reply.via}),),
        changes=(Change("message_forgotten", {"source": turn.about, "files": turn.gone}),),
        talk=talk,
    )


def linked(turn: Turn) -> list[Outcome]:
    """The platform vouches for the account for which a code was given on a page of ours, or it does not."""
    return linking.link(turn, turn.claim) if turn.claim is not None else [answer(turn, "reply_link_failed")]


DECIDES: Mapping[What, Callable[[Turn], list[Outcome]]] = {
    What.CAME: came,
    What.LEFT: left,
    What.TOOK_BACK: took_back,
    What.LINKED: linked,
    What.FAILED: failed,
    What.RETURNED: returned,
}
