"""Somebody of the staff posts the week's letters: one print of all, one list of addresses, and what comes back."""

import csv
import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from pypdf import PdfReader
from sqlalchemy import select, text

from storage.tables import letters
from tests.handlers.web.street import Reader, Street, street_at
from tests.stories.town import PLAN

NO_CONSENT = {"consent_information_on": "", "consent_mandate_on": ""}  # so that a letter may ask for it


@pytest_asyncio.fixture
async def street(tmp_path: Path, database_url: str) -> AsyncIterator[Street]:
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        yield found


async def invited(street: Street, *names: str) -> Reader:
    """Owners who are to be asked for their consent by letter, each in a house of their own; the staff's list."""
    staff = await street.staff()
    for number, name in enumerate(names, 1):
        place = f"東京都世田谷区成城{number}-1"
        await street.town.house(f"H{number}", PLAN, owner_name=name, postcode="157-0066", address=place, **NO_CONSENT)
        await staff.opens(f"/staff/houses/H{number}")
        await staff.presses("同意のお願いの手紙を作る")
    return await staff.opens("/staff/letters")


async def printed(staff: Reader) -> tuple[bytes, list[list[str]]]:
    """The sheets and the lines of the list of the batch that is open before them."""
    sheets = await staff.client.get(f"{staff.path}/letters.pdf")
    table = await staff.client.get(f"{staff.path}/addresses.csv")
    assert (sheets.status_code, table.status_code) == (200, 200)
    assert table.content.startswith(b"\xef\xbb\xbf")
    return sheets.content, list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))


async def service_facts(street: Street) -> list[tuple[object, ...]]:
    kinds = ("letters_printed", "letters_posted")
    async with street.town.service.store.read() as connection:
        rows = await connection.execute(text("SELECT kind, \"by\", data FROM facts WHERE house_id = '' ORDER BY seq"))
        return [tuple(row) for row in rows if row.kind in kinds]


async def test_many_letters_are_one_print_and_one_list(street: Street):
    """Three are chosen and printed: a sheet each, their addresses as a table; posted, they are on record as sent."""
    staff = await invited(street, "山田 花子", "=HYPERLINK(1)", "佐藤 健")
    await staff.presses("選んだ手紙を、まとめて印刷する")
    assert "1番の束" in staff.text
    sheets, lines = await printed(staff)
    pages = [page.extract_text().replace("\n", "") for page in PdfReader(io.BytesIO(sheets)).pages]
    assert [sum(f"成城{number}-1" in page for page in pages) for number in (1, 2, 3)] == [1, 1, 1]
    assert lines[0] == ["返信番号", "あて名", "敬称", "郵便番号", "住所", "住宅番号"]
    assert [line[1:] for line in lines[1:]] == [
        ["山田 花子", "様", "157-0066", "東京都世田谷区成城1-1", "H1"],
        ["'=HYPERLINK(1)", "様", "157-0066", "東京都世田谷区成城2-1", "H2"],
        ["佐藤 健", "様", "157-0066", "東京都世田谷区成城3-1", "H3"],
    ]
    await staff.presses("印のついた手紙を送った")
    assert "担当窓口が発送しました" in staff.text
    kinds = [(kind, by) for kind, by, _ in await service_facts(street)]
    assert kinds == [("letters_printed", "staff:desk"), ("letters_posted", "staff:desk")]
    assert hashlib.sha256(sheets).hexdigest() in str(await service_facts(street))
    for house in ("H1", "H2", "H3"):
        facts = (await street.town.view(house))["facts"]
        assert [fact["data"]["channel"] for fact in facts if fact["kind"] == "notice_sent"] == ["letter"]
    await street.town.all_is_well()


async def test_it_prints_the_same_again_whatever_became_of_the_house(street: Street):
    staff = await invited(street, "山田 花子")
    await staff.presses("選んだ手紙を、まとめて印刷する")
    before = await printed(staff)
    async with street.town.service.store.write() as connection:
        await connection.execute(text("UPDATE people SET name = '別の名' WHERE id = 'owner:O-H1'"))
        await connection.execute(text("UPDATE houses SET address = '別の町'"))
    assert await printed(staff) == before


async def test_a_letter_is_in_one_batch(street: Street):
    """What is printed is on the list no more; a second click, and a colleague's older page, print nothing twice."""
    staff = await invited(street, "山田 花子", "佐藤 健")
    older = await (await street.staff()).opens("/staff/letters")
    await staff.presses("選んだ手紙を、まとめて印刷する")
    await older.presses("選んだ手紙を、まとめて印刷する")
    assert older.path == "/staff/letters"
    assert "送る手紙はありません" in older.text
    assert "1番の束（2通）" in older.text
    assert len((await street.everything())["letter_batches"]) == 1


async def test_a_letter_that_was_left_out_is_free_again(street: Street):
    staff = await invited(street, "山田 花子", "佐藤 健")
    await staff.presses("選んだ手紙を、まとめて印刷する")
    form = staff.page.select_one("form[action^='/staff/letters/batches/']")
    assert form is not None
    form.select("input[type=checkbox]")[1].decompose()
    await staff.sends(form, {})
    await staff.opens("/staff/letters")
    assert [box["aria-label"] for box in staff.page.select("input[type=checkbox]")] == ["佐藤 健"]


async def test_who_is_erased_stands_in_no_print_any_more(street: Street):
    """The sheets go with the person; that there was a batch, by whom and with which digest, stays."""
    staff = await invited(street, "山田 花子")
    await staff.presses("選んだ手紙を、まとめて印刷する")
    here = staff.path
    await staff.presses("印のついた手紙を送った")
    await staff.opens("/staff/people/owner:O-H1")
    form = next(found for found in staff.page.select("form") if found.select("[name=sure]"))
    await staff.sends(form, {"what": "erase", "via": "phone", "sure": "1"})
    assert (await staff.client.get(f"{here}/letters.pdf")).status_code == 404
    await street.town.run()
    batch = (await street.everything())["letter_batches"][0]
    assert "消してあります" in (await staff.opens(here)).text
    kept = [path for path in street.town.service.settings.files_dir.rglob("*") if path.suffix in (".pdf", ".csv")]
    assert (batch[4], batch[5], kept) == ("", "", [])


async def test_a_letter_that_came_back_is_a_task_with_what_comes_next(street: Street):
    """By its six digits: a case with a holder and a day, and the ways that are left to reach its reader."""
    staff = await invited(street, "山田 花子")
    await staff.presses("選んだ手紙を、まとめて印刷する")
    await staff.presses("印のついた手紙を送った")
    async with street.town.service.store.read() as connection:
        code = (await connection.execute(select(letters.c.code))).scalar_one()
    await staff.opens("/staff/letters")
    form = next(found for found in staff.page.select("form") if found.select("#back-code"))
    await staff.sends(form, {"code": f"{code[:3]}-{code[3:]}"})
    case = await street.town.case()
    assert (case["reason"], case["holder"]) == ("address_dead", "staff:desk")
    assert case["next_action_at"] is not None
    await staff.opens(f"/staff/case/{case['id']}")
    for way in ("次にできること", "つながっています", "丸太工務店", "もう一度お送りください"):
        assert way in staff.text
    await staff.opens("/staff/letters")
    await staff.sends(form, {"code": code})  # once more: it is known already, and no second case
    assert "記録しています" in staff.text
    assert len((await street.everything())["cases"]) == 1
