"""What somebody of the staff may do: each door of the console and each deed, also in a channel, asks for one right."""

from collections.abc import Mapping
from enum import StrEnum

from bot.core.people import Person, Role


class StaffRole(StrEnum):
    OFFICER = "officer"  # 担当者: does the day's work
    SUPERVISOR = "supervisor"  # 管理者: the second signature under what cannot be undone
    AUDITOR = "auditor"  # 監査担当: reads, and changes nothing
    OPERATOR = "operator"  # 運用担当: looks after the machine, and sees no house


class Right(StrEnum):
    SEE = "see"  # houses and the people of them; each look is on record
    ACT = "act"  # what the staff do about a house
    ASSIGN = "assign"  # to give to one of the staff what another holds, and to say that another is away
    SIGN = "sign"  # to sign what cannot be undone
    PAUSE = "pause"  # to stop what we begin, and let it go on
    RUN = "run"  # what other systems and builders come in with
    MANAGE = "manage"  # who is of the staff, and where they are signed in
    AUDIT = "audit"  # who looked at what


RIGHTS: Mapping[StaffRole, frozenset[Right]] = {
    StaffRole.OFFICER: frozenset({Right.SEE, Right.ACT, Right.PAUSE}),
    StaffRole.SUPERVISOR: frozenset(Right),
    StaffRole.AUDITOR: frozenset({Right.SEE, Right.AUDIT}),
    StaffRole.OPERATOR: frozenset({Right.PAUSE, Right.RUN, Right.MANAGE}),
}


def rights_of(person: Person) -> frozenset[Right]:
    """What they may do; nothing for who is not of the staff. Whoever was given no role is an officer."""
    if person.role is not Role.STAFF or not person.active:
        return frozenset()
    return RIGHTS[role_at_work(person)]


def may_pass_on(person: Person, holder: str) -> bool:
    """Whether they may give to a colleague, or back to the desk, what ``holder`` holds.

    Whoever has it may, for it is theirs to say that they cannot; the shared desk so gives out what nobody took. What
    somebody else holds is a supervisor's to give: otherwise anybody could take a matter out of another's hands, or
    put one on a colleague who was not asked. Taking what lies open asks for no more than ACT.
    """
    held = rights_of(person)
    return Right.ASSIGN in held or (Right.ACT in held and person.id == holder)


def role_at_work(person: Person) -> StaffRole:
    """What somebody of the staff is there for."""
    return StaffRole(person.staff_role or StaffRole.OFFICER)
