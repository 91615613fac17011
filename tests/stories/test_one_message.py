"""One message per person and day, whatever is joined in it and through whichever channel it goes."""

from sqlalchemy import select, update

from storage.tables import outbox, people
from tests.stories.town import Town

OWNER, SERVICER = "owner:O-H1", "servicer:B1"


async def begun(town: Town, person: str) -> list[tuple[str, str, list[str]]]:
    """What we began with somebody: day, channel, and the houses it was about."""
    query = select(outbox).where(outbox.c.person_id == person, outbox.c.mode == "prompt").order_by(outbox.c.id)
    async with town.service.store.read() as connection:
        rows = (await connection.execute(query)).all()
    return [(str(row.day), row.channel, sorted(part["house"] for part in row.parts)) for row in rows]


async def test_two_houses_two_channels_one_message(town: Town):
    """Silent about one house, never asked about the other: both are asked at once, where silence has led to."""
    await town.house("H1", email="hanako@example.jp")
    await town.house("H2", owner_id="O-H1", email="hanako@example.jp", handed_over_on="2022-05-17")
    await town.until("2027-03-18")
    assert await begun(town, OWNER) == [
        ("2027-01-31", "chat", ["H1"]),
        ("2027-03-18", "email", ["H1", "H2"]),
    ]


async def test_what_was_tried_once_is_not_added_to(post_town: Town, smtp_sink):
    """A mail that may have arrived is repeated as it was; what comes after it is a message of its own, a day later."""
    smtp_sink.drop_after_data(taken=True)
    await post_town.until("2027-01-04")
    await post_town.house("H2")
    await post_town.run()
    assert await begun(post_town, SERVICER) == [("2027-01-04", "email", ["H1"]), ("2027-01-05", "email", ["H2"])]


async def test_a_relay_that_is_joined_counts_as_the_message_of_its_day(town: Town):
    """What the other side did and what we ask go together, and nothing more is begun on that day."""
    await town.house("H1")
    await town.house("H2", owner_id="O-H1")
    await town.until("2027-01-30", hour=21)
    await town.says(SERVICER, "H1は2月20日に伺います")
    await town.taps(SERVICER, "yes")
    await town.skip_to("2027-01-31")
    assert await town.hears(OWNER) == ["owner_fixed", "owner_ask"]
    assert await begun(town, OWNER) == [("2027-01-31", "chat", ["H1", "H2"])]


async def test_the_row_keeps_only_what_was_sent(town: Town):
    """What was overtaken while it waited is in no mail, so it is on nobody's page either."""
    await town.house("H1")
    await town.house("H2", owner_id="O-H1")
    await town.until("2027-01-30")
    async with town.service.store.write() as connection:
        await connection.execute(update(people).where(people.c.id == OWNER).values(hour_from=15))
    await town.until("2027-01-31")
    assert await town.says(OWNER, action="later:H1-1:0:") == ["reply_later"]
    await town.skip_to("2027-01-31", hour=16)
    assert await begun(town, OWNER) == [("2027-01-31", "chat", ["H2"])]
