"""A house, as far as decisions need it."""

from dataclasses import dataclass, field
from datetime import date

from bot.core.loan import Dated
from bot.core.people import STAFF_DESK, Person
from bot.core.scopes import Near
from bot.core.stand_in import Away, stand_in


@dataclass(frozen=True, slots=True)
class House:
    """One certified house.

    ``handed_over_on`` anchors the plan; ``completed_on`` (the handover where it was not given) is the base of the
    legal backstop, the sampling years and year 50.
    """

    id: str
    handed_over_on: date
    completed_on: date
    plan_years: int
    taken_in_on: date
    municipality: str = ""
    common_id: str = ""
    residual_month: date | None = None
    servicer_id: str = ""
    backup_servicer_id: str = ""
    town: str = ""  # 「東京都世田谷区」: what may be told of where it stands
    structure: str = ""
    approvals: tuple[tuple[int, date], ...] = ()  # of new owners: the transfer's number, and by when it is asked for
    guaranteed: bool = False  # has a guaranteed residual value
    lapsed_on: date | None = None  # since when staff have recorded that the guarantee has lapsed
    guarantee_ended_on: date | None = None  # the first day without it, as the guarantor has told
    builder_until: date | None = None  # the last day of the builder's own long guarantee, as somebody told it
    builder_closed: bool = False  # who asks it for its guarantee finds nobody
    event_intensity: str = ""  # 震度 from which on the plan asks for a look; empty where it does not say
    event_wind: int | None = None  # m/s, the same for wind
    uncertified: tuple[tuple[int, date], ...] = ()  # loans for units that are not all certified, and since when
    loan_dates: tuple[Dated, ...] = ()  # what the loans of those who own it put on its plan


@dataclass(frozen=True, slots=True)
class Household:
    """A house with the people concerned. ``mandated`` is true only while every owner's two consents hold.

    ``owners`` are those who may be written to, in an owner's place whoever lawfully stands for them; ``parted``:
    there are others, who have ended the support or died. ``near`` are those beside the owners. ``keeper`` is who of the
    staff holds everything while the house is between two owners; ``approver`` who approved the handover in which the
    house of a company that has closed waits for another. ``away``: who of the staff is, and who
    stands in for them.
    """

    house: House
    owners: tuple[Person, ...]
    servicer: Person | None
    mandated: bool
    parted: bool = False
    near: tuple[Near, ...] = ()
    keeper: str = ""
    approver: str = ""
    away: Away = field(default_factory=dict)

    @property
    def desk(self) -> str:
        """With whom of the staff it lies when nobody has taken it."""
        return stand_in(self.away, self.keeper or self.approver or STAFF_DESK)

    @property
    def owner(self) -> Person | None:
        """The owner we write to first (the first named)."""
        return self.owners[0] if self.owners else None
