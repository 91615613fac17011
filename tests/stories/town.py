"""A small town for stories: real storage, the real import, the real ladder, and people who talk on their own pages."""

import asyncio
import csv
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select

from bot.channels import chat
from bot.cli.imports import take_files
from bot.config import Settings
from bot.core.action import read_action
from bot.core.days import TOKYO, civil
from bot.core.message import Button
from main import Service, open_service
from scheduler.run import run_once
from storage.audit import audit
from storage.engine import sqlite_file
from storage.inbound import keep
from storage.tables import addresses, cases, events, handovers, histories, houses, inbound, outbox, watches
from storage.view import house_view
from tests.counterparts.schema import migrated_file

PLAN = [("P1", "屋根", "点検", 5, 5), ("P2", "基礎", "点検", 5, 5), ("P3", "給水管", "点検", 5, 5)]
COMPANIES = [("B1", "丸太工務店"), ("B2", "あおぞら建設")]

# When each kind of row is to be looked at next. A handover goes on every day for as long as it is approved.
DUE = (
    select(func.min(houses.c.wake_on)),
    select(func.min(cases.c.next_action_at)),
    select(func.min(outbox.c.send_at)).where(outbox.c.state.in_(("waiting", "sending"))),
    select(func.min(histories.c.look_on)),
    select(func.min(events.c.next_at)),
    select(func.min(watches.c.next_on)),
    select(func.min(handovers.c.approved_at)).where(handovers.c.state == "approved"),
)
EARLIEST = select(*(query.scalar_subquery() for query in DUE))  # asked before every day of a story: in one statement


class Town:
    """A service with a clock that the story winds."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.service = service
        self.folder = folder
        self._heard: dict[str, int] = {}

    @property
    def today(self) -> date:
        return civil(self.service.clock.now())

    async def companies(self, rows: Sequence[Mapping[str, str]] = ()) -> None:
        """The two companies of the town, both in business, open from Monday to Saturday."""
        named = rows or [
            {"servicer_id": id, "name": name, "status": "営業", "role": "builder"} for id, name in COMPANIES
        ]
        await self.take(servicers=named)
        await self.chats(*(f"servicer:{row['servicer_id']}" for row in named))

    async def house(self, house_id: str = "H1", plan: Sequence[tuple[Any, ...]] = PLAN, **given: str) -> None:
        """A house handed over on 1 April 2022, looked after by B1, whose owner has consented and uses the chat."""
        row = {
            "house_id": house_id,
            "builder_id": "B1",
            "servicer_id": "B1",
            "common_id": f"C-{house_id}",
            "handed_over_on": "2022-04-01",
            "plan_years": "50",
            "owner_id": f"O-{house_id}",
            "owner_name": "山田 花子",
            "consent_information_on": "2022-04-01",
            "consent_mandate_on": "2022-04-01",
        } | given
        names = ("house_id", "item_code", "item_name", "kind", "first_year", "interval_years", "done_by")
        rows = [dict(zip(names, (house_id, *line), strict=False)) for line in plan]
        await self.take(houses=[row], plan=rows)
        await self.chats(f"owner:{row['owner_id']}")

    async def take(self, **tables: Sequence[Mapping[str, Any]]) -> None:
        """Files of the intake format go in together; nothing of them may be refused."""
        paths = [self._file(table, rows) for table, rows in tables.items() if rows]
        reports = await take_files(self.service, paths)
        accepted = [report.rows_accepted for report in reports]
        assert accepted == [len(rows) for rows in tables.values() if rows], [list(r.problems) for r in reports]

    def _file(self, table: str, rows: Sequence[Mapping[str, Any]]) -> Path:
        path = self.folder / f"{table}-{uuid4().hex}.csv"
        names = list(dict.fromkeys(name for row in rows for name in row))
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
        return path

    async def chats(self, *person_ids: str) -> None:
        """These people use their own page as a channel, before any other."""
        async with self.service.store.write() as connection:
            for person_id in person_ids:
                row = {"person_id": person_id, "channel": chat.NAME, "address": person_id, "rank": -1}
                known = select(addresses.c.address).where(
                    addresses.c.person_id == person_id, addresses.c.channel == chat.NAME
                )
                if (await connection.execute(known)).first() is None:
                    await connection.execute(insert(addresses).values(**row))

    async def until(self, day: str | date, hour: int = 10) -> None:
        """Every day until this one passes, each with its run at ten; a day on which nothing is due needs none."""
        last = date.fromisoformat(day) if isinstance(day, str) else day
        while self.today < last:
            self.service.clock.fixed = datetime.combine(self.today + timedelta(days=1), time(hour), TOKYO)
            if self.today == last or await self._due():
                await self.run()

    async def _due(self) -> bool:
        """Whether a round would find anything today: due-ness is a query."""
        came = select(inbound.c.id).where(inbound.c.state.in_(("new", "failed"))).limit(1)
        async with self.service.store.read() as connection:
            waits = (await connection.execute(came)).first() is not None
        due = await self._earliest()
        return waits or self.service.post.digest or (due is not None and due <= self.today)

    async def next_due(self) -> date | None:
        """The first day from tomorrow on on which any row asks to be looked at; None where nothing is due again."""
        due = await self._earliest()
        return None if due is None else max(due, self.today + timedelta(days=1))

    async def _earliest(self) -> date | None:
        """The earliest day for which any row asks to be looked at."""
        async with self.service.store.read() as connection:
            found = (await connection.execute(EARLIEST)).one()
        return min((civil(due) if isinstance(due, datetime) else due for due in found if due is not None), default=None)

    async def skip_to(self, day: str, hour: int = 10) -> None:
        """The service was down until this day, when it runs again."""
        self.service.clock.fixed = datetime.combine(date.fromisoformat(day), time(hour), TOKYO)
        await self.run()

    async def skip_clock(self, day: str, hour: int = 10) -> None:
        """The morning of that day, before anything has run."""
        self.service.clock.fixed = datetime.combine(date.fromisoformat(day), time(hour), TOKYO)

    async def run(self) -> None:
        await run_once(self.service.post, self.service.understanding, self.service.clock.now())

    async def says(self, person_id: str, text: str = "", action: str = "", files: Sequence[Any] = ()) -> list[str]:
        """A person writes on their page; the kinds they hear back."""
        now = self.service.clock.now()
        raw = {"event_id": uuid4().hex, "person_id": person_id, "at": now.isoformat(), "text": text, "action": action}
        async with self.service.store.write() as connection:
            await keep(connection, chat.NAME, raw["event_id"], {**raw, "files": list(files)}, now)
        await self.run()
        return await self.hears(person_id)

    async def taps(self, person_id: str, verb: str, arg: str | None = None) -> list[str]:
        """A person presses the newest button that says this; the kinds they hear back."""
        return await self.says(person_id, action=await self.button(person_id, verb, arg))

    async def button(self, person_id: str, verb: str, arg: str | None = None) -> str:
        """The action of the newest such button among the messages of a person."""
        for parts in reversed(await self._sent(person_id, 0)):
            for part in parts:
                message = self.service.post.renderer.part(part, "ja", "様")
                for button in message.buttons:
                    action = read_action(button.action)
                    if action and action.verb == verb and arg in (None, action.arg):
                        return button.action
        raise AssertionError(f"{person_id} was never offered {verb}")

    async def shown(self, person_id: str) -> list[str]:
        """Every answer that a person was ever offered, the newest last."""
        return [button.action for button in await self.buttons(person_id)]

    async def buttons(self, person_id: str) -> list[Button]:
        """Every button that a person was ever shown, the newest last."""
        parts = [part for parts in await self._sent(person_id, 0) for part in parts]
        messages = [self.service.post.renderer.part(part, "ja", "様") for part in parts]
        return [button for message in messages for button in message.buttons]

    async def titles(self, person_id: str, channel: str) -> list[str]:
        """The title of every message that reached a person through a channel."""
        query = select(outbox.c.parts).where(outbox.c.person_id == person_id, outbox.c.channel == channel)
        query = query.where(outbox.c.state == "sent").order_by(outbox.c.id)
        async with self.service.store.read() as connection:
            sent = (await connection.execute(query)).scalars().all()
        return [self.service.post.renderer.render(parts, "ja", "様").title for parts in sent]

    async def hears(self, person_id: str) -> list[str]:
        """The kinds of everything that a person was told since last asked."""
        sent = await self._sent(person_id, self._heard.get(person_id, 0))
        self._heard[person_id] = self._heard.get(person_id, 0) + len(sent)
        return [part["kind"] for parts in sent for part in parts]

    async def _sent(self, person_id: str, after: int) -> list[Any]:
        query = select(outbox.c.parts).where(outbox.c.person_id == person_id, outbox.c.state == "sent")
        async with self.service.store.read() as connection:
            return list((await connection.execute(query.order_by(outbox.c.sent_at, outbox.c.id))).scalars())[after:]

    async def words(self, person_id: str) -> str:
        """The last message a person was told, as they read it."""
        part = (await self._sent(person_id, 0))[-1][-1]
        message = self.service.post.renderer.part(part, "ja", "")
        return "\n".join([message.title, *message.paragraphs, *(f"{name}: {value}" for name, value in message.facts)])

    async def letters(self, person_id: str) -> list[str]:
        """The kinds of the letters that lie ready for a person."""
        query = select(outbox.c.parts).where(outbox.c.person_id == person_id, outbox.c.state == "paper")
        async with self.service.store.read() as connection:
            return [part["kind"] for parts in (await connection.execute(query)).scalars() for part in parts]

    async def view(self, house_id: str = "H1") -> dict[str, Any]:
        async with self.service.store.read() as connection:
            view = await house_view(connection, house_id)
        assert view is not None
        return view

    async def facts(self, house_id: str = "H1") -> list[str]:
        return [fact["kind"] for fact in (await self.view(house_id))["facts"]]

    async def case(self, house_id: str = "H1", number: int = 1) -> dict[str, Any]:
        return next(case for case in (await self.view(house_id))["cases"] if case["number"] == number)

    async def changes_company(self, to: str = "B2", case_id: str = "H1-1", owner: str = "owner:O-H1") -> None:
        """The staff choose another company, which takes the house on, and the owner agrees."""
        company = f"servicer:{to}"
        await self.says("staff:desk", action=f"called:{case_id}:0:no_answer")
        await self.says("staff:desk", action=f"assign:{case_id}:0:{to}")
        await self.taps(company, "take_on")
        await self.says(company, "3万円")
        await self.taps(company, "yes")
        await self.taps(owner, "agree")

    async def all_is_well(self) -> None:
        """The one promise holds and the record is unbroken."""
        async with self.service.store.read() as connection:
            found = [
                finding async for finding in audit(connection, self.service.store.pins.seal, self.service.clock.now())
            ]
        assert found == [], found


@asynccontextmanager
async def town_at(
    folder: Path, database_url: str, day: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Town]:
    """An empty town on the morning of a day; ``environment`` holds the settings of channels."""
    start = datetime.combine(date.fromisoformat(day), time(10), TOKYO)
    settings = Settings(
        database_url=database_url,
        now=start,
        key_file=folder / "engawa.key",
        mail_dir=folder / "mail",
        files_dir=folder / "files",
    )
    file = sqlite_file(database_url)
    if file is not None and not file.exists():
        shutil.copy(await asyncio.to_thread(migrated_file), file)
    async with open_service(settings, environment or {}) as service:
        yield Town(service, folder)
