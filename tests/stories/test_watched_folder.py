"""A company's own program lays files into a folder; each is taken in once, and what became of it lies there."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec
import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cli import collected
from handlers.web.intake.looking import LARGEST_UPLOAD
from handlers.web.intake.tray import KEPT, Collector
from scheduler.collecting import PAUSE
from storage.engine import open_database
from storage.imports import MOST_IN_A_SPAN, Came, begin_import
from storage.store import Live
from storage.submitters import submitter_of
from storage.tables import facts, houses, imports
from storage.trays import Lying, Trays, open_trays
from tests.stories.test_builders_page import GOOD, MENDED, WRONG, excel
from tests.stories.test_submitters import entered
from tests.stories.town import Town

RECORD = "住宅ID,項目コード,実施日\nN1,P1,2025-05-01\n".encode()


class Broken(OSError):
    """The line to the database, or the machine, is gone."""


@dataclass(frozen=True, slots=True)
class Breaking(Live):
    """A database that is gone at one of the times that something is written."""

    at: int = 0
    written: list[int] = field(default_factory=list)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        self.written.append(1)
        if len(self.written) == self.at:
            raise Broken
        async with self.database.writer.begin() as connection:
            yield connection


@dataclass
class Interrupted:
    """A place that is gone at one of the times that something is done there."""

    trays: Trays
    at: int
    done: int = 0

    def lying(self) -> list[Lying]:
        return self.trays.lying()

    def read(self, file: Lying) -> bytes | None:
        return self.trays.read(file)

    def put(self, owner: str, name: str, data: bytes) -> None:
        self._once_more()
        self.trays.put(owner, name, data)

    def remove(self, file: Lying) -> None:
        self._once_more()
        self.trays.remove(file)

    def results(self) -> list[tuple[str, str]]:
        return self.trays.results()

    def forget(self, owner: str, name: str) -> None:
        self.trays.forget(owner, name)

    def _once_more(self) -> None:
        self.done += 1
        if self.done == self.at:
            raise Broken


@dataclass
class Place:
    """The folder as the company's program sees it."""

    town: Town
    url: str
    files: Any = None
    root: str = ""

    def __post_init__(self) -> None:
        self.files, self.root = fsspec.url_to_fs(self.url)

    def lays(self, name: str, data: bytes) -> None:
        path = f"{self.root}/{name}"
        self.files.makedirs(path.rpartition("/")[0], exist_ok=True)
        self.files.pipe_file(path, data)

    def lying(self) -> dict[str, bytes]:
        """Everything that is there, by its path."""
        found = self.files.find(self.root)
        start = self.root.lstrip("/") + "/"
        return {path.lstrip("/").removeprefix(start): self.files.cat_file(path) for path in found}

    def results(self) -> list[dict[str, Any]]:
        named = self.lying().items()
        return [json.loads(data) for name, data in sorted(named) if name.endswith(".result.json")]

    def collector(self) -> Collector:
        service = self.town.service
        assert isinstance(service.store, Live)
        return Collector(service.store, service.database, open_trays(self.url))

    async def tended(self, collector: Collector | None = None) -> int:
        """Two looks; how many files were taken in."""
        looks = collector or self.collector()
        now = self.town.service.clock.now()
        return await looks.look(now) + await looks.look(now)

    async def imports(self) -> list[Any]:
        async with self.town.service.store.read() as connection:
            rows = select(imports).where(imports.c.door == "tray").order_by(imports.c.id)
            return list((await connection.execute(rows)).all())

    async def known(self) -> list[str]:
        async with self.town.service.store.read() as connection:
            return list((await connection.execute(select(houses.c.id).order_by(houses.c.id))).scalars())


@pytest.fixture
async def place(town: Town, tmp_path: Path) -> Place:
    await entered(town, "B1")
    (tmp_path / "intake").mkdir()
    return Place(town, str(tmp_path / "intake"))


async def test_the_guarantors_program_lays_its_files_there_too(place: Place):
    """保証基金: 保証した家だけが入り、ほかの家の行は断られる。"""
    await place.town.house("H1", guarantee_no="G-001")
    await place.town.house("H2", guarantee_no="")
    await place.town.take(servicers=[{"servicer_id": "G1", "name": "ひなた保証基金", "role": "保証機関"}])
    await entered(place.town, "G1")
    rows = "".join(f"{house},P1,2025-05-01\n" for house in ("H1", "H2"))
    place.lays("G1/記録.csv", f"住宅ID,項目コード,実施日\n{rows}".encode())
    assert await place.tended() == 1
    (told,) = place.results()
    assert (told["rows_total"], told["rows_accepted"]) == (2, 1)
    assert [(one["row"], one["reason"]) for one in told["problems"]] == [(3, "unknown_house")]
    assert [row.submitter for row in await place.imports()] == ["G1"]


@pytest.mark.parametrize("where", ["folder", "bucket"])
async def test_a_file_is_taken_in_and_what_became_of_it_lies_there(place: Place, where: str):
    """丸太工務店: うちのシステムから、毎晩ここに置いておきます。"""
    there = place if where == "folder" else Place(place.town, f"memory://{uuid4().hex}")
    there.lays("B1/昨年.xlsx", excel(GOOD, WRONG))
    assert await there.tended() == 1
    (result,) = there.results()
    assert (result["file"], result["verdict"], result["rows_total"], result["rows_accepted"]) == (
        *("昨年.xlsx", "reject_row"),
        *(2, 1),
    )
    wrong = next(found for found in result["problems"] if found["severity"] == "error")
    assert (wrong["table"], wrong["row"], wrong["field"]) == ("houses", 3, "handed_over_on")
    assert "24/4/1" not in str(result)
    lying = there.lying()
    assert len(lying) == 3
    assert all(name.startswith(f"B1/rejected/2026-11-01-{result['import']}-昨年.") for name in lying)
    marked = next(data for name, data in lying.items() if name.endswith(".marked.xlsx"))
    assert "理由" in [cell.value for cell in next(load_workbook(BytesIO(marked))["住宅"].iter_rows(max_row=1))]
    there.lays("B1/昨年.xlsx", excel(GOOD, MENDED))
    assert await there.tended() == 1
    assert await there.known() == ["N1", "N2"]
    assert there.results()[0]["counts"] == {"houses_new": 1}
    assert await there.tended() == 0
    await place.town.all_is_well()


async def test_a_single_run_collects_too_and_says_what_came(place: Place, monkeypatch: pytest.MonkeyPatch):
    """`engawa run-once` from cron: two looks, one wait between them, and only where anything lies there."""
    waited = list[float]()

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("bot.cli.collected.sleep", wait)
    service, now = place.town.service, place.town.service.clock.now()
    watching = replace(service, settings=service.settings.model_copy(update={"intake_url": place.url}))
    assert await collected.collected(watching, now) == []
    assert waited == []
    place.lays("B1/a.xlsx", excel(GOOD))
    place.lays("nobody/a.xlsx", excel(GOOD))
    (came,) = await collected.collected(watching, now)
    assert (came["company"], came["verdict"], came["rows"], came["of"]) == ("B1", "accept", 1, 1)
    assert waited == [PAUSE]
    assert await place.known() == ["N1"]
    assert await collected.collected(service, now) == []  # no place is watched


async def test_a_file_that_is_being_written_still_is_left_alone(place: Place):
    whole, looks, now = excel(GOOD), place.collector(), place.town.service.clock.now()
    for end in (1000, 2000, len(whole)):
        place.lays("B1/a.xlsx", whole[:end])
        assert await looks.look(now) == 0
    assert await looks.look(now) == 1
    assert await place.known() == ["N1"]


async def test_what_is_laid_there_together_is_taken_in_in_its_order(place: Place):
    """The record's file sorts before the houses' one, and tells of a house that only that one brings."""
    place.lays("B1/1.csv", RECORD)
    place.lays("B1/2.xlsx", excel(GOOD))
    assert await place.tended() == 2
    assert [result["rows_accepted"] for result in place.results()] == [1, 1]


async def test_a_refused_file_may_come_again_and_an_accepted_one_is_one_import(place: Place):
    place.lays("B1/r.csv", RECORD)
    await place.tended()
    place.lays("B1/h.xlsx", excel(GOOD))
    await place.tended()
    before = await place.imports()
    place.lays("B1/again.xlsx", next(data for name, data in place.lying().items() if name.endswith("-h.xlsx")))
    await place.tended()
    assert len(await place.imports()) == len(before)
    place.lays("B1/r.csv", RECORD)
    await place.tended()
    assert [row.rows_accepted for row in await place.imports()] == [0, 1, 1]
    assert not [name for name in place.lying() if name.count("/") == 1]


@pytest.mark.parametrize("what", ["database", "place"])
async def test_broken_off_at_any_moment_it_comes_to_the_same(place: Place, what: str):
    """Whenever either goes away, the next look goes on from there: one import, one house, the same result."""
    at, broken, told = 0, True, []
    while broken:
        at += 1
        place.lays(f"B1/{at}.xlsx", excel((f"K{at}", *GOOD[1:]), WRONG))
        broken = await place.tended(_breaking(place, what, at)) == 0
        await place.tended()
        result = next(one for one in place.results() if one["file"] == f"{at}.xlsx")
        told.append({name: value for name, value in result.items() if name not in ("file", "import")})
    assert at > 3
    assert told == [told[0]] * at
    assert len(await place.imports()) == len(await place.known()) == at
    assert len(place.lying()) == 3 * at
    async with place.town.service.store.read() as connection:
        taken = select(facts.c.kind).where(facts.c.kind == "import_taken")
        assert len((await connection.execute(taken)).all()) == at


def _breaking(place: Place, what: str, at: int) -> Collector:
    found = place.collector()
    if what == "place":
        return replace(found, trays=Interrupted(found.trays, at))
    return replace(found, store=Breaking(found.store.database, found.store.pins, at))


async def test_two_at_once_take_it_once(place: Place):
    """Two processes on one database, each with both of its looks under way at the same time."""
    place.lays("B1/a.xlsx", excel(GOOD))
    service = place.town.service
    assert isinstance(service.store, Live)
    other = open_database(service.settings.database_url)
    try:
        beside = Collector(Live(other, service.store.pins), other, open_trays(place.url))
        taken = await asyncio.gather(*(place.tended(one) for one in (place.collector(), beside, place.collector())))
    finally:
        await other.close()
    assert sum(taken) <= 1
    await place.tended()
    assert len(await place.imports()) == 1
    assert len(place.results()) == 1


async def test_no_name_leads_anywhere_else(place: Place, tmp_path: Path):
    """Links, hidden files, other folders, and a place for results that is none."""
    secret, outside = tmp_path / "secret.xlsx", tmp_path / "outside"
    secret.write_bytes(excel(GOOD))
    outside.mkdir()
    root = Path(place.root)
    (root / "B1").mkdir()
    (root / "B1" / "link.xlsx").symlink_to(secret)
    (root / "B1" / ".hidden.xlsx").write_bytes(secret.read_bytes())
    (root / "B1" / "~$open.xlsx").write_bytes(secret.read_bytes())
    (root / "B1" / "coming.xlsx.part").write_bytes(secret.read_bytes())
    (root / "B1" / "below").mkdir()
    (root / "B1" / "below" / "deep.xlsx").write_bytes(secret.read_bytes())
    (root / "B2").symlink_to(outside)
    (outside / "theirs.xlsx").write_bytes(secret.read_bytes())
    await entered(place.town, "B2")
    assert await place.tended() == 0
    (root / "B1" / "done").symlink_to(outside)
    (root / "B1" / "rejected").symlink_to(outside)
    (root / "B1" / "real.xlsx").write_bytes(secret.read_bytes())
    assert await place.tended() == 0
    assert [path.name for path in outside.iterdir()] == ["theirs.xlsx"]
    assert (root / "B1" / "real.xlsx").exists()
    (root / "B1" / "done").unlink()
    assert await place.tended() == 1
    assert len(await place.imports()) == 1


async def test_no_key_of_a_bucket_leads_anywhere_else(place: Place):
    there = Place(place.town, f"memory://{uuid4().hex}")
    there.lays("x.held", excel(GOOD))
    held = there.files.store[f"{there.root}/x.held"]
    for name in ("B2/../B1/a.xlsx", "../a.xlsx", "a.xlsx", "B1/x/../a.xlsx", "B1/\x07.xlsx"):
        there.files.store[f"{there.root}/{name}"] = held
    assert await there.tended() == 0
    assert await there.known() == []


async def test_nobodys_folder_is_left_as_it_is(place: Place):
    """A company without an entry, and one that nobody knows."""
    place.lays("B2/a.xlsx", excel(GOOD))
    place.lays("NOBODY/a.xlsx", excel(GOOD))
    assert await place.tended() == 0
    assert sorted(place.lying()) == ["B2/a.xlsx", "NOBODY/a.xlsx"]


async def test_what_is_too_large_stays_and_says_so(place: Place):
    place.lays("B1/big.csv", b"x" * (LARGEST_UPLOAD + 1))
    place.lays("B1/a.xlsx", excel(GOOD))
    assert await place.tended() == 1
    (said,) = [one for one in place.results() if one["file"] == "big.csv"]
    assert said["problems"][0]["reason"] == "file_too_large"
    assert "B1/big.csv" in place.lying()
    assert await place.tended() == 0


async def test_too_many_in_an_hour_wait(place: Place):
    now = place.town.service.clock.now()
    async with place.town.service.store.write() as connection:
        who = await submitter_of(connection, "B1")
        assert who is not None
        for _ in range(MOST_IN_A_SPAN):
            await begin_import(connection, Came(who, "servicer:B1", "page"), now)
    place.lays("B1/a.xlsx", excel(GOOD))
    assert await place.tended() == 0
    await place.town.skip_clock("2026-11-02")
    assert await place.tended() == 1


async def test_results_go_after_their_time(place: Place):
    place.lays("B1/a.xlsx", excel(GOOD))
    await place.tended()
    day = place.town.today + KEPT
    await place.town.skip_clock(day.isoformat())
    await place.tended()
    assert place.lying()
    await place.town.skip_clock("2027-01-15")
    await place.tended()
    assert place.lying() == {}


def test_a_place_is_a_tray(tmp_path: Path):
    found: list[Trays] = [open_trays(str(tmp_path)), open_trays("memory://x")]
    assert [trays.lying() for trays in found] == [[], []]
