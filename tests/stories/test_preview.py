"""Somebody of the staff looks at a message before it is said: any kind, any channel, any house; and nothing is sent."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pypdf import PdfReader
from sqlalchemy import text

from bot.channels.registry import CHANNELS, Setting, shapes
from bot.core.delivery import Envelope
from bot.core.rights import StaffRole
from storage.looks import Sought, looks_at
from templates.catalogue import LANGUAGES, Catalogue
from templates.render import NO_CASE, Office, Renderer
from templates.sample import Samples, used
from tests.handlers.web.street import Street, street_at
from tests.handlers.web.test_roles import comes_in
from tests.templates.samples import NOW

CATALOGUE = Catalogue()
RENDERER = Renderer(CATALOGUE, Office("事務局", "保証機構", "03-0000-0000", "9時から17時"))
KEY = "00000000-0000-0000-0000-000000000000"
MACHINES = {"provider_http", "guarantor_http", "submitter_http"}
AROUND = {*NO_CASE, "words", "occasion", "errand", "duty", "office", "guarantor", "phone", "hours", "name", "case"}


@pytest_asyncio.fixture
async def street(tmp_path: Path, database_url: str) -> AsyncIterator[Street]:
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        await found.town.house(postcode="157-0066", address="東京都世田谷区成城1-1")
        await found.town.skip_to("2027-02-01")
        yield found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_can_be_looked_at_in_every_channel(language: str):
    """With samples alone nothing is missing, and each channel has its form of it, whether it is on or off."""
    forms = shapes(Setting(CATALOGUE.words, "事務局"))
    assert set(forms) == set(CHANNELS) - MACHINES - {"chat"}
    for kind in sorted(CATALOGUE.names(language)):
        known = Samples().facts(kind, NOW.date())
        assert used(CATALOGUE, language, kind) - AROUND <= set(known)
        about = {"house": "H-0000", "case": "H-0000-1", "round": 0}
        part = {"kind": kind, "v": CATALOGUE.versions[kind], "params": known, "mode": "prompt", **about}
        message = RENDERER.render([part], language, "見本 花子")
        assert message.title
        for form in forms.values():
            page = "https://engawa.example.jp/c/sample"
            shape = form(Envelope(KEY, "", "見本 花子", message, NOW, page_url=page, button_url=f"{page}?a="))
            assert shape.notice
            assert shape.lines
            assert shape.raw
            assert shape.size > 100


async def test_a_houses_own_facts_stand_in_it_and_the_rest_is_told_to_be_a_sample(street: Street):
    """Names and days are those on record; what is not known yet is a sample, and said to be one."""
    staff = await street.staff()
    await staff.opens("/staff/houses/H1/preview?kind=owner_fixed&form=line")
    shown = staff.page.select_one("article")
    assert shown is not None
    assert "丸太工務店" in shown.get_text()
    assert "H1" in shown.get_text()
    assert "見本" not in shown.get_text()
    assert "見本で補った項目: 訪問の日" in staff.text
    assert "altText" in staff.text


async def test_looking_sends_nothing_and_writes_nothing_but_the_look(street: Street):
    """In every form; only the list of looks has grown, with the house and the reason."""
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    before = await street.everything()
    for form in ("chat", "line", "email", "telegram", "slack", "letter"):
        await officer.opens(f"/staff/houses/H1/preview?kind=owner_ask&form={form}")
        assert officer.status == 200
    assert (await officer.client.get("/staff/houses/H1/preview.pdf?kind=owner_ask")).status_code == 200
    after = await street.everything()
    assert {name for name in after if after[name] != before[name]} == {"looks"}
    async with street.town.service.store.read() as connection:
        seen = {(row.door, row.why) for row in await looks_at(connection, Sought("H1"))}
    assert ("/staff/houses/{house_id}/preview", "check") in seen
    assert ("/staff/houses/{house_id}/preview.pdf", "check") in seen


async def test_nobody_looks_at_a_house_without_saying_why(street: Street):
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    answer = await officer.client.get("/staff/preview?kind=owner_ask&house=H1", follow_redirects=True)
    assert "なぜご覧になりますか" in answer.text
    assert "山田" not in answer.text


async def test_without_a_house_everything_is_a_sample(street: Street):
    staff = await (await street.staff()).opens("/staff/preview?kind=owner_day_before&language=en&form=email")
    assert "見本工務店" in staff.text
    assert "山田" not in staff.text


async def test_the_letter_is_the_paper_itself(street: Street):
    """Addressed to the house, under a code that opens nothing."""
    staff = await (await street.staff()).opens("/staff/houses/H1/preview?kind=owner_ask&form=letter")
    pdf = await staff.client.get(str(staff.page.select_one("a[href*='preview.pdf']")["href"]))  # type: ignore[index]
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "成城1-1" in printed
    assert "000000" in printed.replace(" ", "").replace("-", "")
    assert "その番号の手紙はありません" in (await staff.opens("/staff/slip?code=000000")).text


async def test_words_from_outside_stay_words(street: Street):
    async with street.town.service.store.write() as connection:
        await connection.execute(text("UPDATE people SET name = '<script>x</script>' WHERE id LIKE 'servicer:%'"))
    staff = await street.staff()
    for form in ("chat", "line", "email", "telegram", "slack"):
        await staff.opens(f"/staff/houses/H1/preview?kind=owner_fixed&form={form}")
        assert "<script>x" not in str(staff.page.select_one("main"))


@pytest.mark.parametrize(
    "asked",
    [
        "?kind=nothing",
        "?kind=owner_ask&language=fr",
        "?kind=owner_ask&form=fax",
        "?kind=../law",
        "?form=guarantor_http",
    ],
)
async def test_what_there_is_not_is_refused(street: Street, asked: str):
    staff = await street.staff()
    assert (await staff.client.get(f"/staff/preview{asked}")).status_code == 400
    assert (await staff.opens("/staff/houses/NO/preview?kind=owner_ask")).status == 404
