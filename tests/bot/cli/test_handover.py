"""`engawa handover`: the number of a handover is found, and what cannot be is one plain line."""

import asyncio
import csv
import hashlib
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

from pypdf import PdfReader

from tests.bot.cli.conftest import Ended
from tests.stories.houses import write_houses
from tests.stories.town import town_at


def refused(ended: Ended, why: str) -> None:
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("engawa: ")
    assert why in ended.err
    assert ended.err.count("\n") == 1


def test_its_number_is_on_the_list_with_its_times_in_japan(engawa, folder: Path):
    engawa("import", *map(str, write_houses(folder, 2)), now="2026-11-01")
    assert engawa("handover", "list").out == "there is no handover\n"
    with closing(sqlite3.connect(folder / "engawa.db")) as database:
        name = database.execute("SELECT min(servicer_id) FROM houses").fetchone()[0]
    words = ("handover", "--servicer", name, "--reason", "closed", "--json")
    prepared = json.loads(engawa(*words, now="2026-11-02T09:00").out)
    (row,) = json.loads(engawa("handover", "list", "--json").out)["handovers"]
    assert (row["handover"], row["servicer_id"], row["state"]) == (prepared["handover"], name, "prepared")
    assert row["prepared_at"] == prepared["prepared_at"] == "2026-11-02T09:00:00+09:00"


def test_how_far_it_is_stands_in_it(engawa, folder: Path):
    """Before and after the signature: how many houses stand where, and who holds each."""
    engawa("import", *map(str, write_houses(folder, 2)), now="2026-11-01")
    engawa("staff", "add", "mori", "--name", "森", "--role", "supervisor", now="2026-11-01")
    engawa("handover", "--servicer", "B0", "--reason", "closed", now="2026-11-02")
    before = json.loads(engawa("handover", "show", "1", "--json").out)
    assert (before["counts"], before["houses"][0]["holder"]) == ({"planned": 1, "moved": 0}, "")
    engawa("handover", "approve", "1", "--by", "mori", now="2026-11-02T10:00")
    after = json.loads(engawa("handover", "show", "1", "--json").out)
    assert (after["state"], after["counts"]) == ("begun", {"held": 1, "moved": 0})
    assert (after["houses"][0]["case"], after["houses"][0]["holder"]) == ("H00000-1", "staff:mori")


async def with_days_fixed_and_offered(folder: Path) -> None:
    """あおぞら建設 has two houses from its predecessor: at one a day is fixed, at the other days were offered."""
    async with town_at(folder, f"sqlite+aiosqlite:///{folder / 'engawa.db'}", "2026-11-01") as town:
        await town.companies()
        for house, owner in (("H1", "山田 花子"), ("H2", "小林 次郎")):
            await town.house(house, owner_name=owner, address="東京都世田谷区太子堂1-2-3")
        await town.until("2027-01-12")
        for house in ("H1", "H2"):
            await town.changes_company(case_id=f"{house}-1", owner=f"owner:O-{house}")
        await town.until("2027-01-14")
        number = {house: (await town.case(house))["round"] for house in ("H1", "H2")}
        days = "2027-02-10,2027-02-12"
        await town.says("servicer:B2", action=f"offer_these:H1-1:{number['H1']}:{days}")
        await town.says("servicer:B2", action=f"offer_these:H2-1:{number['H2']}:{days}")
        await town.taps("owner:O-H1", "pick", "2027-02-10")
        assert (await town.case("H1"))["phase"] == "fixed"


def test_the_papers_of_a_house_hold_the_days_that_were_arranged(engawa, folder: Path):
    """A folder for one house, a ZIP for the other. To read, to load, and each file under its hash."""
    asyncio.run(with_days_fixed_and_offered(folder))
    fixed, offered = {"visit_on": "2027-02-10"}, {"offered": ["2027-02-10", "2027-02-12"]}
    for house, to, days in (("H1", "papers", fixed), ("H2", "papers.zip", offered)):
        assert engawa("handover", "--house", house, "--to", to, now="2027-01-20").status == 0
        files = opened(folder / to)
        listed = json.loads(files["manifest.json"])["files"]
        assert {one["name"]: (one["sha256"], one["bytes"]) for one in listed} == {
            name: (hashlib.sha256(data).hexdigest(), len(data))
            for name, data in files.items()
            if name != "manifest.json"
        }
        pack = json.loads(files["handover.json"])
        (row,) = next(section["rows"] for section in pack["sections"] if section["code"] == "appointments")
        assert (pack["schema"], row["case"]) == ("engawa.handover", f"{house}-1")
        told = {name: row[name] for name in ("visit_on", "wished_on", "offered") if "記録なし" not in str(row[name])}
        assert told == days
        printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(files["handover.pdf"])).pages)
        assert "約束と希望の日" in printed
        assert "2027年2月10日" in printed
        (row,) = csv.DictReader(io.StringIO(files["houses.csv"].decode("utf-8-sig")))
        assert (row["house_id"], row["servicer_id"]) == (house, "B2")
        assert {"plan.csv", "records.csv", "open_works.csv", "history-request.pdf"} < files.keys()
        on_record(engawa, house, files["manifest.json"])


def on_record(engawa, house: str, manifest: bytes) -> None:
    """To whom, what, and under which consent."""
    facts = json.loads(engawa("show", "house", house, "--json", now="2027-01-20").out)["facts"]
    (given,) = [fact for fact in facts if fact["kind"] == "disclosed"]
    (consent,) = [fact["seq"] for fact in facts if fact["kind"] == "consent_claimed"]
    under, digest = f"fact:{consent}", hashlib.sha256(manifest).hexdigest()
    assert given["by"] == "staff:desk"
    assert given["data"] == {"to": "servicer:B2", "what": ["handover"], "under": under, "manifest": digest}


def opened(papers: Path) -> dict[str, bytes]:
    if papers.is_dir():
        return {path.name: path.read_bytes() for path in papers.iterdir()}
    with ZipFile(papers) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_reason_that_there_is_not(engawa):
    refused(engawa("handover", "--servicer", "B1", "--reason", "sold"), "--reason sold: what there is is closed")


def test_what_is_no_number(engawa):
    for command in (("show", "B1"), ("approve", "x", "--by", "sato"), ("undo", "1.5"), ("resume", "１")):
        refused(engawa("handover", *command), f"{command[1]} is no number of a handover")
