"""People who do what they are asked: owners and companies press the favourable answer of whatever reaches them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from bot.core.action import read_action
from storage.tables import outbox
from tests.stories.town import Town

# Of the answers under a message, the first of these that is there.
FAVOURABLE = (
    *("consent", "take_on", "agree", "pick", "accept", "offer", "seen", "self_ok", "checked", "done_ok", "result_ok"),
    *("history_same", "entrust", "entered", "was_done", "yes"),
)
WORDS = {"reply_ask_fee": "3万円", "owner_welcome": "同意します"}  # what is asked for in words
AHEAD = (40, 37)  # days before the plan's date on which a company offers to come
ROUNDS = 40


class Obliging:
    """Everybody but the staff. Who is in ``declines`` takes no house on."""

    def __init__(self) -> None:
        self.declines: set[str] = set()
        self._answered: set[int] = set()

    async def answer(self, town: Town) -> None:
        """Until nothing new asks anything."""
        for _ in range(ROUNDS):
            new = await self._new(town)
            if not new:
                return
            for person_id, part in new:
                await self._reply(town, person_id, part)
        raise AssertionError("they are asked the same over and over")

    async def _new(self, town: Town) -> list[tuple[str, dict[str, Any]]]:
        """What reached people since, letters too, each part of it by itself."""
        reached = outbox.c.state.in_(("sent", "paper")) & outbox.c.person_id.not_like("staff:%")
        query = select(outbox.c.id, outbox.c.person_id, outbox.c.parts).where(reached).order_by(outbox.c.id)
        query = query.where(outbox.c.written_at >= town.service.clock.now() - timedelta(days=60))
        async with town.service.store.read() as connection:
            rows = [row for row in await connection.execute(query) if row.id not in self._answered]
        self._answered |= {row.id for row in rows}
        return [(row.person_id, part) for row in rows for part in row.parts]

    async def _reply(self, town: Town, person_id: str, part: Mapping[str, Any]) -> None:
        if part["kind"] in WORDS:
            await town.says(person_id, WORDS[part["kind"]])
            return
        if part["kind"] == "reply_ask_offer":
            await town.says(person_id, _days(date.fromisoformat(part["params"]["target"]), town.today))
            return
        message = town.service.post.renderer.part(part, "ja", "様")
        wanted = ("turn_down",) if person_id in self.declines else FAVOURABLE
        pressed = favourable([button.action for button in message.buttons], wanted)
        if pressed:
            await town.says(person_id, action=pressed)


def favourable(actions: Sequence[str], wanted: Sequence[str]) -> str:
    """The answer that is wanted most, the first of several; empty where nothing of it is asked."""
    read = [(action, found) for action in actions for found in [read_action(action)] if found is not None]
    for verb in wanted:
        for action, found in read:
            if found.verb == verb and (verb != "seen" or found.arg.endswith("=none")):
                return action
    return ""


def _days(target: date, today: date) -> str:
    """Two working days some weeks before the plan's date, or soon where that has passed."""
    days = [max(target - timedelta(days=before), today + timedelta(days=50 - before)) for before in AHEAD]
    open_days = [day + timedelta(days=1 if day.weekday() == 6 else 0) for day in days]
    return "、".join(f"{day.year}年{day.month}月{day.day}日" for day in open_days) + "にうかがえます"
