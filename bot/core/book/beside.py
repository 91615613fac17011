"""What else is on record of a house: its plan in every version, what is open, gaps, whose word, companies, people.

With them what is guaranteed of it, and where its history is kept.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.core.book.law import company
from bot.core.book.section import Coded, Section, Sources, Value, listed, single
from bot.core.book.stated import stated_section
from bot.core.book.turns import Turn, came_by, turns
from bot.core.book.way import way_to
from bot.core.days import civil, term_ends_on
from bot.core.milestones import named
from bot.core.notes import Topic
from bot.core.people import role_of

VERSIONS = ("version", "taken_in_on", "items", "guide", "fact")
ITEMS = (
    *("item", "part", "activity", "statutory", "first_year", "interval_years", "done_by", "version", "in_force"),
    *("next_due_on", "backstop_on"),
)
OPEN = ("work", "part", "activity", "due_on", "backstop_on", "opened_on", "holder")
GAPS = ("item", "part", "due_on", "fact")
WORDS = ("said_on", "by", "done_on", "result", "evidence", "works", "fact")
EVIDENCE = ("file", "digest", "sent_by", "said_on", "case", "handed_on", "reference", "gone_on")
ENTRIES = ("work", "part", "registered_on", "reference", "told_by")
COMPANIES = ("company", "company_id", "since", "until", "fact")
OWNERS = ("owner", "since", "until", "fact")
STILL = Coded("until", "now")
WARRANTIES = ("warranty", "covers", "until", "given_by")
LIABILITY_YEARS = 10  # 住宅の品質確保の促進等に関する法律 第94条、第95条: counted from the handover
CONSENTS = ("owner", "information_on", "mandate_on", "withdrawn_on", "channel", "text_version", "text_hash", "source")
FACTS = ("fact", "at", "by", "kind", "told", "case", "data", "seal")


def beside_sections(sources: Sources) -> Iterator[Section]:
    yield stated_section(sources)
    yield listed("plan_versions", VERSIONS, list(_versions(sources)))
    yield listed("plan_items", ITEMS, list(_items(sources)))
    yield listed("open_works", OPEN, list(_open(sources)))
    yield listed("gaps", GAPS, list(_gaps(sources)))
    yield listed("words", WORDS, list(_words(sources)))
    yield listed("evidence", EVIDENCE, list(_evidence(sources)))
    yield listed("companies", COMPANIES, _companies(sources))
    yield listed("owners", OWNERS, list(_owners(sources)))
    yield listed("consents", CONSENTS, list(_consents(sources)))
    yield _warranties(sources)
    yield _history(sources)
    yield listed("entries", ENTRIES, list(_entries(sources)))
    yield listed("facts", FACTS, [_fact(fact) for fact in sources.facts])
    yield _chain(sources)


def _versions(sources: Sources) -> Iterator[dict[str, Value]]:
    for fact in sources.facts:
        if fact["kind"] == "plan_taken_in":
            data = fact["data"]
            yield {
                "version": data["version"],
                "taken_in_on": civil(fact["at"]),
                "items": data["items"],
                "guide": _yes(data["default"]),
                "fact": fact["seq"],
            }


def _items(sources: Sources) -> Iterator[dict[str, Value]]:
    for item in sorted(sources.plan, key=lambda row: (not row["current"], row["code"], -row["version"])):
        yield {
            "item": item["code"],
            **{name: item[name] for name in ("part", "first_year", "version", "next_due_on")},
            "backstop_on": item["backstop_on"] if item["statutory"] else Coded("given", "no"),
            "activity": Coded("activity", item["kind"]),
            "statutory": _yes(item["statutory"]),
            "interval_years": item["interval_years"] or Coded("interval", "once"),
            "done_by": Coded("done_by", item["done_by"]),
            "in_force": _yes(item["current"]),
        }


def _open(sources: Sources) -> Iterator[dict[str, Value]]:
    cases = {case["id"]: case for case in sources.cases}
    for work in sources.works:
        if work["basis"] is None:
            case = cases[work["case_id"]]
            yield {
                "work": work["id"],
                "part": work["part"] or Coded("milestone", named(work["code"])),
                "activity": Coded("activity", work["kind"]),
                **{name: work[name] for name in ("due_on", "backstop_on")},
                "opened_on": case["opened_on"],
                "holder": Coded("roles", role_of(case["holder"])),
            }


def _gaps(sources: Sources) -> Iterator[dict[str, Value]]:
    parts = parts_of(sources)
    for fact in sources.facts:
        if fact["kind"] == "occurrence_unrecorded":
            item = fact["data"]["item"]
            yield {"item": item, "part": parts.get(item), "due_on": _day(fact["data"]["due_on"]), "fact": fact["seq"]}


def _words(sources: Sources) -> Iterator[dict[str, Value]]:
    """Each side's word on a work, as it was given; what was taken back later is a fact of its own."""
    for fact in sources.facts:
        if fact["kind"] == "work_reported":
            data = fact["data"]
            yield {
                "said_on": civil(fact["at"]),
                "by": Coded("roles", data["side"]),
                "done_on": _day(data["done_on"]),
                "result": Coded("results", data["result"]),
                "evidence": data["evidence"],
                "works": tuple(data["works"]),
                "fact": fact["seq"],
            }


def _evidence(sources: Sources) -> Iterator[dict[str, Value]]:
    """By reference and digest: a file is named by the first 40 hex digits of the SHA-256 of what it holds."""
    known = {row["ref"]: row for row in sources.evidence}
    for case in sources.cases:
        for report in case["state"]["reports"]:
            for ref in report["evidence"]:
                yield {
                    "file": ref,
                    "digest": ref.rpartition("/")[2].partition(".")[0],
                    "sent_by": Coded("roles", report["side"]),
                    "said_on": report["done_on"],
                    "case": case["id"],
                    **{name: known.get(ref, {}).get(name) for name in ("handed_on", "reference", "gone_on")},
                }


def _companies(sources: Sources) -> list[dict[str, Value]]:
    """Who looked after the house, and from when to when: from the facts, back to what was taken in."""
    house, after = sources.house, list(turns(sources.facts))
    first = after[0].before if after else house["servicer_id"]
    known = [Turn(house["taken_in_on"], "", first or "", _taken_in(sources)), *after]
    ends: list[Value] = [turn.on for turn in after]
    return [
        {
            "company": company(sources, turn.now),
            "company_id": turn.now,
            "since": turn.on,
            "until": end,
            "fact": turn.fact,
        }
        for turn, end in zip(known, [*ends, STILL], strict=True)
    ]


def _owners(sources: Sources) -> Iterator[dict[str, Value]]:
    """By name where the reader may see it; of who owned the house before, only that they did."""
    void = {one for fact in sources.facts if fact["kind"] == "transfer_undone" for one in fact["data"]["void"]}
    for owner in sorted(sources.owners, key=lambda owner: (owner["until_on"] or date.max, owner["rank"])):
        came = came_by(sources.facts, owner["id"])
        if owner["id"] in void and owner["until_on"]:  # they never came to own it
            continue
        yield {
            "owner": sources.names.get(owner["id"]) or Coded("owner", "before" if owner["until_on"] else "unnamed"),
            "since": civil(came["at"]) if came else sources.house["taken_in_on"],
            "until": owner["until_on"] or STILL,
            "fact": came["seq"] if came else _taken_in(sources),
        }


def _taken_in(sources: Sources) -> int | None:
    """The fact with which the record begins."""
    return next((fact["seq"] for fact in sources.facts if fact["kind"] == "house_taken_in"), None)


def _consents(sources: Sources) -> Iterator[dict[str, Value]]:
    for row in sources.mandates:
        given = row["channel"] or ("file" if row["source"].startswith("file:") else "")
        yield {
            "owner": sources.names.get(row["person_id"]) or Coded("owner", "unnamed"),
            **{
                name: row[name]
                for name in ("information_on", "mandate_on", "withdrawn_on", "text_version", "text_hash")
            },
            "channel": Coded("given_by", given) if given == "file" else Coded("channels", given) if given else None,
            "source": row["source"],
        }


def _warranties(sources: Sources) -> Section:
    """What the law gives, counted from the handover, and what an owner or the staff told of the maker's guarantee."""
    house, told = sources.house, sources.notes.get(Topic.GUARANTEE)
    builder = company(sources, house["builder_id"])
    until = term_ends_on(house["handed_over_on"], LIABILITY_YEARS)
    law: dict[str, Value] = {
        "warranty": Coded("warranty", "liability"),
        "covers": Coded("covers", "law"),
        "until": until,
    }
    maker: dict[str, Value] = {"warranty": Coded("warranty", "maker")}
    maker |= {"covers": told.text, "until": told.until_on} if told else {}
    rows = [row | {"given_by": builder} for row in (law, maker)]
    return listed("warranties", WARRANTIES, rows)


def _history(sources: Sources) -> Section:
    house, way = sources.house, sources.history
    month = house["residual_month"]
    row: dict[str, Value] = {**way_to(house, way), "confirmed_on": way.get("confirmed_on")}
    row["confirmed_by"] = Coded("roles", role_of(way["confirmed_by"])) if way.get("confirmed_by") else None
    row["entrusted_on"] = way.get("mandate_on")
    row |= {"guarantee_no": house["guarantee_no"], "residual_month": month and f"{month:%Y-%m}"}
    return single("history", row | {"lender": house["lender"], "taken_in_on": house["taken_in_on"]})


def _entries(sources: Sources) -> Iterator[dict[str, Value]]:
    """Which works stand in the history that the provider keeps; one that nobody entered has no day."""
    parts = {work["id"]: work["part"] for work in sources.works}
    for row in sources.entries:
        told = row["told_by"]
        yield {
            "work": row["work_id"],
            "part": parts.get(row["work_id"]),
            **{name: row[name] for name in ("registered_on", "reference")},
            "told_by": Coded("roles", role_of(told)) if told else None,
        }


def _fact(fact: Any) -> dict[str, Value]:
    role, _, _ = str(fact["by"]).partition(":")
    return {
        "fact": fact["seq"],
        "at": fact["at"],
        "by": Coded("roles", role),
        "kind": fact["kind"],
        "told": Coded("told", str(fact["seq"])),
        "case": fact["case_id"],
        "data": fact["sealed"],
        "seal": fact["mac"],
    }


def _chain(sources: Sources) -> Section:
    """Where the chain ended, so that a copy shows later whether anything was cut off or exchanged."""
    count, closing = sources.head
    last = sources.facts[-1]["mac"] if sources.facts else None
    sealed = _day(sources.sealed_on) if sources.sealed_on else None
    return single("chain", {"facts": count, "last_seal": last, "closing_seal": closing, "sealed_on": sealed})


def parts_of(sources: Sources) -> dict[str, str]:
    """What the items of the plan are called, by their code; the newest version's name."""
    return {item["code"]: item["part"] for item in sorted(sources.plan, key=lambda row: row["version"])}


def _yes(value: bool) -> Coded:
    return Coded("yes_no", "yes" if value else "no")


def _day(iso: str) -> date:
    return date.fromisoformat(iso)
