"""The guarantor's monthly file: what was known at the month's end, per house and per company."""

import csv
import json
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from bot.cli.report import _write
from bot.config import SettingsError
from bot.core.book.month import Line, Month
from storage.month_file import Table
from tests.stories.town import PLAN, Town

MARCH, APRIL, MAY = Month(date(2027, 3, 1)), Month(date(2027, 4, 1)), Month(date(2027, 5, 1))
GUTTER = ("G1", "雨どい", "点検", 5, 5)  # in the plan by the owner's choice: no law names it
PHOTO = {"ref": "files/a.jpg", "media_type": "image/jpeg", "size": 1000}
OWNER, COMPANY = "owner:O-H1", "servicer:B1"


async def spring(town: Town) -> None:
    """One house is inspected in time, in the other nobody has moved."""
    await town.house("H1", guarantee_no="Z-1")
    await town.house("H2", guarantee_no="Z-2")
    for day in ("2027-01-04", "2027-02-01", "2027-03-21"):
        await town.skip_to(day)
    await town.says(COMPANY, action="already:H1-1:0:")
    await town.says(COMPANY, action="day:H1-1:0:2027-03-20")
    await town.taps(COMPANY, "result_ok")
    await town.skip_to("2027-03-22")
    await town.taps(OWNER, "done_ok")
    for day in ("2027-04-02", "2027-04-20", "2027-05-02", "2027-05-10"):
        await town.skip_to(day)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


async def test_the_month_is_told_house_by_house_and_company_by_company(town: Town, tmp_path: Path):
    await spring(town)
    assert await _write(town.service, APRIL, str(tmp_path / "out")) == {"houses": 2, "servicers": 1}
    first, second = rows(tmp_path / "out", "houses-2027-04")
    assert (first["due"], first["on_time"], first["on_time_rate"]) == ("3", "3", "1.0")
    assert (first["standing"], first["overdue"], first["days_silent"]) == ("good", "0", "0")
    assert (second["due"], second["on_time"], second["overdue"]) == ("3", "0", "3")
    assert int(second["days_silent"]) > 100
    told = json.loads((tmp_path / "out" / "servicers-2027-04.json").read_text("utf-8"))
    assert [(one["servicer_id"], one["houses"], one["due"], one["on_time_rate"]) for one in told] == [("B1", 2, 6, 0.5)]
    assert not list((tmp_path / "out").glob("*.part"))


async def test_what_is_the_owners_choice_is_neither_due_nor_overdue(town: Town, tmp_path: Path):
    """The gutters fell due with the rest of the house, and nobody came: the guarantor is told of three works."""
    await town.house("H1", plan=[*PLAN, GUTTER], guarantee_no="Z-1")
    for day in ("2027-01-04", "2027-02-01", "2027-04-02", "2027-05-02"):
        await town.skip_to(day)
    assert {work["code"]: work["statutory"] for work in (await town.view())["works"]}["G1"] is False
    await _write(town.service, APRIL, str(tmp_path))
    for name in ("houses-2027-04", "servicers-2027-04"):
        (told,) = rows(tmp_path, name)
        assert (told["due"], told["on_time"], told["overdue"]) == ("3", "0", "3")


async def test_what_stands_on_the_companys_word_alone_is_told_in_the_month_that_closed_it(town: Town, tmp_path: Path):
    """The owner said nothing for thirty days: all that the report closed is told, the gutters too, and once."""
    await town.house("H1", plan=[*PLAN, GUTTER], guarantee_no="Z-1")
    for day in ("2027-01-04", "2027-02-10"):
        await town.skip_to(day)
    await town.says(COMPANY, "2月9日に点検完了、異常ありません", files=[PHOTO])
    await town.taps(COMPANY, "yes")
    for day in ("2027-02-20", "2027-03-01", "2027-03-12", "2027-03-13", "2027-04-02", "2027-05-02"):
        await town.skip_to(day)
    assert {work["basis"] for work in (await town.view())["works"]} == {"unconfirmed"}
    for month, unconfirmed, due in ((MARCH, "4", "0"), (APRIL, "0", "3")):
        await _write(town.service, month, str(tmp_path))
        for name in ("houses", "servicers"):
            (told,) = rows(tmp_path, f"{name}-{month.first:%Y-%m}")
            assert (told["unconfirmed"], told["due"], told["on_time"]) == (unconfirmed, due, due)


async def test_what_an_inspection_found_is_told_until_it_is_mended(town: Town, tmp_path: Path):
    """It is a figure of its own: past its day it is no planned work that is overdue."""
    await town.house("H1", guarantee_no="Z-1")
    for day in ("2027-01-04", "2027-02-10"):
        await town.skip_to(day)
    await town.says(COMPANY, "2月8日に点検しました。外壁にひび割れがありました。")
    await town.taps(COMPANY, "yes")
    await town.taps(OWNER, "done_issues")
    for day in ("2027-03-02", "2027-04-02", "2027-04-20"):
        await town.skip_to(day)
    await _write(town.service, MARCH, str(tmp_path))
    for name in ("houses-2027-03", "servicers-2027-03"):
        (told,) = rows(tmp_path, name)
        assert (told["findings"], told["overdue"], told["due"]) == ("1", "0", "0")
    await town.says(COMPANY, action="already:H1-2:0:")
    await town.says(COMPANY, action="day:H1-2:0:2027-04-19")
    await town.taps(COMPANY, "result_ok")
    await town.skip_to("2027-04-21")
    await town.taps(OWNER, "done_ok")
    await town.skip_to("2027-05-02")
    for month, findings in ((MARCH, "1"), (APRIL, "0")):
        await _write(town.service, month, str(tmp_path))
        assert rows(tmp_path, f"houses-{month.first:%Y-%m}")[0]["findings"] == findings


async def test_a_month_told_again_says_the_same(town: Town, tmp_path: Path):
    """What becomes known in May changes May, and nothing of April."""
    await spring(town)
    await _write(town.service, APRIL, str(tmp_path / "then"))
    await town.skip_to("2027-06-20")
    await _write(town.service, APRIL, str(tmp_path / "later"))
    await _write(town.service, MAY, str(tmp_path / "later"))
    names = ("houses-2027-04.csv", "houses-2027-04.json", "servicers-2027-04.csv", "servicers-2027-04.json")
    for name in names:
        assert (tmp_path / "then" / name).read_bytes() == (tmp_path / "later" / name).read_bytes()
    assert [row["standing"] for row in rows(tmp_path / "later", "houses-2027-05")] == ["good", "at_risk"]


async def test_a_company_that_has_closed_owes_no_answer(town: Town, tmp_path: Path):
    """It is sent nothing from its last day on; the months before keep what they said."""
    await spring(town)
    await town.take(
        servicers=[{"servicer_id": "B1", "name": "丸太工務店", "status": "廃業", "closed_on": "2027-05-06"}]
    )
    await _write(town.service, APRIL, str(tmp_path))
    await town.skip_to("2027-06-20")
    await _write(town.service, MAY, str(tmp_path))
    assert int(rows(tmp_path, "houses-2027-04")[1]["days_silent"]) > 100
    assert [row["days_silent"] for row in rows(tmp_path, "houses-2027-05")] == ["0", "0"]
    assert [row["days_silent"] for row in rows(tmp_path, "servicers-2027-05")] == ["0"]


async def test_it_goes_wherever_fsspec_reaches(town: Town):
    await town.house(guarantee_no="Z-1")
    await _write(town.service, Month(date(2026, 11, 1)), "memory://guarantor/2026")
    assert MemoryFileSystem().cat_file("/guarantor/2026/houses-2026-11.csv").startswith(b"\xef\xbb\xbfmonth,")


async def test_a_month_that_has_not_begun_is_refused(town: Town, tmp_path: Path):
    with pytest.raises(SettingsError, match="2027-04 has not begun"):
        await _write(town.service, APRIL, str(tmp_path))


def test_nothing_that_fell_due_has_no_rate():
    assert Line().rate is None
    assert Line(due=3, on_time=2).plus(Line(due=1, on_time=1, days_silent=9)).rate == 0.75


def test_a_table_without_rows_is_whole_all_the_same():
    as_csv, as_json = BytesIO(), BytesIO()
    assert Table(as_csv, as_json, ("month", "houses")).end() == 0
    assert as_csv.getvalue() == "\ufeffmonth,houses\r\n".encode()
    assert json.loads(as_json.getvalue()) == []
