"""An owner writes down what the authority sent them; the staff key in a paper, with its kind and its date."""

from typing import Any

import pytest
from bs4 import Tag

from tests.handlers.web.street import Reader, Street

OWNER, OTHER, SERVICER = "owner:O-H1", "owner:O-H2", "servicer:B1"
ORDER = {"text": "基礎の改修", "on_day": "2026-10-05", "second_on": "2027-03-31"}
LETTER = {"paper": "letter", "paper_on": "2026-10-04"}
PAGE = "/staff/houses/H1/statements"


def form_of(reader: Reader) -> Tag:
    form = reader.page.select_one("form[action$='/statements/H1'], form[action$='/H1/statements']")
    assert form is not None
    return form


def labels(reader: Reader) -> list[str]:
    return [found.get_text(strip=True) for found in form_of(reader).select("label")]


async def own_page(street: Street, query: str = "", person: str = OWNER) -> Reader:
    return await street.reader().opens(f"{street.link(person)}/statements/H1{query}")


async def rows(street: Street) -> list[dict[str, Any]]:
    return list((await street.town.view())["statements"])


async def follow(reader: Reader, words: str) -> Reader:
    link = str(next(found for found in reader.page.select("a") if words in found.get_text())["href"])
    return await reader.opens(f"{reader.path}{link}" if link.startswith("?") else link)


async def test_the_record_page_leads_there_and_it_is_kept_as_the_owners_report(street: Street):
    """One field for each thing that the law asks of an order; the fact holds not a word of it."""
    await street.town.house()
    owner = await street.reader().opens(f"{street.link(OWNER)}/record")
    await follow(await follow(owner, "役所からの文書"), "改善の命令")
    assert labels(owner) == ["内容", "年月日", "いつまでに"]
    await owner.sends(form_of(owner), ORDER)
    assert "家の記録に載せました" in owner.text
    assert "所有者の報告" in owner.text
    (row,) = await rows(street)
    assert (row["line"], row["text"], str(row["on_day"]), str(row["second_on"])) == ("order", *ORDER.values())
    assert (row["told_by"], row["paper"], row["corrects"]) == (OWNER, None, 0)
    (fact,) = (fact for fact in (await street.town.view())["facts"] if fact["kind"] == "statement_made")
    assert (fact["by"], fact["data"]["line"]) == (OWNER, "order")
    assert "改修" not in str(fact)
    await street.town.all_is_well()


async def test_the_staff_name_the_paper_and_its_date(street: Street):
    """Without either nothing is kept, and nothing of what was typed is lost."""
    await street.town.house()
    staff = await (await street.staff()).opens(f"{PAGE}?line=order")
    assert labels(staff) == ["内容", "年月日", "いつまでに", "もとになった書類", "書類の日付"]
    await staff.sends(form_of(staff), ORDER)
    assert staff.status == 422
    assert [found["name"] for found in staff.page.select("[aria-invalid]")] == ["paper", "paper_on"]
    assert form_of(staff).select_one("textarea").get_text() == ORDER["text"]  # type: ignore[union-attr]
    assert await rows(street) == []
    await staff.sends(form_of(staff), ORDER | LETTER)
    assert (staff.status, staff.path) == (200, PAGE)
    assert "役所からの文書（2026年10月4日(日)）をもとに" in staff.text
    (row,) = await rows(street)
    assert (row["told_by"], row["paper"], str(row["paper_on"])) == ("staff:desk", "letter", "2026-10-04")
    house = await staff.opens("/staff/houses/H1")
    assert "改善の命令を記録しました（2026年10月5日" in house.text
    await street.town.all_is_well()


async def test_a_correction_is_a_row_more(street: Street):
    """The form comes with what stands there; the row before it is as it was."""
    await street.town.house()
    owner = await own_page(street, "?line=order")
    await owner.sends(form_of(owner), ORDER)
    await owner.opens(f"{street.link(OWNER)}/statements/H1?corrects=1")
    field = form_of(owner).select_one("[name=on_day]")
    assert field is not None
    assert field["value"] == ORDER["on_day"]
    await owner.sends(form_of(owner), ORDER | {"text": "基礎と屋根の改修"})
    found = await rows(street)
    assert [(row["number"], row["text"], row["corrects"]) for row in found] == [
        (1, "基礎の改修", 0),
        (2, "基礎と屋根の改修", 1),
    ]
    await owner.opens(f"{street.link(OWNER)}/statements/H1?corrects=2")
    await owner.presses("この記載を取り消す")
    assert "まだ、何も記録していません" in owner.text
    assert len(await rows(street)) == 3
    assert (await street.town.facts())[-1] == "statement_taken_back"
    await street.town.all_is_well()


async def test_two_who_correct_the_same_are_told(street: Street):
    """The second is shown that it has changed; a form that is sent twice is kept once."""
    await street.town.house()
    first = await own_page(street, "?line=order")
    await first.sends(form_of(first), ORDER)
    mine, theirs = await own_page(street, "?corrects=1"), await own_page(street, "?corrects=1")
    form = form_of(mine)
    for _ in range(2):
        await mine.sends(form, ORDER | {"text": "屋根の改修"})
        assert "家の記録に載せました" in mine.text
    await theirs.sends(form_of(theirs), ORDER | {"text": "外壁の改修"})
    assert "ほかの方が先に訂正したか" in theirs.text
    assert [row["text"] for row in await rows(street)] == ["基礎の改修", "屋根の改修"]


async def test_what_stands_by_a_paper_the_owner_cannot_change(street: Street):
    """The page offers no link for it, and a form made by hand changes nothing."""
    await street.town.house()
    staff = await (await street.staff()).opens(f"{PAGE}?line=order")
    await staff.sends(form_of(staff), ORDER | LETTER)
    owner = await own_page(street)
    assert owner.page.select("a[href*=corrects]") == []
    assert "基礎の改修" in owner.text
    assert (await own_page(street, "?corrects=1")).status == 404
    blank = await own_page(street, "?line=order")
    for more in ({"take_back": "1"}, {}):
        await blank.sends(form_of(blank), {**ORDER, "text": "何もない", "corrects": "1", **more})
        assert "担当窓口が書類をもとに記録しています" in blank.text
        await blank.opens(f"{street.link(OWNER)}/statements/H1?line=order")
    assert len(await rows(street)) == 1


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("order", "text", ""),
        ("order", "text", "改" * 1001),
        ("order", "on_day", "2009-06-03"),
        ("order", "on_day", "2026-11-02"),  # to come
        ("order", "on_day", "きのう"),
        ("order", "second_on", "2026-10-04"),
        ("implementer", "name", ""),
        ("succession", "name", "名" * 101),
        ("succession", "second_on", "2026-02-30"),
    ],
)
async def test_what_cannot_be_kept_is_told_beside_its_field(street: Street, line: str, field: str, value: str):
    await street.town.house()
    owner = await own_page(street, f"?line={line}")
    given = {"text": "内容", "name": "名前", "on_day": "2026-10-05"} | {field: value}
    await owner.sends(form_of(owner), given)
    assert "まだ保存していません" in owner.text
    assert [found["name"] for found in owner.page.select("[aria-invalid]")] == [field]
    assert await rows(street) == []


async def test_tags_are_text_and_what_nobody_sees_is_taken_out(street: Street):
    await street.town.house()
    owner = await own_page(street, "?line=advice")
    await owner.sends(form_of(owner), {"text": "</textarea><script>alert(1)</script>\x07\u202e助言\u200b"})
    assert [row["text"] for row in await rows(street)] == ["</textarea><script>alert(1)</script>助言"]
    for reader in (owner, await (await street.staff()).opens(PAGE)):
        assert not [found for found in reader.page.select("script") if "alert" in found.get_text()]
        assert "alert(1)" in reader.text


async def test_nobody_states_anything_of_anybody_elses_house(street: Street):
    """Neither with another's link, nor a company, nor without a stamp, nor a line that there is not."""
    await street.town.house()
    await street.town.house("H2", owner_name="佐藤 次郎")
    other = await street.reader().opens(f"{street.link(OTHER)}/statements/H2?line=order")
    given = ORDER | {"line": "order", "corrects": "0", "stamp": other.stamp}
    for house in ("H1", "H9", "%00"):
        assert (await other.client.post(f"{street.link(OTHER)}/statements/{house}", data=given)).status_code == 404
    for stamp in ("", other.stamp):
        posted = given | {"stamp": stamp}
        assert (await other.client.post(f"{street.link(OWNER)}/statements/H1", data=posted)).status_code == 403
    assert (await own_page(street, person=OTHER)).status == 404
    assert (await own_page(street, person=SERVICER)).status == 404
    own = await own_page(street)
    assert own.page.select("main form") == []
    line = await own_page(street, "?line=order")
    sent = given | {"stamp": line.stamp, "line": "letter"}
    assert (await line.client.post(f"{street.link(OWNER)}/statements/H1", data=sent)).status_code == 400
    assert (await street.reader().client.post(PAGE, data=given)).status_code == 401
    staff = await (await street.staff()).opens(f"{PAGE}?line=order")
    assert (await staff.client.post(PAGE, data=given | LETTER)).status_code == 403
    assert (await staff.opens("/staff/houses/H9/statements")).status == 404
    assert await rows(street) == []
