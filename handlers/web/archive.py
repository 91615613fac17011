"""All of a person's own data in one file: a page to read, the same as JSON with plain names, and what they sent."""

import json
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import TOKYO, civil
from bot.core.disclosure import OWN_DATA, OWN_REQUEST, PACK, Disclosure, disclosed, disclosures
from handlers.web.render import Pages
from storage.desk import names_of
from storage.files import Files
from storage.households import lock_houses
from storage.imports import provisions
from storage.personal import Personal, personal
from storage.record import SERVICE, append
from storage.sealed_contacts import sealed_of
from storage.store import Store
from storage.view import house_facts
from templates.book.spoken import book_words
from templates.facts import Facts
from templates.render import Renderer

PAGE, DATA = "index.html", "data.json"


@dataclass(frozen=True, slots=True)
class Archive:
    """What it takes to put a person's data together."""

    store: Store
    files: Files
    renderer: Renderer

    async def write(self, person_id: str, by: str, now: datetime, into: IO[bytes]) -> bool:
        """A ZIP into that stream, on record as a disclosure before the first byte; False for nobody we know."""
        async with self.store.write() as connection:
            found = await personal(connection, person_id)
            if found is None:
                return False
            data = await self._told(connection, found, now)
            names = await names_of(connection, {one["to"] for one in data["given_to_others"]})
            deed = disclosed(person_id, (OWN_DATA,), OWN_REQUEST, by)
            owned = [row.id for row in found.houses]
            await lock_houses(connection, owned)
            await append(connection, self.store.pins.seal, [(house, deed) for house in owned or [SERVICE]], now)
        kept = set()
        with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
            for ref in found.files:  # one after the other: a person may have sent many
                file = await self.files.read(ref)
                if file is not None:
                    archive.writestr(_entry(_file(ref), now), file[0])
                    kept.add(_file(ref))
            archive.writestr(_entry(PAGE, now), self._page(data, names, kept))
            text = json.dumps(data, ensure_ascii=False, indent=2, default=_plain)
            archive.writestr(_entry(DATA, now), text)
        return True

    def _page(self, data: Mapping[str, Any], names: Mapping[str, str], kept: Collection[str]) -> str:
        """The same in the person's own language, to be read in any browser, without a line from outside."""
        language, catalogue = data["person"]["language"], self.renderer.catalogue
        pages, facts = Pages(catalogue.words), Facts(language, catalogue.words[language])
        own = pages.words[language]["chat"]["own_data"]["file"]
        given = [
            one | {"to": names.get(one["to"]) or one["to"], "what": _what(one["what"], own) or facts.said(one["what"])}
            for one in data["given_to_others"]
        ]
        named = book_words(language)["codes"]
        shown = {"data": data, "given": given, "kept": kept, "office": self.renderer.office, "named": named}
        return pages.render("own_data_file", language, **shown)

    async def _told(self, connection: AsyncConnection, found: Personal, now: datetime) -> dict[str, Any]:
        person = found.person
        given = [
            (row.id, one)
            for row in found.houses
            for one in disclosures(await house_facts(connection, row.id))
            if row.until_on is None or civil(one.at) <= row.until_on  # what came after is the next owner's
        ]
        brought = [
            {"house": row.id} | {name: one[name] for name in BROUGHT}
            for row in found.houses
            for one in await provisions(connection, row.id)
            if row.until_on is None or civil(one["at"]) <= row.until_on
        ]
        return {
            "made_at": now,
            "person": {name: person._mapping[name] for name in PERSON},
            "addresses": [{name: row._mapping[name] for name in ADDRESS} for row in found.addresses],
            "houses": [_house(row) for row in found.houses],
            "consents": [{name: row._mapping[name] for name in CONSENT} for row in found.consents],
            "messages_to_you": [self._message(row, person.name) for row in found.told if row.parts],
            "messages_from_you": [_said(row) for row in found.said if row.raw],
            "notes_of_houses": [{name: row._mapping[name] for name in NOTE} for row in found.notes],
            "statements": [{name: row._mapping[name] for name in STATED} for row in found.stated],
            "loans": [{name: row._mapping[name] for name in LOAN} for row in found.loans],
            "brought_by_others": brought,
            "contacts_not_used": await sealed_of(connection, person.id),
            "given_to_others": [_given(house, one) for house, one in given],
        }

    def _message(self, row: Any, name: str) -> dict[str, Any]:
        message = self.renderer.render(row.parts, row.language, name)
        facts = dict(message.facts)
        text = "\n".join(message.paragraphs)
        return {"at": row.sent_at, "through": row.channel, "title": message.title, "text": text, "facts": facts}


PERSON = ("id", "name", "kana", "language", "phone", "hour_from", "hour_until", "ended_on")
ADDRESS = ("channel", "address", "verified", "ended_at")
HOUSE = (
    *("id", "common_id", "guarantee_no", "address", "postcode", "handed_over_on", "completed_on", "certificate_no"),
    *("certified_on", "history_provider", "lender", "co_owners", "until_on"),
)
SOLD = ("id", "address", "postcode", "until_on")
NOTE = ("house_id", "topic", "text", "until_on", "told_on")
STATED = ("house_id", "line", "text", "name", "on_day", "second_on", "told_on", "paper", "paper_on")
LOAN = (
    *(
        "house_id",
        "number",
        "edition",
        "applied_on",
        "contracted_on",
        "first_payment_on",
        "months",
        "principal",
        "steps",
    ),
    *("reductions", "fixed_years", "restricted", "inspection_on", "insured_until", "units", "certified_units"),
    "repaid_on",
)
BROUGHT = ("at", "submitter", "name", "representative", "address", "acquired", "door")
CONSENT = ("house_id", "information_on", "mandate_on", "withdrawn_on", "text_version", "text_hash", "channel")


def _house(row: Any) -> dict[str, Any]:
    """Of a house that is another's now, which it was and until when."""
    return {name: row._mapping[name] for name in (HOUSE if row.until_on is None else SOLD)}


def _said(row: Any) -> dict[str, Any]:
    known: Mapping[str, Any] = row.raw | row.said
    files = [_file(str(file["ref"])) for file in known.get("files", ())]
    words = {"text": str(known.get("text", "")), "pressed": str(known.get("label") or known.get("action") or "")}
    return {"at": row.received_at, "through": row.channel, **words, "files": files}


def _given(house: str, one: Disclosure) -> dict[str, Any]:
    return {"at": one.at, "house": house, "to": one.to, "what": list(one.what), "under": one.under}


def _what(codes: Sequence[str], own: Mapping[str, Any]) -> str:
    """What was handed over as files; empty for messages."""
    return "".join(str(own[code]) for code in codes if code in (OWN_DATA, PACK))


def _file(ref: str) -> str:
    return f"files/{ref.rpartition('/')[2]}"


def _plain(value: object) -> str:
    """Instants as they are in Tokyo."""
    if isinstance(value, datetime):
        return value.astimezone(TOKYO).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _entry(name: str, now: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, now.astimezone(TOKYO).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
