"""`engawa restore` as people use it after a disk has died."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.conftest import Ended
from tests.stories.houses import write_houses

Engawa = Callable[..., Ended]


def mails(folder: Path) -> int:
    return len([file for file in (folder / "mail").rglob("*") if file.is_file()])


@pytest.fixture
def put_back(folder: Path, engawa: Engawa) -> Path:
    """A folder whose database was copied on 1 November, sent mails on the 2nd, and was replaced by the copy."""
    engawa("import", *map(str, write_houses(folder, 3)), now="2026-11-01")
    with closing(sqlite3.connect(folder / "engawa.db")) as connection:
        connection.execute("VACUUM INTO 'copy.db'")
    sent = json.loads(engawa("run-once", "--at", "2026-11-02", "--json").out)
    assert not sent["observing"]
    assert sent["sent"]
    for name in ("engawa.db", "engawa.db-wal", "engawa.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(folder / "copy.db", folder / "engawa.db")
    return folder


def test_a_copy_sends_nothing_until_it_is_reconciled(put_back: Path, engawa: Engawa):
    """Found by its mark; looked at; reconciled; and then nothing of what had been sent goes out again."""
    before = mails(put_back)
    answer = json.loads(engawa("run-once", "--at", "2026-11-03", "--json").out)
    assert (answer["observing"], answer["sent"], mails(put_back)) == (True, [], before)
    pending = json.loads(engawa("show", "pending", "--json").out)
    assert pending["restored"]["holder"] == "staff:desk"
    told: dict[str, Any] = json.loads(engawa("restore", "--reconcile", "--dry-run", "--json", now="2026-11-03").out)
    assert told["why"] == "behind"
    assert told["not_known_here"]["outbox"][1] >= told["not_known_here"]["outbox"][0]
    assert len(told["held"]) == before
    again = json.loads(engawa("run-once", "--at", "2026-11-03", "--json").out)
    assert again["observing"]
    done = json.loads(engawa("restore", "--reconcile", "--json", now="2026-11-03").out)
    assert (done["observing"], done["dropped"]) == (False, before)
    last = json.loads(engawa("run-once", "--at", "2026-11-04", "--json").out)
    assert (last["observing"], mails(put_back)) == (False, before)
    assert engawa("audit", now="2026-11-04").status == 0


def test_a_rehearsal_says_what_would_happen_and_that_nothing_did(put_back: Path, engawa: Engawa):
    """Whoever reads it need not ask whether it has happened now; and afterwards it is said as done."""
    engawa("run-once", "--at", "2026-11-03")
    told = json.loads(engawa("restore", "--reconcile", "--dry-run", "--json", now="2026-11-03").out)
    wanted = str(told["held"][0]["id"])
    rehearse = ("restore", "--reconcile", "--send", wanted)
    said = engawa(*rehearse, "--dry-run", now="2026-11-03").out
    first, second = said.splitlines()[:2]
    assert first == "dry run: nothing was dropped, nothing was sent, and the database still observes."
    assert second.startswith(f"Without --dry-run: {mails(put_back) - 1} held messages would be dropped, 1 let go, and")
    assert "dropped: " not in said
    assert json.loads(engawa("run-once", "--at", "2026-11-03", "--json").out)["observing"]
    done = engawa(*rehearse, now="2026-11-03").out
    assert done.startswith(f"reconciled: {mails(put_back) - 1} held messages dropped, 1 let go; ")
    assert "would" not in done


def test_one_that_is_named_goes_out_after_all(put_back: Path, engawa: Engawa):
    """The others are dropped."""
    before = mails(put_back)
    engawa("run-once", "--at", "2026-11-03")
    told = json.loads(engawa("restore", "--reconcile", "--dry-run", "--json", now="2026-11-03").out)
    wanted = str(told["held"][0]["id"])
    assert engawa("restore", "--reconcile", "--send", "999", now="2026-11-03").status == 2
    engawa("restore", "--reconcile", "--send", wanted, now="2026-11-03")
    answer = json.loads(engawa("run-once", "--at", "2026-11-04", "--json").out)
    assert [message["to"] for message in answer["sent"]] == [told["held"][0]["to"]]
    assert mails(put_back) == before + 1


def test_whoever_puts_a_copy_back_says_so(folder: Path, engawa: Engawa):
    """Without a mark, as on a new machine, the word of whoever did it counts."""
    engawa("import", *map(str, write_houses(folder, 3)), now="2026-11-01")
    said = engawa("restore", now="2026-11-02")
    assert "nothing is sent until" in said.out
    answer = json.loads(engawa("run-once", "--at", "2026-11-03", "--json").out)
    assert (answer["observing"], answer["sent"], mails(folder)) == (True, [], 0)
    assert "reconciled" in engawa("restore", "--reconcile", now="2026-11-03").out
    assert "nothing is to be reconciled" in engawa("restore", "--reconcile").out


def test_a_dry_run_sees_the_copy_and_marks_nothing(put_back: Path, engawa: Engawa):
    """It shows that nothing would be sent; the database is as it was."""
    answer = json.loads(engawa("run-once", "--at", "2026-11-03", "--dry-run", "--json").out)
    assert (answer["observing"], answer["sent"]) == (True, [])
    assert "restored" not in json.loads(engawa("show", "pending", "--json").out)


def test_a_shadow_beside_the_living_service_leaves_the_mark_alone(put_back: Path, engawa: Engawa):
    """It is a copy that never sends; what it knows less of is no loss."""
    mark = (put_back / "engawa.mark").read_bytes()
    answer = json.loads(engawa("run-once", "--at", "2026-11-03", "--json", shadow="true").out)
    assert not answer["observing"]
    assert (put_back / "engawa.mark").read_bytes() == mark


def test_a_mark_that_cannot_be_read_is_one_plain_line(put_back: Path, engawa: Engawa):
    """Nothing is sent on a guess."""
    (put_back / "engawa.mark").write_text("?", "utf-8")
    ended = engawa("run-once", "--at", "2026-11-03")
    assert ended.status == 2
    assert ended.err.startswith("engawa: ENGAWA_MARK_FILE")
    assert len(ended.err.splitlines()) == 1


def test_a_database_was_not_lost_in_the_future(folder: Path, engawa: Engawa):
    """Nothing is marked on a slip of the pen."""
    engawa("import", *map(str, write_houses(folder, 1)), now="2026-11-01")
    ended = engawa("restore", "--lost-at", "2027-01-20T08:30", now="2026-11-02")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("engawa: --lost-at 2027-01-20T08:30:00+09:00 is still to come")
    assert "restored" not in json.loads(engawa("show", "pending", "--json", now="2026-11-02").out)
