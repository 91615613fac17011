"""Who brings data in, and what they may touch.

A builder touches the houses that it built or looks after for as long as its access to them is open (see
bot.core.access); an association those of its member companies; the guarantor those under its guarantee; whoever runs
the service everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class SubmitterKind(StrEnum):
    BUILDER = "builder"
    ASSOCIATION = "association"  # of companies, for whose houses it brings data
    GUARANTOR = "guarantor"  # by its own doors, as a company is
    OPERATOR = "operator"  # whoever runs the service, at the command line


class Acquired(StrEnum):
    """How a submitter came by the data (Act on the Protection of Personal Information, art. 30)."""

    CONTRACT = "contract"  # from the owner, when they agreed on building or on after-service
    CONSENT = "consent"  # from the owner, who agreed that it is passed on
    ENTRUSTED = "entrusted"  # from a member company that had it from its owners
    SUCCESSION = "succession"  # with the business of another company
    GUARANTEE = "guarantee"  # from the owner, when they applied for the guarantee


@dataclass(frozen=True, slots=True)
class Submitter:
    """``companies`` are those in business whose houses it brings: itself, or the members of an association."""

    id: str
    kind: SubmitterKind
    representative: str = ""
    address: str = ""
    acquired: str = ""
    companies: frozenset[str] = frozenset()
    pilot: frozenset[str] = frozenset()  # of other companies no house is taken in; empty: there is no such limit

    @property
    def everything(self) -> bool:
        return self.kind is SubmitterKind.OPERATOR

    @property
    def guarantees(self) -> bool:
        return self.kind is SubmitterKind.GUARANTOR


OPERATOR = Submitter("operator", SubmitterKind.OPERATOR)


@dataclass(frozen=True, slots=True)
class HeldHouse:
    """A house as it stands, as far as it says who may touch it. ``left`` are companies whose access has ended."""

    builder: str | None
    servicer: str | None
    backup: str | None = None
    left: frozenset[str] = frozenset()
    owner_id: str | None = None
    owner_name: str = ""
    co_owners: frozenset[str] = frozenset()
    agreed: bool = False  # its owners have agreed: from then on who they are is not a file's to say
    guaranteed: bool = False  # it has a guarantee that has neither ended nor lapsed

    @property
    def companies(self) -> frozenset[str]:
        return frozenset(one for one in (self.builder, self.servicer, self.backup) if one)


def may_touch(who: Submitter, held: HeldHouse) -> bool:
    """Whether the house is theirs to tell of."""
    if who.guarantees:
        return held.guaranteed
    if who.everything or held.servicer in who.companies:
        return True
    return held.builder in who.companies and held.builder not in held.left


def beyond_pilot(who: Submitter, builder: str | None, servicer: str | None) -> bool:
    """Whether a house is no pilot company's: it is refused, so that nothing of its owner is kept here before anybody
    could be told of it. What stands here already goes on: its obligations have been taken on, and keep their holder."""
    return bool(who.pilot) and not who.pilot & {builder, servicer}


def wrong_companies(who: Submitter, named: Mapping[str, str | None], held: HeldHouse | None) -> tuple[str, ...]:
    """The fields of a house that name a company which is not theirs to name; ``named`` are all of them.

    One that stands there already may be repeated. A new house is built or looked after by one of theirs; to the
    guarantor it may be any company's, and one that is here is each company's that it was.
    """
    if who.everything or (who.guarantees and held is None):
        return ()
    if who.guarantees and held is not None:
        stands = {"builder_id": held.builder, "servicer_id": held.servicer, "backup_servicer_id": held.backup}
        return tuple(field for field, company in named.items() if company and company != stands[field])
    known = who.companies | (held.companies if held is not None else frozenset())
    wrong = tuple(field for field, company in named.items() if company and company not in known)
    theirs = who.companies & {named.get("builder_id"), named.get("servicer_id")}
    return wrong or (() if theirs else ("builder_id",))


def other_owner(held: HeldHouse, owner_id: str | None, name: str, co_owners: frozenset[str] | None) -> str:
    """Which field would give owners who have agreed another in their place; empty where none does.

    A house gets a new owner on a document, never on a file. ``co_owners`` is None where the file says nothing of them.
    """
    if not held.agreed:
        return ""
    if owner_id is not None and owner_id != held.owner_id:
        return "owner_id"
    if owner_id is None and name != held.owner_name:
        return "owner_name"
    return "co_owners" if co_owners is not None and co_owners != held.co_owners else ""
