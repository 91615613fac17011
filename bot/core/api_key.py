"""A key with which a submitter's own machine comes to the JSON API: what it may do there, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.core.submitter import SubmitterKind

DAYS, MOST_DAYS = 365, 1096  # for which a new key serves
OVERLAP_DAYS, MOST_OVERLAP = 7, 90  # for which the old key of a rotation still serves


class Scope(StrEnum):
    """What a key is for; it has one or more."""

    IMPORT = "import"  # bring files in, and see what became of them
    READ = "read"  # own houses, with their plans, works, reports and standing; events and handovers of them
    REPORT = "report"  # say that a visit of the company's is done
    HOOK = "hook"  # which addresses of theirs are told what happens
    AUDIT = "audit"  # how the auditor stands


# Whoever runs the service brings nothing in by machine: they do so by name, at the command line. The guarantor, entered
# like a company, brings in and reads what is under its guarantee; of standing it is told by its own link.
SCOPES: Mapping[SubmitterKind, frozenset[Scope]] = {
    SubmitterKind.BUILDER: frozenset({Scope.IMPORT, Scope.READ, Scope.REPORT, Scope.HOOK}),
    SubmitterKind.ASSOCIATION: frozenset({Scope.IMPORT, Scope.READ, Scope.HOOK}),
    SubmitterKind.GUARANTOR: frozenset({Scope.IMPORT, Scope.READ, Scope.HOOK}),
    SubmitterKind.OPERATOR: frozenset({Scope.READ, Scope.AUDIT}),
}


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is on record; its secret is nowhere."""

    id: int
    submitter: str
    scopes: frozenset[Scope]
    expires_at: datetime
    revoked_at: datetime | None = None
    used_on: date | None = None  # the last day of use

    def usable(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


def wrong_scopes(kind: SubmitterKind, scopes: frozenset[Scope]) -> frozenset[Scope]:
    """Those that a key of that kind of submitter cannot have."""
    return scopes - SCOPES[kind]


def until(now: datetime, days: int) -> datetime:
    return now + timedelta(days=days)


def written(scopes: frozenset[Scope]) -> str:
    """As a row keeps them."""
    return " ".join(sorted(scopes))


def read_scopes(text: str) -> frozenset[Scope]:
    """What a row says; a word that nobody knows any more opens nothing."""
    return frozenset(Scope(word) for word in text.split() if word in set(Scope))
