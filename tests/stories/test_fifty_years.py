"""One house, fifty years, in one go: whoever owns it, whoever looks after it, whatever becomes of the platforms.

The people do what they are asked; what befalls the house does not ask them. After each thing that befalls it nothing
is an orphan, and at the end everything that was promised in 2022 is on paper: done, open, or said to be a gap.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from bot.channels import chat
from bot.core import eras
from bot.core.eras import Era
from scheduler.handover import Closing, prepare
from storage.providers import Told, tell_access
from storage.reviews import approve
from storage.sealed import against_seals
from storage.tables import addresses, cases, people
from templates.book.file import book_json
from templates.eras import day_in_era
from tests.handlers.web.street import Street
from tests.stories.answering import Obliging
from tests.stories.event_town import SETAGAYA, STAFF, at, bulletin, comes
from tests.stories.five_channels import Loopback, switch_off
from tests.stories.test_a_channel_dies import shown
from tests.stories.test_house_history import history, known
from tests.stories.test_house_record import book_of, file, paper, said, spoken
from tests.stories.test_new_owner import newcomer, records
from tests.stories.town import PLAN, Town, town_at

HANAKO, SATO = "owner:O-H1", "staff:sato"
COMPANIES = [
    {"servicer_id": "B1", "name": "丸太工務店", "status": "営業", "role": "builder"},
    {"servicer_id": "B2", "name": "あおぞら建設", "status": "営業", "backup": "はい", "area": "東京都世田谷区"},
    {"servicer_id": "B3", "name": "みどり点検", "status": "営業", "area": "東京都世田谷区"},
]
HOUSE: dict[str, Any] = {
    "address": "東京都世田谷区太子堂1-2-3",
    "municipality_code": "131121",
    "structure": "木造",
    "guarantee_no": "Z-0001",
    "completed_on": "2022-03-25",
}
GUTTER: tuple[Any, ...] = ("G1", "雨どい", "点検", 2, 2, "所有者")
PAINT: tuple[Any, ...] = ("R1", "外壁", "修繕", 15, 15)
FIRST_PLAN: list[tuple[Any, ...]] = [*PLAN, GUTTER, PAINT]
LONGER_PLAN = [*FIRST_PLAN, ("P6", "床下", "点検", 35, 5)]
END = "2072-04-02"
SUCCEEDED = ["2031-06-01", "2044-07-01", "2055-07-01"]
PERIODS = [
    ("前の所有者", "2022-04-01", "2031-06-01"),
    ("前の所有者", "2031-06-01", "2044-07-01"),
    ("前の所有者", "2044-07-01", "2055-07-01"),
    ("前の所有者", "2044-07-01", "2055-07-01"),
    ("鈴木 四郎", "2055-07-01", "いまも"),
]
Place = tuple[Path, str]  # the folder and the database
FORMER = ("山田 花子", "佐藤 三郎", "佐藤 一郎", "佐藤 二郎", "hanako", "saburo", "ichiro")


@dataclass
class Years:
    """The house's years: the town as it is now, its people, and how one goes from day to day."""

    town: Town
    people: Obliging
    daily: bool

    async def until(self, day: str) -> None:
        """From one day on which something is due to the next, or day by day; at the end the promise holds."""
        last = date.fromisoformat(day)
        while self.town.today < last:
            tomorrow = self.town.today + timedelta(days=1)
            due = tomorrow if self.daily else await self.town.next_due()
            await self.town.skip_to(min(due or last, last).isoformat())
            await self.people.answer(self.town)
            await self.are_entered()
            if self.daily:
                await self.holds()
        await self.holds()

    async def are_entered(self) -> None:
        """The staff enter in the house's history what nobody else did, and say so."""
        query = select(cases.c.id, cases.c.round).where(cases.c.reason == "unregistered", cases.c.phase != "closed")
        async with self.town.service.store.read() as connection:
            waiting = (await connection.execute(query)).all()
        for case in waiting:
            await self.town.says(STAFF, "登録しました", action=f"close:{case.id}:{case.round}:")

    async def holds(self) -> None:
        """The record is whole, and whatever is open has one who moves next and a day on which it is looked at."""
        await self.town.all_is_well()
        for case in (await self.town.view())["cases"]:
            if case["phase"] != "closed":
                assert case["holder"], case["id"]
                assert case["next_action_at"], case["id"]

    async def reached_by(self, person_id: str, **accounts: str) -> None:
        """Their accounts, the first one first; their own page, on which they answer, only where nothing else is."""
        rows = [
            {"person_id": person_id, "channel": channel, "address": address, "rank": rank}
            for rank, (channel, address) in enumerate([*accounts.items(), (chat.NAME, person_id)])
        ]
        async with self.town.service.store.write() as connection:
            await connection.execute(delete(addresses).where(addresses.c.person_id == person_id))
            await connection.execute(insert(addresses), rows)

    async def has_heard_by(self, channel: str) -> None:
        """The owner of this year was really written to there."""
        (first, *_) = await self.owners()
        assert await self.town.titles(first, channel)

    async def owners(self) -> list[str]:
        return [row["id"] for row in (await self.town.view())["owners"] if row["until_on"] is None]

    @property
    def street(self) -> Street:
        return Street(self.town, shown(self.town))


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Place:
    return tmp_path, database_url


@asynccontextmanager
async def opened(place: Place, loopback: Loopback, day: str) -> AsyncIterator[Town]:
    """The program on this database from that day on, with the channels that there still are."""
    kept = {name: value for name, value in loopback.environment.items() if "SLACK" not in name and "IMAP" not in name}
    async with town_at(*place, day, kept) as town:
        service = town.service
        town.service = replace(service, post=replace(service.post, paced=False, digest=False))
        yield town


async def moves_in(years: Years, loopback: Loopback) -> None:
    """山田 花子, 2022年4月1日: the house is handed over, and she has agreed to both."""
    town = years.town
    await town.companies(COMPANIES)
    async with town.service.store.write() as connection:
        await connection.execute(insert(people).values(id=SATO, name="佐藤", staff_role="supervisor"))
    await town.house(plan=FIRST_PLAN, **HOUSE)
    await years.reached_by(HANAKO, line=loopback.line.people.user(), email="hanako@example.jp")
    await years.holds()


async def is_sold(years: Years, *new: tuple[str, str]) -> None:
    """「この家を売りました」: the staff see the document, and the buyers agree."""
    (first, *_) = await years.owners()
    await years.town.says(first, "この家を売りました")
    await handed_on(years, new, kind="sale", document="registry")


async def is_inherited(years: Years, *heirs: tuple[str, str]) -> None:
    """「父が亡くなりました」: it is still at once, a named person has the house, and the heirs agree one by one."""
    (father,) = await years.owners()
    assert (await years.town.says(father, "父が亡くなりました"))[-1] == "reply_bereaved"
    await years.holds()
    await years.until((years.town.today + timedelta(days=12)).isoformat())
    await records(years.street, new=(), kind="death", document="family_register", keeper=SATO)
    await years.until((years.town.today + timedelta(days=40)).isoformat())
    assert not (await years.town.view())["house"]["mandated"]
    await handed_on(years, heirs, kind="inheritance", document="agreement")


async def handed_on(years: Years, new: tuple[tuple[str, str], ...], **given: str) -> None:
    """The staff record it; until the new owners have agreed a named person has what is open."""
    before = await years.owners()
    ticked = {f"leaves-{owner}": "1" for owner in before}
    await records(years.street, new=new, **ticked, **given)
    await years.town.run()
    await years.holds()
    arrived = [await newcomer(years.street, name) for name, _ in new]
    assert await years.owners() == arrived
    assert not set(before) & set(arrived)
    for person_id in arrived:
        await years.town.chats(person_id)
    await years.until((years.town.today + timedelta(days=7)).isoformat())
    assert (await years.town.view())["house"]["mandated"]


async def history_is_found(years: Years) -> None:
    """Nobody said who keeps the house's history: one matter for all works of it, until the owner has told."""
    town = years.town
    lies = [case["id"] for case in (await town.view())["cases"] if case["reason"] == "no_provider"]
    assert len(lies) == 1
    await known(town)
    async with town.service.store.write() as connection:
        told = Told("H1", SATO, {"provider_id": "P1"})
        assert await tell_access(connection, town.service.store.pins.seal, told, town.service.clock.now())
    await town.run()
    assert "no_provider" not in [case["reason"] for case in (await town.view())["cases"] if case["phase"] != "closed"]
    await years.holds()


async def builder_goes_bankrupt(years: Years) -> None:
    """丸太工務店 is bankrupt. 佐藤 approves who is asked: one declines, one comes, and the owner agrees."""
    store, now = years.town.service.store, years.town.service.clock.now()
    number = await prepare(store, Closing("B1", "closed"), now)
    await approve(store, number, SATO, now)
    await years.holds()
    years.people.declines = {"servicer:B2"}
    await years.until((years.town.today + timedelta(days=21)).isoformat())
    assert "candidate_declined" in await years.town.facts()
    assert (await years.town.view())["house"]["servicer_id"] == "B3"


async def earth_shakes(years: Years) -> None:
    """A night of November 2041, 震度6弱 as was told first; the owner has looked when it is corrected to 震度4."""
    town, told = years.town, partial(bulletin, at="2041-11-10T22:05:00", number="20411110220500")
    await at(town, "2041-11-10T22:15")
    await comes(town, told({SETAGAYA: "6-"}, told="2041-11-10T22:10:00"))
    await town.taps(STAFF, "event_release")
    await at(town, "2041-11-11T09:05")
    await years.holds()
    await years.people.answer(town)
    await at(town, "2041-11-11T17:00")
    await comes(town, told({SETAGAYA: "4"}, told="2041-11-11T16:50:00", info="訂正", serial=2))
    await town.taps(STAFF, "event_release")
    await years.holds()


async def new_era_is_written(years: Years) -> None:
    """From 1 March 2040 on: the company's file dates what it did in the new era, and papers are dated in it."""
    done = {"house_id": "H1", "item_code": "P1", "done_on": "安永2年5月1日", "performer": "みどり点検"}
    await years.town.take(records=[done])
    assert ("屋根", "2041-05-01") in {
        (row["part"], row["done_on"]) for row in file(years.town, await book_of(years.town))["upkeep"]
    }
    assert day_in_era(years.town.today).startswith("安永2年（2041年）")
    await years.holds()


async def plan_is_extended(years: Years) -> None:
    """Thirty years on the plan is written anew: twenty years longer, and the floor with it."""
    both = await years.owners()
    row = {"house_id": "H1", "builder_id": "B1", "servicer_id": "B3", "handed_over_on": "2022-04-01"}
    row |= {"owner_id": both[0].removeprefix("owner:"), "owner_name": "佐藤 一郎", "plan_years": "70"}
    names = ("house_id", "item_code", "item_name", "kind", "first_year", "interval_years", "done_by")
    rows = [dict(zip(names, ("H1", *line), strict=False)) for line in LONGER_PLAN]
    await years.town.take(houses=[row], plan=rows)
    await years.town.run()
    assert (await years.town.view())["house"]["plan_years"] == 70
    assert await years.owners() == both
    await years.holds()


async def live(place: Place, loopback: Loopback, monkeypatch: pytest.MonkeyPatch, *, daily: bool = False) -> None:
    """The fifty years, one after the other; each opening is a new version of the program on the same database."""
    crowd = Obliging()
    async with opened(place, loopback, "2022-04-01") as town:
        years = Years(town, crowd, daily)
        await moves_in(years, loopback)
        await years.until("2026-09-01")
        await history_is_found(years)
        await years.until("2031-06-01")
        await years.has_heard_by("line")
        await is_sold(years, ("佐藤 三郎", "saburo@example.jp"))
        accounts = {"line": loopback.line.people.user(), "telegram": str(loopback.telegram.starts())}
        await years.reached_by(*(await years.owners()), **accounts)
        await years.until("2034-01-10")
    switch_off(monkeypatch, "line")
    async with opened(place, loopback, "2034-01-11") as town:
        years = Years(town, crowd, daily)
        await years.until("2036-09-01")
        await builder_goes_bankrupt(years)
        await years.until("2040-02-20")
    monkeypatch.setattr(eras, "ERAS", (Era("安永", "A", date(2040, 3, 1)), *eras.ERAS))
    async with opened(place, loopback, "2040-02-21") as town:
        years = Years(town, crowd, daily)
        await years.until("2041-05-08")
        await new_era_is_written(years)
        await years.until("2041-11-10")
        await earth_shakes(years)
        await years.until("2044-05-10")
        await years.has_heard_by("telegram")
        await is_inherited(years, ("佐藤 一郎", "ichiro@example.jp"), ("佐藤 二郎", ""))
        (first, _) = await years.owners()
        await years.reached_by(first, telegram=str(loopback.telegram.starts()), email="ichiro@example.jp")
        await years.until("2046-06-01")
    switch_off(monkeypatch, "telegram")
    async with opened(place, loopback, "2046-06-02") as town:
        years = Years(town, crowd, daily)
        await years.until("2052-04-10")
        await plan_is_extended(years)
        await years.until("2055-07-01")
        await years.has_heard_by("email")
        await is_sold(years, ("鈴木 四郎", "shiro@example.jp"))
        await years.reached_by(*(await years.owners()), email="shiro@example.jp")
        await years.until("2060-01-15")
    switch_off(monkeypatch, "email")
    async with opened(place, loopback, "2060-01-16") as town:
        years = Years(town, crowd, daily)
        await years.until(END)
        await years.has_heard_by("chat")
        await is_complete(years)


async def is_complete(years: Years) -> None:
    """The printed record, as the owner of 2072 holds it: nothing that was promised is missing from it."""
    town = years.town
    found = await book_of(town)
    sections, printed, whole = file(town, found), paper(town, found), book_json(found, spoken(town))
    assert list(missing(sections)) == []
    entries = (await history(town))["entries"]
    assert [entry["state"] for entry in entries].count("done") > 20
    assert [row["company"] for row in sections["companies"]] == ["丸太工務店", "みどり点検"]
    periods = [(said(row["owner"]), row["since"], said(row["until"])) for row in sections["owners"]]
    assert periods == PERIODS
    assert [row["succeeded_on"] for row in sections["successions"]] == SUCCEEDED
    assert None not in [row["approved_on"] for row in sections["successions"]]
    assert ("臨時点検", "2041-11-11") in {(said(row["activity"]), row["done_on"]) for row in sections["upkeep"]}
    assert sections["upkeep_plan"][0]["plan_years"] == 70
    assert len(sections["plan_versions"]) == 2
    assert [fact["kind"] for fact in sections["facts"]].count("check_opened") == 1
    for person in FORMER:
        assert person not in whole
        assert person.replace(" ", "") not in printed
    assert "鈴木四郎" in printed  # the check can see names at all
    async with town.service.store.read() as connection:
        place, seal = town.service.post.seals, town.service.store.pins.seal
        assert place is not None
        assert [each async for each in against_seals(connection, seal, place, town.service.clock.now())] == []


def missing(sections: Mapping[str, Any]) -> Iterator[tuple[str, date]]:
    """Every occurrence of the plan up to its fiftieth year that is neither done nor open nor said to be a gap."""
    waiting = (*sections["gaps"], *sections["open_works"])
    stated = {(said(row["part"]), said(row["due_on"])) for row in waiting}
    done = [(row["part"], date.fromisoformat(row["done_on"])) for row in sections["upkeep"]]
    for code, part, _, first, interval, *_ in LONGER_PLAN:
        half = timedelta(days=interval * 365 // 2)  # what is done within it is no other date's
        for years in range(first, 51, interval):
            due = date(2022 + years, 4, 1)
            near = any(name == part and abs(day - due) < half for name, day in done)
            if not near and (part, due.isoformat()) not in stated:
                yield code, due


async def test_fifty_years(place: Place, loopback: Loopback, monkeypatch: pytest.MonkeyPatch):
    """From each day on which something is due to the next."""
    await live(place, loopback, monkeypatch)


@pytest.mark.soak
async def test_every_day_of_fifty_years(place: Place, loopback: Loopback, monkeypatch: pytest.MonkeyPatch):
    """The same years, and every evening the promise is looked at."""
    await live(place, loopback, monkeypatch, daily=True)
