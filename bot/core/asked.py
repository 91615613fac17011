"""A company that is asked whether it takes a house over: what it may know, and how its asking ends."""

from dataclasses import replace
from typing import Any

from bot.core.case import Candidacy, Scene
from bot.core.outcome import Deed, Mode, Outcome, Say
from bot.core.particulars import about


def seen_by_candidate(scene: Scene) -> dict[str, Any]:
    """What a company may know before it has accepted: town, structure, works and month; no name, address or number."""
    house, known = scene.household.house, about(scene)
    kept = ("areas", "kinds", "visits", "statutory", "code", "target", "round", "first")
    seen = {name: known[name] for name in kept}
    until = scene.case.candidacy.until.isoformat() if scene.case.candidacy else ""
    return seen | {"town": house.town, "structure": house.structure, "until": until}


def over(scene: Scene) -> tuple[Say, ...]:
    """The company is told that it need not answer; without the owner's mandate nobody is told anything."""
    if not scene.household.mandated or scene.case.candidacy is None:
        return ()
    known = seen_by_candidate(scene)
    return (Say(scene.case.candidacy.servicer, "servicer_candidate_over", known, Mode.RELAY, scene.case.id),)


def let_go(scene: Scene, by: str, reason: str) -> tuple[Scene, Outcome]:
    """Nobody is asked any more, because it went another way (``reason`` is a code); nothing where nobody was."""
    candidacy = scene.case.candidacy
    if candidacy is None:
        return scene, Outcome()
    deed = Deed("candidacy_ended", by, {"candidate": candidacy.servicer, "reason": reason}, scene.case.id)
    return with_candidacy(scene, None), Outcome(deeds=(deed,), says=over(scene))


def with_candidacy(scene: Scene, candidacy: Candidacy | None) -> Scene:
    """The case with the candidacy as it now stands; what was asked before is of an earlier round."""
    return replace(scene, case=replace(scene.case, candidacy=candidacy, round=scene.case.round + 1))
