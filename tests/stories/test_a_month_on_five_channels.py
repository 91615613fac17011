"""A month of one portfolio on five channels whose platforms misbehave: everybody is reached as they prefer, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest_asyncio
from sqlalchemy import select, text

from engawa_fakes import Trouble
from storage.tables import outbox
from tests.stories.five_channels import Pair, company, settled_in
from tests.stories.phones import LinePhone, Phone, Platforms
from tests.stories.town import Town

READ_BACK = "reply_read_back"
ASKED, VISIT = date(2027, 1, 4), date(2027, 1, 22)
OWNER_HEARS = ["owner_ask", "owner_fixed", "owner_day_before", "owner_confirm", "reply_reported", "owner_closed"]
COMPANY_HEARS = [
    *("servicer_offer", "reply_read_back_days", "reply_offered", "servicer_fixed"),
    *("servicer_confirm", "servicer_confirm", "servicer_closed"),  # the second says what the owner said
]


@dataclass
class Month:
    """The town in January, and its people."""

    at: Platforms
    pairs: Sequence[Pair]

    @property
    def town(self) -> Town:
        return self.at.town

    @property
    def people(self) -> list[Phone]:
        return [phone for pair in self.pairs for phone in (pair.owner, pair.company)]

    async def until(self, day: date) -> None:
        """Every day comes, and what a platform put off on it goes out when the platform takes it again."""
        while self.town.today < day:
            await self.town.until(self.town.today + timedelta(days=1))
            for _ in range(2):
                await self.again()

    async def again(self) -> None:
        """The wait that a platform asked for is over."""
        async with self.town.service.store.write() as connection:
            await connection.execute(text("UPDATE outbox SET retry_at = 0 WHERE retry_at IS NOT NULL"))
        await self.town.run()

    async def rows(self, person_id: str) -> list[tuple[str, str, list[str]]]:
        """What was written to somebody: channel, state, and the kinds in it."""
        query = select(outbox.c.channel, outbox.c.state, outbox.c.parts).where(outbox.c.person_id == person_id)
        async with self.town.service.store.read() as connection:
            rows = (await connection.execute(query.order_by(outbox.c.id))).all()
        return [(row.channel, row.state, [part["kind"] for part in row.parts]) for row in rows]

    async def heard(self, person_id: str) -> list[tuple[str, str]]:
        """What reached somebody, channel and kind, since their account became theirs."""
        rows = await self.rows(person_id)
        told = [(channel, kind) for channel, state, kinds in rows if state == "sent" for kind in kinds]
        return [(channel, kind) for channel, kind in told if kind != "reply_linked"]

    async def unexplained(self) -> list[str]:
        """The keys of messages about a house of whose end its record says nothing."""
        async with self.town.service.store.read() as connection:
            rows = (await connection.execute(select(outbox.c.key, outbox.c.state, outbox.c.parts))).all()
        ended = [(row.key, row.state, part["house"]) for row in rows for part in row.parts if part["house"]]
        told = {
            (fact["data"].get("key"), fact["kind"], pair.house_id)
            for pair in self.pairs
            for fact in (await self.town.view(pair.house_id))["facts"]
        }
        return [key for key, state, house in ended if (key, f"notice_{state}", house) not in told]


@pytest_asyncio.fixture
async def month(five_channels: Platforms) -> Month:
    return Month(five_channels, await settled_in(five_channels))


async def test_everybody_is_reached_once_as_they_prefer(month: Month):
    """From the first word to the company to the closed work, with every platform in trouble on the way."""
    before = {phone.person_id: len(await phone.shown()) for phone in month.people}
    month.at.line.next(Trouble.LOST)
    month.at.telegram.next(Trouble.BUSY, Trouble.BUSY)
    month.at.slack.next(Trouble.BUSY)
    month.at.mail.greylist(times=2)
    await month.until(ASKED)
    for pair in month.pairs:
        await pair.company.says("1月20日、1月22日でお願いします")
        await pair.company.presses("はい")
    month.at.mail.drop_after_data(taken=True)
    month.at.line.next(Trouble.BROKEN)
    await month.until(ASKED + timedelta(days=1))
    for pair in month.pairs:
        await pair.owner.presses("1月22日")
    month.at.line.next(Trouble.HTML, Trouble.BAD_JSON)
    month.at.telegram.next(Trouble.BUSY)
    await month.until(VISIT + timedelta(days=1))
    for pair in month.pairs:
        await pair.owner.presses("終わった・異常なし")
    await month.until(VISIT + timedelta(days=3))
    for pair in month.pairs:
        await pair.company.presses("終わった・異常なし")
    await month.until(date(2027, 2, 4))
    for pair in month.pairs:
        assert {work["basis"] for work in (await month.town.view(pair.house_id))["works"]} == {"both"}
    for phone in month.people:
        assert await month.heard(phone.person_id) == [(phone.channel, kind) for kind in expected(phone)]
        assert len(await phone.shown()) - before[phone.person_id] == len(expected(phone))
    assert await month.unexplained() == []
    await month.town.all_is_well()


def expected(phone: Phone) -> list[str]:
    """What somebody hears in the month. Who writes what others press has the day read back first."""
    hears = COMPANY_HEARS if phone.person_id.startswith("servicer:") else OWNER_HEARS
    if phone.channel != "email":
        return hears
    written = ("owner_fixed", "reply_reported", "servicer_closed")
    return [kind for heard in hears for kind in ([READ_BACK, heard] if heard in written else [heard])]


async def test_a_company_that_blocked_us_is_reached_the_next_way(month: Month):
    """LINE says 200 and delivers nothing; only their silence tells, and the next reminder goes by mail."""
    pair = month.pairs[2]
    assert isinstance(pair.company, LinePhone)
    await month.town.take(servicers=[company(3, "b3@example.jp")])
    month.at.line.people.blocked.add(pair.company.user)
    await month.until(date(2027, 1, 13))
    assert await month.heard(pair.company.person_id) == [("line", "servicer_offer"), ("email", "servicer_offer")]
    assert await month.unexplained() == []
    await month.town.all_is_well()


async def test_what_nobody_can_know_is_on_record_and_not_said_twice(month: Month):
    """Telegram took it and the line broke: it may have arrived, so it is not sent again. It had, and they answer."""
    pair = month.pairs[3]
    before = len(await pair.company.shown())
    month.at.telegram.next(Trouble.LOST)
    await month.until(ASKED)
    assert [state for _, state, _ in await month.rows(pair.company.person_id)][-1] == "unknown"
    assert len(await pair.company.shown()) == before + 1
    assert "notice_unknown" in await month.town.facts(pair.house_id)
    await pair.company.says("1月20日、1月22日でお願いします")
    await pair.company.presses("はい")
    assert await month.heard(pair.owner.person_id) == [("chat", "owner_ask")]
    assert await month.unexplained() == []
    await month.town.all_is_well()


async def test_nobody_hears_of_a_house_without_its_owners_consent(month: Month):
    """The same file, the same company, the same dates: without both consents there is not one word."""
    pair, other = month.pairs[4], "H6"
    await month.town.house(other, servicer_id="B5", builder_id="B5", consent_mandate_on="", email="o6@example.jp")
    await month.until(date(2027, 1, 31))
    assert await month.rows("owner:O-H6") == []
    assert not [kinds for _, _, kinds in await month.rows(pair.company.person_id) if len(kinds) > 1]
    assert not [mail for mail in month.at.mail.messages if "o6@example.jp" in mail.recipients]
    await month.town.all_is_well()
