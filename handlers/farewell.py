"""Three different wishes, each with its own answer: end this channel, end the support, erase my data.

Each takes effect at once. Ending the support and erasing are asked once more, because they end the watch over the
plan; ending a channel is not.
"""

from datetime import timedelta

from bot.core.days import civil
from bot.core.meaning import Intent
from bot.core.outcome import Change, Deed, Outcome
from bot.core.people import Person
from bot.core.transfer import BEREAVED
from bot.core.turn import Turn
from handlers.answers import answer, ask, done, house_of, to_desk
from handlers.endings import END_SUPPORT, ERASE, named, sure

PAGES = frozenset({END_SUPPORT, ERASE})  # the questions that are asked on a page of their own
# Who clearly says one of these speaks of a company's service or of other data.
BESIDES = frozenset({Intent.DONE, Intent.PROBLEM, Intent.CHANGE, Intent.CONSENT})
SURE_DAYS = 1  # a yes in words that comes later than that may be meant of something else


def asked_for(turn: Turn) -> list[Outcome]:
    """Words that name the support or the data: the page that tells what ending it means. Nothing for other words."""
    meaning = turn.reply.meaning
    if meaning is not None and meaning.intent in BESIDES and not meaning.ask:
        return []
    ending = named(turn.reply.text)
    if ending == ERASE:
        return erase_page(turn)
    refuses = turn.talk.question == "consent"  # no to what was only offered ends nothing
    return support_page(turn) if ending == END_SUPPORT and not refuses else []


def support_page(turn: Turn) -> list[Outcome]:
    return [ask(turn, "end_support", "reply_support_page", {})]


def erase_page(turn: Turn) -> list[Outcome]:
    return [ask(turn, "erase", "reply_erase_page", {})]


def answered(turn: Turn) -> list[Outcome]:
    """What they said to the question of such a page; nothing if it is about something else."""
    question, action = turn.talk.question, turn.reply.action
    if question not in PAGES or (action is None and turn.reply.named):
        return []  # who names a channel speaks of that: 「LINEはやめてメールに」
    if action is not None:
        return confirmed(turn, action.verb == "yes") if action.verb in ("yes", "no") and action.arg == question else []
    asked = turn.talk.asked_at
    if asked is None or civil(turn.now) > civil(asked) + timedelta(days=SURE_DAYS):
        return []
    is_sure = sure(turn.reply.text, question)
    return [] if is_sure is None else confirmed(turn, is_sure)


def stop(turn: Turn) -> list[Outcome]:
    """ "Stop": the channel ends at once; where it is not clear what is to stop, that is asked."""
    meaning, action = turn.reply.meaning, turn.reply.action
    channel = action.arg if action else ""
    if not channel and not (meaning is not None and meaning.ask):
        channel = _this_channel(turn)
    if channel:
        return end_channel(turn, channel)
    theirs = [address.channel for address in turn.person.addresses]
    return [answer(turn, "reply_stop_what", channels=list(dict.fromkeys(theirs)))]


def _this_channel(turn: Turn) -> str:
    """The channel that their words name, or in which they came, or under whose message; "" where that names none.

    A page of ours need not be one of their channels: ending it would end nothing.
    """
    theirs = list(dict.fromkeys(address.channel for address in turn.person.addresses))
    named_ones = [channel for channel in theirs if channel in turn.reply.named]
    if turn.reply.named:
        return named_ones[0] if len(named_ones) == len(turn.reply.named) == 1 else ""
    here = [channel for channel in (turn.reply.via, turn.reply.above) if channel in theirs]
    return next(iter(here), theirs[0] if len(theirs) == 1 else "")


def end_channel(turn: Turn, ended: str) -> list[Outcome]:
    """No more messages through this channel; the next one in their order is used from now on."""
    left = [address.channel for address in turn.person.addresses if address.channel != ended]
    outcome = _ended(turn, ended)
    return _everywhere(turn, done(turn, outcome, "reply_channel_ended", channel=ended, left=left[:1]))


def _ended(turn: Turn, channel: str, why: str = "stopped") -> Outcome:
    data = {"person_id": turn.person.id, "channel": channel, "why": why}
    deed = Deed("channel_ended", turn.person.id, {"channel": channel, "why": why})
    return Outcome(house_of(turn), deeds=(deed,), changes=(Change("channel_ended", data),))


def bereaved(turn: Turn) -> list[Outcome]:
    """Somebody has died: this channel ends, nothing is begun with its owner, and staff look before anybody is asked.

    Who it was is not asked: the staff find out, and undo it where it was somebody else.
    """
    outcome = to_desk(turn, "bereavement", "reply_bereaved").and_also(reported_dead(turn, turn.person))
    ended = _this_channel(turn)
    return [outcome.and_also(_ended(turn, ended, BEREAVED)) if ended else outcome]


def reported_dead(turn: Turn, owner: Person) -> Outcome:
    """Nothing is begun with that owner from now on."""
    deed = Deed("death_reported", turn.person.id, {"of": owner.id})
    return Outcome(deeds=(deed,), changes=(Change("death_reported", {"person_id": owner.id}),))


def end_support(turn: Turn) -> list[Outcome]:
    """The mandate is withdrawn for every house of theirs; only staff hear of those from now on."""
    outcome = Outcome(
        house_of(turn),
        deeds=(Deed("mandate_withdrawn", turn.person.id, {"via": turn.reply.via}),),
        changes=(Change("support_ended", {"person_id": turn.person.id}),),
    )
    return _everywhere(turn, done(turn, outcome, "reply_support_ended"))


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
    return _everywhere(turn, done(turn, outcome, "reply_erased", owner=""))


def _everywhere(turn: Turn, outcome: Outcome) -> list[Outcome]:
    """What holds for all of their houses stands in the record of each."""
    return [outcome, *(Outcome(house, deeds=outcome.deeds) for house in turn.houses if house != outcome.house_id)]


def confirmed(turn: Turn, sure: bool) -> list[Outcome]:
    """The answer to "do you really wish to"."""
    if not sure:
        return [done(turn, answer(turn, "reply_goes_on"))]
    return erase(turn) if turn.talk.question == ERASE else end_support(turn)


def ask_consent(turn: Turn) -> list[Outcome]:
    """The first house for which they have not agreed is asked about; who has agreed for all of them is told so."""
    if not turn.unconsented:
        return [answer(turn, "reply_consented" if turn.household else "reply_no_house")]
    seen = {"version": turn.consent["version"], "hash": turn.consent["hash"]}
    return [ask(turn, "consent", "consent_ask", seen, house=turn.unconsented[0], version=turn.consent["version"])]


def consent(turn: Turn) -> list[Outcome]:
    """The owner's two consents, with the text they saw; a yes to an older text, or to one in another language, is asked
    for again with the text in force."""
    pressed = turn.reply.action.arg if turn.reply.action is not None else ""
    asked = turn.talk.data.get("hash", "") if turn.talk.question == "consent" else ""
    if pressed not in ("", turn.consent["version"]) or asked not in ("", turn.consent["hash"]) or not turn.unconsented:
        return ask_consent(turn)
    data = {
        "person_id": turn.person.id,
        "text_version": turn.consent["version"],
        "text_hash": turn.consent["hash"],
        "channel": turn.reply.via,
        "source": turn.reply.source,
    }
    deed = {name: data[name] for name in ("text_version", "text_hash", "channel", "source")}
    outcome = Outcome(
        turn.unconsented[0],
        deeds=(Deed("mandate_given", turn.person.id, {**deed, "scope": "information,mandate"}),),
        changes=(Change("owner_resumed", {"person_id": turn.person.id}), Change("mandate_given", data)),
        wake_on=civil(turn.now),
    )
    return [done(turn, outcome, "reply_consented")]


def decline(turn: Turn) -> list[Outcome]:
    outcome = Outcome(house_of(turn), deeds=(Deed("mandate_declined", turn.person.id, {"via": turn.reply.via}),))
    return [done(turn, outcome, "reply_declined")]


ENDINGS = {END_SUPPORT: end_support, ERASE: erase}
