"""A new link in place of one that has grown old: to an address that we know, never to one that is named."""

from dataclasses import replace

from bot.core.outcome import Deed, Outcome
from bot.core.turn import Turn
from handlers.answers import house_of, say


def new_link(turn: Turn) -> list[Outcome]:
    """It goes through the first channel in their order that is not the page itself; nothing is said on the page."""
    others = [address.channel for address in turn.person.addresses if address.channel != turn.reply.via]
    if not others:
        return []
    told = replace(say(turn, "reply_new_link"), channel=others[0], address="", ticket="")
    deed = Deed("link_renewed", turn.person.id, {"channel": others[0]})
    return [Outcome(house_of(turn), deeds=(deed,), says=(told,))]
