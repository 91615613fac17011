"""A platform is gone, and its line with it: the service starts, people are reached otherwise, nothing is forgotten."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from main import pages
from storage.tables import addresses, outbox
from tests.handlers.web.street import Street
from tests.stories.five_channels import Loopback, platforms_at, settled_in, switch_off
from tests.stories.town import Town, town_at

GONE = ["email", "line", "telegram", "slack"]


async def reached(town: Town, channel: str) -> list[str]:
    """Whom something was sent to there."""
    query = select(outbox.c.person_id).where(outbox.c.channel == channel, outbox.c.state == "sent")
    async with town.service.store.read() as connection:
        return sorted(set((await connection.execute(query)).scalars()) - {"staff:desk"})


async def told(town: Town, person_id: str) -> list[tuple[str, str]]:
    query = select(outbox.c.channel, outbox.c.state).where(outbox.c.person_id == person_id).order_by(outbox.c.id)
    async with town.service.store.read() as connection:
        return [tuple(row) for row in await connection.execute(query)]


@pytest.mark.parametrize("channel", GONE)
async def test_a_channel_may_die(
    tmp_path: Path, database_url: str, loopback: Loopback, monkeypatch: pytest.MonkeyPatch, channel: str
):
    """With a month of its messages in the record, and companies and owners who had nothing else."""
    async with platforms_at(tmp_path, database_url, loopback) as before:
        await settled_in(before)
        await before.town.until("2027-01-04")
        people = await reached(before.town, channel)
        had = {person_id: len(await told(before.town, person_id)) for person_id in people}
        known = [await before.town.facts(f"H{n}") for n in range(1, 6)]
    assert people
    switch_off(monkeypatch, channel)
    async with town_at(tmp_path, database_url, "2027-01-05", loopback.environment) as town:
        assert channel not in town.service.post.channels
        await town.until("2027-01-20")
        since = []
        for person_id in people:
            rows = await told(town, person_id)
            since += rows[had[person_id] :]
            assert (channel, "sent") in rows  # what was once sent is still shown as that
            assert not {state for at, state in rows if at == channel} & {"waiting", "sending"}
        assert {state for at, state in since if at != channel} & {"sent", "paper"}  # asked in another way
        street = Street(town, shown(town))
        for person_id in people:
            page = await street.visits(person_id)
            assert (page.status, bool(page.heard)) == (200, True)
        for reader in street.readers:
            await reader.aclose()
        for n, facts in enumerate(known, start=1):
            assert (await town.facts(f"H{n}"))[: len(facts)] == facts
        async with town.service.store.read() as connection:
            kept = select(addresses.c.address).where(addresses.c.channel == channel)
            assert (await connection.execute(kept)).first() is not None
        await town.all_is_well()


def shown(town: Town) -> FastAPI:
    """The pages; nothing is done on them here."""

    async def receive(row: int) -> None:
        """Nothing."""

    return pages(town.service, receive)
