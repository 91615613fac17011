"""The pack of a house as files: a PDF to read, JSON and CSV to load, a request to the provider, and what ties them.

The manifest names every file with its SHA-256; its own hash is what the record keeps of a delivery.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.core.book.pack import Contact, pack
from bot.core.book.section import Book, Sources
from bot.core.book.way import open_way
from templates.book.file import section_told
from templates.book.paper import section_part, sheets, titled
from templates.book.spoken import Spoken
from templates.paper.request import RequestLetter, request_pdf

SCHEMA, VERSION = "engawa.handover", 1
MANIFEST = "manifest.json"
# The columns of the intake format (docs/intake.md) that a new company may have.
HOUSE = (
    *("house_id", "common_id", "certification_kind", "completed_on", "history_provider", "builder_id", "servicer_id"),
    *("certificate_no", "certified_on", "authority", "handed_over_on", "structure", "storeys", "floor_area_m2"),
    *("postcode", "address", "municipality_code", "plan_years"),
)
OWNER = ("owner_name", "owner_kana", "language", "phone", "co_owners")
ITEM = ("house_id", "item_code", "item_name", "kind", "first_year", "interval_years", "legal_class", "done_by")
RECORD = ("house_id", "item_code", "done_on", "performer", "result", "note")
WORK = ("house_id", "id", "code", "part", "due_on", "backstop_on", "statutory", "kind")
KINDS = {"inspection": "点検", "repair": "修繕", "replacement": "交換"}
DONE_BY = {"owner": "所有者", "servicer": "事業者", "either": "どちらでも"}
RESULTS = {"ok": "良", "issues": "要補修"}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a house on a day, and the letter that asks for its history."""

    sources: Sources
    contacts: Sequence[Contact]
    on: date
    request: RequestLetter


def pack_files(known: Known, spoken: Mapping[str, Spoken]) -> dict[str, bytes]:
    """All files by name; the manifest comes last. ``spoken`` are the words of a pack by language, Japanese to print."""
    sources, contacts, today = known.sources, known.contacts, known.on
    found = pack(sources, contacts, today)
    files = {
        "handover.pdf": pack_pdf(found, spoken["ja"]),
        "handover.json": pack_json(found, spoken).encode(),
        "houses.csv": _csv((*HOUSE, *OWNER), [_house(known)]),
        "plan.csv": _csv(ITEM, map(_item, filter(lambda item: item["current"], sources.plan))),
        "records.csv": _csv(RECORD, map(_record, sources.records)),
        "open_works.csv": _csv(WORK, map(_work, filter(lambda work: work["basis"] is None, sources.works))),
        "history-request.pdf": request_pdf(known.request),
    }
    return files | {MANIFEST: _manifest(found.house_id, today, files)}


def manifest_hash(files: Mapping[str, bytes]) -> str:
    """What the record keeps: SHA-256 of the manifest, which names the hashes of all others."""
    return hashlib.sha256(files[MANIFEST]).hexdigest()


def pack_pdf(book: Book, spoken: Spoken) -> bytes:
    said_of = spoken.said
    lead = [said_of["whose"].format(house=book.house_id), said_of["state"].format(day=spoken.day(book.on))]
    parts = [titled(said_of["title"], lead, [*said_of["lead"], *spoken.laws(said_of["laws"])])]
    parts += [section_part(book, section, spoken) for section in book.sections]
    edge = said_of["printed"].format(house=book.house_id, day=spoken.day(book.on))
    return sheets(parts, spoken, said_of["title"], edge)


def pack_json(book: Book, spoken: Mapping[str, Spoken]) -> str:
    told = {
        "schema": SCHEMA,
        "version": VERSION,
        "title": {language: one.said["title"] for language, one in spoken.items()},
        "house": book.house_id,
        "on": book.on.isoformat(),
        "reading": {language: one.said["lead"] for language, one in spoken.items()},
        "sections": [section_told(book, section, spoken) for section in book.sections],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _manifest(house_id: str, today: date, files: Mapping[str, bytes]) -> bytes:
    listed = [
        {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()
    ]
    told = {"schema": SCHEMA, "version": VERSION, "house": house_id, "on": today.isoformat(), "files": listed}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """UTF-8 with its mark, so that a spreadsheet in Japan opens it rightly; of no rows the heading alone."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    """What stands in a cell is text: a spreadsheet must not take a stranger's name for a formula."""
    text = value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "@", "\t", "\r") else text


def _house(known: Known) -> dict[str, Any]:
    """With the provider that people told, so that whoever loads it knows where the history is."""
    sources, contacts = known.sources, known.contacts
    house = {name: sources.house.get(name) for name in HOUSE} | {"house_id": sources.house["id"]}
    house["history_provider"] = open_way(sources.house, sources.history, known.on)["history_provider"]
    first, others = contacts[0] if contacts else Contact("", "", "", (0, 0), "ja"), contacts[1:]
    owner = (first.name, first.kana, first.language, first.phone, "、".join(other.name for other in others))
    return house | dict(zip(OWNER, owner, strict=True))


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "house_id": item["house_id"],
        "item_code": item["code"],
        "item_name": item["part"],
        "kind": KINDS.get(item["kind"], item["kind"]),
        "first_year": item["first_year"],
        "interval_years": item["interval_years"],
        "legal_class": "法定" if item["statutory"] else "任意",
        "done_by": DONE_BY[item["done_by"]],
    }


def _record(record: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: record[name] for name in ("done_on", "performer")}
    result = RESULTS.get(record["result"], record["result"])
    return {"house_id": record["house_id"], "item_code": record["code"], **kept, "result": result} | {
        "note": record["note"]
    }


def _work(work: Mapping[str, Any]) -> dict[str, Any]:
    return {name: work[name] for name in WORK} | {"kind": KINDS.get(work["kind"], work["kind"])}
