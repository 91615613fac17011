"""A town with its web pages on, and people who use them: they see what is on the page, and press what they see."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from bs4 import BeautifulSoup, Tag
from fastapi import FastAPI
from sqlalchemy import func, select, text

from bot.core.links import STAFF
from main import pages
from scheduler.answering import Answering
from storage.tables import metadata, outbox
from tests.stories.town import Town, town_at

HOST = "http://127.0.0.1:8000"


@dataclass
class Reader:
    """Somebody with a browser without scripts."""

    client: httpx2.AsyncClient
    page: BeautifulSoup = field(default_factory=lambda: BeautifulSoup("", "html.parser"))
    status: int = 0
    path: str = ""
    headers: httpx2.Headers = field(default_factory=httpx2.Headers)

    async def opens(self, path: str) -> "Reader":
        self._sees(await self.client.get(path, follow_redirects=True))
        return await self.presses("記録の確認") if self.page.select_one("form[action='/staff/why']") else self

    async def presses(self, label: str) -> "Reader":
        """The button that says this, with everything that its form holds."""
        buttons = {found.get_text(" ", strip=True): found for found in self.page.select("button")}
        assert label in buttons, f"{label} is not among {list(buttons)}"
        button = buttons[label]
        form = self._form_of(button)
        if button.get("formaction"):
            form["action"] = str(button["formaction"])
        return await self.sends(form, {str(button.get("name", "")): str(button.get("value", ""))})

    async def writes(self, words: str, *files: tuple[str, bytes, str]) -> "Reader":
        form = self.page.select_one("#write")
        assert form is not None
        return await self.sends(form, {"text": words}, files)

    async def sends(
        self, form: Tag, values: dict[str, str], files: tuple[tuple[str, bytes, str], ...] = ()
    ) -> "Reader":
        """The form with its hidden and chosen values; ``values`` are what the person puts in."""
        data = {str(it["name"]): str(it.get("value", "")) for it in form.select("input[type=hidden]")}
        data |= {str(it["name"]): "1" for it in form.select("input[type=checkbox][checked]")}
        given = {name: value for name, value in (data | values).items() if name}
        parts = [("files", file) for file in files] or None
        return self._sees(await self.client.post(str(form["action"]), data=given, files=parts, follow_redirects=True))

    def _form_of(self, button: Tag) -> Tag:
        named = self.page.select_one(f"#{button['form']}") if button.get("form") else None
        form = named or button.find_parent("form")
        assert form is not None
        return form

    def _sees(self, answer: httpx2.Response) -> "Reader":
        self.status, self.path, self.headers = answer.status_code, answer.url.raw_path.decode(), answer.headers
        self.page = BeautifulSoup(answer.text, "html.parser")
        return self

    @property
    def text(self) -> str:
        return " ".join(self.page.get_text(" ").split())

    @property
    def heard(self) -> list[str]:
        """The titles of what we said to them, the latest last."""
        return [found.get_text(strip=True) for found in self.page.select(".theirs h2")]

    @property
    def said(self) -> list[str]:
        """What they said themselves."""
        return [found.get_text(strip=True) for found in self.page.select(".mine .bubble p")]

    @property
    def offered(self) -> list[str]:
        """The answers under messages."""
        return [found.get_text(strip=True) for found in self.page.select(".theirs button")]

    @property
    def stamp(self) -> str:
        field = self.page.select_one("[name=stamp]")
        assert field is not None
        return str(field["value"])


@dataclass
class Street:
    """The town and its application."""

    town: Town
    app: FastAPI
    readers: list[httpx2.AsyncClient] = field(default_factory=list)

    def reader(self, *, breaks: bool = False) -> Reader:
        """Somebody new; with ``breaks`` a failure of ours is seen as its page, not as an exception of the test."""
        transport = httpx2.ASGITransport(self.app, raise_app_exceptions=not breaks)
        client = httpx2.AsyncClient(transport=transport, base_url=HOST)
        self.readers.append(client)
        return Reader(client)

    def link(self, person_id: str) -> str:
        return self.town.service.links.person(person_id).removeprefix(HOST)

    async def newest(self, person_id: str, state: str = "sent") -> int:
        """The row of the last message to somebody."""
        query = select(func.max(outbox.c.id)).where(outbox.c.person_id == person_id, outbox.c.state == state)
        async with self.town.service.store.read() as connection:
            return (await connection.execute(query)).scalar_one()

    async def message_link(self, person_id: str) -> str:
        """The link that came with the last message to somebody."""
        return self.town.service.links.message(await self.newest(person_id)).page.removeprefix(HOST)

    async def stop_link(self, person_id: str) -> str:
        return self.town.service.links.message(await self.newest(person_id)).stop.removeprefix(HOST)

    async def visits(self, person_id: str) -> Reader:
        """Somebody opens their own page."""
        return await self.reader().opens(self.link(person_id))

    async def staff(self) -> Reader:
        """The desk comes in through its entrance link."""
        token = self.town.service.links.token(STAFF, "desk")
        return await (await self.reader().opens(f"/staff/enter/{token}")).presses("入る")

    async def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """All rows of all tables."""
        async with self.town.service.store.read() as connection:
            return {
                table.name: [tuple(row) for row in await connection.execute(text(f"SELECT * FROM {table.name}"))]
                for table in metadata.sorted_tables
            }


@asynccontextmanager
async def street_at(
    folder: Path, day: str, database_url: str = "", settings: Mapping[str, str] | None = None
) -> AsyncIterator[Street]:
    async with town_at(folder, database_url or f"sqlite:///{folder / 'engawa.db'}", day, settings) as town:
        await town.companies()
        service = town.service
        answering = Answering(service.post, service.inbox.handle, service.clock, asyncio.Event())
        street = Street(town, pages(service, answering))
        yield street
        await answering.finish()
        for reader in street.readers:
            await reader.aclose()
