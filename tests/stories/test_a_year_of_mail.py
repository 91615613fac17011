"""Two hundred houses, a year of days, a real SMTP server: exactly the messages the plan calls for.

What is expected is worked out here a second time, by a simpler calculation that calls nothing of the program.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import jpholiday
import pytest

from bot.cli.imports import take_files
from bot.config import Settings
from bot.core.days import TOKYO
from main import open_service
from scheduler.run import run_once
from storage.audit import audit
from storage.inbound import keep
from storage.view import house_view
from tests.counterparts.database import POSTGRESQL, SQLITE

START, END = date(2027, 1, 1), date(2027, 12, 31)
COMPANIES = {"B0": (1, 2), "B1": (2,), "B2": (6,), "B3": ()}  # closing weekdays, Monday is 0
DAY = timedelta(days=1)


class House:
    """A sample house: handed over on some day, inspected faithfully until now."""

    def __init__(self, n: int) -> None:
        self.id = f"H{n:04d}"
        self.owner, self.company = f"o{n}@example.jp", f"B{n % 4}"
        self.handed_over = date(2017 + n % 8, 1 + n % 12, 1 + (n * 7) % 28)
        if n == 58:
            self.handed_over = date(2024, 2, 29)
        self.consents = n % 9 != 4
        self.confirms = n % 5 == 2
        self.items = {"P1": 5, "P2": 3, "P3": 5}

    def anniversary(self, years: int) -> date:
        try:
            return self.handed_over.replace(year=self.handed_over.year + years)
        except ValueError:
            return date(self.handed_over.year + years, 2, 28)

    def done(self) -> list[tuple[str, date]]:
        """Every occurrence before the start was carried out on its day."""
        return [
            (code, self.anniversary(n))
            for code, every in self.items.items()
            for n in range(every, 30, every)
            if self.anniversary(n) < START
        ]

    def visits(self) -> list[date]:
        """The days by which a visit must have been, from the start on, each until the next."""
        days = {self.anniversary(n) for every in self.items.values() for n in range(every, 30, every)}
        return sorted(day for day in days if day >= START)


def works(company: str, day: date) -> bool:
    """Whether a company is open: without closing days of its own Monday to Saturday, holidays excepted."""
    if (
        (8, 13) <= (day.month, day.day) <= (8, 16)
        or (day.month == 12 and day.day >= 29)
        or (day.month == 1 and day.day <= 3)
    ):
        return False
    closed = COMPANIES[company]
    return day.weekday() not in closed if closed else day.weekday() != 6 and not jpholiday.is_holiday(day)


def opens(company: str, day: date) -> date:
    while not works(company, day):
        day += DAY
    return day


def later(company: str, day: date, count: int) -> date:
    for _ in range(count):
        day = opens(company, day + DAY)
    return day


def expected(houses: Sequence[House], last: date) -> dict[tuple[date, str], set[str]]:
    """(day, mail address) → the houses that are spoken of until the last day."""
    mails: dict[tuple[date, str], set[str]] = defaultdict(set)
    for house in houses:
        if house.consents:
            for day, address in [*visit_mails(house), *milestone_mails(house)]:
                if START <= day <= last:
                    mails[day, address].add(house.id)
    return mails


def confirmed_on(house: House, target: date) -> date | None:
    """Faithful households report thirty days before the target, on a day on which the company works."""
    day = opens(house.company, max(target - 30 * DAY, START + 20 * DAY))
    return day if house.confirms else None


def visit_mails(house: House) -> list[tuple[date, str]]:
    """The first visit that is told of within the year; an open one swallows the next."""
    target, *following = house.visits()
    mails = one_visit(house, target)
    over = confirmed_on(house, target)
    return mails + (one_visit(house, following[0]) if over and following else [])


def one_visit(house: House, target: date) -> list[tuple[date, str]]:
    company, mail = house.company, f"{house.company.lower()}@example.jp"
    first = opens(company, max(target - 90 * DAY, START))
    second = later(company, first, 7)
    asked = [first, second, later(company, second, 5), opens(company, max(target + DAY, START))]
    overdue = max(target + DAY, START)
    owner = [max(target - 60 * DAY, START), max(target - 14 * DAY, START), overdue, overdue + 7 * DAY]
    over = confirmed_on(house, target)
    if over is None:
        return [(day, mail) for day in set(asked)] + [(day, house.owner) for day in set(owner)]
    told = [(day, mail) for day in set(asked) if day <= over] + [
        (day, house.owner) for day in set(owner) if day <= over
    ]
    # The owner reports, the company is asked and reports too, both are thanked: the owner by mail, because it was the
    # company that spoke last, on its page.
    return [*told, (over, mail), (over, house.owner)]


def milestone_mails(house: House) -> list[tuple[date, str]]:
    """Told so many days before, asked on the day, and twice after two weeks; then comes a letter."""
    nine = house.anniversary(9)
    half = (nine.month + 5) // 12, (nine.month + 5) % 12 + 1
    dates = {
        "documents": (nine, (60,)),
        "liability": (date(nine.year + half[0], half[1], nine.day), (90, 14)),
        **{f"sampling{n}": (date(house.anniversary(n).year, 9, 1), (60,)) for n in (5, 10, 20, 30)},
    }
    mails = []
    for due, leads in dates.values():
        if due >= START:
            told = {max(due - lead * DAY, START) for lead in leads}
            mails += [(day, house.owner) for day in told | {due, due + 14 * DAY, due + 28 * DAY}]
    return mails


def write(folder: Path, houses: Sequence[House]) -> list[Path]:
    """The builder's four files."""
    tables: dict[str, list[list[object]]] = {
        "servicers": [["servicer_id", "name", "email", "status", "closing_days"]],
        "houses": [
            [
                *("house_id", "builder_id", "servicer_id", "common_id", "handed_over_on", "plan_years", "owner_id"),
                *("owner_name", "consent_information_on", "consent_mandate_on", "email"),
            ]
        ],
        "plan": [["house_id", "item_code", "item_name", "kind", "first_year", "interval_years"]],
        "records": [["house_id", "item_code", "done_on", "performer", "result"]],
    }
    for company, closed in COMPANIES.items():
        days = "".join("月火水木金土日"[day] for day in closed)
        tables["servicers"].append([company, f"{company}工務店", f"{company.lower()}@example.jp", "営業", days])
    for house in houses:
        consent = "2026-01-01" if house.consents else ""
        place = [house.id, house.company, house.company, f"C{house.id}", house.handed_over, 50]
        tables["houses"].append([*place, f"O{house.id}", "山田 花子", consent, consent, house.owner])
        names = {"P1": "屋根", "P2": "外壁", "P3": "給水管"}
        tables["plan"] += [[house.id, code, names[code], "点検", every, every] for code, every in house.items.items()]
        tables["records"] += [[house.id, code, day, "工務店", "良"] for code, day in house.done()]
    paths = []
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        paths.append(path)
    return paths


@pytest.mark.parametrize(
    ("database_url", "many", "last"),
    [(SQLITE, 200, END), (POSTGRESQL, 60, date(2027, 3, 31))],
    indirect=["database_url"],
    ids=["on SQLite", "a winter of fewer houses on postgresql"],
)
async def test_a_year_of_days_sends_exactly_what_the_plan_calls_for(
    tmp_path: Path, database_url: str, smtp_sink, many: int, last: date
):
    """None to people without consent, none twice, none at night, none for a house whose work was confirmed."""
    houses = [House(n) for n in range(many)]
    settings = Settings(
        database_url=database_url,
        now=datetime.combine(START, time(8), TOKYO),
        key_file=tmp_path / "engawa.key",
        files_dir=tmp_path / "files",
    )
    environment = {"ENGAWA_SMTP_URL": smtp_sink.url, "ENGAWA_MAIL_FROM": "engawa@example.jp"}
    got: dict[tuple[date, str], set[str]] = defaultdict(set)
    keys: list[str] = []
    async with open_service(settings, environment) as service:
        reports = await take_files(service, write(tmp_path, houses))
        assert [report.rows_total - report.rows_accepted for report in reports] == [0, 0, 0, 0]
        day = START
        while day <= last:
            for hour in (6, 10, 23) if day.weekday() == 3 else (10,):
                service.clock.fixed = datetime.combine(day, time(hour), TOKYO)
                if hour == 10:
                    await run_once(service.post, service.understanding, service.clock.now())
                    await confirm(service, houses, day, "owner:O{id}")
                    await run_once(service.post, service.understanding, service.clock.now())
                    await confirm(service, houses, day, "servicer:{company}")
                await run_once(service.post, service.understanding, service.clock.now())
                for mail in smtp_sink.messages:
                    assert hour == 10
                    text = mail.parsed().get_body(("plain",)).get_content()
                    got[day, mail.recipients[0]] |= set(re.findall(r"(?<![\w-])H\d{4}(?![\w-])", text))
                    keys.append(mail.parsed()["Message-ID"])
                smtp_sink.forget()
            day += DAY
        async with service.store.read() as connection:
            seal = service.store.pins.seal
            assert [found async for found in audit(connection, seal, service.clock.now())] == []
    wanted = expected(houses, last)
    assert {key: got[key] for key in got if got[key] != wanted.get(key)} == {}
    assert {key: wanted[key] for key in wanted if wanted[key] != got.get(key)} == {}
    assert len(keys) == len(set(keys))


async def confirm(service, houses: Sequence[House], day: date, who: str) -> None:
    """Faithful households: this side taps "done", a day and "nothing found" on their page."""
    for house in houses:
        if house.consents and confirmed_on(house, house.visits()[0]) == day:
            person = who.format(id=house.id, company=house.company)
            case_id = await open_visit(service, house.id)
            for answer in ("already", "day", "result_ok"):
                await tap(service, person, f"{answer}:{case_id}:0:{'' if answer == 'already' else day}")


async def open_visit(service, house_id: str) -> str:
    async with service.store.read() as connection:
        view = await house_view(connection, house_id)
    assert view is not None
    return next(case["id"] for case in view["cases"] if case["ladder"] == "visit/1" and case["phase"] != "closed")


async def tap(service, person: str, action: str) -> None:
    now = service.clock.now()
    raw = {"event_id": uuid4().hex, "person_id": person, "at": now.isoformat(), "action": action}
    async with service.store.write() as connection:
        await keep(connection, "chat", raw["event_id"], raw, now)
    await service.understanding(now)
