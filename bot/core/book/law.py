"""The sections that the law's list asks for (長期優良住宅の普及の促進に関する法律施行規則第14条第1項), in its order.

1 place, structure, size, upkeep and funding (法第5条第4項); 2 certification; 3 certified changes; 4 approval of a
successor (第10条); 5 reports to the authority (第12条); 6 orders (第13条); 7 advice (第15条); 8 and 9 drawings; 10 what
was done, when, and to whom it was entrusted. What nobody has told us is 記録なし.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.core.book.section import Coded, Section, Sources, Value, listed, single
from bot.core.book.stated import STATED, implementer, rows_of, text_of, word
from bot.core.book.way import way_to
from bot.core.case import Result
from bot.core.days import add_years
from bot.core.milestones import SUCCESSION
from bot.core.plan import Kind
from bot.core.statements import Line

REPORTED = "authority_reported"  # an owner's word that the authority's letter was answered
OF_FILES = {"良": Result.OK, "要補修": Result.ISSUES}  # as builders write a result
YES, NO = Coded("given", "yes"), Coded("given", "no")
DONE = ("done_on", "part", "activity", "result", "entrusted_to", "word", "note", "source", "work", "facts")
PLAN_CHANGES = ("changed", "changed_on", "content", *STATED)
SUCCESSIONS = ("successor", "succeeded_on", "approved_on", *STATED)
REPORTS = ("reported", "reported_on", "content", "fact", "word")
ORDERS = ("ordered", "ordered_on", "content", "follow_by", *STATED)
ADVICE = ("advised", "advised_on", "content", *STATED)
DRAWINGS = ("drawings", "kept_at", "common_id")


def law_sections(sources: Sources) -> Iterator[Section]:
    """Items 1 to 10, each present whether or not anything is known."""
    yield _house(sources)
    yield _upkeep_plan(sources)
    yield _certification(sources)
    yield listed("plan_changes", PLAN_CHANGES, _plan_changes(sources), 3)
    yield listed("successions", SUCCESSIONS, _successions(sources), 4)
    yield listed("reports", REPORTS, _reports(sources), 5)
    yield listed("orders", ORDERS, _orders(sources), 6)
    yield listed("advice", ADVICE, _advice(sources), 7)
    yield listed("drawings", DRAWINGS, _drawings(sources), 8, 9)
    yield listed("upkeep", DONE, upkeep(sources), 10)


def _house(sources: Sources) -> Section:
    house = sources.house
    names = ("postcode", "address", "municipality_code", "structure", "storeys", "floor_area_m2")
    row: dict[str, Value] = {"house_id": house["id"]} | {name: house[name] for name in names}
    row |= {"equipment": text_of(sources, Line.EQUIPMENT)}
    row |= {name: house[name] for name in ("completed_on", "handed_over_on")}
    return single("house", row | {"builder": company(sources, house["builder_id"])}, 1)


def _upkeep_plan(sources: Sources) -> Section:
    """The period counts from the handover, as the plan's dates do."""
    house = sources.house
    years, start = house["plan_years"], house["handed_over_on"]
    row: dict[str, Value] = {"plan_years": years, "plan_from": start}
    row["plan_until"] = add_years(start, years) if years else None
    row["plan_items"] = sum(bool(item["current"]) for item in sources.plan) or None
    return single("upkeep_plan", row | {"funding": text_of(sources, Line.FUNDING)}, 1)


def _certification(sources: Sources) -> Section:
    """The 認定計画実施者 is who it was given to: item 4 tells who followed, the owners who owns it now."""
    house = sources.house
    certified = house["certification_kind"] != "なし"
    told = certified and bool(house["certificate_no"] or house["certified_on"])
    row: dict[str, Value] = {"certified": (YES if told else None) if certified else NO}
    row |= {"certification_kind": house["certification_kind"], "certified_on": house["certified_on"]}
    row |= {"implementer": implementer(sources)} | {name: house[name] for name in ("certificate_no", "authority")}
    return single("certification", row, 2)


def _plan_changes(sources: Sources) -> list[dict[str, Value]]:
    return [
        {"changed": YES, "changed_on": one.content.on_day, "content": one.content.text, **row}
        for one, row in rows_of(sources, Line.PLAN_CHANGE)
    ]


def _successions(sources: Sources) -> list[dict[str, Value]]:
    """Every change of owners that was not undone, and those that somebody told of, as from before the house came here.

    Of owners who own it no longer only that they did; the day of approval is the owner's word or a document's.
    """
    told: list[dict[str, Value]] = [
        {"successor": row.pop("named"), "succeeded_on": one.content.on_day, "approved_on": one.content.second_on, **row}
        for one, row in rows_of(sources, Line.SUCCESSION)
    ]
    return [*told, *_passed(sources)]


def _passed(sources: Sources) -> list[dict[str, Value]]:
    undone = {fact["data"]["transfer"] for fact in sources.facts if fact["kind"] == "transfer_undone"}
    approved = {work["code"]: work["done_on"] for work in sources.works if work["done_on"] is not None}
    return [
        {
            "successor": tuple(sources.names.get(one) or Coded("owner", "before") for one in fact["data"]["to"]),
            "succeeded_on": date.fromisoformat(fact["data"]["on"]),
            "approved_on": approved.get(f"{SUCCESSION}-{fact['data']['transfer']}"),
            "word": Coded("documents", fact["data"]["document"]) if "document" in fact["data"] else None,
            "facts": (f"#{fact['seq']}",),
        }
        for fact in sources.facts
        if fact["kind"] == "ownership_passed" and fact["data"]["transfer"] not in undone
    ]


def _reports(sources: Sources) -> list[dict[str, Value]]:
    """Those that left through the owner's page, and those that somebody told of."""
    sent: list[dict[str, Value]] = [
        {
            "reported": YES,
            "reported_on": fact["data"]["sent_on"],
            "content": Coded("reported_for", str(fact["data"]["year"])),
            "fact": fact["seq"],
            "word": word(None),
        }
        for fact in sources.facts
        if fact["kind"] == REPORTED
    ]
    told: list[dict[str, Value]] = [
        {"reported": YES, "reported_on": one.content.on_day, "content": one.content.text, **_last(row)}
        for one, row in rows_of(sources, Line.REPORT)
    ]
    return [*sent, *told]


def _last(row: dict[str, Value]) -> dict[str, Value]:
    """The fact that tells it as it stands; those before it are among all that was stated."""
    facts = row["facts"]
    number = str(facts[-1]).removeprefix("#") if isinstance(facts, tuple) and facts else ""
    return {"fact": int(number) if number else None, "word": row["word"]}


def _orders(sources: Sources) -> list[dict[str, Value]]:
    return [
        {"ordered": YES, "ordered_on": one.content.on_day, "content": one.content.text, **row}
        | {"follow_by": one.content.second_on}
        for one, row in rows_of(sources, Line.ORDER)
    ]


def _advice(sources: Sources) -> list[dict[str, Value]]:
    return [
        {"advised": YES, "advised_on": one.content.on_day, "content": one.content.text, **row}
        for one, row in rows_of(sources, Line.ADVICE)
    ]


def _drawings(sources: Sources) -> list[dict[str, Value]]:
    """The service holds none; it knows who keeps the house's history, where those of the certification belong."""
    told = way_to(sources.house, sources.history)
    where: dict[str, Value] = {"kept_at": told["history_provider"], "common_id": told["common_id"]}
    return [{"drawings": Coded("drawings", "certified"), **where}, {"drawings": Coded("drawings", "changed")}]


def upkeep(sources: Sources) -> list[dict[str, Value]]:
    """Everything that was done, oldest first; each with the facts that say so, corrections after what they correct."""
    works = {work["id"]: work for work in sources.works}
    rows = sorted(sources.records, key=lambda row: (row["done_on"], row["part"], row["work_id"]))
    return [_done(sources, row, works.get(row["work_id"])) for row in rows]


def _done(sources: Sources, row: Any, work: Any) -> dict[str, Value]:
    item = next((item for item in sources.plan if item["code"] == row["code"]), None)
    kind = work["kind"] if work else item["kind"] if item else ""
    result = OF_FILES.get(row["result"], row["result"])
    return {
        "done_on": row["done_on"],
        "part": row["part"] or (item["part"] if item else row["code"]),
        "activity": Coded("activity", kind) if kind in set(Kind) else None,
        "result": Coded("results", result) if result else None,
        "entrusted_to": row["performer"] or _by_themselves(sources, row),
        "word": Coded("bases", (work["basis"] or "") if work else "file"),
        "note": row["note"],
        "source": Coded("sources", "engawa" if row["work_id"] else "file"),
        "work": row["work_id"],
        "facts": tuple(_told(sources, row)),
    }


def _by_themselves(sources: Sources, row: Any) -> Value:
    """Nobody was entrusted with it, where the record says so; a file that names nobody leaves it open."""
    closed = (fact["data"] for fact in sources.facts if fact["kind"] == "work_closed")
    mine = next((data for data in closed if data["work"] == row["work_id"]), None)
    return Coded("entrusted", "nobody") if mine is not None and not mine["entrusted_to"] else None


def _told(sources: Sources, row: Any) -> Iterator[str | Coded]:
    """The facts about one thing done, each with its result. A later one corrects those before it; none goes away."""
    for fact in sources.facts:
        data = fact["data"]
        ours = fact["kind"] == "work_closed" and data["work"] == row["work_id"]
        filed = fact["kind"] in ("record_taken_in", "record_updated") and not row["work_id"]
        same = data.get("item") == row["code"] and data.get("done_on") == row["done_on"].isoformat()
        if ours or (filed and same):
            yield f"#{fact['seq']}"
            if result := OF_FILES.get(data["result"], data["result"]):
                yield Coded("results", result)


def company(sources: Sources, servicer_id: str | None) -> Value:
    """A company by its name, or by its id where it has none here."""
    return sources.names.get(f"servicer:{servicer_id}") or servicer_id if servicer_id else None
