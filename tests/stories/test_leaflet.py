"""The leaflet: a company's or a lender's name, how to begin, and a QR to the page that asks for house and code."""

from datetime import timedelta
from io import BytesIO

import pytest
import segno
from pypdf import PageObject, PdfReader

from bot.cli.leaflet import _made
from bot.core.link_code import shown
from handlers.web.app import site_app
from handlers.web.begin import leaflet_address
from storage.beginnings import LENDER, SERVICER
from storage.guests import new_code
from storage.misses import MOST
from templates.paper.sheet import QUIET
from tests.handlers.web.street import HOST, Reader, Street
from tests.stories.test_month_works import B1, OWNER, street
from tests.templates.test_letter import boxes

__all__ = ["street"]


def path(street: Street, kind: str = SERVICER, name: str = "B1") -> str:
    return leaflet_address(street.town.service.links, HOST, kind, name).removeprefix(HOST)


async def code_for(street: Street, person: str = OWNER) -> str:
    service = street.town.service
    async with service.store.write() as connection:
        return shown(await new_code(connection, service.store.pins.seal, person, service.clock.now()))


def later(street: Street, passed: timedelta) -> None:
    clock = street.town.service.clock
    clock.fixed = clock.now() + passed


async def begins(street: Street, house: str, code: str, reader: Reader | None = None) -> Reader:
    found = reader or await street.reader().opens(path(street))
    form = found.page.select_one("form[action^='/begin/']")
    assert form is not None
    return await found.sends(form, {"house": house, "code": code})


async def test_a_company_prints_its_leaflet(street: Street):
    """お客様に渡す紙に、うちの名前が入っている。"""
    answer = await street.reader().client.get(f"{street.link(B1)}/leaflet.pdf")
    pages = PdfReader(BytesIO(answer.content)).pages
    said = "".join(pages[0].extract_text().split())
    assert len(pages) == 1
    for words in ("丸太工務店", "はじめ方", "お金はかかりません", path(street)):
        assert words in said
    assert not any(name in said for name in ("山田", "H1"))
    assert (await street.reader().opens(f"{street.link(OWNER)}/leaflet.pdf")).status == 404


async def test_an_owner_begins_with_the_house_and_the_code(street: Street):
    """紙のコードから、自分のページが開く。"""
    reader = await street.reader().opens(path(street))
    assert "丸太工務店のご案内" in reader.text
    code = await code_for(street)
    reader = await begins(street, "Ｈ１", code.lower(), reader)
    assert reader.path.startswith("/c/")
    assert "お返事のページ" in reader.text
    assert "ちがうようです" in (await begins(street, "H1", code)).text  # it serves once


async def test_what_does_not_belong_together_is_answered_alike(street: Street):
    """A wrong code, another house, a company's code, a code that is over: nothing tells which it was."""
    code = await code_for(street)
    tried = [("H1", "AAAA-AAAA"), ("H2", code), ("Z9", code), ("H1", await code_for(street, B1))]
    answers = {(await begins(street, house, typed)).text for house, typed in tried}
    assert len(answers) == 1
    later(street, timedelta(days=8))
    assert {(await begins(street, "H1", code)).text} == answers


async def test_who_tries_and_tries_has_to_wait(street: Street):
    """429, and when to come back; an hour later the right code opens the page."""
    code = await code_for(street)
    for _ in range(MOST):
        await begins(street, "H1", "AAAA-AAAA")
    reader = await begins(street, "H1", code)
    assert reader.status == 429
    assert 0 < int(reader.headers["retry-after"]) <= 3601
    assert (await begins(street, "H2", "AAAA-AAAA")).status == 200  # nobody else waits
    later(street, timedelta(hours=1, seconds=1))
    assert (await begins(street, "H1", code)).path.startswith("/c/")


@pytest.mark.parametrize("name", ["B9", "", "B1 "])
async def test_a_leaflet_of_nobody_leads_nowhere(street: Street, name: str):
    assert (await street.reader().opens(path(street, name=name))).status == 404
    assert (await street.reader().opens("/begin/forged")).status == 404


async def test_a_lender_has_a_leaflet_too(street: Street):
    """わかば銀行のご案内。"""
    assert (await street.reader().opens(path(street, LENDER, "わかば銀行"))).status == 404
    await street.town.house("H4", lender="わかば銀行", owner_name="田中 次郎")
    assert "わかば銀行のご案内" in (await street.reader().opens(path(street, LENDER, "わかば銀行"))).text


def modules(page: PageObject) -> set[tuple[int, int]]:
    """The dark modules of the only QR on the page, by column and row."""
    return {
        (int(x) + column - QUIET, -int(y) - QUIET - 1)
        for x, y, wide, high in boxes(page)
        if high == 1 and y < 0
        for column in range(int(wide))
    }


@pytest.mark.parametrize(("kind", "name"), [(SERVICER, "B1"), (LENDER, "わかば銀行"), (LENDER, "みどり信用金庫")])
async def test_what_the_telephone_reads_on_the_paper_is_the_way_in(street: Street, kind: str, name: str):
    """わかば銀行: 窓口で渡す紙のQRから、お客様がそのまま始められる。"""
    for house, lender in (("H4", "わかば銀行"), ("H5", "みどり信用金庫")):
        await street.town.house(house, lender=lender, owner_name="田中 次郎")
    pages = PdfReader(BytesIO(await _made(street.town.service, kind, name, "ja"))).pages
    service = street.town.service
    url = leaflet_address(service.links, service.settings.public_url, kind, name)
    code = segno.make(url, error="m", micro=False)
    dark = {(x, y) for y, row in enumerate(code.matrix) for x, module in enumerate(row) if module}
    assert (len(pages), modules(pages[0])) == (1, dark)
    said = "".join(pages[0].extract_text().split())
    called = "丸太工務店" if kind == SERVICER else name
    assert (url in said, called in said) == (True, True)
    begun = await street.reader().opens(url.removeprefix(service.settings.public_url))
    assert f"{called}のご案内" in begun.text


async def test_who_has_to_wait_waits_at_every_process(street: Street):
    """Another worker, or the same one after a restart, counts on; and what was typed is written down nowhere."""
    for _ in range(MOST):
        await begins(street, "H1山田", "AAAA-AAAA")
    street.app = site_app(street.app.state.site)
    assert (await begins(street, "H1山田", "AAAA-AAAA")).status == 429
    kept = (await street.everything())["misses"]
    assert len(kept) == MOST
    assert "山田" not in str(kept)
    later(street, timedelta(hours=1, seconds=1))
    await begins(street, "H2", "AAAA-AAAA")
    assert len((await street.everything())["misses"]) == 1
