"""The month's list on paper: a code for each line, keyed in by staff or the company; a photo waits for the staff."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from storage.looks import Sought, looks_at
from tests.handlers.web.street import Reader, Street
from tests.photos import photo
from tests.stories.test_month_works import B1, HOUSES, OWNER, report_of, street, works

__all__ = ["street"]
CODE = re.compile(r"\b([2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3})\b")


async def printed(street: Street, person: str = B1) -> str:
    """The text of the list that a company prints."""
    reader = await works(street, person)
    form = reader.page.select_one("form[action$='list.pdf']")
    assert form is not None
    data = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    answer = await reader.client.post(str(form["action"]), data=data)
    assert answer.headers["content-type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


async def test_the_number_for_a_fax_stands_on_it_where_the_desk_has_one(street: Street):
    """「FAXでお送りください」: その番号も、同じ紙に。"""
    assert not re.search(r"FAX \d", await printed(street))
    site = street.app.state.site
    street.app.state.site = replace(site, office=replace(site.office, fax="03-0000-0009"))
    assert "FAX 03-0000-0009" in await printed(street)


async def codes_of(street: Street, person: str = B1) -> list[str]:
    """In the order of the lines: by house, since all are due on the same day."""
    return CODE.findall(await printed(street, person))


def lines(*keyed: tuple[str, str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, (code, day, result) in enumerate(keyed, 1):
        found |= {f"code-{number}": code, f"day-{number}": day, f"result-{number}": result}
    return found


async def keys_in(reader: Reader, path: str, values: dict[str, str]) -> Reader:
    form = (await reader.opens(path)).page.select_one("form[method=post]:has(fieldset)")
    assert form is not None, reader.text
    return await reader.sends(form, values)


async def staff_key_in(street: Street, *keyed: tuple[str, str, str]) -> Reader:
    return await keys_in(await street.staff(), "/staff/sheet", lines(*keyed))


async def company_keys_in(street: Street, *keyed: tuple[str, str, str], person: str = B1) -> Reader:
    return await keys_in(street.reader(), f"{street.link(person)}/codes", lines(*keyed))


async def test_a_page_of_codes_by_fax_keyed_in_by_the_staff(street: Street):
    """FAXで届いた一覧表を、担当者が番号で入力する。"""
    text = await printed(street)
    assert all(f"{owner}様邸" in text for owner in HOUSES.values())
    assert "高橋" not in text
    first, second, third = CODE.findall(text)
    page = await staff_key_in(street, (first, "2027-04-10", "ok"), (second.lower(), "2027-04-12", "issues"))
    assert "2件を報告します" in page.text
    assert "丸太工務店" in page.text
    assert not await report_of(street, "H1")
    await page.presses("会社の報告として記録する")
    assert "2件をお受けしました" in page.text
    kept = [(await report_of(street, house))[0] for house in ("H1", "H2")]
    assert [(it["person_id"], it["via"], it["done_on"], it["result"]) for it in kept] == [
        (B1, "letter", "2027-04-10", "ok"),
        (B1, "letter", "2027-04-12", "issues"),
    ]
    assert "word_keyed_in" in await street.town.facts("H1")
    assert await codes_of(street) == [third]  # what is reported stands on no further list
    await street.town.all_is_well()


async def test_the_staff_print_it_for_a_company_with_a_fax(street: Street):
    """FAXしかない会社の分は、担当者が印刷して送る。同じ番号で、印刷した人は記録に残る。"""
    desk = await (await street.staff()).opens(f"/staff/people/{B1}")
    form = desk.page.select_one("form[action$='/list.pdf']")
    assert form is not None
    fields = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    answer = await desk.client.post(str(form["action"]), data=fields)
    assert answer.headers["content-type"] == "application/pdf"
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert CODE.findall(text) == await codes_of(street)
    assert all(f"{owner}様邸" in text for owner in HOUSES.values())
    async with street.town.service.store.read() as connection:
        seen = {row.house_id for row in await looks_at(connection, Sought()) if row.door.endswith("/list.pdf")}
        found = [row for house in HOUSES for row in await looks_at(connection, Sought(house))]
    assert seen == set()  # a list is one line, and is found by each house that stood on it
    assert [row.house_id for row in found if row.door.endswith("/list.pdf")] == list(HOUSES)
    for nobody in (OWNER, "servicer:B9"):
        assert (await desk.client.post(f"/staff/people/{nobody}/list.pdf", data=fields)).status_code == 404


async def test_a_code_of_last_months_list_still_names_its_work(street: Street):
    """先月の紙で送られてきても、同じ家の報告になる。"""
    before = await codes_of(street)
    await street.town.skip_to("2027-05-12")
    assert await codes_of(street) == before
    await (await staff_key_in(street, (before[0], "2027-05-10", "ok"))).presses("会社の報告として記録する")
    assert (await report_of(street, "H1"))[0]["done_on"] == "2027-05-10"


async def test_a_code_serves_once(street: Street):
    """The same page twice, also by the company itself, is told to be done; nothing is kept a second time."""
    code = (await codes_of(street))[0]
    await (await company_keys_in(street, (code, "2027-04-10", "ok"))).presses("この内容で報告する")
    assert (await report_of(street, "H1"))[0]["via"] == "chat"
    for page in (
        await company_keys_in(street, (code, "2027-04-11", "ok")),
        await staff_key_in(street, (code, "2027-04-11", "ok")),
    ):
        assert "この番号の報告は、すでにすんでいます" in page.text
    assert [report["done_on"] for report in await report_of(street, "H1")] == ["2027-04-10"]


@pytest.mark.parametrize("keyed_in_by", [company_keys_in, staff_key_in])
async def test_pressing_twice_keeps_it_once(street: Street, keyed_in_by):
    """The second click says what the first has said, and nothing more is on record."""
    page = await keyed_in_by(street, ((await codes_of(street))[0], "2027-04-10", "ok"))
    form = page.page.select_one("form[action$='/keep']")
    assert form is not None
    first = (await page.sends(form, {})).text
    facts = await street.town.facts("H1")
    assert (await page.sends(form, {})).text == first
    assert "1件をお受けしました" in first
    assert await street.town.facts("H1") == facts


async def test_a_wrong_code_is_said_to_be_one(street: Street):
    """Each line by itself: a slip, a code that is on no list, the same twice, a day that cannot be."""
    first, second, _ = await codes_of(street)
    slip = first[:-1] + ("2" if first[-1] != "2" else "3")
    page = await company_keys_in(
        street,
        (slip, "2027-04-10", "ok"),
        (second, "2027-04-12", "ok"),
        (second, "2027-04-12", "ok"),
        (first, "2027-04-20", "ok"),
    )
    assert "1件を報告します" in page.text
    for said in ("打ちまちがい", "同じ番号が2つ", "まだ来ていない日"):
        assert said in page.text
    await page.presses("この内容で報告する")
    assert [len(await report_of(street, house)) for house in HOUSES] == [0, 1, 0]


async def test_another_companys_code_is_a_code_that_is_not_there(street: Street):
    """よその会社の番号を打っても、あるともないとも言わない。"""
    code = (await codes_of(street))[0]
    page = await company_keys_in(street, (code, "2027-04-10", "ok"), person="servicer:B2")
    assert "その番号は、一覧表にありません" in page.text
    assert not any(said in page.text for said in ("H1", "山田", "丸太"))
    assert not page.page.select("form[action$='/keep']")
    reader = await street.reader().opens(f"{street.link('servicer:B2')}/codes")
    data = {"stamp": reader.stamp} | lines((code, "2027-04-10", "ok"))
    await reader.client.post(f"{street.link('servicer:B2')}/codes/keep", data=data)
    assert not await report_of(street, "H1")


@pytest.mark.parametrize("words", ["一覧表の写真です", ""])
async def test_a_photo_of_the_page_waits_for_the_staff(street: Street, words: str):
    """写真を撮って送るだけ。入力は担当者がする。"""
    reader = await street.visits(B1)
    await reader.writes(words, ("a.png", photo("PNG"), "image/png"))
    if not words:
        await reader.presses("今月の一覧表の写真です")
    assert reader.heard[-1] == "一覧表を受け取りました"
    desk = await street.staff()
    assert "写真が1件、入力を待っています" in (await desk.opens("/staff/")).text
    page = await desk.opens("/staff/sheet")
    link = page.page.select_one("a[href^='/staff/people/servicer%3AB1/files/']")
    assert link is not None
    assert "丸太工務店" in page.text
    await page.presses("入力がすんだ")
    assert "入力を待っている写真" not in page.text
    await street.town.run()
    assert [len(await report_of(street, house)) for house in HOUSES] == [0, 0, 0]  # nothing is read from it
    await street.town.all_is_well()


async def test_a_code_written_in_the_chat_is_the_house(street: Street):
    """紙を見ながら、番号と日付だけをLINEで送る。読み返してから、報告になる。"""
    first, second, _ = await codes_of(street)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in second.lower())
    await street.town.says(B1, f"{first} 4月10日に完了、異常なし")
    await street.town.taps(B1, "yes")
    await street.town.says(B1, f"{wide} 4月12日に完了、異常なし")
    await street.town.taps(B1, "yes")
    kept = [[report["done_on"] for report in await report_of(street, house)] for house in HOUSES]
    assert kept == [["2027-04-10"], ["2027-04-12"], []]
    await street.town.all_is_well()


async def test_another_companys_code_in_the_chat_names_nothing(street: Street):
    first, *_ = await codes_of(street)
    await street.town.says("servicer:B2", f"{first} 4月10日に完了、異常なし")
    assert not await report_of(street, "H1")
    said = " ".join([await street.town.words("servicer:B2")])
    assert not any(word in said for word in ("H1", "山田"))


async def test_a_months_list_is_one_page_of_a4(street: Street):
    """FAXで送る1枚。10軒あっても、1枚に収まる。"""
    for number in range(4, 11):
        await street.town.house(f"H{number}", owner_name="田中 次郎")
    await street.town.skip_to("2027-04-16")
    form = (await works(street)).page.select_one("form[action$='list.pdf']")
    assert form is not None
    data = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    answer = await street.reader().client.post(str(form["action"]), data=data)
    (page,) = PdfReader(BytesIO(answer.content)).pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    codes = CODE.findall(page.extract_text())
    assert len(codes) == len(set(codes)) == 10
    for named in ("丸太工務店", "H10"):
        assert named in page.extract_text()


async def test_the_pages_of_codes_are_theirs_alone(street: Street):
    assert (await street.reader().opens(f"{street.link(OWNER)}/codes")).status == 404
    assert (await street.reader().opens("/staff/sheet")).status == 401
