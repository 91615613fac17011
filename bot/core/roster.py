"""What a company has before it: its open works by month and town, and which day or days may be said of each."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.core.access import name_for
from bot.core.case import Phase, Result, Scene
from bot.core.course import visits
from bot.core.particulars import areas
from bot.core.people import Role

OLD_DAYS = 365  # a day so long before the plan's date is hardly about this occurrence
MOST_DAYS = 3  # days that are proposed for several houses at once


class When(StrEnum):
    """In which part of the page a work stands, in this order."""

    MONTH = "month"
    OVERDUE = "overdue"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Line:
    """One visit of a company's: ``on`` is the fixed day or else the plan's date, by which it is sorted."""

    case_id: str
    house_id: str
    owner: str
    town: str
    areas: tuple[str, ...]
    kinds: tuple[str, ...]
    target_on: date
    visit_on: date | None
    phase: Phase
    round: int
    reported_on: date | None
    result: Result | None
    choosing: bool  # the owner, among the days on offer

    @property
    def on(self) -> date:
        return self.visit_on or self.target_on

    def when(self, today: date) -> When:
        """This month's first, also where its day has passed; what is left from before; what is still to come."""
        month, now = (self.on.year, self.on.month), (today.year, today.month)
        if month == now:
            return When.MONTH
        return When.OVERDUE if month < now else When.NEXT


@dataclass(frozen=True, slots=True)
class Said:
    """A company's word on one of its visits, before it is kept."""

    day: date | None
    result: Result


def line_of(scene: Scene, company_id: str) -> Line:
    case, works = scene.case, scene.open_works or scene.works
    report = case.report_of(Role.SERVICER)
    return Line(
        case_id=case.id,
        house_id=case.house_id,
        owner=name_for(scene.household, company_id),
        town=scene.household.house.town,
        areas=tuple(areas(works)),
        kinds=tuple(sorted({work.kind for work in works})),
        target_on=case.target_on,
        visit_on=case.visit_on,
        phase=case.phase,
        round=case.round,
        reported_on=report.done_on if report else None,
        result=report.result if report else None,
        choosing=case.phase is Phase.ARRANGING and bool(case.offered),
    )


def of_company(scene: Scene) -> bool:
    """Whether a company goes there for it, and nobody else is being asked to."""
    return visits(scene.case) and scene.case.candidacy is None


def shown(lines: Iterable[Line], month: str = "", town: str = "") -> list[Line]:
    """Those of one month (2026-12) and one town, where these are chosen, the earliest first."""
    found = (line for line in lines if month in ("", f"{line.on:%Y-%m}") and town in ("", line.town))
    return sorted(found, key=lambda line: (line.on, line.house_id, line.case_id))


def parted(lines: Sequence[Line], today: date) -> list[tuple[When, list[Line]]]:
    """The lines by the part of the page they stand in; a part with none is left out."""
    parts = [(when, [line for line in lines if line.when(today) is when]) for when in When]
    return [(when, found) for when, found in parts if found]


def wrong_report(scene: Scene | None, said: Said, today: date) -> str:
    """Why this word cannot be kept, as a code; empty where it can."""
    if scene is None or not scene.case.open or not of_company(scene):
        return "over"
    if scene.case.report_of(Role.SERVICER) is not None:
        return "reported"
    if said.day is None:
        return "no_day"
    if said.day > today:
        return "ahead"
    if said.day < scene.household.house.handed_over_on:
        return "too_early"
    if scene.done_before(said.day):
        return "before_last"
    return "old" if said.day < scene.case.target_on - timedelta(days=OLD_DAYS) else ""


def kept(scene: Scene | None, said: Said) -> bool:
    """Whether that very word of the company stands: said again, it changes nothing."""
    report = scene.case.report_of(Role.SERVICER) if scene is not None else None
    return report is not None and (report.done_on, report.result) == (said.day, said.result)


def wrong_offer(scene: Scene | None, days: Collection[date], today: date) -> str:
    """Why these days cannot be put to the owner, as a code; empty where they can."""
    if scene is None or not scene.case.open or not of_company(scene):
        return "over"
    if scene.case.phase is Phase.FIXED:
        return "fixed"
    if scene.case.phase is Phase.CONFIRMING:
        return "asked"
    if not days:
        return "no_days"
    return "past" if min(days) <= today else ""


def offered(scene: Scene | None, days: Collection[date]) -> bool:
    """Whether those very days are on offer there, or one of them was chosen already."""
    if scene is None or not days:
        return False
    return set(scene.case.offered) == set(days) or scene.case.visit_on in days
