"""What the staff are offered where a company does not do what it should: who could come instead, or whom to ask.

A ladder ends with the staff, and never with "nothing more can be done": where nobody is registered who could come, the
proposal is to ask an association of companies, and the owner, who may know one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.core.candidates import WORTH, Ranked
from bot.core.outcome import Outcome, Say
from bot.core.people import Person

SHOWN = 3  # companies in an alert; all of them stand behind its button
# For these another company may be the answer.
PROPOSES = frozenset(
    {
        *("servicer_silent", "unreported", "no_servicer", "cannot", "put_off", "closing", "company_wish"),
        *("nobody_left", "company_refused", "overdue"),
    }
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The best companies for a house, and the associations that can be asked for one."""

    companies: tuple[Ranked, ...] = ()
    associations: tuple[Person, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        """As a message carries it."""
        firms = [{"name": one.company.person.name, "reasons": reasons(one)} for one in self.companies[:SHOWN]]
        return {"proposed": firms, "associations": [one.name for one in self.associations]}


def reasons(one: Ranked) -> list[str]:
    """The codes of what speaks for a company and against it, the weightiest first."""
    return [reason for reason in WORTH if reason in one.reasons]


def proposes(said: Say) -> bool:
    """Whether this alert of a visit is to carry a proposal."""
    known = said.params
    return said.kind == "staff_alert" and known["reason"] in PROPOSES and bool(known["visits"])


def with_proposal(outcome: Outcome, proposal: Proposal) -> Outcome:
    """The outcome with its alerts to the staff completed."""
    says = (replace(said, params={**said.params, **proposal.told}) if proposes(said) else said for said in outcome.says)
    return replace(outcome, says=tuple(says))


def in_need(outcomes: Sequence[Outcome]) -> set[str]:
    """The houses for which a proposal has to be made."""
    return {outcome.house_id for outcome in outcomes if any(map(proposes, outcome.says))}
