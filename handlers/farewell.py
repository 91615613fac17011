"""Three different wishes, each with its own answer: end this channel, end the support, erase my data.

Each takes effect at once. Ending the support and erasing are asked once more, because they end the watch over the
plan; ending a channel is not.
"""

from bot.core.days import civil
from bot.core.outcome import Change, Deed, Outcome
from bot.core.people import Role
from bot.core.turn import Turn
from handlers.answers import answer, ask, done, house_of

ERASING = ("消去", "削除", "消して", "erase", "delete")
SUPPORT = ("支援", "委託", "同意", "解約", "サービス", "support", "consent", "mandate")


def stop(turn: Turn) -> list[Outcome]:
    """ "Stop": the channel ends at once, and what else could have been meant is offered in the same answer."""
    text = turn.reply.text.lower()
    if any(word in text for word in ERASING):
        return [ask(turn, "erase", "reply_erase_page", {})]
    if turn.person.role is Role.OWNER and any(word in text for word in SUPPORT):
        return [ask(turn, "end_support", "reply_support_page", {})]
    return [end_channel(turn)]


def end_channel(turn: Turn, channel: str = "") -> Outcome:
    """No more messages through this channel; the next one in their order is used from now on."""
    ended = channel or turn.reply.via
    left = [address.channel for address in turn.person.addresses if address.channel != ended]
    data = {"person_id": turn.person.id, "channel": ended, "why": "stopped"}
    outcome = Outcome(
        house_of(turn),
        deeds=(Deed("channel_ended", turn.person.id, {"channel": ended, "why": "stopped"}),),
        changes=(Change("channel_ended", data),),
    )
    return done(turn, outcome, "reply_channel_ended", channel=ended, left=left[:1])


def end_support(turn: Turn) -> list[Outcome]:
    """The mandate is withdrawn for every house of theirs; only staff hear of those from now on."""
    outcome = Outcome(
        house_of(turn),
        deeds=(Deed("mandate_withdrawn", turn.person.id, {"via": turn.reply.via}),),
        changes=(Change("support_ended", {"person_id": turn.person.id}),),
    )
    return [done(turn, outcome, "reply_support_ended")]


def erase(turn: Turn) -> list[Outcome]:
    """Their data goes and with it every way to reach them; the record keeps codes and dates, which the law asks for."""
    outcome = Outcome(
        house_of(turn),
        deeds=(
            Deed("mandate_withdrawn", turn.person.id, {"via": turn.reply.via}),
            Deed("person_erased", turn.person.id, {"via": turn.reply.via}),
        ),
        changes=(
            Change("support_ended", {"person_id": turn.person.id}),
            Change("person_erased", {"person_id": turn.person.id}),
        ),
    )
    return [done(turn, outcome, "reply_erased")]


def confirmed(turn: Turn, sure: bool) -> list[Outcome]:
    """The answer to "do you really wish to"."""
    if not sure:
        return [done(turn, answer(turn, "reply_goes_on"))]
    return erase(turn) if turn.talk.question == "erase" else end_support(turn)


def consent(turn: Turn) -> list[Outcome]:
    """The owner's two consents, with the text they saw; a button under an older text asks with the new one."""
    if turn.household is None:
        return [answer(turn, "reply_no_house")]
    if turn.reply.action is not None and turn.reply.action.arg not in ("", turn.consent["version"]):
        return [ask(turn, "consent", "consent_ask", {})]
    data = {
        "person_id": turn.person.id,
        "text_version": turn.consent["version"],
        "text_hash": turn.consent["hash"],
        "channel": turn.reply.via,
        "source": turn.reply.source,
    }
    deed = {name: data[name] for name in ("text_version", "text_hash", "channel", "source")}
    outcome = Outcome(
        house_of(turn),
        deeds=(Deed("mandate_given", turn.person.id, {**deed, "scope": "information,mandate"}),),
        changes=(Change("owner_resumed", {"person_id": turn.person.id}), Change("mandate_given", data)),
        wake_on=civil(turn.now),
    )
    return [done(turn, outcome, "reply_consented")]


def decline(turn: Turn) -> list[Outcome]:
    outcome = Outcome(house_of(turn), deeds=(Deed("mandate_declined", turn.person.id, {"via": turn.reply.via}),))
    return [done(turn, outcome, "reply_declined")]
