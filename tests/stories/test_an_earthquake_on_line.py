"""An earthquake where nearly everybody is on LINE: the month's messages run out in the middle of the asking.

LINE takes what is left of the month and refuses the rest; it also says once that it is asked too much. Everybody is
asked once all the same, what is routine waits three days, and who can be reached in no other way lies with the staff.
"""

import csv
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import insert, select, text

from bot.cli.imports import take_files
from engawa_fakes import Trouble
from engawa_fakes.line import FakeLine
from storage.tables import addresses, outbox
from tests.counterparts.smtp import Sink
from tests.stories.event_town import STAFF, at, bulletin, comes
from tests.stories.town import PLAN, Town, town_at

HERE, FAR = "13112", "17204"
MANY, ALONE = 18, ("H16", "H17")  # houses in the area; the owners of these have LINE and nothing else
MONTH, OTHERS = 16, 5  # messages of the month, and how many of them somebody else uses up meanwhile
WHOLE_TOWN, A_SECOND = 300, 100.0  # houses, and the messages that a smaller LINE takes in a second


@dataclass
class Region:
    """The town, LINE and the mail server; who of LINE is whose owner."""

    town: Town
    line: FakeLine
    mail: Sink
    users: dict[str, str]

    def asked(self, since: tuple[int, int]) -> Counter[str]:
        """How often each house's owner was reached since, in whichever way."""
        by_user = {user: house for house, user in self.users.items()}
        found = Counter(by_user[sent.user] for sent in self.line.sent[since[0] :])
        return found + Counter(one.recipients[0].partition("@")[0].upper() for one in self.mail.messages[since[1] :])

    def mark(self) -> tuple[int, int]:
        return len(self.line.sent), len(self.mail.messages)

    async def told(self) -> Counter[str]:
        """How many messages of each kind have reached an owner."""
        query = select(outbox.c.parts).where(outbox.c.state == "sent", outbox.c.person_id.like("owner:%"))
        async with self.town.service.store.read() as connection:
            rows = (await connection.execute(query)).scalars().all()
        return Counter(part["kind"] for parts in rows for part in parts)

    async def again(self) -> None:
        """The wait that a platform asked for is over."""
        async with self.town.service.store.write() as connection:
            await connection.execute(text("UPDATE outbox SET retry_at = 0 WHERE retry_at IS NOT NULL"))
        await self.town.run()


def write_houses(folder: Path, many: int) -> list[Path]:
    """One house far away, whose works fall due two days before everybody else's."""
    houses, plan = folder / "houses.csv", folder / "plan.csv"
    names = ["house_id", "builder_id", "servicer_id", "common_id", "handed_over_on", "plan_years", "owner_id"]
    names += ["owner_name", "consent_information_on", "consent_mandate_on", "email", "municipality_code"]
    with houses.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for n in range(many + 1):
            house, day = (f"H{n:02d}", "2022-04-03") if n < many else ("FAR", "2022-04-01")
            mail = "" if house in ALONE else f"{house.lower()}@example.jp"
            row = [house, "B1", "B1", f"C{n}", day, 50, f"O-{house}", "山田 花子", "2022-05-01", "2022-05-01"]
            writer.writerow([*row, mail, HERE if n < many else FAR])
    with plan.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["house_id", "item_code", "item_name", "kind", "first_year", "interval_years"])
        writer.writerows([house, *PLAN[0]] for house in ("FAR", *(f"H{n:02d}" for n in range(many))))
    return [houses, plan]


@pytest_asyncio.fixture
async def region(
    tmp_path: Path, database_url: str, fake_line: FakeLine, smtp_sink: Sink, request: pytest.FixtureRequest
) -> AsyncIterator[Region]:
    many = getattr(request, "param", MANY)
    environment = {
        "ENGAWA_LINE_CHANNEL_SECRET": fake_line.secret,
        "ENGAWA_LINE_CHANNEL_TOKEN": fake_line.token,
        "ENGAWA_LINE_API_BASE": fake_line.url,
        "ENGAWA_SMTP_URL": smtp_sink.url,
        "ENGAWA_MAIL_FROM": "engawa@example.jp",
    }
    async with town_at(tmp_path, database_url, "2027-01-30", environment) as town:
        await town.companies()
        reports = await take_files(town.service, write_houses(tmp_path, many))
        assert [report.rows_accepted for report in reports] == [many + 1, many + 1]
        users = {house: fake_line.people.user(house) for house in ("FAR", *(f"H{n:02d}" for n in range(many)))}
        rows = [
            {"person_id": f"owner:O-{house}", "channel": "line", "address": user, "rank": -1}
            for house, user in users.items()
        ]
        async with town.service.store.write() as connection:
            await connection.execute(insert(addresses), rows)
        yield Region(town, fake_line, smtp_sink, users)


async def shaken(town: Town) -> None:
    """震度6弱 in the evening, and the staff let the questions go."""
    await at(town, "2027-02-01T22:15")
    told: dict[str, Any] = {"told": "2027-02-01T22:10:00", "at": "2027-02-01T22:05:00", "number": "20270201220500"}
    await comes(town, bulletin({f"{HERE}00": "6-"}, **told))
    await town.taps(STAFF, "event_release")


async def test_everybody_is_asked_once_though_the_month_runs_out(region: Region):
    """18軒、LINEの残りは途中で尽きる: the rest is asked by mail, and nobody twice."""
    town, line = region.town, region.line
    line.month = MONTH
    await town.until("2027-01-31")  # the routine question to the house far away: LINE is asked what is left
    assert region.asked((0, 0)) == {"FAR": 1}
    line.used += OTHERS  # somebody else sends from the same account, and we cannot know yet
    await shaken(town)
    before, calls = region.mark(), len(line.calls)
    line.next(Trouble.BUSY)
    await at(town, "2027-02-02T09:05")
    await region.again()
    once = dict.fromkeys((f"H{n:02d}" for n in range(MANY) if f"H{n:02d}" not in ALONE), 1)
    assert region.asked(before) == once
    by_line = len(line.sent) - before[0]
    assert line.used == MONTH  # all that was left has served
    assert 0 < by_line < len(once)
    assert len(line.calls) - calls > by_line + 1  # LINE itself refused some: the month ended in the middle
    assert [await town.letters(f"owner:O-{house}") for house in ALONE] == [["owner_event"]] * len(ALONE)
    await town.until("2027-02-04")
    assert region.asked(before) == once  # the question for days was due on 2 February
    await town.until("2027-02-05")
    told = await region.told()
    assert told["owner_ask"] == 1 + len(once)
    assert {case["reason"] for house in ALONE for case in (await town.view(house))["cases"]} == {""}
    await town.until("2027-02-09")
    for house in ALONE:  # no word came back: somebody calls
        assert "event_silent" in {case["reason"] for case in (await town.view(house))["cases"]}
    assert (await region.told())["owner_ask"] == 1 + len(once)
    await town.all_is_well()


@pytest.mark.parametrize("region", [WHOLE_TOWN], indirect=True, ids=["300 houses"])
async def test_a_whole_town_is_asked_once_at_lines_pace_until_the_month_is_over(
    region: Region, monkeypatch: pytest.MonkeyPatch
):
    """300軒: LINE takes so many a second, and between two seconds, before all are asked, its month is over."""
    town, line = region.town, region.line
    channel = town.service.post.channels["line"]
    monkeypatch.setattr(channel, "abilities", replace(channel.abilities, per_second=A_SECOND))
    line.month = 2 * WHOLE_TOWN // 3
    await town.until("2027-01-31")
    line.used += WHOLE_TOWN // 4  # by somebody else, and we cannot know yet
    await shaken(town)
    before = region.mark()
    await at(town, "2027-02-02T09:05")
    await region.again()
    once = dict.fromkeys((f"H{n:02d}" for n in range(WHOLE_TOWN) if f"H{n:02d}" not in ALONE), 1)
    asked = region.asked(before)
    assert {house: many for house, many in asked.items() if house not in ALONE} == once
    for house in ALONE:
        assert asked[house] + len(await town.letters(f"owner:O-{house}")) == 1
    by_line = len(line.sent) - before[0]
    assert line.used == line.month
    assert A_SECOND < by_line < WHOLE_TOWN  # more than one second's, and not all
    await region.again()
    assert region.asked(before) == asked
