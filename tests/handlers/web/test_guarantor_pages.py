"""The staff's page of guarantee numbers that do not agree, and the table that they save from it."""

from datetime import date

from bot.core.guarantee import read_told
from storage.guarantees import take_told
from storage.reconciled import THEM, US, Gap, keep_gaps
from tests.bot.channels.guarantor_http.test_guarantor_channel import EVENT
from tests.handlers.web.street import Street


async def apart(street: Street) -> None:
    """One number only here, one only there, and a death of which no house is known."""
    await street.town.house(guarantee_no="Z-0001")
    gaps = [Gap("Z-0001", US, "H1"), Gap("Z-0009", THEM)]
    async with street.town.service.store.write() as connection:
        await keep_gaps(connection, gaps, date(2026, 11, 1))
        assert await take_told(connection, read_told(EVENT), street.town.service.clock.now()) == []


async def test_the_staff_see_each_number_with_who_has_it(street: Street):
    await apart(street)
    staff = await (await street.staff()).opens("/staff/guarantees")
    for word in ("Z-0001", "こちらだけ", "Z-0009", "保証機関だけ", "住宅が分からない知らせ", "死亡の知らせ"):
        assert word in staff.text


async def test_the_table_is_saved_as_spreadsheets_open_it(street: Street):
    await apart(street)
    staff = await street.staff()
    saved = await staff.client.get("/staff/guarantees.csv")
    assert saved.text.splitlines() == [
        "\ufeffguarantee_no,only_with,house_id,since_on",
        "Z-0001,us,H1,2026-11-01",
        "Z-0009,them,,2026-11-01",
    ]


async def test_where_all_agree_the_page_says_so(street: Street):
    staff = await (await street.staff()).opens("/staff/guarantees")
    assert "合わない番号はありません。" in staff.text
