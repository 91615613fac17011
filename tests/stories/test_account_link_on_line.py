"""A stranger on LINE gives their code on a page of ours, and LINE itself makes sure that the account is theirs."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.core.link_code import shown
from bot.core.links import ACCOUNT, PERSON
from engawa_fakes import Trouble
from engawa_fakes.line import FakeLine
from engawa_fakes.line.people import Json
from main import pages
from storage.guests import new_code
from storage.tables import addresses, link_codes
from tests.handlers.web.street import HOST, Reader, Street
from tests.stories.town import town_at

COMPANY, OTHER = "servicer:B1", "servicer:B2"
LINKED, FAILED, UNKNOWN = "LINEでお知らせできるようになりました", "登録ができませんでした", "その番号は使えませんでした"
ENTER = "画面で番号を入れる"


@dataclass
class Stranger:
    """Somebody with a phone: LINE on it, and a browser without scripts."""

    street: Street
    line: FakeLine
    user: str

    @property
    def heard(self) -> list[str]:
        """The first line of everything that LINE shows them."""
        return [text.split("\n")[0] for text in self.line.received(self.user)]

    async def does(self, *events: Json) -> list[str]:
        before = len(self.heard)
        body = self.line.people.body(*events)
        headers = self.line.people.signed(body)
        answer = await self.street.reader().client.post("/webhooks/line", content=body, headers=headers)
        assert answer.status_code == 200
        await self.street.town.run()
        return self.heard[before:]

    @property
    def link(self) -> str:
        """Where the newest button leads to that opens the page for the code."""
        shown = [sent.messages[0]["contents"].get("footer", {"contents": []}) for sent in self.line.of(self.user)]
        actions = [each["action"] for footer in shown for each in footer["contents"]]
        return str([action["uri"] for action in actions if action["label"] == ENTER][-1])

    async def opens(self) -> Reader:
        return await self.street.reader().opens(self.link.removeprefix(HOST))

    async def enters(self, code: str) -> httpx2.Response:
        """They open the page, type the code and press; what the browser is answered."""
        page = await self.opens()
        form = page.page.select_one("form")
        assert form is not None
        url = f"{page.path.partition('?')[0]}{form['action']}"
        return await page.client.post(url, data={"stamp": page.stamp, "code": code})

    async def confirms(self, code: str) -> list[str]:
        """All the way: the page leads to LINE's own, which tells us; what they hear."""
        answer = await self.enters(code)
        assert answer.status_code == 303
        async with httpx2.AsyncClient() as browser:
            assert (await browser.get(answer.headers["location"])).text == "linked"
        return await self.does(self.line.people.linked[-1])


@pytest_asyncio.fixture
async def stranger(tmp_path: Path, database_url: str, fake_line: FakeLine) -> AsyncIterator[Stranger]:
    environment = {
        "ENGAWA_LINE_CHANNEL_SECRET": fake_line.secret,
        "ENGAWA_LINE_CHANNEL_TOKEN": fake_line.token,
        "ENGAWA_LINE_API_BASE": fake_line.url,
    }
    async with town_at(tmp_path, database_url, "2026-11-01", environment) as town:
        await town.companies()

        async def receive(row: int) -> None:
            await town.service.inbox.handle(row, town.service.clock.now())

        street = Street(town, pages(town.service, receive))
        yield Stranger(street, fake_line, fake_line.people.user())
        for reader in street.readers:
            await reader.aclose()


async def code_for(stranger: Stranger, person_id: str = COMPANY) -> str:
    service = stranger.street.town.service
    async with service.store.write() as connection:
        return await new_code(connection, service.store.pins.seal, person_id, service.clock.now())


async def accounts(stranger: Stranger, person_id: str = COMPANY) -> list[str]:
    query = select(addresses.c.address).where(addresses.c.person_id == person_id, addresses.c.channel == "line")
    async with stranger.street.town.service.store.read() as connection:
        return list((await connection.execute(query.where(addresses.c.ended_at.is_(None)))).scalars())


async def test_who_follows_is_led_to_a_page_and_linked(stranger: Stranger):
    """「LINEを開いて、画面に手紙の番号を入れたら、もう登録されていました」"""
    await stranger.does(stranger.line.people.follow(stranger.user))
    page = await stranger.opens()
    assert "手紙かメールにある8文字の番号をお入れください" in page.text
    assert page.page.select("script") == []
    assert await stranger.confirms(shown(await code_for(stranger)).lower()) == [LINKED]
    assert await accounts(stranger) == [stranger.user]


async def test_who_writes_gets_both_ways_and_may_type_the_code_instead(stranger: Stranger):
    await stranger.does(stranger.line.people.say(stranger.user, "こんにちは"))
    assert stranger.link.startswith(f"{HOST}/account/")
    code = await code_for(stranger)
    assert await stranger.does(stranger.line.people.say(stranger.user, code)) == [LINKED]
    assert (await stranger.opens()).status == 404  # the account is somebody's now


async def test_the_page_tells_nothing_about_anybody(stranger: Stranger):
    await stranger.does(stranger.line.people.follow(stranger.user))
    code = await code_for(stranger)
    page, wrong = await stranger.opens(), await stranger.enters("2222-2222")
    for text in (page.text, wrong.text):
        assert not any(word in text for word in ("丸太", "あおぞら", code, stranger.user, "B1"))


async def test_a_wrong_code_is_answered_as_in_the_talk(stranger: Stranger):
    """Unknown, used up, run out, and no code at all: the same words, and nothing else."""
    await stranger.does(stranger.line.people.follow(stranger.user))
    used, late = await code_for(stranger), await code_for(stranger, OTHER)
    first = await new_stranger(stranger)
    assert await first.confirms(used) == [LINKED]
    stranger.street.town.service.clock.wind(timedelta(days=8))
    told = {strip(await stranger.enters(wrong)) for wrong in ("2222-2222", used, late, "わかりません")}
    assert len(told) == 1
    assert UNKNOWN in told.pop()
    assert stranger.line.people.linked[1:] == []


def strip(answer: httpx2.Response) -> str:
    """What the page says, without the stamp that is another each time."""
    assert answer.status_code == 200
    return "\n".join(line for line in answer.text.split("\n") if 'name="stamp"' not in line)


async def new_stranger(stranger: Stranger) -> Stranger:
    other = Stranger(stranger.street, stranger.line, stranger.line.people.user("別の人"))
    await other.does(other.line.people.follow(other.user))
    return other


async def test_who_guesses_here_or_in_the_talk_is_soon_not_listened_to(stranger: Stranger):
    """Five wrong codes a day, wherever they are given; then the right one does not help either."""
    code = await code_for(stranger)
    await stranger.does(stranger.line.people.follow(stranger.user))
    for _ in range(3):
        assert UNKNOWN in (await stranger.enters("2222-2222")).text
    for _ in range(2):
        await stranger.does(stranger.line.people.say(stranger.user, "2222-2222"))
    assert UNKNOWN in (await stranger.enters(code)).text
    assert await stranger.does(stranger.line.people.say(stranger.user, code)) == []
    stranger.street.town.service.clock.wind(timedelta(days=1))
    assert (await stranger.enters(code)).status_code == 303


async def test_somebody_elses_browser_links_nothing(stranger: Stranger):
    """The link was passed on: LINE sees that it is another account, and tells them; the code still serves."""
    await stranger.does(stranger.line.people.follow(stranger.user))
    thief = await new_stranger(stranger)
    code = await code_for(stranger)
    stranger.line.people.signed_in = thief.user
    answer = await stranger.enters(code)
    async with httpx2.AsyncClient() as browser:
        await browser.get(answer.headers["location"])
    assert await thief.does(stranger.line.people.linked[-1]) == [FAILED]
    assert await accounts(stranger) == []
    assert await stranger.does(stranger.line.people.say(stranger.user, code)) == [LINKED]


async def test_a_nonce_serves_once_in_time_and_for_its_own_account(stranger: Stranger):
    people = stranger.line.people
    assert await stranger.does(people.link(stranger.user, "dGhlaXIgb3duIG5vbmNlLg")) == [FAILED]
    other, code = await new_stranger(stranger), await code_for(stranger)
    assert await other.does(people.link(other.user, code)) == [FAILED]  # a code is no nonce
    await stranger.does(people.follow(stranger.user))
    nonce = await nonce_of(await stranger.enters(code))
    assert await other.does(people.link(other.user, nonce)) == [FAILED]
    stranger.street.town.service.clock.wind(timedelta(hours=2))
    assert await stranger.does(people.link(stranger.user, nonce)) == [FAILED]
    again = await nonce_of(await stranger.enters(code))
    assert again != nonce
    assert await stranger.does(people.link(stranger.user, again)) == [LINKED]
    assert await stranger.does(people.link(stranger.user, again)) == [FAILED]
    assert await stranger.does(people.say(other.user, code)) == []
    assert other.heard[-1] == UNKNOWN
    assert await accounts(stranger) == [stranger.user]


async def nonce_of(answer: httpx2.Response) -> str:
    """As LINE wants it: 10 to 255 characters, of at least 128 random bits."""
    (nonce,) = parse_qs(urlsplit(answer.headers["location"]).query)["nonce"]
    assert 22 <= len(nonce) <= 255
    return nonce


async def test_another_account_waits_for_the_one_before(stranger: Stranger):
    """As with a code that is typed: the account that it would replace is asked first."""
    await stranger.does(stranger.line.people.follow(stranger.user))
    assert await stranger.confirms(await code_for(stranger)) == [LINKED]
    other = await new_stranger(stranger)
    await other.confirms(await code_for(stranger))
    assert await accounts(stranger) == [stranger.user]
    asked = stranger.line.of(stranger.user)[-1].messages[0]["contents"]["footer"]["contents"][0]["action"]
    await stranger.does(stranger.line.people.press(stranger.user, asked["data"]))
    assert await accounts(stranger) == [other.user]
    assert other.heard[-1] == LINKED


async def test_the_platforms_ticket_is_the_persons_own(stranger: Stranger, caplog: pytest.LogCaptureFixture):
    """It stands in their message and in their browser: in no log, and in no row."""
    caplog.set_level(logging.DEBUG)
    await stranger.does(stranger.line.people.follow(stranger.user))
    (ticket,) = parse_qs(urlsplit(stranger.link).query)["ticket"]
    await stranger.enters("2222-2222")
    assert (await stranger.enters(await code_for(stranger))).status_code == 303
    ours = [record for record in caplog.records if not record.name.startswith("httpx2")]  # the tests' own browser
    assert not [record for record in ours if ticket in record.getMessage()]
    assert ticket not in repr(await stranger.street.everything())


@pytest.mark.parametrize("trouble", [each for each in Trouble if each is not Trouble.SILENT])
async def test_without_a_ticket_there_is_no_button_and_the_code_still_serves(stranger: Stranger, trouble: Trouble):
    stranger.line.next(trouble)
    (greeting,) = await stranger.does(stranger.line.people.follow(stranger.user))
    assert greeting == "はじめまして"
    assert ENTER not in stranger.line.received(stranger.user)[-1]
    assert await stranger.does(stranger.line.people.say(stranger.user, await code_for(stranger))) == [LINKED]


async def test_only_links_of_ours_open_the_page(stranger: Stranger):
    await stranger.does(stranger.line.people.follow(stranger.user))
    links, page = stranger.street.town.service.links, urlsplit(stranger.link)
    forged = [
        f"{page.path}",
        f"{page.path}?ticket=",
        f"{page.path}?ticket=%3Cscript%3E",
        f"{page.path}x?{page.query}",
        f"/account/{links.token(PERSON, COMPANY)}?{page.query}",
        f"/account/{links.token(ACCOUNT, f'line {COMPANY}')}?{page.query}",
        f"/account/{links.token(ACCOUNT, 'toy guest:toy-1')}?{page.query}",
    ]
    before = await stranger.street.everything()
    for path in forged:
        assert (await stranger.street.reader().opens(path)).status == 404
    assert (
        await stranger.street.reader().client.post(f"{page.path}?{page.query}", data={"code": "x"})
    ).status_code == 403
    assert await stranger.street.everything() == before


async def test_the_form_may_lead_to_line_and_nowhere_else(stranger: Stranger):
    await stranger.does(stranger.line.people.follow(stranger.user))
    policy = (await stranger.opens()).headers["content-security-policy"]
    assert f"form-action 'self' {stranger.line.url};" in policy
    assert policy.count("http") == 1


async def test_an_erased_persons_account_is_kept_with_no_code(stranger: Stranger):
    await stranger.street.town.house()
    await stranger.does(stranger.line.people.follow(stranger.user))
    await stranger.confirms(await code_for(stranger, "owner:O-H1"))
    for words in ("個人情報を消して", "はい、消してください"):
        await stranger.street.town.says("owner:O-H1", words)
    async with stranger.street.town.service.store.read() as connection:
        rows = (await connection.execute(select(link_codes.c.address))).scalars().all()
    assert stranger.user not in rows


async def test_a_strangers_own_page_gives_no_code_and_offers_nothing(stranger: Stranger):
    """Their account would become the account of nobody, and they would wait for news for ever."""
    await stranger.does(stranger.line.people.say(stranger.user, "こんにちは"))
    await stranger.does(stranger.line.people.say(stranger.user, "2222-2222"))
    actions = [
        each["action"] for each in stranger.line.of(stranger.user)[-1].messages[0]["contents"]["footer"]["contents"]
    ]
    page = await stranger.street.reader().opens(actions[-1]["uri"].removeprefix(HOST))
    assert "2222-2222" in page.text
    assert page.page.select(".menu") == []
    path = page.path.partition("?")[0]
    assert (await page.client.get(f"{path}/link")).status_code == 404
    assert (await page.client.post(f"{path}/link", data={"stamp": page.stamp})).status_code == 404
    async with stranger.street.town.service.store.read() as connection:
        assert (await connection.execute(select(link_codes.c.digest))).first() is None
