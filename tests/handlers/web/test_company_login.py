"""The staff sign in with their company's account, over a real OpenID provider on loopback."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
import pytest_asyncio
from oidc_provider_mock import User, run_server_in_thread
from pydantic import SecretStr

from main import pages
from storage.staff import Member, remove, take_in
from tests.handlers.web.street import HOST, Reader, Street
from tests.stories.town import town_at

TEAM = "https://team.example/id"
PEOPLE = (
    User(sub="sato", claims={"email": "sato@example.jp", "email_verified": True, TEAM: "T1"}),
    User(sub="unchecked", claims={"email": "sato@example.jp", "email_verified": False, TEAM: "T1"}),
    User(sub="elsewhere", claims={"email": "sato@example.jp", "email_verified": True, TEAM: "T2"}),
    User(sub="stranger", claims={"email": "nobody@example.jp", "email_verified": True, TEAM: "T1"}),
    User(sub="nameless", claims={TEAM: "T1"}),
)


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Street]:
    """A town whose staff have accounts at a provider; one of them is Sato."""
    with run_server_in_thread(user_claims=PEOPLE) as server:
        given = {
            "oidc_url": f"http://localhost:{server.server_port}",
            "oidc_client_id": "engawa",
            "oidc_client_secret": SecretStr("a secret of the office"),
            "oidc_require": f"{TEAM}=T1",
        }
        async with town_at(tmp_path, f"sqlite:///{tmp_path / 'engawa.db'}", "2026-11-01") as town:

            async def nothing(row_id: int) -> None:
                """Nothing is said on these pages."""

            told = replace(town.service, settings=town.service.settings.model_copy(update=given))
            street = Street(town, pages(told, nothing))
            async with town.service.store.write() as connection:
                member = Member("staff:sato", "佐藤", accounts=((town.service.inbox.mail, "sato@example.jp"),))
                await take_in(connection, town.service.store.pins.seal, member, town.service.clock.now())
            yield street
            for reader in street.readers:
                await reader.aclose()


async def vouched(reader: Reader, sub: str) -> str:
    """Over to the provider, as that account there; the way back, as the browser is told it."""
    away = await reader.client.get("/staff/company")
    assert away.status_code == 302
    async with httpx2.AsyncClient() as browser:
        back = await browser.post(away.headers["location"], data={"sub": sub})
    address: str = back.headers["location"]
    assert address.startswith(f"{HOST}/staff/company/back?")
    return address.removeprefix(HOST)


async def test_an_account_of_the_company_opens_the_console(office: Street):
    reader = office.reader()
    assert "会社のアカウントで入る" in (await reader.opens("/staff/login")).text
    await reader.opens(await vouched(reader, "sato"))
    assert (reader.status, reader.path) == (200, "/staff/")
    assert "佐藤として使っています" in reader.text
    assert "会社のログイン" in (await reader.opens("/staff/me")).text


@pytest.mark.parametrize("sub", ["unchecked", "elsewhere", "stranger", "nameless"])
async def test_what_the_provider_does_not_vouch_for_opens_nothing(office: Street, sub: str):
    """An address nobody checked, an account of another company, a stranger, an account without an address."""
    reader = office.reader()
    await reader.opens(await vouched(reader, sub))
    assert reader.status == 403
    assert "担当者として登録されていません" in reader.text
    assert (await reader.opens("/staff/")).status == 401


async def test_who_was_removed_is_vouched_for_in_vain(office: Street):
    service = office.town.service
    await remove(service.store, "staff:sato", service.clock.now())
    reader = office.reader()
    assert (await reader.opens(await vouched(reader, "sato"))).status == 403


async def test_a_way_back_serves_once_and_only_the_browser_that_went(office: Street):
    reader, thief = office.reader(), office.reader()
    back = await vouched(reader, "sato")
    assert (await thief.opens(back)).status == 401
    assert (await reader.opens(back)).status == 200
    assert (await reader.opens(back)).status == 401


async def test_a_forged_way_back_opens_nothing(office: Street):
    reader = office.reader()
    back = await vouched(reader, "sato")
    asked = parse_qs(urlsplit(back).query)
    assert asked["state"]
    assert asked["code"]
    for forged in ("", "?code=x", "?state=x&code=y", f"?state={asked['state'][0]}&code=y", "?error=access_denied"):
        assert (await reader.opens(f"/staff/company/back{forged}")).status == 401
    assert (await reader.opens("/staff/")).status == 401


async def test_without_a_provider_there_is_no_such_door(street: Street):
    assert (await street.reader().opens("/staff/company")).status == 404
    assert "会社のアカウントで入る" not in (await street.reader().opens("/staff/login")).text
