"""The link that ends a channel."""

from datetime import timedelta

import pytest

from storage.changes import linked
from tests.handlers.web.street import HOST, Street

OWNER = "owner:O-H1"


async def mailed(street: Street) -> str:
    """An owner whom only mail reaches, and the stop link of the last one."""
    await street.town.house(email="hanako@example.jp")
    await street.town.says(OWNER, action="stop_channel::0:chat")
    await street.town.skip_to("2027-02-01")
    row = await street.newest(OWNER)
    rows = (await street.everything())["outbox"]
    assert any(found[0] == row and "email" in found for found in rows)
    return street.town.service.links.message(row).stop.removeprefix(HOST)


async def test_one_line_one_button(street: Street):
    """The page asks once, and the press ends mail, not the channel it was pressed in."""
    link = await mailed(street)
    owner = await street.reader().opens(link)
    assert "メールでのお知らせを止めます" in owner.text
    await owner.presses("メールのお知らせを止める")
    assert "メールでのお知らせを止めました" in owner.text
    assert "郵便" in owner.text
    assert (await street.town.facts()).count("channel_ended") == 2


@pytest.mark.parametrize("body", ["List-Unsubscribe=One-Click", ""])
async def test_the_mail_program_alone_can_do_it(street: Street, body: str):
    """One POST without a page before it, as RFC 8058 says; it is answered without a redirect."""
    link = await mailed(street)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await street.reader().client.post(link, content=body, headers=headers)
    assert answer.status_code == 200
    assert "channel_ended" in await street.town.facts()


async def test_again_is_the_same_page_and_no_second_fact(street: Street):
    """Pressed twice, opened a month later: it stays stopped, and stands once in the record."""
    link = await mailed(street)
    owner = await street.reader().opens(link)
    await owner.presses("メールのお知らせを止める")
    facts = await street.town.facts()
    street.town.service.clock.wind(timedelta(days=90))
    for _ in range(2):
        answer = await street.reader().client.post(link)
        assert answer.status_code == 200
        assert "止めました" in answer.text
    assert await street.town.facts() == facts


async def test_who_took_mail_up_again_can_stop_it_again(street: Street):
    """By the link of the same old mail: it ends mail whenever it is pressed."""
    link = await mailed(street)
    service = street.town.service
    await street.reader().client.post(link)
    mine = {"person_id": OWNER, "channel": "email", "address": "hanako@example.jp", "digest": ""}
    async with service.store.write() as connection:
        await linked(connection, "", mine, service.clock.now())
    service.clock.wind(timedelta(days=1))
    answer = await street.reader().client.post(link)
    assert "止めました" in answer.text
    assert (await street.town.facts()).count("channel_ended") == 3


async def test_stop_written_on_the_page_of_a_mail_ends_mail(street: Street):
    """The mail says "answer 停止": who does so on the page that it opens gets no more of them."""
    await street.town.house(email="hanako@example.jp")
    await street.town.house("H2", owner_id="O-H1", email="hanako@example.jp")
    await street.town.says(OWNER, action="stop_channel::0:chat")
    await street.town.skip_to("2027-02-01")
    owner = await street.reader().opens(await street.message_link(OWNER))
    await owner.writes("停止")
    assert owner.heard[-1] == "メールでのお知らせを止めました"
    assert (await street.town.facts()).count("channel_ended") == 2
