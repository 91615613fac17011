"""`engawa provider` refuses in one plain line what cannot be, and changes nothing."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.conftest import Ended
from tests.stories.houses import write_houses
from tests.stories.test_house_history import inspected, known
from tests.stories.town import town_at

Engawa = Callable[..., Ended]


def refused(ended: Ended, why: str) -> None:
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("engawa: ")
    assert why in ended.err
    assert ended.err.count("\n") == 1


@pytest.fixture
def listed(folder: Path, engawa: Engawa) -> str:
    """Houses whose files name no provider; the first one's id."""
    engawa("import", *map(str, write_houses(folder, 2)), now="2026-11-01")
    with closing(sqlite3.connect(folder / "engawa.db")) as database:
        return database.execute("SELECT min(id) FROM houses").fetchone()[0]


def providers(engawa: Engawa) -> list[dict[str, Any]]:
    return json.loads(engawa("provider", "list", "--json").out)["providers"]


@pytest.mark.parametrize(
    ("provider_id", "name", "why"),
    [("P1", "", "name is empty"), ("P1", "　 ", "name is empty"), ("", "いえかるて", "an id has")]
    + [(bad, "いえかるて", "an id has") for bad in ("P 1", "a:b", "a/b", "P" * 65)],
)
def test_a_provider_needs_a_name_and_an_id(engawa: Engawa, listed: str, provider_id: str, name: str, why: str):
    """No house that names nobody is bound to somebody without a name."""
    refused(engawa("provider", "add", provider_id, "--name", name), why)
    assert providers(engawa) == []


def test_a_council_keeps_no_history(engawa: Engawa, listed: str):
    engawa("provider", "add", "C1", "--name", "協議会", "--council")
    refused(engawa("provider", "set", listed, "--provider", "C1"), "council")
    engawa("provider", "add", "P1", "--name", "いえかるて")
    assert engawa("provider", "set", listed, "--provider", "P1").status == 0
    refused(engawa("provider", "add", "P1", "--name", "いえかるて", "--council"), "1 houses")
    assert {one["id"]: (one["council"], one["houses"]) for one in providers(engawa)} == {
        "C1": (True, 0),
        "P1": (False, 1),
    }


def test_an_owner_said_on_the_telephone_that_nobody_keeps_it(engawa: Engawa, listed: str):
    """山田さん、電話で: 預け先はありません。Only an owner can say so, and only while nobody is known."""

    def shown() -> dict[str, Any]:
        return json.loads(engawa("show", "house", listed, "--json").out)

    (owner,) = [each["id"] for each in shown()["owners"]]
    refused(engawa("provider", "nobody", listed, "--by", "owner:X"), f"owner:X does not own {listed}")
    refused(engawa("provider", "nobody", "NOBODY", "--by", owner), f"{owner} does not own NOBODY")
    assert engawa("provider", "nobody", listed, "--by", owner, now="2026-11-05").status == 0
    view = shown()
    assert (view["history"]["answer"], view["history"]["answered_on"]) == ("none", "2026-11-05")
    (fact,) = [fact for fact in view["facts"] if fact["kind"] == "history_none"]
    assert (fact["by"], fact["data"]) == (owner, {"via": "phone", "source": "staff:desk"})
    engawa("provider", "add", "P1", "--name", "いえかるて")
    engawa("provider", "set", listed, "--provider", "P1")
    refused(engawa("provider", "nobody", listed, "--by", owner), "P1 keeps its history")


def test_what_waits_is_not_asked_twice(engawa: Engawa, listed: str):
    engawa("provider", "add", "P1", "--name", "いえかるて", now="2026-11-01")
    engawa("provider", "set", listed, "--provider", "P1", now="2026-11-01")
    assert engawa("provider", "ask", listed, now="2026-11-01").status == 0
    refused(engawa("provider", "ask", listed, now="2026-11-02"), "waits to be sent or posted")
    assert engawa("provider", "ask", listed, "--what", "contract", now="2026-11-02").status == 0


def test_entries_are_of_a_house_that_is_there(engawa: Engawa, listed: str):
    refused(engawa("provider", "entered", "NOBODY", "--on", "2026-11-01", now="2026-11-02"), "no house NOBODY")


def test_nothing_was_entered_on_a_day_to_come_nor_before_it_was_done(engawa: Engawa, folder: Path):
    """The work was done on 9 February, and today is the 10th."""

    async def story() -> None:
        async with town_at(folder, f"sqlite+aiosqlite:///{folder / 'engawa.db'}", "2026-11-01") as town:
            await town.companies()
            await known(town)
            await town.house(history_provider="いえかるて東京")
            await inspected(town)

    asyncio.run(story())

    def entered(on: str) -> Ended:
        return engawa("provider", "entered", "H1", "--on", on, now="2027-02-10")

    refused(entered("2027-02-11"), "still to come")
    refused(entered("2027-02-08"), "was done on 2027-02-09")
    assert entered("2027-02-10").out == "H1: 3 works\n"
