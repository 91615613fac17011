"""Where an ending is answered, and which channel a stop means."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.meaning import Intent, Meaning
from bot.core.outcome import Outcome, Talk
from bot.core.people import Address, Person
from bot.core.turn import Reply, Turn
from handlers import farewell

MAIL, LINE = Address("email", "h@example.jp"), Address("line", "U1")
OWNER = Person("owner:O1", "山田 花子", addresses=(MAIL, LINE))
STOP = Meaning(Intent.STOP)
TURN = Turn(
    OWNER,
    Reply("line", "inbound:1", "停止", meaning=STOP, address="U1"),
    Talk(OWNER.id),
    datetime(2027, 2, 1, tzinfo=UTC),
)


def ended(turn: Turn) -> str:
    """The channel that ends; the kind of the answer where none does."""
    outcome = farewell.stop(turn)[0]
    return next((str(change.data["channel"]) for change in outcome.changes), outcome.says[0].kind)


def test_the_answer_goes_to_the_very_address():
    """It has just ended, so it must be carried along."""
    said = farewell.stop(TURN)[0].says[0]
    assert (said.channel, said.address) == ("line", "U1")


@pytest.mark.parametrize(
    ("reply", "channel"),
    [
        ({}, "line"),
        ({"named": ("email",)}, "email"),
        ({"named": ("line", "email")}, "reply_stop_what"),
        ({"named": ("telegram",)}, "reply_stop_what"),
        ({"via": "chat", "above": "email"}, "email"),
        ({"via": "chat"}, "reply_stop_what"),
        ({"meaning": replace(STOP, ask=True)}, "reply_stop_what"),
    ],
)
def test_which_channel_a_stop_means(reply: dict[str, Any], channel: str):
    """The one named, the one written in, the one of the message above; otherwise it is asked."""
    assert ended(replace(TURN, reply=replace(TURN.reply, **reply))) == channel


def test_a_page_ends_the_only_channel():
    """Who is reached by mail alone and writes "stop" on their page gets no more mails."""
    only = replace(OWNER, addresses=(MAIL,))
    assert ended(replace(TURN, person=only, reply=replace(TURN.reply, via="chat"))) == "email"


@pytest.mark.parametrize("end", [farewell.stop, farewell.end_support, farewell.erase])
def test_an_ending_stands_in_the_record_of_every_house(end: Callable[[Turn], list[Outcome]]):
    """It holds for all of them; they are told once."""
    outcomes = end(replace(TURN, houses=("H1", "H2")))
    kinds = [{deed.kind for deed in outcome.deeds} for outcome in outcomes if outcome.house_id]
    assert kinds == [kinds[0], kinds[0]]
    assert sum(len(outcome.says) for outcome in outcomes) == 1
