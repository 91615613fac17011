"""A company with hundreds of houses closes, and each step of the handover is killed in the middle and gone on with."""

import asyncio
import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from bot.cli.imports import take_files
from bot.core.people import servicer_key
from main import Service, pages
from scheduler.answering import Answering
from scheduler.handover import Closing, prepare
from storage.audit import audit
from storage.reviews import approve
from storage.tables import facts, handover_houses, handovers, houses, outbox, servicers
from tests.stories.closing_place import (
    FEE,
    SATO,
    Place,
    companies_answer,
    counted,
    everybody_chats,
    goes_on,
    left,
    nobodys,
    orphaned,
    owners_agree,
    supervisor,
    told,
)
from tests.stories.houses import write_closing
from tests.stories.town import Town

COMPANIES, A_DAY = 12, 30
KILLED_EVERY = 7  # days
SUNDAY = 6
DAY = date(2027, 1, 12)


@pytest.mark.parametrize(
    ("count", "packs"),
    [(120, 4), pytest.param(5_000, 200, marks=pytest.mark.soak)],
    ids=["hundreds", "five thousand"],
)
async def test_killed_in_the_middle_of_every_step(tmp_path: Path, database_url: str, count: int, packs: int):
    """Prepared, approved, asked, accepted or not, agreed to, and the papers fetched: each killed, each gone on with.

    At no stop is a work nobody's, nothing is done twice, and at the end every house has its company and the record is
    whole.
    """
    there = Place(tmp_path, database_url, DAY)
    async with there.opened() as service:
        await take_files(service, write_closing(tmp_path, count, COMPANIES))
        await supervisor(service)
        await everybody_chats(service)
    await prepared(there, count)
    await approved(there, count)
    for day in range(-(-count // (A_DAY * COMPANIES))):
        await one_day(there, kills=day % KILLED_EVERY == 0)
        there.now += timedelta(days=1)
    async with there.opened() as service:
        assert await left(service) == 0
        await each_once(service, count)
        homes = await given_to(service)
    assert len(homes) == count
    await papers_fetched(there, homes[:packs])
    async with there.opened() as service, service.store.read() as connection:
        assert [one async for one in audit(connection, service.store.pins.seal, there.now)] == []


async def prepared(there: Place, count: int) -> None:
    words = ("handover", "--servicer", "B1", "--reason", "closed")
    await there.killed_at(count // 3, rows, *words)
    async with there.opened() as service:
        assert await orphaned(service, there.now) == []
        assert await prepare(service.store, Closing("B1", "closed"), there.now) == 1
        assert await rows(service) == count


async def approved(there: Place, count: int) -> None:
    """With the signature the company's access ends; who signed holds what is not asked about yet."""
    most = min(count, A_DAY * COMPANIES)
    await there.killed_at(most // 3, told("candidate_asked"), "handover", "approve", "1", "--by", SATO)
    async with there.opened() as service:
        assert await nobodys(service, there.now) == []
        closed = select(servicers.c.closed_on).where(servicers.c.id == "B1")
        async with service.store.read() as connection:
            assert (await connection.execute(closed)).scalar_one() == DAY
        await goes_on(service, there.now)
        assert await told("candidate_asked")(service) == most
        assert await told("access_ended")(service) == most
        assert await nobodys(service, there.now) == []


async def one_day(there: Place, *, kills: bool) -> None:
    """Who is asked answers, who is asked next answers too, and the owners agree.

    On a Sunday companies hear of nothing, and answer nothing: on Monday they answer for both days.
    """
    async with there.opened() as service:
        await goes_on(service, there.now)
        if there.now.weekday() == SUNDAY:
            assert await nobodys(service, there.now) == []
            return
        before, many = await told("candidate_accepted")(service), await companies_answer(service, there.now)
    if kills:
        await there.killed_at(before + many // 2, told("candidate_accepted"), "run-once")
    async with there.opened() as service:
        assert await nobodys(service, there.now) == []
        await goes_on(service, there.now)
        while await companies_answer(service, there.now):
            await goes_on(service, there.now)
        assert await nobodys(service, there.now) == []
        before, many = await told("company_agreed")(service), await owners_agree(service, there.now)
    if kills:
        await there.killed_at(before + many // 2, told("company_agreed"), "run-once")
    async with there.opened() as service:
        assert await nobodys(service, there.now) == []
        await goes_on(service, there.now)
        assert await nobodys(service, there.now) == []


async def each_once(service: Service, count: int) -> None:
    """Of every house: one company that took it on, one owner who knew its name and price, one word of its papers."""
    async with service.store.read() as connection:
        query = select(facts.c.kind, facts.c.house_id, func.count()).group_by(facts.c.kind, facts.c.house_id)
        times = {(kind, house): many for kind, house, many in await connection.execute(query)}
        said = (await connection.execute(select(outbox.c.person_id, outbox.c.parts, outbox.c.state))).all()
    for kind in ("candidate_accepted", "company_agreed", "servicer_changed", "access_ended"):
        of_kind = [many for (which, _), many in times.items() if which == kind]
        assert (kind, len(of_kind), set(of_kind)) == (kind, count, {1})
    declined = [house for (kind, house) in times if kind == "candidate_declined"]
    assert len(declined) == -(-count // 7)
    assert {times["candidate_asked", house] for house in declined} == {2}
    parts = [(row.person_id, part, row.state) for row in said for part in row.parts]
    asked = Counter((person, part["case"]) for person, part, _ in parts if part["kind"] == "servicer_candidate")
    assert (len(asked), set(asked.values())) == (count + len(declined), {1})
    shown = [part for _, part, _ in parts if part["kind"] == "owner_new_company"]
    assert Counter(part["house"] for part in shown) == Counter(
        house for kind, house in times if kind == "company_agreed"
    )
    assert {part["params"]["fee"] for part in shown} == {FEE}
    home = {house: company async for house, company in _homes(service)}
    names = {servicer_key(f"C{n:02d}"): f"第{n}工務店" for n in range(COMPANIES)}
    assert all(part["params"]["candidate"] == names[home[part["house"]]] for part in shown)
    ready = [(part["house"], person) for person, part, _ in parts if part["kind"] == "servicer_pack"]
    assert sorted(ready) == sorted(home.items())
    assert {state for _, part, state in parts if part["kind"] == "servicer_pack"} == {"sent"}
    assert not [person for person, _, _ in parts if person == "servicer:B1"]


async def _homes(service: Service) -> Any:
    async with service.store.read() as connection:
        for row in await connection.execute(select(houses.c.id, houses.c.servicer_id)):
            yield row.id, servicer_key(row.servicer_id)


async def given_to(service: Service) -> list[tuple[str, str]]:
    """Every house, and the path of its papers on the page of the company that has it now."""
    links: dict[str, str] = {}
    found = sorted([one async for one in _homes(service)])
    for _, company in found:
        links.setdefault(company, "/c/" + service.links.person(company).rpartition("/c/")[2])
    return [(house, f"{links[company]}/handover/{house}") for house, company in found]


async def papers_fetched(there: Place, homes: Sequence[tuple[str, str]]) -> None:
    """The companies fetch them; the pages die with a pack on its way, and what did not arrive is fetched again.

    What was on its way is on record all the same: rather once too often than not at all.
    """
    process = await there.begin("serve", "--role", "web", "--port", "0", out=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    line = b""
    while not (found := re.search(rb"http://[\d.]+:\d+", line)):
        line = await process.stdout.readline()
        assert line
    got: dict[str, str] = {}
    async with httpx2.AsyncClient(base_url=found.group().decode(), timeout=60) as client:
        for house, path in homes[: len(homes) // 2]:
            got[house] = await fetched(client, path)
        async with there.opened() as service:
            before = await told("disclosed")(service)
            dying = asyncio.ensure_future(fetched(client, homes[len(homes) // 2][1]))
            await asyncio.wait([dying], timeout=0.2)
            process.kill()
            await asyncio.wait([dying])
            dying.exception()
            await process.wait()
            assert await told("disclosed")(service) - before in (0, 1)
            answering = Answering(service.post, service.inbox.handle, service.clock, asyncio.Event())
            app = httpx2.ASGITransport(pages(service, answering))
            async with httpx2.AsyncClient(transport=app, base_url="http://127.0.0.1:8000") as again:
                for house, path in homes[len(homes) // 2 :]:
                    got[house] = await fetched(again, path)
            await answering.finish()
            await on_record(service, got)


async def fetched(client: httpx2.AsyncClient, path: str) -> str:
    """The papers, whole by their own list; the hash of that list."""
    page = BeautifulSoup((await client.get(path)).text, "html.parser")
    field = page.select_one("[name=stamp]")
    assert field is not None
    given = await client.post(path, data={"stamp": str(field["value"])})
    assert given.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(given.content))
    files = {name: archive.read(name) for name in archive.namelist()}
    listed = {one["name"]: one["sha256"] for one in json.loads(files["manifest.json"])["files"]}
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name in listed}
    assert {"handover.pdf", "handover.json", "houses.csv", "open_works.csv"} <= listed.keys()
    return hashlib.sha256(files["manifest.json"]).hexdigest()


async def on_record(service: Service, got: dict[str, str]) -> None:
    """Whatever a company holds is on record: to whom, and what by its hash."""
    async with service.store.read() as connection:
        query = select(facts.c.house_id, facts.c.data).where(facts.c.kind == "disclosed")
        noted = {(row.house_id, json.loads(row.data).get("manifest")) for row in await connection.execute(query)}
    assert set(got.items()) <= noted


@pytest.mark.parametrize(
    ("count", "companies"),
    [(200, 2), pytest.param(5_000, COMPANIES, marks=pytest.mark.soak)],
    ids=["hundreds", "five thousand"],
)
async def test_no_work_is_nobodys_on_any_day_until_all_are_asked(town: Town, count: int, companies: int):
    """Thirty houses a day and company, for days; nobody who is asked answers, so the next are, until nobody is left."""
    service, store = town.service, town.service.store
    await take_files(service, write_closing(town.folder, count, companies))
    await supervisor(service)
    await town.skip_to(DAY.isoformat())
    number = await prepare(store, Closing("B1", "closed"), service.clock.now())
    await approve(store, number, SATO, service.clock.now())
    for day in range(1, -(-count // (A_DAY * companies)) + 1):
        await town.run()
        assert await under_way(service) == min(count, A_DAY * companies * day)
        assert await nobodys(service, service.clock.now()) == []
        await town.all_is_well()
        await town.until(town.today + timedelta(days=1))
    for _ in range(3):
        await town.until(town.today + timedelta(days=5))
        assert await nobodys(service, service.clock.now()) == []
        await town.all_is_well()
    assert await counted(service, select(func.count()).select_from(handovers).where(handovers.c.state == "begun")) == 1


async def rows(service: Service) -> int:
    return await counted(service, select(func.count()).select_from(handover_houses))


async def under_way(service: Service) -> int:
    """Houses whose turn has come."""
    begun = handover_houses.c.state.in_(("asked", "held"))
    return await counted(service, select(func.count()).select_from(handover_houses).where(begun))
