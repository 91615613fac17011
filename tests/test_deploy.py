"""The files for Prometheus and Grafana ask for figures that are there, and say what to do."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import insert, update

from scheduler.figures import keep_figures
from storage.outbox import DROPPED, HELD, MOVED, PAPER, SENDING, SENT, SHADOW, UNKNOWN, WAITING
from storage.tables import audit_findings, months, outbox
from tests.handlers.web.street import Street, street_at

DEPLOY = Path(__file__).parent.parent / "deploy"
ALERTS = DEPLOY / "alerts.yml"
NAME = re.compile(r"\bengawa_[a-z_]+")
LABEL = re.compile(r"(engawa_[a-z_]+)\{(\w+)=")


def rules() -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    board: dict[str, Any] = json.loads((DEPLOY / "dashboard.json").read_text("utf-8"))
    return list(board["panels"])


def expressions() -> list[str]:
    shown = [target["expr"] for panel in panels() for target in panel["targets"]]
    return [rule["expr"] for rule in rules()] + shown


async def every_figure(street: Street) -> dict[str, set[str]]:
    """Every name that /metrics knows in a town where there is something of everything, with its labels."""
    await street.town.house()
    await street.town.skip_to("2027-02-01")
    async with street.town.service.store.write() as connection:
        month = {"channel": "line", "most": 200, "used": 1, "ours": 0, "looked_at": 0.0}
        await connection.execute(insert(months).values(**month))
        found = {"kind": "no_holder", "place": "H1-1", "since_on": street.town.today, "audit_id": 1, "told": True}
        await connection.execute(insert(audit_findings).values(**found))
    assert await keep_figures(street.town.service.store, street.town.service.clock.now())
    async with street.town.service.store.write() as connection:
        await connection.execute(update(outbox).values(state="waiting"))
    shown = (await street.reader().client.get("/metrics")).text
    names = {name: set[str]() for name in re.findall(r"^# TYPE (\w+) gauge", shown, re.MULTILINE)}
    for name, labels in re.findall(r"^(\w+)\{(.*)\}", shown, re.MULTILINE):
        names[name].update(re.findall(r"(\w+)=", labels))
    return names


async def test_every_figure_they_ask_for_is_there(tmp_path: Path):
    """By its name and its labels; and no figure of ours is looked at by nobody."""
    async with street_at(tmp_path, "2026-11-01") as street:
        known = await every_figure(street)
    asked = {name for each in expressions() for name in NAME.findall(each)}
    assert len(known) > 20
    assert asked - known.keys() == set()
    assert [
        (name, label) for each in expressions() for name, label in LABEL.findall(each) if label not in known[name]
    ] == []
    totals = {
        "engawa_outbox_waiting",
        "engawa_outbox_unknown",
        "engawa_letters_waiting",
        "engawa_audit_last_run_seconds",
    }
    assert known.keys() - asked == totals  # told by channel as well


def test_every_alert_says_what_to_do():
    """In a Japanese sentence, and how grave it is; none fires at the first look."""
    assert len(rules()) > 10
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
    for rule in rules():
        assert re.search(r"[ぁ-ん]て?ください[。（]", rule["annotations"]["description"])
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert re.fullmatch(r"\d+[mh]", rule["for"])


def test_what_alerts_tell_people_to_run_is_there():
    """A command that an alert names exists."""
    said = [rule["annotations"]["description"] for rule in rules()]
    told = {word for each in said for word in re.findall(r"engawa ([a-z-]+)", each)}
    assert told <= {path.stem.replace("_", "-") for path in (DEPLOY.parent / "bot" / "cli").glob("*.py")}
    assert "audit" in told


def test_every_state_that_they_name_is_one():
    """A misspelled state would never fire."""
    states = {DROPPED, HELD, MOVED, PAPER, SENDING, SENT, SHADOW, UNKNOWN, WAITING}
    named = {found for each in expressions() for found in re.findall(r'state="(\w+)"', each)}
    assert named
    assert named <= states


def test_every_panel_has_a_place_and_a_title():
    """None lies over another."""
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels()]
    assert len(set(places)) == len(places)
    assert all(panel["title"] and panel["targets"] for panel in panels())
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels())


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not here")
def test_prometheus_takes_the_rules():
    done = subprocess.run(["promtool", "check", "rules", str(ALERTS)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
