"""A guarantee that has lapsed: never computed, only recorded, by two people of the staff.

One proposes it for reasons that hold and of which the owner was told, on two channels and by letter; another, who has
looked at all that, confirms it. Nothing is recorded at the desk's shared entrance, where nobody knows who it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core.case import Phase, Risk, Scene
from bot.core.course import finish
from bot.core.days import civil
from bot.core.matter import settle_matter
from bot.core.outcome import Change, Deed, Mode, Outcome, Say
from bot.core.particulars import about, risks
from bot.core.people import LETTER, STAFF_DESK, Person
from bot.core.standing import Reason

CHANNELS = 2  # in which the owner must have been told, beside the letter


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to the owner that is on record as sent: its key, its channel, its day and the reasons that it gave."""

    key: str
    channel: str
    on: date
    reasons: frozenset[str]


def lacking(scene: Scene, by: str, notices: Sequence[Notice]) -> str:
    """Why a lapse cannot be proposed yet (a code of the templates' ``lacking``); empty where it can."""
    risk = scene.case.risk
    if by == STAFF_DESK:
        return "unnamed"
    if risk is None or risk.proposed_by:
        return "proposed"
    if told_of(risk, notices):
        return ""
    told = [_channels(reason.key, notices) for reason in risk.reasons]
    if not any(told):
        return "not_told"
    return "no_letter" if any(len(channels - {LETTER}) >= CHANNELS for channels in told) else "one_channel"


def told_of(risk: Risk, notices: Sequence[Notice]) -> tuple[Reason, ...]:
    """The reasons of which the owner was told in two channels and by letter."""
    return tuple(reason for reason in risk.reasons if _suffices(_channels(reason.key, notices)))


def _channels(key: str, notices: Iterable[Notice]) -> set[str]:
    return {notice.channel for notice in notices if key in notice.reasons}


def _suffices(channels: set[str]) -> bool:
    return LETTER in channels and len(channels - {LETTER}) >= CHANNELS


def propose(scene: Scene, by: Person, notices: Sequence[Notice], now: datetime) -> Outcome:
    """One of the staff says that the guarantee has lapsed. Nothing changes before another agrees."""
    risk = scene.case.risk
    assert risk is not None
    keys = tuple(reason.key for reason in told_of(risk, notices))
    shown = tuple(notice.key for notice in notices if notice.reasons.intersection(keys))
    asked = replace(risk, proposed_by=by.id, proposed_on=civil(now), proposed=keys, notices=shown)
    scene = replace(scene, case=replace(scene.case, risk=asked))
    deed = Deed("lapse_proposed", by.id, {"reasons": list(keys), "notices": list(shown)}, scene.case.id)
    return finish(scene, now, Outcome(deeds=(deed,), says=(_at_desk(scene, by, "proposed"),)))


def refused(scene: Scene, by: str) -> str:
    """Why a proposal cannot be confirmed by this person (a code of the templates' ``lacking``); empty where it can."""
    risk = scene.case.risk
    if by == STAFF_DESK:
        return "unnamed"
    if risk is None or not risk.proposed_by:
        return "no_proposal"
    if by == risk.proposed_by:
        return "same_person"
    return "" if set(risk.proposed) <= {reason.key for reason in risk.reasons} else "changed"


def confirm(scene: Scene, by: Person, now: datetime) -> Outcome:
    """The second person agrees: from today on the guarantee has lapsed, and the owner is written a letter."""
    risk, today = scene.case.risk, civil(now)
    assert risk is not None
    data = {"on": today.isoformat(), "reasons": list(risk.proposed), "notices": list(risk.notices)}
    deed = Deed("guarantee_lapsed", by.id, data | {"proposed_by": risk.proposed_by}, scene.case.id)
    told = _at_desk(scene, by, "lapsed")
    letter = _letter(scene, today)
    scene, settled = settle_matter(scene, by.id)
    settled = replace(settled, says=())  # it is said once, and by name
    closed = replace(scene, case=replace(scene.case, phase=Phase.CLOSED))
    change = Change("guarantee_lapsed", {"on": today})
    outcome = settled.and_also(Outcome(deeds=(deed,), says=(*letter, told), changes=(change,), wake_on=today))
    return finish(closed, now, outcome)


def drop(scene: Scene, by: Person, now: datetime) -> Outcome:
    """The proposal is taken back, by whoever made it or by another."""
    risk = scene.case.risk
    assert risk is not None
    deed = Deed("lapse_dropped", by.id, {"reasons": list(risk.proposed)}, scene.case.id)
    told = _at_desk(scene, by, "dropped")
    scene = replace(scene, case=replace(scene.case, risk=Risk(risk.reasons)))
    return finish(scene, now, Outcome(deeds=(deed,), says=(told,)))


def fall(scene: Scene, by: Person, now: datetime) -> Outcome:
    """Whoever proposed it has left the staff: it can be proposed again, by somebody whom the second can ask."""
    risk = scene.case.risk
    assert risk is not None
    deed = Deed("lapse_fallen", STAFF_DESK, {"reasons": list(risk.proposed), "of": by.id}, scene.case.id)
    told = replace(_at_desk(scene, by, "fallen"), mode=Mode.RELAY)
    scene = replace(scene, case=replace(scene.case, risk=Risk(risk.reasons)))
    return finish(scene, now, Outcome(deeds=(deed,), says=(told,)))


def _proposed(scene: Scene) -> list[Reason]:
    risk = scene.case.risk
    return [reason for reason in risk.reasons if reason.key in risk.proposed] if risk else []


def _at_desk(scene: Scene, by: Person, state: str) -> Say:
    told = about(scene) | {"owner": "", "state": state, "by": by.name or by.id, "proposed": risks(_proposed(scene))}
    return Say(STAFF_DESK, "staff_lapse", told, Mode.REPLY, scene.case.id)


def _letter(scene: Scene, today: date) -> tuple[Say, ...]:
    """To every owner, under their mandate; without one it lies with the staff how they are told."""
    if not scene.household.mandated:
        return ()
    known = about(scene) | {"risks": risks(_proposed(scene)), "lapsed": today.isoformat()}
    to = (owner.id for owner in scene.household.owners)
    return tuple(Say(one, "owner_lapsed", known, Mode.RELAY, scene.case.id, channel=LETTER) for one in to)
