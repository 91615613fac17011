"""What commands print about people is on record as a look, whichever command it is."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from bot.cli.app import app
from bot.cli.looked import SHOWS

HOUSES = (
    "house_id,builder_id,servicer_id,handed_over_on,plan_years,owner_id,owner_name,"
    "consent_information_on,consent_mandate_on\nH1,B1,B1,2022-04-01,50,O1,山田 花子,2022-04-01,2022-04-01\n"
)
PLAN = "house_id,item_code,item_name,kind,first_year,interval_years\nH1,P1,屋根,点検,5,5\n"
# Commands that print numbers, counts, ids or what a company is, and no person's data.
PRINTS_NOBODY = {
    *("import", "run-once", "blank", "audit", "check", "cost", "contract", "leaflet", "loan", "move", "pilot"),
    *("report", "restore", "shadow", "understand", "serve", "worker", "demo", "bench"),
    *("show pending", "provider", "guarantor", "event", "staff", "submitter", "handover"),
}


def commands(group: typer.Typer, path: tuple[str, ...] = ()) -> Iterator[str]:
    for one in group.registered_commands:
        assert one.callback is not None
        yield " ".join((*path, one.name or one.callback.__name__))
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from commands(inner.typer_instance, (*path, str(inner.name)))


def test_every_command_shows_somebody_or_nobody():
    """One that is added says which it is: a look that is not put down would be seen by no auditor."""
    known = set(commands(app))
    assert {one for one in known - set(SHOWS) if not {one, one.partition(" ")[0]} & PRINTS_NOBODY} == set()
    assert set(SHOWS) <= known | {"handover"}  # which is a command of its own beside those below it


def looks(folder: Path) -> list[tuple[str, ...]]:
    with sqlite3.connect(folder / "engawa.db") as connection:
        return connection.execute('SELECT "by", door, house_id, seen, why FROM looks ORDER BY id').fetchall()


@pytest.fixture
def town(engawa, folder: Path) -> Path:
    for name, text in (("servicers", "servicer_id,name\nB1,丸太工務店\n"), ("houses", HOUSES), ("plan", PLAN)):
        (folder / f"{name}.csv").write_text(text, "utf-8")
    ended = engawa("import", "servicers.csv", "houses.csv", "plan.csv", now="2026-11-01")
    assert ended.status == 0, ended
    assert engawa("run-once", now="2027-01-12").status == 0
    return folder


def test_what_is_printed_on_the_machine_is_a_look_of_the_operators(engawa, town: Path):
    """監査担当: 画面を通らずに見た人がいても、わかるようにしたいのです。"""
    assert looks(town) == []
    for words in (("show", "house", "H1"), ("show", "work", "H1-1-1"), ("record", "H1"), ("show", "servicer", "B1")):
        assert engawa(*words, now="2027-01-12").status == 0
    assert engawa("export", "O1", "--to", "o1.zip", now="2027-01-12").status == 0
    engawa("show", "house", "H9", now="2027-01-12")  # there is none; that somebody tried is seen
    engawa("show", "pending", now="2027-01-12")
    assert looks(town) == [
        ("operator", "engawa show house", "H1", "", "command"),
        ("operator", "engawa show work", "H1", "", "command"),
        ("operator", "engawa record", "H1", "", "command"),
        ("operator", "engawa show servicer", "", "servicer:B1", "command"),
        ("operator", "engawa export", "", "owner:O1", "command"),
        ("operator", "engawa show house", "H9", "", "command"),
    ]
