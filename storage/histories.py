"""How the histories of houses are reached, and what is on its way there, as rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase, Scene
from bot.core.history.access import PROVIDER_CLOSED, Access, Entry, Evidence, Held, Provider, Registration, Shelf
from bot.core.history.keeper import ABOUT_KEEPER
from bot.core.house import Household
from bot.core.ladder import AT_DESK
from bot.core.outcome import Say
from bot.core.people import LETTER
from bot.core.plan import Kind
from storage.cases import load_scenes
from storage.households import load_households
from storage.outbox import HELD, PAPER, SENDING, WAITING
from storage.tables import cases, entries, evidence, histories, houses, mandates, outbox, providers, works

NOT_GONE = (WAITING, SENDING, PAPER, HELD)
MOVING = (Held.KEPT, Held.SENT, Held.HANDED)
OF_ACCESS = (
    *("contract_no", "registered_address", "confirmed_by", "confirmed_on", "asked_on", "provider_asked_on"),
    *("answer", "answered_on"),
    *("provider_says", "mandate_by", "mandate_on", "mandate_asked_on", "keep_files", "closing_told", "closing_raised"),
    "list_wanted",
)


async def due_histories(connection: AsyncConnection, today: date, limit: int) -> list[str]:
    """Houses whose history is to be looked at, the longest waiting first."""
    query = select(histories.c.house_id).where(histories.c.look_on <= today)
    first = query.order_by(histories.c.look_on, histories.c.house_id).limit(limit)
    return list((await connection.execute(first)).scalars())


async def still_due(connection: AsyncConnection, house_ids: Sequence[str], today: date) -> list[str]:
    """Those that nobody else has looked at since, once their houses are locked."""
    query = select(histories.c.house_id).where(histories.c.house_id.in_(house_ids), histories.c.look_on <= today)
    return sorted((await connection.execute(query)).scalars())


async def load_shelves(connection: AsyncConnection, house_ids: Sequence[str]) -> list[Shelf]:
    """Everything that decisions about these houses' histories need, in their order."""
    return await shelves_of(connection, await load_households(connection, house_ids), house_ids)


async def shelves_of(
    connection: AsyncConnection, households: Mapping[str, Household], house_ids: Sequence[str]
) -> list[Shelf]:
    """The same where the households are at hand."""
    accesses = await _accesses(connection, households)
    searching, raised = await _searching(connection, households), await _at_desk(connection, house_ids)
    unknown = await _unknown(connection, raised, households)
    open_entries = await _entries(connection, house_ids, unknown.keys())
    moving = await _evidence(connection, house_ids)
    counted = select(houses.c.id, houses.c.case_count).where(houses.c.id.in_(house_ids))
    counts = {row.id: row.case_count for row in (await connection.execute(counted)).all()}
    return [
        Shelf(
            household=households[house_id],
            access=accesses[house_id],
            entries=tuple(open_entries[house_id]),
            evidence=tuple(moving[house_id]),
            search=searching.get(house_id),
            next_number=counts[house_id] + 1,
            at_desk=frozenset(raised[house_id]),
            unknown=tuple(unknown[house_id]),
        )
        for house_id in house_ids
        if house_id in accesses
    ]


async def shelf_of(connection: AsyncConnection, house_id: str) -> Shelf | None:
    """One house's; None for an unknown one."""
    return next(iter(await load_shelves(connection, [house_id])), None)


async def _accesses(connection: AsyncConnection, households: Mapping[str, Household]) -> dict[str, Access]:
    query = select(histories, houses.c.history_provider).join(houses, houses.c.id == histories.c.house_id)
    rows = (await connection.execute(query.where(histories.c.house_id.in_(households.keys())))).all()
    known = await load_providers(connection, {row.provider_id for row in rows if row.provider_id})
    agreed = await _consents(connection, households.keys())
    return {row.house_id: _access(row, known, agreed.get(row.house_id, {})) for row in rows}


def _access(row: Row[Any], known: Mapping[str, Provider], consent: Mapping[str, str]) -> Access:
    values = {name: row._mapping[name] for name in OF_ACCESS}
    values |= {"named": row.history_provider, "provider": known.get(row.provider_id or "")}
    return Access(house_id=row.house_id, consent=consent, **values)


async def load_providers(connection: AsyncConnection, ids: Iterable[str] | None = None) -> dict[str, Provider]:
    """Providers by id; all of them where none are named."""
    query = select(providers).order_by(providers.c.id)
    if ids is not None:
        query = query.where(providers.c.id.in_(set(ids)))
    return {
        row.id: Provider(row.id, row.name, row.adapter != LETTER, row.council, row.closed_on)
        for row in (await connection.execute(query)).all()
    }


async def _consents(connection: AsyncConnection, house_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """The newest consent that holds for each house: version, hash and day. Whose it is, a provider need not know."""
    living = (mandates.c.house_id.in_(list(house_ids)), mandates.c.withdrawn_on.is_(None))
    query = select(mandates).where(*living, mandates.c.mandate_on.is_not(None)).order_by(mandates.c.id)
    return {
        row.house_id: {"version": row.text_version, "hash": row.text_hash, "on": row.mandate_on.isoformat()}
        for row in (await connection.execute(query)).all()
    }


async def _entries(
    connection: AsyncConnection, house_ids: Sequence[str], unknown: Collection[str]
) -> dict[str, list[Registration]]:
    """Those that are not done with; what lies with the staff, too, where it may wait for who keeps the history."""
    query = select(entries, works.c.part, works.c.kind, works.c.done_on, works.c.result).join_from(
        entries, works, works.c.id == entries.c.work_id
    )
    lies = or_(entries.c.state != Entry.STAFF, entries.c.house_id.in_(unknown))
    open_ = (entries.c.house_id.in_(house_ids), entries.c.state != Entry.DONE, lies)
    found: dict[str, list[Registration]] = defaultdict(list)
    for row in (await connection.execute(query.where(*open_).order_by(entries.c.case_id, entries.c.work_id))).all():
        found[row.house_id].append(_registration(row))
    return found


def _registration(row: Row[Any]) -> Registration:
    return Registration(
        work_id=row.work_id,
        case_id=row.case_id,
        part=row.part,
        kind=Kind(row.kind),
        done_on=row.done_on or row.closed_on,
        closed_on=row.closed_on,
        result=row.result or "",
        servicer=row.servicer,
        state=Entry(row.state),
        asked_on=row.asked_on,
    )


async def _evidence(connection: AsyncConnection, house_ids: Sequence[str]) -> dict[str, list[Evidence]]:
    query = select(evidence).where(evidence.c.house_id.in_(house_ids), evidence.c.state.in_(MOVING))
    found: dict[str, list[Evidence]] = defaultdict(list)
    for row in (await connection.execute(query.order_by(evidence.c.case_id, evidence.c.ref))).all():
        found[row.house_id].append(Evidence(row.ref, row.case_id, Held(row.state)))
    return found


async def _searching(connection: AsyncConnection, households: Mapping[str, Household]) -> dict[str, Scene]:
    """By house, the case in which its owner is still asked for another provider."""
    mine = (works.c.house_id.in_(households.keys()), works.c.code == PROVIDER_CLOSED, cases.c.phase != Phase.CLOSED)
    query = select(works.c.case_id).join(cases, cases.c.id == works.c.case_id).where(*mine)
    open_cases = set((await connection.execute(query)).scalars())
    found = await load_scenes(connection, open_cases, households) if open_cases else {}
    return {scene.case.house_id: scene for scene in found.values()}


async def _at_desk(connection: AsyncConnection, house_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """By house, what of it lies at the desk for a reason of its own: the case by its reason."""
    lies = (cases.c.house_id.in_(house_ids), cases.c.ladder == AT_DESK, cases.c.phase != Phase.CLOSED)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in (await connection.execute(select(cases.c.house_id, cases.c.reason, cases.c.id).where(*lies))).all():
        found[row.house_id][row.reason] = row.id
    return found


async def _unknown(
    connection: AsyncConnection, raised: Mapping[str, Mapping[str, str]], households: Mapping[str, Household]
) -> dict[str, list[Scene]]:
    """By house, the cases at the desk in which it is asked who keeps its history."""
    ids = [case for lying in raised.values() for reason, case in lying.items() if reason in ABOUT_KEEPER]
    scenes = (await load_scenes(connection, ids, households)).values() if ids else ()
    found: dict[str, list[Scene]] = defaultdict(list)
    for scene in scenes:
        found[scene.case.house_id].append(scene)
    return found


async def address_of(connection: AsyncConnection, house_id: str) -> str:
    """Where the house stands; empty where nobody told."""
    address = (await connection.execute(select(houses.c.address).where(houses.c.id == house_id))).scalar()
    return address or ""


async def asked_entry(connection: AsyncConnection, person_id: str, case_id: str) -> tuple[str, tuple[str, ...]] | None:
    """House and works of a case that a servicer is asked about; None where it is not theirs, or is done with."""
    mine = (entries.c.case_id == case_id, entries.c.servicer == person_id, entries.c.state != Entry.DONE)
    rows = (await connection.execute(select(entries.c.house_id, entries.c.work_id).where(*mine))).all()
    return (rows[0].house_id, tuple(sorted(row.work_id for row in rows))) if rows else None


async def last_done(connection: AsyncConnection, work_ids: Iterable[str]) -> date | None:
    """The day on which the newest of these works was done."""
    query = select(func.max(works.c.done_on)).where(works.c.id.in_(list(work_ids)))
    newest: date | None = (await connection.execute(query)).scalar()
    return newest


async def asked_already(connection: AsyncConnection, say: Say, house_id: str) -> bool:
    """Whether the same request about this house still waits, to be sent or to be posted."""
    query = select(outbox.c.parts).where(outbox.c.person_id == say.to, outbox.c.state.in_(NOT_GONE))
    told = [part for parts in (await connection.execute(query)).scalars() for part in parts]
    return any((part["kind"], part["house"]) == (say.kind, house_id) for part in told)


async def history_view(connection: AsyncConnection, house_id: str) -> dict[str, Any]:
    """The way to a house's history, its entries and its evidence, as stored, for whoever asks for the whole truth."""
    name = select(providers.c.name).where(providers.c.id == histories.c.provider_id).scalar_subquery()
    closed = select(providers.c.closed_on).where(providers.c.id == histories.c.provider_id).scalar_subquery()
    query = select(histories, name.label("provider"), closed.label("provider_closed_on"))
    row = (await connection.execute(query.where(histories.c.house_id == house_id))).one_or_none()
    return {
        "history": dict(row._mapping) if row else {},
        "entries": await _rows(connection, select(entries).where(entries.c.house_id == house_id), entries.c.work_id),
        "evidence": await _rows(connection, select(evidence).where(evidence.c.house_id == house_id), evidence.c.ref),
    }


async def _rows(connection: AsyncConnection, query: Any, order: Any) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in (await connection.execute(query.order_by(order))).all()]


async def files_to_go(connection: AsyncConnection, handed_before: date, limit: int) -> list[tuple[str, str]]:
    """House and reference of files whose period after the handover is over, unless an owner keeps them.

    A file that another house still needs stays.
    """
    other = evidence.alias()
    needed = select(other.c.ref).join(histories, histories.c.house_id == other.c.house_id, isouter=True)
    busy = or_(other.c.state.in_(MOVING), other.c.handed_on > handed_before, histories.c.keep_files)
    wanted = needed.where(other.c.ref == evidence.c.ref, other.c.state != Held.GONE, busy).exists()
    over = (evidence.c.state == Held.TOLD, evidence.c.handed_on <= handed_before, ~wanted)
    query = select(evidence.c.house_id, evidence.c.ref).where(*over).order_by(evidence.c.handed_on, evidence.c.ref)
    return [(row.house_id, row.ref) for row in (await connection.execute(query.limit(limit))).all()]
