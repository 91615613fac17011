"""`engawa event`: by hand, from bulletins, and how the houses are."""

import csv
import json
from io import StringIO

from tests.stories.event_town import SETAGAYA, bulletin

NIGHT = "2026-11-01T22:15"
EVENT = "jma-20261101220500"
HOUSES = """house_id,builder_id,servicer_id,handed_over_on,plan_years,owner_id,owner_name,consent_information_on,\
consent_mandate_on,email,municipality_code
H1,B1,B1,2022-04-01,50,O1,山田 花子,2022-04-01,2022-04-01,o1@example.jp,131121
"""


def town(engawa, folder) -> None:
    (folder / "servicers.csv").write_text("servicer_id,name\nB1,丸太工務店\n", "utf-8")
    (folder / "houses.csv").write_text(HOUSES, "utf-8")
    assert engawa("import", "servicers.csv", "houses.csv", now=NIGHT).status == 0


def test_from_a_bulletin_to_the_list(engawa, folder):
    town(engawa, folder)
    (folder / "a.xml").write_bytes(bulletin({SETAGAYA: "6-"}))
    told = json.loads(engawa("event", "import", "a.xml", "--json", now=NIGHT).out)
    assert (told["event"], told["houses"], told["undecided"]) == (EVENT, 1, True)
    assert json.loads(engawa("event", "import", "a.xml", "--json", now=NIGHT).out)["new"] is False
    empty = engawa("event", "show", EVENT, "--csv", now=NIGHT).out.splitlines()
    released = json.loads(engawa("event", "release", EVENT, "--json", now=NIGHT).out)
    assert (released["asked_on"], released["asked_from"]) == ("2026-11-02", "2026-11-02T09:00")
    assert engawa("run-once", now="2026-11-02T09:05").status == 0
    shown = json.loads(engawa("event", "show", EVENT, "--json", now="2026-11-02T09:05").out)
    assert [(line["house_id"], line["found"]) for line in shown["list"]] == [("H1", "silent")]
    listed = engawa("event", "show", EVENT, "--csv", now="2026-11-02T09:05").out
    assert empty == listed.splitlines()[:1]
    (row,) = csv.DictReader(StringIO(listed))
    assert row["holder"] == "owner:O1"
    assert json.loads(engawa("event", "cancel", EVENT, "--json", now="2026-11-02T09:05").out)["state"] == "cancelled"
    again = engawa("event", "cancel", EVENT, now="2026-11-02T09:05")
    assert (again.status, "nothing is to be decided" in again.err) == (2, True)


def test_houses_without_a_municipality_code_are_counted(engawa, folder):
    town(engawa, folder)
    (folder / "more.csv").write_text(HOUSES.replace("H1,", "H2,").replace("131121", ""), "utf-8")
    assert engawa("import", "more.csv", now=NIGHT).status == 0
    (folder / "a.xml").write_bytes(bulletin({SETAGAYA: "6-"}))
    assert json.loads(engawa("event", "import", "a.xml", "--json", now=NIGHT).out)["without_municipality_code"] == 1
    shown = json.loads(engawa("event", "show", EVENT, "--json", now=NIGHT).out)
    assert (shown["houses"], shown["without_municipality_code"]) == (1, 1)


def test_by_hand_with_a_file_of_places_and_a_correction_of_it(engawa, folder):
    town(engawa, folder)
    (folder / "places.csv").write_text("code,level\n13112,6弱\n131156,\n", "utf-8")
    given = ("event", "add", "--hazard", "earthquake", "--intensity", "5強", "--at", "2026-11-01T22:05", "--json")
    told = json.loads(engawa(*given, "--municipalities", "places.csv", now=NIGHT).out)
    assert (told["event"], told["municipalities"], told["houses"]) == ("202611012205-earthquake", 2, 1)
    again = json.loads(engawa(*given, "--municipalities", "13115", now="2026-11-01T22:20").out)
    assert (again["version"], again["municipalities"], again["houses"]) == (2, 1, 0)


def test_an_event_stays_what_it_is(engawa, folder):
    """A slip in --id would call everybody off: it is refused, as a file would be, and nothing changes."""
    town(engawa, folder)
    quake = ("--hazard", "earthquake", "--intensity", "6弱", "--id", "shake-1")
    where = ("event", "add", "--at", "2026-11-01T22:05", "--municipalities", "13112", "--json")
    assert engawa(*where, *quake, now=NIGHT).status == 0
    ended = engawa(*where, "--hazard", "wind", "--wind", "40", "--id", "shake-1", now="2026-11-01T22:20")
    assert (ended.status, json.loads(ended.out)) == (4, {"refused": "shake-1 is known as earthquake, not wind"})
    shown = json.loads(engawa("event", "show", "shake-1", "--json", now="2026-11-01T22:20").out)
    assert (shown["hazard"], shown["version"]) == ("earthquake", 1)


def test_what_has_not_happened_yet_is_refused_as_such(engawa, folder):
    town(engawa, folder)
    words = ("event", "add", "--hazard", "earthquake", "--intensity", "7", "--municipalities", "13112")
    ended = engawa(*words, "--at", "2026-11-01T22:20", "--json", now=NIGHT)
    assert (ended.status, json.loads(ended.out)) == (4, {"refused": "it has not happened yet"})


def test_what_cannot_be_is_said_in_one_line(engawa, folder):
    town(engawa, folder)
    (folder / "bad.xml").write_bytes(b"<a/>")
    assert engawa("event", "import", "bad.xml", "missing.xml", now=NIGHT).status == 4
    hand = ("event", "add", "--hazard", "earthquake", "--at", "2026-11-01T22:05")
    for more in (
        ("--intensity", "8", "--municipalities", "13112"),
        ("--intensity", "7", "--municipalities", "131122"),
        ("--intensity", "7", "--municipalities", "missing.csv"),
        ("--intensity", "7", "--municipalities", "13112", "--id", "a/b"),
    ):
        assert engawa(*hand, *more, now=NIGHT).status == 2
    assert engawa("event", "show", "nope", now=NIGHT).status == 2
    assert engawa("event", "release", "nope", now=NIGHT).status == 2
