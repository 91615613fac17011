"""One of everything that is said, with what it really knows. Run as a module, it prints every message once.

python -m tests.templates.samples [ja|en]
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from bot.core.asked import seen_by_candidate
from bot.core.brought import Dealt, Line
from bot.core.case import Basis, Case, Check, Matter, Phase, Report, Result, Risk, Scene, Work
from bot.core.digest import Lying, digest
from bot.core.findings import new_findings
from bot.core.house import House, Household
from bot.core.message import Message
from bot.core.milestones import milestones
from bot.core.particulars import about
from bot.core.people import Person, Role
from bot.core.pilot import Counts, Reader
from bot.core.pilot import report as report_of_pilot
from bot.core.plan import DoneBy, Kind
from bot.core.standing import MENDS, Reason
from bot.core.transfer import OF_THE_CHANGE
from bot.core.transfer import Kind as Passing
from templates.catalogue import Catalogue
from templates.render import Office, Renderer
from tests.templates.spoken import SIDES, named, reasons, roles_of, spoken

Params = dict[str, Any]
OFFICE = Office("住まいの点検事務局", "残価保証機構", "03-0000-0000", "平日9時から17時")
CATALOGUE = Catalogue()
RENDERER = Renderer(CATALOGUE, OFFICE)
OWNER = Person("owner:O1", "山田 花子")
SERVICER = Person("servicer:S1", "みどり工務店")
HOUSE = House("H-0001", date(2022, 3, 1), date(2022, 2, 15), 50, date(2022, 4, 1), residual_month=date(2047, 3, 1))
HOUSE = replace(HOUSE, approvals=((7, date(2030, 5, 1)),))
HOUSEHOLD = Household(HOUSE, (OWNER,), SERVICER, mandated=True)
TARGET, VISIT = date(2027, 3, 1), date(2027, 2, 20)
NOW = datetime(2027, 2, 21, 3, tzinfo=UTC)
AFTER = Check("jma-20270220054600", "earthquake", date(2027, 2, 20), "6弱")
PARTS = (("A", "外壁"), ("B", "床下"), ("C", "給水管"))


def scene(ladder: str = "visit/1", works: tuple[Work, ...] = (), **state: Any) -> Scene:
    """A case of the house, in the state that is wished."""
    case = Case("H-0001-1", HOUSE.id, 1, ladder, date(2026, 12, 1), TARGET)
    return Scene(HOUSEHOLD, replace(case, **state), works or inspections(), next_number=2)


def work(code: str, part: str, kind: Kind, *, statutory: bool = True, by: DoneBy = DoneBy.SERVICER) -> Work:
    return Work(f"H-0001-1-{code}", "H-0001-1", code, part, kind, statutory, by, TARGET)


def inspections() -> tuple[Work, ...]:
    return tuple(work(code, part, Kind.INSPECTION) for code, part in PARTS)


def extra(by: DoneBy) -> tuple[Work, ...]:
    return (work("event", "家全体", Kind.EXTRA, statutory=False, by=by),)


def report(side: Role, result: Result = Result.OK) -> Report:
    return Report(side, f"{side}:1", VISIT, result, NOW, "chat")


def scenes() -> dict[str, Scene]:
    """A case at every point of its life."""
    offered = (date(2027, 2, 24), date(2027, 2, 27))
    fired = {"owner_asked": date(2026, 12, 31)}
    fixed: dict[str, Any] = {"phase": Phase.FIXED, "visit_on": VISIT, "fired": fired}
    past = {**fixed, "phase": Phase.CONFIRMING}
    outside = (work("A", "外壁", Kind.INSPECTION, statutory=False, by=DoneBy.OWNER),)
    mending = (work("finding", "外壁", Kind.REPAIR),)
    return {
        "asked": scene(),
        "asked again": scene(fired=fired),
        "offered": scene(offered=offered),
        "wished": scene(wished_on=VISIT, fired=fired),
        "fixed": scene(**fixed),
        "moved": scene(**fixed, round=2),
        "tomorrow": scene(**{**fixed, "fired": {**fired, "owner_day_before": VISIT}}),
        "visited": scene(**past),
        "servicer reported": scene(**past, reports=(report(Role.SERVICER, Result.ISSUES),)),
        "owner reported": scene(**past, reports=(report(Role.OWNER),)),
        "disagreed": scene(**past, reports=(report(Role.OWNER), report(Role.SERVICER, Result.ISSUES))),
        "self": scene("self/1", outside),
        "repair": scene("visit/1", (work("R", "屋根", Kind.REPAIR), work("S", "給水管", Kind.REPLACEMENT))),
        "finding": scene("finding/1", mending),
        "mending": scene("finding/1", mending, phase=Phase.FIXED, visit_on=VISIT),
        "at risk": risk_scene(),
        "after": scene("event/1", extra(DoneBy.OWNER), check=AFTER),
        "after, inside": scene("event/1", extra(DoneBy.OWNER), check=replace(AFTER, outside="none")),
        "after, sticker": scene("event/1", extra(DoneBy.OWNER), check=replace(AFTER, outside="damage", inside="none")),
        "damaged": scene("visit/event/1", extra(DoneBy.SERVICER), check=replace(AFTER, sticker="yellow")),
    }


def milestone_scenes(asks: Role = Role.OWNER) -> list[Scene]:
    """A case for every milestone that a house can have and that this side looks after."""
    return [
        Scene(HOUSEHOLD, case, (replace(work(each.code, "", Kind.MILESTONE, statutory=False), id=f"{case.id}-1"),))
        for each in milestones(HOUSE)
        if each.asks is asks
        for case in [Case("H-0001-9", HOUSE.id, 9, "milestone/1/owner/60", date(2026, 12, 1), each.due_on)]
    ]


def desk_scene() -> Scene:
    """A case of the staff desk, without any work."""
    return replace(scene("desk/1"), works=())


def risk_scene() -> Scene:
    """A guarantee at risk for every reason that there is; two works of one visit are late."""
    late = [Reason("overdue", f"H-0001-1-{code}", TARGET, part) for code, part in PARTS]
    others = [
        Reason(code, "H-0001-2-1", TARGET, "外壁" if code in ("finding", "unconfirmed") else "") for code in MENDS
    ]
    risk = Risk((*late, *(one for one in others if one.code != "overdue")))
    return replace(scene("standing/1", risk=risk), works=())


def with_matter(one: Scene, reason: str) -> Scene:
    return replace(one, case=replace(one.case, matter=Matter(reason, date(2027, 2, 1))))


MATTER: Mapping[str, str] = {
    "case": "H-0001-1",
    "house": "H-0001",
    "holder": "staff:desk",
    "target": "2027-03-01",
    "next": "2027-02-03",
    "why": "servicer_silent",
    "phase": "arranging",
}
# What replies are given beside the particulars: every value that changes what is said.
EXTRAS: Mapping[str, tuple[Any, ...]] = {
    "last": ("2026-02-20",),
    "period": ("", "today"),
    "count": (1, 0),
    "day": ("2027-02-20",),
    "right": ("see", "act", "sign"),
    "days": (["2027-02-20", "2027-02-25", "2027-03-01"], ["2027-02-20"], []),
    "what": ("done", "wish", "fix"),
    "result": ("ok", "issues"),
    "channel": ("email",),
    "left": (["line"], []),
    "owner": ("",),
    "house": ("",),
    "version": ("4",),
    "ranges": (["9-17", "10-18"],),
    "start": (9,),
    "end": (20,),
    "channels": (["email", "line"], []),
    "said": ("closed_down",),
    "options": (
        [
            {"id": "S2", "name": "あおぞら建設", "reasons": ["own_backup", "town"]},
            {"id": "S3", "name": "かえで住建", "reasons": []},
        ],
        [],
    ),
    "doubt": ("", "hearsay", "document", "came", "no_such_date", "roughly", "not_fixed", "no_sum"),
    "associations": ([{"id": "A1", "name": "ひなた工務店会"}], []),
    "candidate": ("あおぞら建設",),
    "fee": (30_000, 0),
    "provider": ("いえかるて東京", ""),
    "lacking": tuple(CATALOGUE.words["ja"]["lacking"]),
    "side": ("owner", "servicer"),
    "heard": ([{"verb": verb, "arg": f"phone={verb}=2027-03-01=owner:O1="} for verb in ("fix", "wish")],),
    "company_new": ("あおぞら建設",),
    "digest": ("0123456789abcdef",),
    "who": ("owner:O1", ""),
    "matters": ([MATTER], [{**MATTER, "case": f"H-{n}-1", "why": "", "next": ""} for n in range(21)], []),
    "mine": (True, False),
    "asked": ("outside", "inside", "sticker"),
    "so_far": ("damage", "none", "silent", "unclear", "photo"),
    "event": ("jma-20270220054600",),
    "from_at": ("2027-02-21T09:00", ""),
    "state": ("released", "set_aside", "cancelled"),
    "how": ("none", "damage"),
    "found": ("H-0001", ""),
    "next_on": ("2032-03-01", ""),
    "topic": ("reduction", "fixed_rate", "prepayment", "residual_month", "insurance", ""),
    "residual": ("2057-04-01", ""),
    "houses": (["H-0001", "H-0002"],),
    "loans": (
        [
            {
                "number": 1,
                "name_ja": "見本の制度",
                "name_en": "Sample programme",
                "closed": True,
                "reductions": True,
                "fixed_years": 15,
                "restricted": True,
                "insured_until": "2028-01-31",
                "repaid_on": "",
                "days": {"reduction-end": "2041-04-01", "rate-review": "2041-10-01", "restriction-end": "2036-10-01"},
                "lines": [
                    {"said": "insurance_until", "day": "2028-01-31", "years": 15},
                    {"said": "reduction_until", "day": "2041-04-01", "years": 15},
                    {"said": "prepayment_open", "day": "", "years": 15},
                ],
            }
        ],
    ),
    "past": (
        [{"done": "2026-03-01", "part": "外壁", "result": "ok"}, {"done": "2025-03-01", "part": "", "result": ""}],
        [],
    ),
    "cases": (
        [
            {
                "case": "H-0001-1",
                "house": "H-0001",
                "owner": "山田 花子",
                "target": "2027-03-01",
                "phase": "arranging",
                "visit": "",
            },
            {
                "case": "H-0002-4",
                "house": "H-0002",
                "owner": "佐藤 健",
                "target": "2027-04-10",
                "phase": "fixed",
                "visit": "2027-03-20",
            },
        ],
        [],
    ),
}


def _file(place: int, **known: Any) -> Params:
    """A file that came by mail, as its answer knows it."""
    return {"place": place, **asdict(Dealt(**known))}


LINES = (
    Line("住宅", 3, "「引渡日」の日付が一つに決まりません。YYYY-MM-DD で書いてください"),
    Line("", None, "ファイルが空です"),
)
# What people write themselves, in a message that passes it on.
BY_HAND: Mapping[str, Params] = {
    "reply_from_staff": {"text": "点検は無料です。\nまた、お知らせください。"},
    "reply_intake_taken": {
        "large": False,
        "files": [
            _file(1, verdict="reject_row", number=12, accepted=3, total=4, lines=LINES, more=2, marked="x/y.xlsx"),
            _file(2, verdict="accept", number=13, accepted=4, total=4),
            _file(3, verdict="reject_file", number=14),
            _file(4, why="zip"),
        ],
    },
    "reply_intake_look": {"large": False, "files": [_file(1, lies="0" * 40), _file(2, why="type")]},
    "reply_intake_none": {"large": False, "files": [_file(1, why="protected"), _file(2, why="empty")]},
}


@cache
def extras(kind: str) -> list[Params]:
    """What every place that says this kind gives it: one set of each value, and one value apart at a time."""
    names = frozenset.intersection(*(place.given for place in spoken() if place.kind == kind))
    usual = {name: EXTRAS[name][0] for name in names} | BY_HAND.get(kind, {})
    return [usual, *(usual | {name: value} for name in sorted(names) for value in EXTRAS[name][1:])]


def part(kind: str, params: Mapping[str, Any], mode: str = "prompt", **at: Any) -> Params:
    """A part of an outbox row, as storage keeps it."""
    about = {"house": params.get("house", ""), "case": "H-0001-1", "version": 1, "round": 0, "phase": "", **at}
    plain = json.loads(json.dumps(dict(params)))
    return {"kind": kind, "v": CATALOGUE.versions[kind], "params": plain, "mode": mode, **about}


def reply_parts(kind: str, params: Mapping[str, Any]) -> Iterator[tuple[Role, Params]]:
    """An answer of this kind to everybody who may hear it."""
    for role in sorted(roles_of(kind)):
        for more in extras(kind):
            yield (
                role,
                part(kind, {**params, **more, "role": role}, "reply", case="H-0001-1" if "target" in params else ""),
            )


# At which points of a case a kind that we begin is said.
WHEN: Mapping[str, tuple[str, ...]] = {
    "owner_ask": ("asked", "offered", "wished", "repair", "finding"),
    "owner_wait": ("asked", "finding"),
    "owner_overdue": ("asked again", "offered", "finding"),
    "owner_self": ("self",),
    "owner_fixed": ("fixed", "moved", "tomorrow", "mending"),
    "owner_day_before": ("fixed", "moved"),
    "owner_confirm": ("visited", "servicer reported"),
    "owner_visit_off": ("asked again", "finding"),
    "owner_company": ("asked again",),
    "owner_quoted": ("asked again", "finding"),
    "owner_told": ("owner reported",),
    "servicer_offer": ("asked", "wished"),
    "servicer_wish": ("wished",),
    "servicer_fixed": ("fixed", "moved"),
    "servicer_overdue": ("asked", "wished", "finding"),
    "servicer_finding": ("finding",),
    "servicer_confirm": ("visited", "owner reported"),
    "servicer_visit_off": ("asked again", "finding"),
    "servicer_problem": ("fixed",),
    "owner_event": ("after", "after, inside", "after, sticker"),
    "owner_event_off": ("after",),
    "servicer_event": ("damaged",),
}
NEAR = {
    "owner_fixed": "fixed",
    "owner_day_before": "tomorrow",
    "owner_visit_off": "asked again",
    "owner_overdue": "asked",
    "owner_closed": "visited",
}
IN_HISTORY = {"house": "H-0001", "provider": "いえかるて東京"}
AROUND_HISTORY: Mapping[str, Params] = {
    "owner_history": IN_HISTORY,
    "owner_keeper": {"house": "H-0001"},
    "owner_entrust": IN_HISTORY,
    "owner_provider_back": IN_HISTORY,
    "owner_files": IN_HISTORY | {"count": 3, "until": "2027-05-22"},
    "servicer_entered": IN_HISTORY | {"of": "H-0001-1", "done": "2027-02-20", "owner": "山田 花子", "common_id": "C1"},
}
OF_PROVIDER: Params = {
    "house": "H-0001",
    "common_id": "C1",
    "contract_no": "K-1",
    "consent": {"version": "2", "hash": "0" * 64, "on": "2026-12-01"},
    "address": "東京都世田谷区太子堂1-2-3",
    "digest": "0" * 40,
    "of": "H-0001-1",
    "works": [
        {"work": "H-0001-1-1", "part": "外壁", "kind": "inspection", "done_on": "2027-02-20", "result": "ok"},
        {"work": "H-0001-1-2", "part": "床下", "kind": "repair", "done_on": "2027-02-20", "result": "issues"},
    ],
}
CLOSED = ("owner_closed", "servicer_closed")
TALKING = ("talking", "written", "handed_back")  # what becomes of a talk


def begun_parts(kind: str) -> Iterator[Params]:
    """What we begin, at every point of a case at which we do."""
    points = scenes()
    if kind in WHEN:
        yield from (part(kind, about(points[name])) for name in WHEN[kind])
    elif kind.startswith("owner_milestone"):
        yield from (part(kind, about(one)) for one in milestone_scenes())
    elif kind in CLOSED:
        for basis in Basis:
            for result in Result:
                params = about(points["owner reported"]) | {"basis": basis, "done": "2027-02-20", "result": result}
                yield part(kind, params, "relay")
        if kind == "owner_closed":
            params = about(milestone_scenes()[0]) | {"basis": Basis.OWNER, "done": "2027-02-20", "result": Result.OK}
            yield part(kind, params, "relay")
    elif kind in named():
        yield part(kind, {"house": "H-0001", "version": "1"}, case="")
    elif kind == "staff_alert":
        yield from _alerts()
    elif kind in ("owner_at_risk", "owner_secure"):
        yield part(kind, about(points["at risk"]))
    elif kind == "owner_lapsed":
        yield part(kind, about(points["at risk"]) | {"lapsed": "2027-06-01"}, "relay")
    elif kind == "owner_lapse_undone":
        yield part(kind, {"house": "H-0001", "on": "2027-06-03"}, "relay", case="")
    elif kind == "staff_at_risk":
        known = about(points["at risk"]) | {"owner": "", "reason": "at_risk", "since": "2027-05-02"}
        yield from (part(kind, known | {"level": level}) for level in (0, 2))
    elif kind == "staff_lapse":
        known = about(points["at risk"]) | {"owner": "", "by": "佐藤"}
        known |= {"proposed": known["risks"][:1]}
        yield from (
            part(kind, known | {"state": state}, "reply") for state in ("proposed", "dropped", "fallen", "lapsed")
        )
    elif kind == "staff_lapse_undo":
        known = {"house": "H-0001", "by": "佐藤"}
        states = ("proposed", "dropped", "fallen", "undone")
        yield from (part(kind, known | {"state": state}, "relay", case="") for state in states)
    elif kind == "staff_moved":
        for state in CATALOGUE.words["ja"]["moves"]:
            known = about(points["asked"]) | {"state": state, "by": "sato", "until": ""}
            still = state in ("taken", "asleep", "called", *TALKING)
            known |= {"talking": state in TALKING[:2]}
            yield part(kind, known | {"open": still}, "reply")
            yield part(kind, known | {"open": still, "until": "2027-02-28" if still else ""}, "reply")
    elif kind == "staff_company":
        yield part(kind, about(points["asked again"]) | {"owner": "", "company": "", "chosen": "S2"}, "relay")
    elif kind in ("owner_company_closed", "owner_company_gone", "owner_company_back"):
        yield from (part(kind, about(points[name]), "relay") for name in ("asked", "fixed"))
    elif kind in ("servicer_visit_lost", "servicer_called_off"):
        yield part(kind, about(points["asked"]) | {"visit": VISIT.isoformat()}, "relay")
    elif kind == "servicer_access_back":
        yield part(kind, {"houses": 12}, "relay", case="")
    elif kind == "servicer_pack":
        yield part(kind, about(points["asked again"]) | {"until": "2027-03-01"}, "relay")
    elif kind == "servicer_access_over":
        yield part(kind, {"house": "H-0001", "on": "2027-02-01"}, "relay")
    elif kind == "owner_new_company":
        yield from (
            part(kind, about(points["asked"]) | {"candidate": "あおぞら建設", "fee": 30_000} | builder)
            for builder in (
                {"builder_until": "", "builder_closed": False},
                {"builder_until": "2052-03-31", "builder_closed": False},
                {"builder_until": "2052-03-31", "builder_closed": True},
            )
        )
    elif kind.startswith(("servicer_candidate", "servicer_introduce")):
        known = seen_by_candidate(points["asked"]) | {"town": "東京都世田谷区", "structure": "木造"}
        yield from (part(kind, known | more) for more in ({"until": "2027-02-01"}, {"until": "2027-02-01", "town": ""}))
    elif kind in AROUND_HISTORY:
        yield from (part(kind, AROUND_HISTORY[kind] | more, case="") for more in ({"kept": False}, {"kept": True}))
    elif kind.startswith("provider_"):
        yield from (
            part(kind, OF_PROVIDER | more, case="")
            for more in ({}, {"contract_no": "", "consent": {"version": "", "hash": "", "on": ""}})
        )
    elif kind == "staff_digest":
        for count in (1, 25):
            lying = [Lying(f"H-{n}-1", "sato", "overdue", date(2027, 2, 1), date(2027, 2, 21)) for n in range(count)]
            told = digest([*lying, Lying("H-9-9", "担当窓口", "human", date(2027, 2, 3), None)], NOW)
            assert told is not None
            yield part(kind, told.params, case="")
    elif kind == "staff_given":
        for way, until in (("passed_on", "2027-02-28"), ("cover", "")):
            yield part(kind, {"house": "H-0001", "reason": "human", "until": until, "way": way}, "relay")
    elif kind == "staff_pilot":
        for each, shadow in ((0, True), (7, False)):
            counts = Counts(*[each] * len(fields(Counts)))
            yield part(kind, report_of_pilot([Reader("staff:sato", "")], counts, shadow, NOW)[0].params, case="")
    elif kind == "staff_signs":
        firms = [{"id": f"S{n}", "signs": list(CATALOGUE.words["ja"]["signs"])} for n in range(3)]
        yield from (part(kind, {"companies": firms[:count], "more": more}, case="") for count, more in ((1, 0), (3, 4)))
    elif kind == "staff_audit":
        yield part(kind, new_findings({"chain_cut": 1}, ["H-0001"]).params, case="")
        many = [f"H-{n}" for n in range(12)]
        yield part(kind, new_findings({"put_off": 12, "row_gone": 3, "unreadable": 1}, many).params, case="")
    elif kind in AFTER_AN_EVENT:
        yield from AFTER_AN_EVENT[kind]()
    elif kind == "staff_heard":
        yield from (part(kind, about(points["asked"]) | {"owner": "", "who": side}, "relay") for side in SIDES)
    elif kind == "owner_near":
        for news, name in NEAR.items():
            yield part(kind, about(points[name]) | {"owner": "", "told": news}, "relay")
    elif kind in OF_THE_CHANGE:
        yield from (part(kind, {"house": "H-0001", "kind": why, "visit": "2027-02-20"}, case="") for why in Passing)
    elif kind == "guarantor_standing":
        known = {"guarantee_no": "Z-0001", "id": "0" * 16, "on": "2027-02-20", "at": "2027-02-20T10:00:00+09:00"}
        for state, why in (("at_risk", ["overdue", "no_servicer"]), ("good", []), ("lapsed", []), ("none", [])):
            yield part(kind, known | {"state": state, "reasons": why}, "relay", case="")
    elif kind == "guarantor_owners":
        known = {"guarantee_no": "Z-0001", "id": "0" * 16, "on": "2027-02-20", "at": "2027-02-20T10:00:00+09:00"}
        yield part(kind, known, "relay", case="")
    elif kind == "hook_news":
        known = {"hook": "wh_0", "at": "2027-02-20T10:00:00+09:00", "servicer": ""}
        yield part(kind, known | {"type": "work.due", "data": {"house_id": "H-0001"}}, "relay", case="")
        yield part(kind, known | {"type": "handover.proposed", "data": {"house_id": None}}, "relay", case="")
    elif kind == "staff_guarantees":
        for ours, theirs, lost in ((1, 2, 3), (0, 1, 0), (4, 0, 1)):
            yield part(kind, {"ours": ours, "theirs": theirs, "unmatched": lost}, case="")
    elif kind == "staff_note":
        yield from (part(kind, {"who": "owner:O1", "reason": reason}, case="") for reason in ("human", "address_dead"))
    else:
        raise LookupError(f"nothing says when {kind} is said")


def _of_many_houses() -> Iterator[Params]:
    counts = {"danger": 1, "damage": 2, "silent": 5, "none": 12}
    for urgent in (["H-0001", "H-0002"], []):
        known = {"hazard": "earthquake", "at": "2027-02-20T05:46", "counts": counts, "urgent": urgent}
        yield part("servicer_houses", known, "check", case="")


def _proposals() -> Iterator[Params]:
    known: Params = {"event": AFTER.event, "version": 2, "hazard": "earthquake", "at": "2027-02-20T05:46"}
    known |= {"strongest": "6弱", "places": 12, "count": 320, "unmandated": 4, "unplaced": 2}
    for news in ("new", "changed", "waits", "cancelled"):
        yield part("staff_event", known | {"news": news}, "alarm", case="")


AFTER_AN_EVENT = {"servicer_houses": _of_many_houses, "staff_event": _proposals}


def _alerts() -> Iterator[Params]:
    known = {"disagreement": "disagreed", "unconfirmed": "servicer reported", "unreported": "owner reported"}
    for reason in sorted(reasons()):
        there = desk_scene() if reason in ("human", "change") else scenes()[known.get(reason, "asked")]
        there = milestone_scenes(Role.STAFF)[0] if reason == "milestone" else there
        yield part(
            "staff_alert", about(there) | {"reason": reason, "level": 0, "since": "2027-02-01"}, case=there.case.id
        )
    firms = [{"name": "あおぞら建設", "reasons": ["own_backup", "late"]}, {"name": "みどり点検", "reasons": []}]
    known_to: tuple[Any, ...] = ((firms, []), ([], ["ひなた工務店会"]), ([], []))
    for told in known_to:
        silent = about(scenes()["asked"]) | {"reason": "servicer_silent", "level": 0, "since": "2027-02-01"}
        yield part("staff_alert", silent | dict(zip(("proposed", "associations"), told, strict=True)))
    late = about(scenes()["asked"]) | {"reason": "overdue", "level": 2, "since": "2027-02-01"}
    yield part("staff_alert", late)


def every_part(kind: str) -> Iterator[Params]:
    """Every form in which a kind is said."""
    if not kind.startswith(("reply_", "consent_")):
        yield from begun_parts(kind)
        return
    for name in ("asked again", "offered", "fixed", "owner reported"):
        yield from (told for _, told in reply_parts(kind, about(scenes()[name])))
    yield from (told for _, told in reply_parts(kind, {"house": "H-0001"}))


def show(message: Message) -> str:
    """A message as one block of text."""
    lines = [f"【{message.title}】", *message.paragraphs]
    lines += [f"  {label}: {value}" for label, value in message.facts]
    lines += ["  " + " ".join(f"[{button.label}]" for button in message.buttons)] if message.buttons else []
    return "\n".join([*lines, *(f"  -- {line}" for line in message.footer)])


def main(language: str) -> None:
    for kind in sorted(CATALOGUE.versions):
        said = dict.fromkeys(show(RENDERER.render([told], language, OWNER.name)) for told in every_part(kind))
        print(f"\n######## {kind}\n\n" + "\n\n".join(said))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "ja")
