"""In a shadow run no machine is told or asked anything either: a company's, the guarantor's, the history's keeper's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.core.rights import StaffRole
from engawa_fakes.guarantor import FakeGuarantor
from engawa_fakes.provider import FakeCouncil, FakeProvider
from engawa_fakes.submitter import FakeSubmitter
from scheduler.reconcile import reconcile_daily
from tests.handlers.web.api.machine import machine_of
from tests.handlers.web.street import Street, street_at
from tests.handlers.web.test_roles import comes_in
from tests.stories.test_guarantor import event, tells
from tests.stories.test_house_history import contracted, known
from tests.stories.test_shadow import begins, states
from tests.stories.test_webhooks_out import registered

GUARANTOR, PROVIDER = "guarantor:core", "provider:P1"


@pytest_asyncio.fixture
async def street(
    tmp_path: Path,
    database_url: str,
    fake_guarantor: FakeGuarantor,
    fake_provider: FakeProvider,
    fake_council: FakeCouncil,
) -> AsyncIterator[Street]:
    """A house whose guarantor and whose history's keeper have systems of their own, as its company has."""
    machines = (fake_provider, fake_council)
    settings = {
        "ENGAWA_GUARANTOR_URL": fake_guarantor.url,
        "ENGAWA_GUARANTOR_SECRET": fake_guarantor.secret,
        "ENGAWA_PROVIDER_TOKENS": " ".join(f"{machine.host}={machine.token}" for machine in machines),
    }
    async with street_at(tmp_path, "2026-11-01", database_url, settings) as found:
        await known(found.town, fake_provider.url)
        fake_provider.houses["C-H1"] = "K-77"
        await found.town.house(history_provider="いえかるて東京", address="東京都世田谷区太子堂1-2-3")
        yield found


async def test_no_machine_hears_anything_and_the_staff_see_what_each_would_have(
    street: Street, fake_guarantor: FakeGuarantor, fake_provider: FakeProvider, fake_submitter: FakeSubmitter
):
    """佐藤さん（担当）: 会社や保証機関の仕組みにも、まだ何も届かないことを確かめたい。"""
    town = street.town
    made = await registered(await machine_of(street, "B1"), fake_submitter)
    await town.run()
    machines = (fake_guarantor, fake_provider, fake_submitter)
    before = [len(machine.calls) for machine in machines]
    await begins(town)
    await contracted(town)
    await tells(town, event("new", common_id="C-H1"))
    await town.until("2027-02-15")
    await reconcile_daily(town.service.post, town.service.clock.now())
    assert [len(machine.calls) for machine in machines] == before
    told = {GUARANTOR, PROVIDER, f"hook:{made['id']}"}
    assert {one: set(await states(town, one)) - {"dropped"} for one in told} == {one: {"shadow"} for one in told}
    staff = await (await comes_in(street, "sato", StaffRole.OFFICER)).opens("/staff/shadow")
    shown = [link.get_text() for link in staff.page.select("tbody th a")]
    assert {"保証機関", "いえかるて東京", "丸太工務店"} <= set(shown)
    assert "会社のシステムへの知らせ" in staff.text
    await town.all_is_well()
