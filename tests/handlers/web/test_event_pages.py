"""What the staff and the companies see after an earthquake."""

import csv
from io import StringIO

from tests.handlers.web.street import Street
from tests.stories.event_town import SETAGAYA, at, bulletin, comes

OWNER, EVENT = "owner:O-H1", "jma-20261101220500"
HERE = {"municipality_code": "131121", "phone": "090-0000-0000"}


async def shaken(street: Street) -> None:
    """Two houses, and a bulletin at night."""
    town = street.town
    await town.house("H1", **HERE)  # type: ignore[arg-type]
    await town.house("H2", **HERE, owner_name="=cmd()")  # type: ignore[arg-type]
    await at(town, "2026-11-01T22:15")
    await comes(town, bulletin({SETAGAYA: "6-"}))


async def test_the_desk_shows_what_is_to_be_decided_and_decides_it(street: Street):
    await shaken(street)
    staff = await street.staff()
    assert "地震 2026年11月1日(日) 22:05 至急 所有者にたずねるかを、決めてください" in staff.text
    page = await staff.opens(f"/staff/events/{EVENT}")
    assert (
        "たずねる家は2軒、同意がないためたずねられない家は0軒です（1市区町村）。 いちばん強い所は震度6弱です。"
        in page.text
    )
    await page.presses("所有者にたずねる")
    assert "たずねることにしました" in page.text
    await street.town.run()
    page = await staff.opens(f"/staff/events/{EVENT}")
    assert "2026年11月2日(月)から、所有者にたずねます。" in page.text
    assert "まだ返事がない 2" in page.text
    assert "決めてください" not in (await staff.opens("/staff/")).text


async def test_a_house_of_which_nobody_knows_where_it_stands_is_named_as_such(street: Street):
    await street.town.house("H3", address="東京都世田谷区太子堂1-2-3")
    await shaken(street)
    page = await (await street.staff()).opens(f"/staff/events/{EVENT}")
    assert "対象かどうかわからない家が1軒あります" in page.text
    gaps = await page.opens("/staff/gaps")
    assert "ご様子をたずねられません） H3" in gaps.text


async def test_calling_it_off_takes_a_tick(street: Street):
    """It tells everybody who was asked, so it is no single press."""
    await shaken(street)
    page = await (await street.staff()).opens(f"/staff/events/{EVENT}")
    form = page.page.select("form")[-2]
    await page.sends(form, {"verb": "event_cancel"})
    assert page.status == 400
    page = await page.opens(f"/staff/events/{EVENT}")
    await page.sends(page.page.select("form")[-2], {"verb": "event_cancel", "sure": "1"})
    assert "取り消しました" in page.text


async def test_the_list_is_by_urgency_and_goes_into_a_spreadsheet(street: Street):
    await shaken(street)
    staff = await street.staff()
    await (await staff.opens(f"/staff/events/{EVENT}")).presses("所有者にたずねる")
    await at(street.town, "2026-11-02T09:05")
    await street.town.says("owner:O-H2", "赤い紙が貼られた")
    await street.town.taps(OWNER, "seen", "outside=damage")
    page = await staff.opens(f"/staff/events/{EVENT}")
    assert [row.get_text(" ", strip=True).split()[0] for row in page.page.select("tbody tr")] == [
        "危ない",
        "傷んだ所がある",
    ]
    table = await staff.client.get(f"/staff/events/{EVENT}/list.csv")
    rows = list(csv.DictReader(StringIO(table.text.removeprefix("\ufeff"))))
    assert [(row["急ぎ"], row["住宅番号"], row["役所の紙"]) for row in rows] == [
        ("危ない", "H2", "赤"),
        ("傷んだ所がある", "H1", ""),
    ]
    assert rows[0]["所有者"] == "'=cmd()"
    assert rows[0]["電話"] == "090-0000-0000"


async def test_a_bulletin_is_read_from_a_file_and_rubbish_is_refused(street: Street):
    await street.town.house("H1", **HERE)  # type: ignore[arg-type]
    await at(street.town, "2026-11-01T22:15")
    page = await (await street.staff()).opens("/staff/events")
    form = page.page.select_one("form[enctype]")
    assert form is not None
    await page.sends(form, {}, (("x.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "text/xml"),))
    assert "読めませんでした" in page.text
    form = page.page.select_one("form[enctype]")
    assert form is not None
    await page.sends(form, {}, (("x.xml", bulletin({SETAGAYA: "6-"}), "text/xml"),))
    assert page.path == f"/staff/events/{EVENT}"
    assert "たずねる家は1軒" in page.text


async def test_a_company_sees_its_own_houses_and_an_owner_sees_no_list(street: Street):
    await shaken(street)
    staff = await street.staff()
    await (await staff.opens(f"/staff/events/{EVENT}")).presses("所有者にたずねる")
    await at(street.town, "2026-11-02T09:05")
    await street.town.says(OWNER, "瓦が落ちてます")
    firm = await street.reader().opens(f"{street.link('servicer:B1')}/houses")
    assert "傷んだ所がある H1 山田 花子" in firm.text
    assert "H1" not in (await street.reader().opens(f"{street.link('servicer:B2')}/houses")).text
    assert (await street.reader().opens(f"{street.link(OWNER)}/houses")).status == 404


async def test_what_was_looked_at_stands_in_the_report_to_the_authority(street: Street):
    """The letter asks for it (維持保全状況の報告): which event, when, with what result."""
    await shaken(street)
    staff = await street.staff()
    await (await staff.opens(f"/staff/events/{EVENT}")).presses("所有者にたずねる")
    await at(street.town, "2026-11-02T09:05")
    for answer in ("outside=none", "inside=none", "sticker=none"):
        await street.town.taps(OWNER, "seen", answer)
    page = await street.reader().opens(f"{street.link(OWNER)}/report/H1")
    assert "地震 2026年11月2日 異常なし" in page.text


async def test_nobody_else_decides(street: Street):
    await shaken(street)
    stranger = await street.reader().opens(f"/staff/events/{EVENT}")
    assert stranger.status == 401
    assert (await stranger.client.get(f"/staff/events/{EVENT}/list.csv")).status_code == 401
    assert (await stranger.client.post("/staff/events")).status_code == 401
