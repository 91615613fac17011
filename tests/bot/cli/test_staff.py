"""`engawa staff`: who has a name of their own, and a link that only they have."""

import json
import sqlite3
from contextlib import closing

import pytest


def links(engawa, staff_id: str, name: str) -> str:
    return json.loads(engawa("staff", "add", staff_id, "--name", name, "--json").out)["entrance"]


def test_two_people_each_with_a_link_of_their_own(engawa):
    added = engawa("staff", "add", "sato", "--name", "佐藤")
    assert added.status == 0
    assert added.out.startswith("staff:sato: 佐藤 enters at http")
    assert "/staff/enter/" in added.out
    assert links(engawa, "sato", "佐藤") in added.out  # whoever lost it gets the same again
    assert links(engawa, "tanaka", "田中") not in added.out
    listed = json.loads(engawa("staff", "list", "--json").out)["staff"]
    assert [(one["id"], one["name"], one["holds"]) for one in listed] == [
        ("staff:sato", "佐藤", 0),
        ("staff:tanaka", "田中", 0),
    ]
    assert "田中" in engawa("staff", "list").out
    assert engawa("audit").status == 0


def test_a_new_name_is_the_same_person(engawa):
    before = links(engawa, "sato", "佐藤")
    assert links(engawa, "staff:sato", " 高橋\u3000花子 ") == before
    (one,) = json.loads(engawa("staff", "list", "--json").out)["staff"]
    assert (one["id"], one["name"]) == ("staff:sato", "高橋 花子")


def test_who_was_removed_is_not_made_again(engawa, folder):
    """Their link would live again; the record says when, and removing twice changes nothing."""
    links(engawa, "sato", "佐藤")
    assert json.loads(engawa("staff", "remove", "sato", "--json").out) == {"id": "staff:sato", "to_desk": 0}
    assert engawa("staff", "remove", "sato").out == "staff:sato: removed; 0 cases went to the desk\n"
    again = engawa("staff", "add", "sato", "--name", "佐藤")
    assert (again.status, again.out) == (1, "")
    assert "choose another" in again.err
    (one,) = json.loads(engawa("staff", "list", "--json").out)["staff"]
    assert one["removed_on"]
    with closing(sqlite3.connect(folder / "engawa.db")) as database:
        kinds = [row[0] for row in database.execute("SELECT kind FROM facts WHERE kind LIKE 'staff_%' ORDER BY seq")]
    assert kinds == ["staff_added", "staff_removed"]


@pytest.mark.parametrize(
    "staff_id", ["desk", "staff:desk", "", "staff:", "a b", "佐藤", "owner:O1", "../x", "a" * 65, "a\n"]
)
@pytest.mark.parametrize("words", [("add", "--name", "佐藤"), ("remove",)])
def test_an_id_that_cannot_be(engawa, staff_id, words):
    ended = engawa("staff", words[0], staff_id, *words[1:])
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("engawa: ")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("name", ["", " ", "\u3000", "a\x00b", "\x1b[31m", "名" * 81])
def test_a_name_that_cannot_be(engawa, name):
    ended = engawa("staff", "add", "sato", "--name", name)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "engawa: a name is one line of up to 80 letters\n"
    assert json.loads(engawa("staff", "list", "--json").out) == {"staff": []}


def test_nobody_is_removed_who_is_not_there(engawa):
    ended = engawa("staff", "remove", "nobody")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "engawa: nobody of the staff is staff:nobody; `engawa staff list` shows who is\n"
    assert engawa("staff", "add", "sato").status == 2  # without a name


@pytest.mark.parametrize("account", ["submitter_http=x", "pigeon=x"])
def test_an_account_is_one_of_a_channel_in_which_people_write(engawa, account):
    """What machines are told by is offered to nobody."""
    ended = engawa("staff", "add", "sato", "--name", "佐藤", "--account", account)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == f"engawa: {account.removesuffix('=x')} is no channel that is on here; there are chat, email\n"
