"""What submitters' own addresses are told: one outbox row for each fact and address, in the transaction of the fact."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core import hook as told
from bot.core.hook import Happened, Hook, News
from bot.core.outcome import Deed, Say
from bot.core.submitter import Submitter
from storage.guarantor import tell_guarantor
from storage.hooks import any_living, living_of
from storage.outbox import SENDING, WAITING, Letterhead, put
from storage.own_houses import guaranteed
from storage.pins import Pins
from storage.record import append
from storage.submitters import associations_of, submitter_of
from storage.tables import houses, outbox

Told = tuple[Say, Letterhead]
STILL = (WAITING, SENDING)


async def tell_machines(
    connection: AsyncConnection, pins: Pins, deeds: Sequence[tuple[str, Deed]], now: datetime
) -> None:
    """Writes the rows for whatever of these facts concerns other systems."""
    await tell_guarantor(connection, pins, deeds, now)
    await tell_submitters(connection, pins, deeds, now)


async def tell_submitters(
    connection: AsyncConnection, pins: Pins, deeds: Iterable[tuple[str, Deed]], now: datetime
) -> None:
    """Each address is told of the houses that its submitter may read now, and of handovers that concern it."""
    found = [Happened(house_id, deed, now) for house_id, deed in deeds if deed.kind in told.CONCERNING]
    if not found or not await any_living(connection):
        return
    present = await _present(connection, {one.house_id for one in found} - {""})
    companies = {company for one in found for company in _concerned(one, present)}
    closing = {str(one.deed.data["servicer"]) for one in found if one.deed.kind in told.OF_BATCH}
    known = Known(await _hooks(connection, companies), await associations_of(connection, closing))
    says = [each for one in found for each in _told(pins, one, present, known)]
    await append(connection, pins.seal, await put(connection, says, pins.versions, now), now)


@dataclass(frozen=True, slots=True)
class Present:
    """Which company has a house, whether its owners have agreed, and whether a guarantee of it stands."""

    servicer: str = ""
    agreed: bool = False
    guaranteed: bool = False


NOBODY = Present()


@dataclass(frozen=True, slots=True)
class Known:
    """Addresses with whose they are, and the associations of companies of which all houses are handed over."""

    hooks: list[tuple[Hook, Submitter]] = field(default_factory=list)
    associations: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of(self, company: str, kind: News) -> list[Hook]:
        """Those that are told of this where it concerns a company."""
        theirs = [hook for hook, who in self.hooks if company and company in {who.id, *who.companies}]
        return told.wants(theirs, kind)

    def of_guarantor(self, kind: News) -> list[Hook]:
        return told.wants([hook for hook, who in self.hooks if who.guarantees], kind)


async def _present(connection: AsyncConnection, house_ids: set[str]) -> dict[str, Present]:
    query = select(houses.c.id, houses.c.servicer_id, houses.c.mandated, guaranteed().label("guaranteed"))
    rows = await connection.execute(query.where(houses.c.id.in_(house_ids)))
    return {row.id: Present(row.servicer_id or "", row.mandated, bool(row.guaranteed)) for row in rows}


def _concerned(one: Happened, present: Mapping[str, Present]) -> set[str]:
    """The companies that might be told, by their ids."""
    if one.deed.kind == told.IMPORT:
        return {str(one.deed.data["submitter"])}
    if one.deed.kind in told.OF_BATCH:
        return {str(one.deed.data["servicer"])}
    here = present.get(one.house_id, NOBODY)
    return {here.servicer, *(told.parties(one.deed, here.servicer) if one.deed.kind in told.OF_HANDOVER else ())}


async def _hooks(connection: AsyncConnection, companies: set[str]) -> list[tuple[Hook, Submitter]]:
    """Who is no submitter now is told nothing."""
    hooks = await living_of(connection, companies)
    who = {one: await submitter_of(connection, one) for one in sorted({hook.submitter for hook in hooks})}
    return [(hook, submitter) for hook in hooks if (submitter := who[hook.submitter]) is not None]


def _told(pins: Pins, one: Happened, present: Mapping[str, Present], known: Known) -> list[Told]:
    if one.deed.kind == told.IMPORT:
        news = told.imported(one.deed)
        brought_by = str(one.deed.data["submitter"])
        theirs = [hook for hook in known.of(brought_by, news[0]) if hook.submitter == brought_by]
        return [(told.tell(hook, news, one.at), Letterhead("", "", None)) for hook in theirs]
    if one.deed.kind in told.OF_BATCH:
        return _batch(one, known)
    here = present.get(one.house_id, NOBODY)
    if one.deed.kind in told.OF_HANDOVER:
        return _handed(pins, one, here, known)
    found = told.news_in(one)
    if found is None or not here.agreed:
        return []
    head = Letterhead(one.house_id, here.servicer, None)
    company = [told.tell(hook, found, one.at, here.servicer) for hook in known.of(here.servicer, found[0])]
    guarantor = known.of_guarantor(found[0]) if here.guaranteed else []  # whoever has the house by then
    return [(say, head) for say in (*company, *(told.tell(hook, found, one.at) for hook in guarantor))]


def _batch(one: Happened, known: Known) -> list[Told]:
    """To the company itself while it is in business, to its association, and to the guarantor."""
    news = told.batch(one)
    company, kind = news[1]["from"], news[0]
    concerned = known.associations.get(company, frozenset())
    of_association = told.wants([hook for hook, who in known.hooks if who.id in concerned], kind)
    hooks = dict.fromkeys([*known.of(company, kind), *of_association, *known.of_guarantor(kind)])
    return [(told.tell(hook, news, one.at), Letterhead("", "", None)) for hook in hooks]


def _handed(pins: Pins, one: Happened, here: Present, known: Known) -> list[Told]:
    """Each side is told by its own name only; who is asked, and does not have the house, does not know which it is."""
    kind, (before, after) = told.OF_HANDOVER[one.deed.kind], told.parties(one.deed, here.servicer)
    number = pins.seal.digest(told.handover_word(one.deed.case_id, after))
    head, says = Letterhead(one.house_id, "", None), []
    guarantor = known.of_guarantor(kind) if here.guaranteed else []
    for hook in dict.fromkeys([*known.of(before, kind), *known.of(after, kind), *guarantor]):
        who = {who.id: who for _, who in known.hooks}[hook.submitter]
        theirs = {before, after} if who.guarantees else who.companies
        seen = before in theirs or (kind is News.DONE and after in theirs)
        data = {
            "handover_id": number,
            "house_id": one.house_id if seen else None,
            "from": before if before in theirs else None,
            "to": after if after in theirs else None,
        }
        says.append((told.tell(hook, (kind, data), one.at), head))
    return says


async def tell_again(connection: AsyncConnection, pins: Pins, hook: Hook, which: date | str, now: datetime) -> int:
    """What an address was told, once more: since a day, or one message by its id; how many. Under keys of their own
    and with the ids that they had, so whoever has one already knows it. One that is still to be told is not repeated.
    """
    mine = outbox.c.person_id == hook.person_id
    if isinstance(which, str):
        query = select(outbox).where(outbox.c.key == which, mine)
    else:
        query = select(outbox).where(mine, outbox.c.day >= which).order_by(outbox.c.id)
    rows = (await connection.execute(query)).all()
    says, seen = [], set()
    for row in rows:
        part = row.parts[0]
        first = str(part["params"].get("again") or row.key)
        if first in seen or row.state in STILL:
            continue
        seen.add(first)
        says.append((told.tell_again(hook, part["params"], first), Letterhead(part["house"], row.servicer_id, None)))
    await append(connection, pins.seal, await put(connection, says, pins.versions, now), now)
    return len(says)
