"""A company's calendar: fixed visits and due works under a secret address, and nothing of anybody else's."""

from icalendar import Calendar

from tests.handlers.web.street import HOST, Reader, Street
from tests.stories.test_month_works import B1, OWNER, street

__all__ = ["street"]


async def calendar_page(street: Street, person: str = B1) -> Reader:
    return await street.reader().opens(f"{street.link(person)}/calendar")


def address(reader: Reader) -> str:
    field = reader.page.select_one("#address")
    assert field is not None
    return str(field["value"]).removeprefix(HOST)


async def made(street: Street, person: str = B1) -> str:
    return address(await (await calendar_page(street, person)).presses("アドレスを作る"))


async def entries(street: Street, path: str) -> dict[str, str]:
    """Summary by uid."""
    answer = await street.reader().client.get(path)
    assert answer.headers["content-type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["uid"]): f"{event.decoded('dtstart')} {event['summary']}" for event in found}


async def test_fixed_visits_and_due_works_are_in_the_calendar(street: Street):
    """スマホのカレンダーに、訪問の日が出る。"""
    await street.town.says(B1, action="offer_these:H1-1:0:2027-04-26")
    await street.town.taps(OWNER, "pick", "2027-04-26")
    found = await entries(street, await made(street))
    assert found["H1-1@engawa"] == "2027-04-26 訪問 山田 花子様邸 H1 点検"
    assert found["H2-1@engawa"] == "2027-04-01 期日 佐藤 一郎様邸 H2 点検"
    assert not any("X9" in summary or "高橋" in summary for summary in found.values())
    assert len(found) == 3


async def test_nothing_is_sent_again_while_nothing_has_changed(street: Street):
    """ETag, and a new one once a day is fixed."""
    client, path = street.reader().client, await made(street)
    tag = (await client.get(path)).headers["etag"]
    assert (await client.get(path, headers={"if-none-match": tag})).status_code == 304
    await street.town.says(B1, action="offer_these:H1-1:0:2027-04-26")
    await street.town.taps(OWNER, "pick", "2027-04-26")
    again = await client.get(path, headers={"if-none-match": tag})
    assert again.status_code == 200
    assert again.headers["etag"] != tag


async def test_a_new_address_makes_the_old_one_void(street: Street):
    """アドレスを知られてしまった。"""
    old = await made(street)
    page = await calendar_page(street)
    form = page.page.select_one("form[action$='/calendar']")
    assert form is not None
    new = address(await page.sends(form, {}))
    assert new != old
    assert (await street.reader().opens(old)).status == 404
    assert address(await page.sends(form, {})) == new  # a double click makes one
    assert await entries(street, new)


async def test_without_the_mandate_nothing_of_a_house_is_told(street: Street):
    path = await made(street)
    await street.town.says(OWNER, "支援をやめたいです")
    await street.town.taps(OWNER, "yes")
    assert not any("山田" in summary or "H1" in summary for summary in (await entries(street, path)).values())


async def test_the_address_is_the_companys_alone(street: Street):
    """An owner has none, a forged one is not there, and another company's shows its own house only."""
    assert (await calendar_page(street, OWNER)).status == 404
    assert (await street.reader().opens("/calendar/forged.ics")).status == 404
    assert list(await entries(street, await made(street, "servicer:B2"))) == ["X9-1@engawa"]


async def test_a_company_that_has_closed_sees_nothing(street: Street):
    path = await made(street)
    await street.town.take(servicers=[{"servicer_id": "B1", "name": "丸太工務店", "status": "廃業"}])
    assert (await street.reader().opens(path)).status == 404
