"""`engawa export` as people use it."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.bot.cli.conftest import Ended
from tests.stories.houses import write_houses

Engawa = Callable[..., Ended]


def test_one_file_with_everything_and_a_line_in_the_record(folder: Path, engawa: Engawa):
    """Which `engawa show house` lists among the disclosures."""
    engawa("import", *map(str, write_houses(folder, 2)), now="2026-11-01")
    engawa("run-once", "--at", "2026-11-02")
    assert engawa("export", "O1", "--to", "o1.zip", now="2026-11-03").status == 0
    assert "山田 1" in zipfile.ZipFile(folder / "o1.zip").read("index.html").decode()
    data = json.loads(zipfile.ZipFile(folder / "o1.zip").read("data.json"))
    assert data["person"]["name"] == "山田 1"
    assert data["messages_to_you"]
    house = json.loads(engawa("show", "house", "H00001", "--json").out)
    assert house["disclosures"][-1] | {"at": ""} == {
        "at": "",
        "to": "owner:O1",
        "what": ["own_data"],
        "under": "own_request",
        "by": "staff:desk",
    }
    assert (folder / "o1.zip").stat().st_mode & 0o077 == 0
    assert engawa("audit", now="2026-11-03").status == 0


def test_nobody_known_and_nothing_overwritten(folder: Path, engawa: Engawa):
    """One plain line, and no file is left."""
    engawa("import", *map(str, write_houses(folder, 1)), now="2026-11-01")
    ended = engawa("export", "O99", "--to", "o.zip")
    assert (ended.status, ended.err) == (1, "engawa: no owner O99\n")
    assert list(folder.glob("o.zip*")) + list(folder.glob("*.part")) == []
    (folder / "there.zip").write_bytes(b"mine")
    assert engawa("export", "O0", "--to", "there.zip").status == 1
    assert (folder / "there.zip").read_bytes() == b"mine"
