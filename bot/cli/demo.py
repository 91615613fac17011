"""`engawa demo`: sample houses, a clock to wind and three people's chats in the browser. No accounts, no network."""

import asyncio
import csv
import os
import socket
import sqlite3
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from rich.console import Console
from sqlalchemy import func, insert, select, update

from bot.channels import chat
from bot.cli.imports import take_files
from bot.cli.logs import configure_log
from bot.cli.scenes import EVENT, SCENES, STAFF, named
from bot.core.action import Action
from bot.core.case import Phase
from bot.core.days import civil, morning
from bot.core.people import Role, role_of
from handlers.web.demo import HOW, MOST_DAYS, PATH, Demo, demo_routes
from handlers.web.elsewhere import Elsewhere
from main import Service, open_service, pages, read_settings
from scheduler.run import run_once
from storage.chat import keep_said
from storage.handovers import APPROVED
from storage.outbox import WAITING
from storage.tables import addresses, cases, events, facts, handovers, houses, outbox, people

HOUSES = Path(__file__).with_name("demo_houses")
FILES = ("servicers.csv", "houses.csv", "plan.csv", "records.csv")
FIRST_DAY, TODAY = date(2027, 9, 3), date(2028, 1, 12)  # when the houses come in, and when the demo begins
HOUR = 10  # o'clock in Tokyo, on every day of the demo
DATABASE, BEGINNING = "engawa.db", "beginning.db"  # as everything stands now, and as it stood on TODAY
LOOPBACK, PORT = "127.0.0.1", 8765
DAYS = dict(zip(HOW, (1, 7, MOST_DAYS), strict=True))
PATIENCE = 10.0  # seconds of waiting for whoever writes just then
DUE = (  # when anything is to be looked at, beside houses
    select(func.min(cases.c.next_action_at)),
    select(func.min(outbox.c.send_at)).where(outbox.c.state == WAITING),
    select(func.min(events.c.next_at)),
    select(func.min(handovers.c.approved_at)).where(handovers.c.state == APPROVED),
)
UNSEEN = "rung_reached"  # happens with something that is seen

Port = Annotated[int, typer.Option(min=0, max=65535, help="on loopback; a free one is taken for 0, or if it is in use")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="only print the address")]


def command(port: Port = PORT, no_browser: NoBrowser = False) -> None:
    """Opens the demo in the browser. Ctrl-C ends it; what it wrote is gone then."""
    configure_log("WARNING")
    with suppress(KeyboardInterrupt), tempfile.TemporaryDirectory(prefix="engawa-demo-") as folder:
        asyncio.run(_serve(Path(folder), listen(port), not no_browser))


def listen(port: int) -> socket.socket:
    """A socket on loopback, on that port if it is free."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError:
        return socket.create_server((LOOPBACK, 0))


async def _serve(folder: Path, listening: socket.socket, browser: bool) -> None:
    console = Console()
    url = f"http://{LOOPBACK}:{listening.getsockname()[1]}"
    with console.status("縁側: the sample houses are moving in …") as status:
        async with open_town(folder, url) as town:
            status.stop()
            console.print(f"縁側 demo: {url}{PATH}  (Ctrl-C ends it)", highlight=False)
            if browser and _has_browser():
                await asyncio.to_thread(webbrowser.open, url + PATH)
            config = uvicorn.Config(town.pages(), access_log=False, log_config=None, timeout_graceful_shutdown=1)
            # The server ends in order at Ctrl-C and then passes it on, which is no reason to break off here.
            with suppress(asyncio.CancelledError):
                await asyncio.create_task(uvicorn.Server(config).serve(sockets=[listening]))


def _has_browser() -> bool:
    """Whether there is a window to open it in: a browser in this terminal would only be in the way."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@asynccontextmanager
async def open_town(folder: Path, url: str) -> AsyncIterator["Town"]:
    """The sample houses as they stand on TODAY. Everything that is kept is in ``folder``."""
    environment = {
        "ENGAWA_DATABASE_URL": f"sqlite:///{folder / DATABASE}",
        "ENGAWA_KEY_FILE": str(folder / "engawa.key"),
        "ENGAWA_FILES_DIR": str(folder / "files"),
        "ENGAWA_MAIL_DIR": str(folder / "mail"),
        "ENGAWA_PUBLIC_URL": url,
        "ENGAWA_NOW": _at(FIRST_DAY).isoformat(),
        "ENGAWA_OFFICE_PHONE": "000-0000-0000",
    }
    async with open_service(read_settings(environment), environment) as service:
        town = Town(service, folder)
        await town.move_in()
        await town.look_back()
        await asyncio.to_thread(_copy, folder / DATABASE, folder / BEGINNING)
        yield town


def _at(day: date) -> datetime:
    return morning(day, HOUR)


def _copy(source: Path, target: Path) -> None:
    """One SQLite file over another in one transaction, whoever has it open."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target, timeout=PATIENCE)) as other:
        one.backup(other)


@dataclass(slots=True)
class Town:
    """The sample houses and their people, on a clock that is wound by hand. ``folder`` holds all that is kept."""

    service: Service
    folder: Path
    houses: tuple[str, ...] = ()
    languages: dict[str, str] = field(default_factory=dict)  # of everybody, as they came in
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # one thing happens at a time

    async def move_in(self) -> None:
        """Takes in the files as `engawa import` would; everybody is reached through the web chat."""
        await take_files(self.service, [HOUSES / name for name in FILES], rejected_files=False)
        await named(self.service)
        async with self.service.store.write() as connection:
            rows = list(await connection.execute(select(people.c.id, people.c.language)))
            self.languages = {row.id: row.language for row in rows}
            reached = [
                {"person_id": row.id, "channel": chat.NAME, "address": row.id}
                for row in rows
                if role_of(row.id) is not Role.STAFF
            ]
            await connection.execute(insert(addresses), reached)
            self.houses = tuple((await connection.execute(select(houses.c.id).order_by(houses.c.id))).scalars())

    async def look_back(self) -> None:
        """Lets the months before TODAY pass, with what people answered in them."""
        with (HOUSES / "prologue.csv").open(encoding="utf-8", newline="") as file:
            said = list(csv.DictReader(file))
        await self._act()
        for number, row in enumerate(said):
            await self._live_until(date.fromisoformat(row["day"]))
            await (self._say(number, row) if row["house"] else self._see(row["person"]))
        await self._live_until(TODAY)

    def pages(self) -> FastAPI:
        """The service's own pages, and the demo's."""
        app = pages(self.service, self.receive)
        demo = Demo(self.houses, self.wind, self.speak, self.begin_again, Elsewhere(EVENT, STAFF))
        app.include_router(demo_routes(demo))
        app.add_api_route("/", lambda: RedirectResponse(PATH), include_in_schema=False)
        return app

    async def receive(self, row_id: int) -> None:
        """What somebody did on their page: understood, and everything that follows from it today."""
        async with self._turn:
            await self._act()

    async def wind(self, how: str, house_id: str) -> bool:
        """Lets time pass: so many days, or until something happens at the house. Whether anything did."""
        async with self._turn:
            before, last = await self._happened(house_id), self._today() + timedelta(days=DAYS[how])
            while self._today() < last:
                await self._live_until(min(await self._soonest(), last))
                if how == HOW[-1] and await self._happened(house_id) > before:
                    break
            return await self._happened(house_id) > before

    async def begin_again(self) -> None:
        """Everything is as it was on TODAY, whatever has happened since."""
        async with self._turn:
            await asyncio.to_thread(_copy, self.folder / BEGINNING, self.folder / DATABASE)
            self.service.clock.fixed = _at(TODAY)

    async def speak(self, language: str) -> None:
        """Everybody is written to in this language; in Japanese, those who chose another keep theirs."""
        async with self._turn, self.service.store.write() as connection:
            for person_id, own in self.languages.items():
                values = {"language": own if language == "ja" else language}
                await connection.execute(update(people).where(people.c.id == person_id).values(values))
                await connection.execute(update(outbox).where(outbox.c.person_id == person_id).values(values))

    def _today(self) -> date:
        return civil(self.service.clock.now())

    async def _act(self) -> None:
        await run_once(self.service.post, self.service.understanding, self.service.clock.now())

    async def _live_until(self, day: date) -> None:
        """Every day on which anything is due is lived through, up to and including this one."""
        while self._today() < day:
            following = min(await self._soonest(), day)
            self.service.clock.wind(_at(following) - self.service.clock.now())
            await self._act()

    async def _soonest(self) -> date:
        """The next day after today on which anything is due at any house."""
        async with self.service.store.read() as connection:
            wake = (await connection.execute(select(func.min(houses.c.wake_on)))).scalar_one()
            found = [(await connection.execute(query)).scalar() for query in DUE]
        days: list[date] = [wake, *(civil(instant) for instant in found if instant is not None)]
        return max(min(days), self._today() + timedelta(days=1))

    async def _happened(self, house_id: str) -> int:
        query = select(func.count()).where(facts.c.house_id == house_id, facts.c.kind != UNSEEN)
        async with self.service.store.read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def _see(self, scene: str) -> None:
        """Something happens to the whole town, with what follows from it at once."""
        await SCENES[scene](self.service)
        await self._act()

    async def _say(self, number: int, row: dict[str, str]) -> None:
        """Presses a button or writes a line for somebody, through the same door as everybody's."""
        now = self.service.clock.now()
        event = {"event_id": f"prologue:{number}", "person_id": row["person"], "at": now.isoformat()}
        async with self.service.store.write() as connection:
            open_case = select(cases.c.id, cases.c.round).where(
                cases.c.house_id == row["house"], cases.c.phase != Phase.CLOSED
            )
            case = (await connection.execute(open_case.order_by(cases.c.target_on).limit(1))).one()
            action = str(Action(row["verb"], case.id, case.round, row["arg"])) if row["verb"] else ""
            await keep_said(connection, chat.NAME, event | {"action": action, "text": row["text"]}, now)
        await self._act()
