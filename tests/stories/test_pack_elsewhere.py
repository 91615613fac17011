"""The papers of a house are read by another installation: house, plan, what was done, and what was stated of it."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.imports import take_files
from bot.core.statements import Line
from bot.intake.pack_file import is_pack, read_pack
from bot.intake.reasons import Refused
from tests.handlers.web.street import Street, street_at
from tests.stories.test_history_in_papers import papers
from tests.stories.test_house_record import said
from tests.stories.test_statements import ADVICE, CHANGE, ORDER, owner_says, record, staff_key_in

DAY = date(2026, 12, 1)
FILES = ("houses.csv", "plan.csv", "records.csv", "handover.json")
DONE = {"house_id": "H1", "item_code": "P1", "done_on": "2026-05-10", "performer": "丸太工務店", "result": "良"}


@pytest_asyncio.fixture
async def street(tmp_path: Path, database_url: str):
    """Where the house was looked after until now."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        await found.town.house()
        await found.town.take(records=[DONE])
        yield found


async def pack_of(street: Street, folder: Path) -> list[Path]:
    """What the next installation is given, unpacked."""
    return unpacked(await papers(street.town), folder)


def unpacked(given: dict[str, bytes], folder: Path) -> list[Path]:
    folder.mkdir()
    for name in FILES:
        (folder / name).write_bytes(given[name])
    return [folder / name for name in FILES]


async def told_here(street: Street) -> None:
    await owner_says(street, "line=order", ORDER)
    await owner_says(street, "line=advice", ADVICE)
    await staff_key_in(street, "line=plan_change", CHANGE)
    await staff_key_in(street, "line=equipment", {"text": "給水・給湯・排水の配管"})


async def test_what_was_stated_goes_with_the_house(street: Street, tmp_path: Path):
    """「前の窓口で話したことが、こちらの記録にもありますか」: as told there, with the day and the hash of the pack."""
    await told_here(street)
    paths = await pack_of(street, tmp_path / "pack")
    async with street_at(tmp_path, "2026-12-01", f"sqlite+aiosqlite:///{tmp_path / 'e.db'}") as other:
        reports = await take_files(other.town.service, paths)
        assert [(one.rows_accepted, one.rows_total) for one in reports] == [(1, 1), (3, 3), (1, 1), (4, 4)]
        found = await record(other)
        assert found["house"][0]["equipment"] == "給水・給湯・排水の配管"
        (order,), (advice,), (change,) = found["orders"], found["advice"], found["plan_changes"]
        assert (order["content"], order["ordered_on"], order["follow_by"]) == (
            *(ORDER[name] for name in ("text", "on_day", "second_on")),
        )
        assert (advice["content"], change["changed_on"]) == (ADVICE["text"], CHANGE["on_day"])
        assert {said(row["word"]) for row in (order, advice, change)} == {"引継ぎの資料"}
        (done,) = found["upkeep"]
        assert (done["done_on"], done["entrusted_to"]) == (DONE["done_on"], DONE["performer"])
        digest = hashlib.sha256(paths[-1].read_bytes()).hexdigest()
        facts_of = [fact for fact in (await other.town.view())["facts"] if fact["kind"] == "statement_made"]
        assert {(fact["by"], fact["data"]["pack"], fact["data"]["paper_on"]) for fact in facts_of} == {
            ("import", digest, "2026-11-01")
        }
        assert sorted(fact["data"].get("word", "") for fact in facts_of) == ["", "certificate", "owner", "owner"]
        await other.town.all_is_well()


async def test_a_pack_repeats_nothing_and_replaces_nothing_told_here(street: Street, tmp_path: Path):
    await told_here(street)
    paths = await pack_of(street, tmp_path / "pack")
    async with street_at(tmp_path, "2026-12-01", f"sqlite+aiosqlite:///{tmp_path / 'e.db'}") as other:
        await take_files(other.town.service, paths[:3])
        await staff_key_in(other, "line=equipment", {"text": "配管は全部取り替えた"})
        for _ in range(2):
            await take_files(other.town.service, paths[3:])
        found = await record(other)
        assert found["house"][0]["equipment"] == "配管は全部取り替えた"
        assert [row["content"] for row in found["orders"]] == [ORDER["text"]]
        (owner,) = (await other.town.view())["owners"]
        await owner_says(other, "line=order", ORDER, owner["id"])
        assert [said(row["word"]) for row in (await record(other))["orders"]] == ["所有者の報告"]
        await staff_key_in(other, "line=order", ORDER)
        assert [said(row["word"]) for row in (await record(other))["orders"]] == ["認定通知書"]
        await other.town.all_is_well()


async def test_of_a_house_that_nobody_knows_here_it_is_refused(street: Street, tmp_path: Path):
    await told_here(street)
    paths = await pack_of(street, tmp_path / "pack")
    async with street_at(tmp_path, "2026-12-01", f"sqlite+aiosqlite:///{tmp_path / 'e.db'}") as other:
        (tmp_path / "manifest.json").write_bytes((await papers(street.town))["manifest.json"])
        (report, manifest) = await take_files(other.town.service, [*paths[3:], tmp_path / "manifest.json"])
        assert [one.reason for one in manifest.problems] == ["no_table"]
        assert [(one.reason, one.value) for one in report.problems] == [("unknown_house", "H1")]
        assert report.verdict.name == "reject_file"


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["2026-01-01", "orders", "H1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["code", "rows", "content", "ordered_on", "word", "equipment"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(VALUES, VALUES, st.sampled_from(["2026-11-01", "昨日", ""]))
def test_whatever_a_pack_holds_it_is_read_or_refused(sections: Any, house: Any, on: str):
    """What comes out can be kept: a line of ours, words that a database takes, days that are days."""
    text = json.dumps({"schema": "engawa.handover", "version": 1, "house": house, "on": on, "sections": sections})
    assert is_pack(text)
    try:
        rows = read_pack(text, "0" * 64, DAY)
    except Refused:
        return
    for row in rows:
        assert row.told.line in set(Line)
        assert row.told.content.text.encode().find(b"\0") < 0
