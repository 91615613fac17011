"""While sending is paused nobody is asked anything, so nobody is silent: their silence counts from its end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.core.case import Scene
from bot.core.course import side_of
from bot.core.people import Role

ALL, CHANNEL, SERVICER = "all", "channel:", "servicer:"
SHADOW = "shadow"  # everything, in a run in which all is decided and shown and nothing leaves
RESTORED = "restored"  # everything, until a database that was put back from a copy is reconciled


@dataclass(frozen=True, slots=True)
class Pause:
    """What is not sent to whom: everything, one channel, or a servicer's houses. ``until`` is None while it holds."""

    scope: str
    until: date | None = None


def hold(scene: Scene, pauses: Sequence[Pause], today: date) -> Scene:
    """The scene with the last day on which a pause kept our words from each side."""
    held = {side: _last(scene, pauses, side, today) for side in (Role.OWNER, Role.SERVICER)} if pauses else {}
    return replace(scene, held={side: day for side, day in held.items() if day is not None})


def _last(scene: Scene, pauses: Sequence[Pause], side: Role, today: date) -> date | None:
    scopes = {ALL, RESTORED, SHADOW, f"{SERVICER}{scene.household.house.servicer_id}"}
    days = [day for scope in scopes if (day := _until(pauses, scope, today))]
    channels = {f"{CHANNEL}{address.channel}" for person in side_of(scene, side) for address in person.addresses}
    by_channel = [_until(pauses, channel, today) for channel in channels]
    reached = [day for day in by_channel if day is not None]
    if channels and len(reached) == len(channels):  # otherwise the next channel serves
        days.append(min(reached))
    return max(days, default=None)


def _until(pauses: Iterable[Pause], scope: str, today: date) -> date | None:
    return max((pause.until or today for pause in pauses if pause.scope == scope), default=None)
