"""The morning after a storm: entered with its strongest gust, released by the staff, asked by mail, and listed."""

import csv
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import StringIO
from pathlib import Path

import pytest_asyncio
from sqlalchemy import delete

from bot.core.event import Hazard
from bot.intake.event_told import Told, bulletin_of
from storage.bulletins import take_bulletin
from storage.event_list import lines_of
from storage.tables import addresses
from tests.handlers.web.street import Street, street_at
from tests.stories.event_town import STAFF, at
from tests.stories.town import Town

OWNER, ADDRESS = "owner:O-H1", "hanako@example.jp"
EVENT = "storm-1"
SETAGAYA, SUGINAMI = "131121", "131156"


@pytest_asyncio.fixture
async def street(tmp_path: Path, database_url: str) -> AsyncIterator[Street]:
    """Three houses: one that has nothing but mail, one whose plan asks for a look only after more, one elsewhere."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        town = found.town
        await town.house("H1", municipality_code=SETAGAYA, email=ADDRESS)
        await town.house("H2", municipality_code=SETAGAYA, event_wind="50")
        await town.house("H3", municipality_code=SUGINAMI)
        async with town.service.store.write() as connection:
            chat = (addresses.c.person_id == OWNER, addresses.c.channel == "chat")
            await connection.execute(delete(addresses).where(*chat))
        yield found


async def blows(town: Town) -> None:
    """The staff enter what the agency says of the night: 42 m/s in Setagaya, and in Suginami less than 30."""
    await at(town, "2026-11-01T22:15")
    now = town.service.clock.now()
    told = Told(Hazard.WIND, now, [(SETAGAYA, ""), (SUGINAMI, "24")], "42", EVENT)
    async with town.service.store.write() as connection:
        await take_bulletin(connection, town.service.store.pins, bulletin_of(told, now, STAFF), now, STAFF)
    await town.run()


def mails(town: Town) -> list[EmailMessage]:
    """What has come to the owner by mail."""
    found = sorted((town.folder / "mail" / "new").glob("*"))
    read = [message_from_bytes(path.read_bytes(), policy=default) for path in found]
    return [mail for mail in read if ADDRESS in str(mail["To"])]


async def test_the_owner_is_asked_by_mail_about_the_strongest_gust(street: Street):
    """A gust, and no mean of ten minutes; nobody is asked whose house saw less than its plan says."""
    town = street.town
    await blows(town)
    assert await town.hears(STAFF) == ["staff_event"]
    said = await town.words(STAFF)
    assert "1軒の所有者" in said
    assert "いちばん強い所: 最大瞬間風速42メートル" in said
    assert await town.taps(STAFF, "event_release") == ["reply_event_decided"]
    assert mails(town) == []
    await at(town, "2026-11-02T09:05")
    (mail,) = mails(town)
    body = mail.get_body(("plain",))
    assert body is not None
    text = str(body.get_content()).replace("\n", "")
    assert "強い風（お住まいのあたりで最大瞬間風速42メートル）につきまして、心からお見舞い申し上げます。" in text
    assert "屋根には上らず" in text
    assert "危ないと感じたら、家に近づかないでください。" in text
    assert "強い風のあとの" in str(mail["Subject"])
    assert await town.hears("owner:O-H2") == await town.hears("owner:O-H3") == []
    await town.all_is_well()


async def test_the_staff_see_the_gust_and_what_the_owner_found(street: Street):
    """On the event's page, its list, and in the spreadsheet of it."""
    town = street.town
    await blows(town)
    staff = await (await street.staff()).opens(f"/staff/events/{EVENT}")
    assert "いちばん強い所は最大瞬間風速42メートルです。" in staff.text
    await staff.presses("所有者にたずねる")
    await at(town, "2026-11-02T09:05")
    assert "reply_event" in await town.says(OWNER, "瓦が落ちてます")
    async with town.service.store.read() as connection:
        lines = await lines_of(connection, EVENT)
    assert [(line.house_id, line.found, line.level) for line in lines] == [("H1", "damage", "42")]
    await staff.opens(f"/staff/events/{EVENT}")
    assert [row.get_text(" ", strip=True).split()[0] for row in staff.page.select("tbody tr")] == ["傷んだ所がある"]
    table = (await staff.client.get(f"/staff/events/{EVENT}/list.csv")).text
    (row,) = csv.DictReader(StringIO(table.removeprefix("\ufeff")))
    assert (row["住宅番号"], row["強さ"], row["外まわり"], row["所有者"]) == ("H1", "42", "傷みあり", "山田 花子")
    await town.all_is_well()
