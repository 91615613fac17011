"""What is stored of what the importer asks about; what it does not ask is not looked up."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.intake.known import Ask, Contacts, Known, KnownHouse, KnownPlan
from bot.intake.rows import RecordRow
from storage.intake import known as stored
from storage.submitters import held_houses, owned_by, told_guarantees


async def answer(connection: AsyncConnection, ask: Ask) -> Known:
    if ask.guarded:
        return await _guarded(connection, ask)
    houses = await stored.house_facts(connection, ask.houses) if ask.houses else {}
    owners = await stored.owners(connection, ask.owners) if ask.owners else {}
    plans = await stored.plans(connection, ask.plans) if ask.plans else {}
    rows = await stored.stored_records(connection, ask.records) if ask.records else []
    return Known(
        servicers=frozenset(await stored.servicer_ids(connection, ask.servicers)) if ask.servicers else frozenset(),
        closed=frozenset(await stored.closed_by_handover(connection, ask.closed)) if ask.closed else frozenset(),
        houses={house_id: KnownHouse(*facts) for house_id, facts in houses.items()},
        common_ids=await _holders(connection, "common_id", ask.common_ids),
        guarantee_nos=await _holders(connection, "guarantee_no", ask.guarantee_nos),
        owners={own: Contacts(**found | {"addresses": tuple(found["addresses"])}) for own, found in owners.items()},
        plans={house_id: KnownPlan(frozenset(codes), guide) for house_id, (codes, guide) in plans.items()},
        records={
            (row.house_id, row.code, row.done_on): RecordRow(
                row.house_id, row.code, row.done_on, row.performer or None, row.result or None, row.note or None
            )
            for row in rows
        },
    )


async def _guarded(connection: AsyncConnection, ask: Ask) -> Known:
    """Whose everything is that is named."""
    owned = await owned_by(connection, ask.owners) if ask.owners else {}
    common_ids = await _holders(connection, "common_id", ask.common_ids)
    numbers = await _holders(connection, "guarantee_no", ask.guarantee_nos)
    if ask.guarantee_nos:
        numbers = await told_guarantees(connection, ask.guarantee_nos) | numbers
    named = ask.houses.union(common_ids.values(), numbers.values(), *owned.values())
    held = await held_houses(connection, named)
    return Known(common_ids=common_ids, guarantee_nos=numbers, held=held, owned=owned)


async def _holders(connection: AsyncConnection, column: str, values: frozenset[str]) -> dict[str, str]:
    return await stored.holders_of(connection, column, values) if values else {}
