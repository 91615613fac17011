"""Files as builders send them, and the importer to take them in."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.intake.known import MemoryStore
from bot.intake.report import FileReport
from bot.intake.take_in import run, take_in

TODAY = date(2026, 11, 21)

HOUSE = {
    "house_id": "H-001",
    "common_id": "C-001",
    "builder_id": "S-1",
    "servicer_id": "S-1",
    "certificate_no": "第H30-0012号",
    "certified_on": "2018-03-01",
    "authority": "世田谷区",
    "handed_over_on": "2018-09-30",
    "structure": "木造軸組",
    "storeys": "2",
    "floor_area_m2": "112.5",
    "postcode": "157-0066",
    "address": "東京都世田谷区成城1丁目2番3号",
    "plan_years": "60",
    "residual_month": "2043-10",
    "owner_id": "O-1",
    "owner_name": "山田 太郎",
    "owner_kana": "ヤマダ タロウ",
    "language": "ja",
    "consent_information_on": "2018-09-01",
    "consent_mandate_on": "2018-09-01",
    "email": "taro@example.jp",
    "phone": "090-1234-5678",
    "channel_order": "email",
}
SERVICER = {"servicer_id": "S-1", "name": "成城工務店", "role": "工務店", "email": "kobo@example.jp", "status": "営業"}
PLAN = {
    "house_id": "H-001",
    "item_code": "P01",
    "item_name": "外壁",
    "kind": "点検",
    "first_year": "5",
    "interval_years": "5",
}
RECORD = {
    "house_id": "H-001",
    "item_code": "P01",
    "done_on": "2023-10-02",
    "performer": "成城工務店",
    "result": "良",
    "note": "",
}

LOAN = {
    "house_id": "H-001",
    "loan_no": "1",
    "edition": "kosodate-2023",
    "applied_on": "2023-07-03",
    "contracted_on": "2024-03-01",
    "first_payment_on": "2024-05-01",
    "months": "420",
    "principal_yen": "100000000",
    "rate_steps": "1:1.50>181:1.70",
    "reductions": "長期優良住宅",
}

GOOD_ROWS = {"houses": HOUSE, "servicers": SERVICER, "plan": PLAN, "records": RECORD, "loans": LOAN}
Row = dict[str, Any]


@pytest.fixture
def good() -> Callable[..., Row]:
    """A good row of a table, changed in the given fields."""
    return lambda table, **changes: {**GOOD_ROWS[table], **changes}


@pytest.fixture
def csv_text() -> Callable[[Sequence[Row]], str]:
    """Rows as CSV text with the English keys as headers."""

    def write(rows: Sequence[Row]) -> str:
        headers = list(dict.fromkeys(key for row in rows for key in row))
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, headers, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    return write


@pytest.fixture
def sent(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """A file with this content."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def take(store: MemoryStore) -> Callable[..., list[FileReport]]:
    """Takes in files and gives their reports."""

    def taken(*paths: Path, into: MemoryStore | None = None, today: date = TODAY) -> list[FileReport]:
        steps = run(take_in(paths, today), into or store)
        return [step for step in steps if isinstance(step, FileReport)]

    return taken


@pytest.fixture
def take_rows(
    take: Callable[..., list[FileReport]],
    sent: Callable[[str, str | bytes], Path],
    csv_text: Callable[[Sequence[Row]], str],
    good: Callable[..., Row],
) -> Callable[..., FileReport]:
    """Takes in rows of one table beside the good rows they need; the report is of those rows."""

    def taken(table: str, *rows: Row) -> FileReport:
        needed = {"servicers": [], "houses": ["servicers"], "plan": ["servicers", "houses"]}
        before = needed.get(table, ["servicers", "houses", "plan"])
        paths = [sent(f"needed-{name}.csv", csv_text([good(name)])) for name in before]
        return take(*paths, sent(f"{table}.csv", csv_text(rows)))[-1]

    return taken


@pytest.fixture
def found() -> Callable[[FileReport], list[tuple[int | None, str | None, str]]]:
    """The problems of a report as (row, field, reason)."""

    def problems(report: FileReport) -> list[tuple[int | None, str | None, str]]:
        return [(problem.row, problem.field, problem.reason) for problem in report.problems]

    return problems


@pytest.fixture
def verdicts() -> Callable[[Iterable[FileReport]], list[str]]:
    return lambda reports: [report.verdict.name for report in reports]
