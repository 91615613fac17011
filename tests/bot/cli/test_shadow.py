"""`engawa shadow`: the run stands in the database, and only its end lets anything leave."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.bot.cli.conftest import Ended
from tests.stories.houses import write_houses

Engawa = Callable[..., Ended]


def mails(folder: Path) -> list[Path]:
    return [file for file in (folder / "mail").rglob("*") if file.is_file()]


def test_a_start_that_forgot_the_setting_sends_nothing(folder: Path, engawa: Engawa):
    """設定を忘れて動かしても、試行を終えるまでは、何も出ない。終えた後は出る。"""
    engawa("import", *map(str, write_houses(folder, 2)), now="2026-11-01")
    engawa("run-once", "--at", "2026-11-02", shadow="true")
    said = engawa("run-once", "--at", "2026-11-04")
    assert "a shadow run" in said.out
    assert mails(folder) == []
    told = json.loads(engawa("shadow", "--json", now="2026-11-04").out)
    assert told["shadow"]
    assert told["would_have_been_sent"]
    assert engawa("shadow", "--end", shadow="true").status == 2
    assert engawa("shadow", "--end", "--by", "nobody").status == 2
    ended = json.loads(engawa("shadow", "--end", "--json", now="2026-11-05").out)
    assert ended["cases"]
    answer = json.loads(engawa("run-once", "--at", "2026-11-05", "--json").out)
    assert not answer["shadow"]
    assert mails(folder) != []
    assert "no shadow run" in engawa("shadow").out


def test_a_dry_run_begins_no_run(folder: Path, engawa: Engawa):
    engawa("import", *map(str, write_houses(folder, 1)), now="2026-11-01")
    engawa("run-once", "--at", "2026-11-02", "--dry-run", shadow="true")
    assert "no shadow run" in engawa("shadow").out
