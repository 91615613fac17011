"""The record shows every change that was made to it without its key."""

import pytest
from sqlalchemy import text

from storage.audit import audit
from tests.stories.town import Town


async def findings(town: Town) -> list[tuple[str, str]]:
    async with town.service.store.read() as connection:
        seal, now = town.service.store.pins.seal, town.service.clock.now()
        return [(found.kind, found.where) async for found in audit(connection, seal, now)]


@pytest.mark.parametrize(
    ("forgery", "found"),
    [
        ("UPDATE facts SET data = '{\"source\":\"x\"}' WHERE house_id = 'H1' AND seq = 2", ("fact_changed", "H1#2")),
        ("UPDATE facts SET at = at - 86400 WHERE house_id = 'H1' AND seq = 1", ("fact_changed", "H1#1")),
        ("DELETE FROM facts WHERE house_id = 'H1' AND seq = 2", ("fact_missing", "H1#2")),
        (
            "DELETE FROM facts WHERE house_id = 'H1' AND seq = (SELECT max(seq) FROM facts WHERE house_id = 'H1')",
            ("chain_cut", "H1"),
        ),
        ("DELETE FROM facts WHERE house_id = 'H1'", ("facts_removed", "H1")),
        (
            "DELETE FROM facts WHERE house_id = 'H1'; UPDATE houses SET fact_count = 0, fact_mac = '' WHERE id = 'H1'",
            ("facts_removed", "H1"),
        ),
        (
            "DELETE FROM facts WHERE house_id = 'H1' AND seq = (SELECT max(seq) FROM facts WHERE house_id = 'H1'); "
            "UPDATE houses SET fact_count = fact_count - 1, fact_mac = (SELECT mac FROM facts WHERE house_id = 'H1' "
            "ORDER BY seq DESC LIMIT 1) WHERE id = 'H1'",
            ("chain_cut", "H1"),
        ),
        (
            "UPDATE facts SET seq = -seq WHERE house_id = 'H1' AND seq IN (2, 3); UPDATE facts SET seq = seq + 5 "
            "WHERE house_id = 'H1' AND seq = -3; UPDATE facts SET seq = 3 WHERE house_id = 'H1' AND seq = -2",
            ("fact_changed", "H1#2"),
        ),
        ("UPDATE facts SET house_id = 'H2' WHERE house_id = 'H1' AND seq = 3", ("fact_missing", "H1#3")),
        ("UPDATE facts SET house_id = 'H2' WHERE house_id = 'H1'", ("fact_changed", "H2#1")),
        (
            'INSERT INTO facts SELECT house_id, 99, at, kind, "by", case_id, data, mac FROM facts '
            "WHERE house_id = 'H1' AND seq = 1",
            ("chain_cut", "H1"),
        ),
        ("DELETE FROM facts WHERE house_id = ''", ("chain_cut", "service")),
    ],
)
async def test_a_forgery_is_found_and_placed(town: Town, forgery: str, found: tuple[str, str]):
    """Changed, backdated, taken out, cut off, all gone, put in: the auditor says where."""
    await town.house()
    await town.until("2027-01-05")
    assert await findings(town) == []
    async with town.service.store.write() as connection:
        for statement in forgery.split(";"):
            await connection.execute(text(statement))
    assert found in await findings(town)


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        ("UPDATE cases SET next_action_at = NULL", "no_next_action"),
        ("UPDATE cases SET holder = 'owner:nobody'", "no_holder"),
        ("UPDATE cases SET next_action_at = next_action_at - 864000", "next_action_late"),
        ("UPDATE cases SET next_action_at = next_action_at + 8640000", "put_off"),
        ("UPDATE houses SET wake_on = '2026-12-01'", "not_looked_at"),
        ("UPDATE cases SET phase = 'closed', next_action_at = NULL", "closed_with_open_work"),
        ("DELETE FROM works", "orphan_item"),
    ],
)
async def test_an_orphan_is_found(town: Town, damage: str, kind: str):
    """Whatever leaves an obligation without a holder or a day shows the next time the auditor looks."""
    await town.house(handed_over_on="2021-04-01")
    await town.until("2027-01-05")
    assert await findings(town) == []
    async with town.service.store.write() as connection:
        await connection.execute(text(damage))
    assert kind in {found for found, _ in await findings(town)}


async def test_a_house_that_sleeps_too_long_is_found_before_its_date(town: Town):
    """Whatever put it to sleep: weeks before the plan's date the auditor misses the open work."""
    await town.house()
    async with town.service.store.write() as connection:
        await connection.execute(text("UPDATE houses SET wake_on = '9999-12-31'"))
        await connection.execute(text("UPDATE plan_items SET next_due_on = '2027-04-01'"))
    await town.skip_clock("2027-03-10")
    assert ("orphan_item", "H1:P1") in await findings(town)
