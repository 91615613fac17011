"""The dates around the plan that a house also has: nobody comes to inspect, but something must not be missed.

Years 5/10/20/30: the authority asks a sample of owners for a report (Act art. 12), by post, each September to
October. Year 9: the builder may discard the drawings ten years after the handover (建設業法施行規則 28). Year 9.5:
the liability for defects of structure and rain-proofing ends ten years after the handover (品確法 94). Year 30 and
the plan's end: a house whose plan has run out is no longer certified. Year 50: a loan with a residual value becomes
interest-only, so it stands only where such a month or its guarantee is on record. A new owner: the authority's approval
takes the certification over (Act art. 10); the law sets no day for it, so it is ours.
What the programme of a loan adds is worked out when the loan is recorded and comes as data (see bot.core.loan).
"""

from dataclasses import dataclass
from datetime import date

from bot.core.days import add_months, add_years, days_after, years_old_on
from bot.core.house import House
from bot.core.loan import AT
from bot.core.people import Role

SAMPLING_YEARS = (5, 10, 20, 30)
SUCCESSION, SUCCESSION_DAYS = "succession", 60  # after the new owners have agreed
COMMON_ID, COMMON_ID_DAYS = "common-id", 90  # after a house was taken in without one


@dataclass(frozen=True, slots=True)
class Milestone:
    """One such date. ``leads`` are the days before it on which the one concerned is told, longest first."""

    code: str
    due_on: date
    leads: tuple[int, ...]
    asks: Role = Role.OWNER

    @property
    def told_from(self) -> date:
        return days_after(self.due_on, -self.leads[0])


def _over_before(house: House, day: date) -> bool:
    """Whether the guarantee has ended by then: its options are nothing to be reminded of."""
    return house.guarantee_ended_on is not None and house.guarantee_ended_on <= day


def milestones(house: House) -> list[Milestone]:
    """All of them, in the order of their dates. The code names a milestone for good and is unique in a house."""
    done, handed = house.completed_on, house.handed_over_on
    found = [Milestone(f"sampling-{n}", date(add_years(done, n).year, 9, 1), (60,)) for n in SAMPLING_YEARS]
    found.append(Milestone("documents", add_years(handed, 9), (60,)))
    found.append(Milestone("liability", add_months(handed, 114), (90, 14)))
    if house.residual_month is not None and not _over_before(house, house.residual_month):
        found.append(Milestone("residual", house.residual_month, (365, 182, 30)))
    if house.plan_years > 30:
        found.append(Milestone("year-30", add_years(handed, 30), (730, 365, 182)))
    found.append(Milestone("plan-end", add_years(handed, house.plan_years), (730, 365, 182, 91, 30)))
    fifty = years_old_on(done, 50)
    if (house.residual_month is not None or house.guaranteed) and not _over_before(house, fifty):
        found.append(Milestone("year-50", fifty, (365,)))
    found += [Milestone(f"{SUCCESSION}-{number}", due, (SUCCESSION_DAYS, 14)) for number, due in house.approvals]
    found += [
        Milestone(dated.named(day), day, dated.leads, dated.asks) for dated in house.loan_dates for day in dated.days()
    ]
    if not house.common_id:
        found.append(Milestone(COMMON_ID, days_after(house.taken_in_on, COMMON_ID_DAYS), (90,), asks=Role.STAFF))
    return sorted(found, key=lambda milestone: (milestone.due_on, milestone.code))


def named(code: str) -> str:
    """What a milestone is called in the templates: of those that come again, or of a loan, without their number."""
    return SUCCESSION if code.startswith(f"{SUCCESSION}-") else code.partition(AT)[0]


def still_ahead(house: House, settled: frozenset[str]) -> list[Milestone]:
    """Those that nobody has settled and that lay ahead when the house was taken in.

    What had passed before we knew the house is history, not a task.
    """
    return [
        milestone
        for milestone in milestones(house)
        if milestone.code not in settled and milestone.due_on >= house.taken_in_on
    ]
