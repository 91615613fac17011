"""Completes what the staff are told of a silent company by who could come instead."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.house import House
from bot.core.outcome import Outcome
from bot.core.proposal import Proposal, in_need, with_proposal
from storage.companies import associations_for, ranked_for
from storage.households import house_of
from storage.tables import houses


async def with_proposals(connection: AsyncConnection, outcomes: Sequence[Outcome], now: datetime) -> list[Outcome]:
    """The outcomes, each alert with its proposal; nothing is looked up where none of them is such an alert.

    Houses of one town, company and backup have the same proposal: it is looked up once.
    """
    wanted = in_need(outcomes)
    if not wanted:
        return list(outcomes)
    rows = (await connection.execute(select(houses).where(houses.c.id.in_(wanted)))).all()
    found: dict[str, Proposal] = {}
    alike: dict[tuple[str, ...], Proposal] = {}
    for house in map(house_of, rows):
        key = (house.municipality, house.town, house.servicer_id, house.backup_servicer_id)
        if key not in alike:
            alike[key] = await proposal_for(connection, house, now)
        found[house.id] = alike[key]
    return [with_proposal(outcome, found.get(outcome.house_id, Proposal())) for outcome in outcomes]


async def proposal_for(connection: AsyncConnection, house: House, now: datetime) -> Proposal:
    """Who could come to a house, and which associations can be asked."""
    companies = await ranked_for(connection, house, civil(now))
    return Proposal(companies, await associations_for(connection, house))
