"""Those beside the owners hear of what the owners are told, as far as they may; they are asked nothing."""

from collections.abc import Iterable
from dataclasses import replace

from bot.core.case import Scene
from bot.core.outcome import Outcome, Say
from bot.core.people import Role, role_of
from bot.core.scopes import TOPICS, Near

# What is said to somebody beside the owners, and to nobody else.
KINDS = frozenset({"owner_near", "reply_near", "reply_help_near"})
OF_OWNERS = frozenset({"owner", "reports", "wished", "offered"})  # nobody else's business


def with_those_near(scene: Scene, outcome: Outcome) -> Outcome:
    """The outcome with what it says to others than the owners; without the owners' mandate nobody hears anything."""
    near = scene.household.near if scene.household.mandated else ()
    if not near:
        return outcome
    told = {say.kind: say for say in outcome.says if role_of(say.to) is Role.OWNER and say.kind in TOPICS}
    return replace(outcome, says=(*outcome.says, *_heard(near, told.values())))


def _heard(near: Iterable[Near], told: Iterable[Say]) -> Iterable[Say]:
    for say in told:
        params = {name: value for name, value in say.params.items() if name not in OF_OWNERS} | {"told": say.kind}
        for one in near:
            if one.hears(TOPICS[say.kind]):
                yield Say(one.person.id, "owner_near", params, say.mode, say.case_id)
