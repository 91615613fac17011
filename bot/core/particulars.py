"""What a message about a case has to know: plain values, ready for any template and any language.

Names are in it, because a message needs them; facts never take theirs from here.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bot.core.case import Check, Report, Scene, Work
from bot.core.house import House, Household
from bot.core.ladder import DAY_BEFORE
from bot.core.loan import reduced_for_certification
from bot.core.milestones import named
from bot.core.people import Role
from bot.core.plan import Kind
from bot.core.seen import question_of, sorted_as
from bot.core.standing import Reason

OF_PLAN = ("visit/", "self/")  # the ladders of what a plan asks for
BY_A_VISIT = ("overdue", "finding")  # what a visit mends
PARTS = re.compile("・(?![^（]*）)")  # a finding may be about several parts; 土台（防腐・防蟻処理） is one

# How people name the parts of a plan, in the order in which they are said; anything else goes by its own name.
AREAS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("outside", ("外壁", "屋根", "開口部", "バルコニー", "雨水", "雨どい", "軒裏", "外部建具", "濡縁")),
    ("foundation", ("基礎",)),
    ("underfloor", ("土台", "床組", "床下")),
    ("frame", ("軸組", "小屋組", "構造", "柱", "はり")),
    ("pipes", ("給排水", "給水", "排水", "配管", "給湯管")),
    ("whole", ("全部位", "家全体")),
)


def area_of(part: str) -> str:
    """The area a part belongs to, or the part's own name."""
    return next((area for area, words in AREAS if any(word in part for word in words)), part)


def areas(works: Iterable[Work]) -> list[str]:
    """Each area once: the known ones in their order, then the others as they come."""
    found = dict.fromkeys(area_of(part) for work in works for part in PARTS.split(work.part))
    known = [area for area, _ in AREAS if area in found]
    return known + [area for area in found if area not in known]


def cared_by(household: Household) -> str:
    """The company that looks after a house, as messages name it; empty where it has none in business."""
    servicer = household.servicer
    return servicer.name if servicer is not None and servicer.active else ""


def about(scene: Scene) -> dict[str, Any]:
    """The particulars of a case. Dates are ISO text; ``year`` is the year of the plan, counted from the handover."""
    case, household = scene.case, scene.household
    works = scene.open_works or scene.works
    kinds = sorted({work.kind for work in works})
    return {
        "house": case.house_id,
        "owner": household.owner.name if household.owner else "",
        "company": household.servicer.name if household.servicer else "",
        "cared_by": cared_by(household),
        "code": named(works[0].code) if works else "",
        "areas": areas(works),
        "kinds": kinds,
        "visits": case.ladder.startswith(("visit/", "finding/")),
        "statutory": any(work.statutory for work in works),
        "stake": any(work.statutory for work in works)
        and reduced_for_certification(household.house.loan_dates, case.target_on),
        "guarantee": case.ladder.startswith(OF_PLAN)
        and Kind.INSPECTION in kinds
        and held(household.house, case.target_on),
        "year": round((case.target_on - household.house.handed_over_on).days / 365.25),
        "target": case.target_on.isoformat(),
        "visit": case.visit_on.isoformat() if case.visit_on else "",
        "offered": [day.isoformat() for day in case.offered],
        "wished": case.wished_on.isoformat() if case.wished_on else "",
        "first": not any(name.startswith("owner_") for name in case.fired),
        "reminded": DAY_BEFORE in case.fired,
        "round": case.round,
        "event": _event(case.check),
        "reports": {side: _said(case.report_of(side)) for side in (Role.OWNER, Role.SERVICER)},
        "risks": risks(case.risk.reasons) if case.risk else [],
    }


def held(house: House, day: date) -> bool:
    """Whether a residual value is guaranteed on that day, as is known; one that lapsed or ended holds no more."""
    over = house.guarantee_ended_on
    return house.guaranteed and house.lapsed_on is None and (over is None or day < over)


def risks(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Why a guarantee is at risk, as a message needs it: what is alike is told together, by areas that people know."""
    found: dict[str, dict[str, Any]] = {}
    for reason in reasons:
        case_id = reason.at.rpartition("-")[0] if reason.code in BY_A_VISIT else ""  # a work is named after its case
        known = found.setdefault(reason.code, {"code": reason.code, "areas": [], "keys": [], "case": case_id})
        known["keys"].append(reason.key)
        areas = dict.fromkeys(area_of(part) for part in PARTS.split(reason.part) if part)
        known["areas"] += [area for area in areas if area not in known["areas"]]
    return list(found.values())


def _event(check: Check | None) -> Mapping[str, str]:
    """After which event it is, what is asked next and how urgent the house is; empty where it is after none."""
    if check is None:
        return {}
    told = {"hazard": check.hazard, "on": check.on.isoformat(), "level": check.level, "sticker": check.sticker}
    return told | {"question": question_of(check), "found": sorted_as(check)}


def _said(report: Report | None) -> Mapping[str, str] | None:
    return None if report is None else {"done": report.done_on.isoformat(), "result": report.result}
