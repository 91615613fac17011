"""The house whose owner we ask who keeps its history, with what their answer may name."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.people import Role
from bot.core.turn import Turn
from handlers.keeping import PRESSED, QUESTIONS
from storage.keepers import asked_lately, sought_at

LISTENS = timedelta(days=60)  # after the question, in which words out of the blue may be its answer


async def with_sought(connection: AsyncConnection, turn: Turn) -> Turn:
    """The turn with that house; without one for anybody who is not asked, or whose house's history has its place."""
    if turn.person.role is not Role.OWNER:
        return turn
    house_id = await _asked_about(connection, turn)
    if house_id not in turn.houses:
        return turn
    return replace(turn, sought=await sought_at(connection, house_id))


async def _asked_about(connection: AsyncConnection, turn: Turn) -> str:
    """What the button names, what is being talked about, or the only house about which we asked lately."""
    action, talk = turn.reply.action, turn.talk
    if action is not None and action.verb in PRESSED:
        return action.arg
    if talk.question in QUESTIONS:
        return talk.house_id
    if action is not None or not turn.reply.text.strip():
        return ""
    found = await asked_lately(connection, turn.houses, civil(turn.now) - LISTENS)
    return found[0] if len(found) == 1 else ""
