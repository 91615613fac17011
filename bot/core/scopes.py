"""What people may be at a house beside owning it, what each of them may hear, and what they may bring about.

An owner decides and hears everything; all co-owners have to agree. Whoever lawfully stands for an owner acts as that
owner. Nobody else is asked anything: a family contact hears what the owner has allowed, whoever lives there as a tenant
the days on which somebody comes, and a borrower nothing of the upkeep.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.people import Person


class Scope(StrEnum):
    REPRESENTATIVE = "representative"  # 法定代理人: acts as the owner for whom they stand
    FAMILY = "family"
    RESIDENT = "resident"
    BORROWER = "borrower"


class Topic(StrEnum):
    ACCESS = "access"  # the day on which somebody comes
    LATE = "late"  # that something is overdue
    RESULT = "result"  # what was done


# What each hears whatever the owner says, and what the owner may allow beside it.
HEARS: Mapping[Scope, frozenset[Topic]] = {
    Scope.REPRESENTATIVE: frozenset(),  # addressed as the owner is
    Scope.FAMILY: frozenset(),
    Scope.RESIDENT: frozenset({Topic.ACCESS}),
    Scope.BORROWER: frozenset(),
}
MAY_BE_ALLOWED: Mapping[Scope, frozenset[Topic]] = {
    Scope.REPRESENTATIVE: frozenset(),
    Scope.FAMILY: frozenset(Topic),
    Scope.RESIDENT: frozenset(),
    Scope.BORROWER: frozenset(),
}
ACTS_AS_OWNER = frozenset({Scope.REPRESENTATIVE})
# What an owner is told, and what of it the others may hear.
TOPICS: Mapping[str, Topic] = {
    "owner_fixed": Topic.ACCESS,
    "owner_day_before": Topic.ACCESS,
    "owner_visit_off": Topic.ACCESS,
    "owner_overdue": Topic.LATE,
    "owner_closed": Topic.RESULT,
}


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody beside the owners; ``allowed`` is what the owner lets them hear."""

    person: Person
    scope: Scope
    allowed: frozenset[Topic] = frozenset()

    def hears(self, topic: Topic) -> bool:
        return topic in HEARS[self.scope] | (self.allowed & MAY_BE_ALLOWED[self.scope])
