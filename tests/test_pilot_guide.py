"""The pilot's guide is followed as it is written, from an empty folder to the end of a shadow run."""

import json
import os
import re
import shlex
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from bot.config import PREFIX
from tests.stories.houses import write_houses

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "pilot.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]
MEASURED = re.findall(r"^\| (?!ものさし|---)(\S.*?) \|", GUIDE, re.MULTILINE)


def follow(folder: Path, command: str, loaded: bool) -> subprocess.CompletedProcess[str]:
    """One line of the guide, in a terminal that has or has not read the settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment |= {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    words = [sys.executable, "-c", "from bot.cli.app import main; main()", *shlex.split(command)[1:]]
    line = f"set -a; . ./.env; set +a; exec {shlex.join(words)}" if loaded else f"exec {shlex.join(words)}"
    return subprocess.run(["sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def mailed(folder: Path) -> list[str]:
    files = sorted(file for file in (folder / "mail").rglob("*") if file.is_file())
    return [text for file in files for text in re.findall(r"^To: .*$", file.read_text("utf-8"), re.MULTILINE)]


def test_the_guide_works_as_it_is_written(tmp_path: Path):
    """空のフォルダと表から、シャドー運用、そのやり直し、その終わりまで。"""
    assert [command.split()[0] for command in COMMANDS].count("engawa") == 5
    write_houses(tmp_path, 3, companies=1)
    pilot, _, serve, day, look, end = COMMANDS
    assert serve == "engawa serve"  # has a test of its own
    first = follow(tmp_path, pilot, loaded=False)
    assert first.returncode == 0, first.stderr
    assert "would_have_been_sent" in first.stdout
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "engawa.key").stat().st_mode) == 0o600
    settings = (tmp_path / ".env").read_bytes()
    again = json.loads(follow(tmp_path, f"{pilot} --json", loaded=False).stdout)
    assert (again["settings"], again["houses"]["before"]) == (".env was there already", 3)
    assert not again["staff"]["new"]
    assert again["waiting_for_consent"] == []
    assert (tmp_path / ".env").read_bytes() == settings
    for command in (day, look):
        done = follow(tmp_path, command, loaded=True)
        assert done.returncode == 0, done.stderr
        assert "owner:O0" in done.stdout or "waiting" in done.stdout
    assert {line for line in mailed(tmp_path) if "sato@example.jp" not in line} == set()
    assert mailed(tmp_path)
    assert "still set" in follow(tmp_path, end, loaded=True).stderr
    assert follow(tmp_path, end, loaded=False).returncode == 0
    assert "no shadow run" in follow(tmp_path, look, loaded=False).stdout


def test_a_pilot_is_begun_in_no_folder_of_a_living_service(tmp_path: Path):
    """動いているサービスのフォルダで呼んでも、黙らせない。断られたファイルからは、何も残さない。"""
    files = " ".join(path.name for path in write_houses(tmp_path, 1))
    (tmp_path / "bad.csv").write_text("x,y\n1,2\n", "utf-8")
    bad = follow(tmp_path, "engawa pilot bad.csv --as B0", loaded=False)
    assert bad.returncode == 4
    checked = follow(tmp_path, "engawa import --dry-run bad.csv", loaded=False)
    assert checked.stdout.splitlines()[1].strip() in bad.stdout  # the same sentence for the same file
    assert "見出しから表の種類を判別できません" in bad.stdout
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv"] * 4
    assert follow(tmp_path, f"engawa import {files}", loaded=False).returncode == 0
    refused = follow(tmp_path, f"engawa pilot {files} --as B0", loaded=False)
    assert refused.returncode == 2
    assert "empty folder" in refused.stderr
    assert not (tmp_path / ".env").exists()


AS_B1 = "engawa pilot {} --as B1 --representative 丸太太郎 --acquired contract --json"
HOUSE = (
    "住宅ID,施工事業者ID,維持管理事業者ID,引渡日,所有者氏名,電話,メール\n"
    "H1,{0},{0},2018-04-01,山田 花子,03-9999-0000,hanako@example.jp\n"
)


def kept(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "engawa.db")) as database:
        return database.execute(query).fetchall()


def test_who_has_not_agreed_stays_sealed(tmp_path: Path):
    """同意のない所有者の連絡先は、封をして預かる。だれの表かを記録し、なぜ送らないかを言う。"""
    (tmp_path / "companies.csv").write_text("事業者ID,名称\nB1,丸太工務店\nB2,あおぞら建設\n", "utf-8")
    (tmp_path / "houses.csv").write_text(HOUSE.format("B1"), "utf-8")
    unnamed = follow(tmp_path, "engawa pilot companies.csv houses.csv --as B1", loaded=False)
    assert (unnamed.returncode, "--representative" in unnamed.stderr) == (2, True)
    assert not (tmp_path / ".env").exists()
    for files in ("companies.csv houses.csv", "houses.csv"):  # and once more, with a mended file alone
        done = follow(tmp_path, AS_B1.format(files), loaded=False)
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        (told,) = answer["waiting_for_consent"]
        assert told["house"] == "H1"
        assert "not every owner has agreed" in told["why"]
        assert "sealed until they agree" in told["sealed"]
        assert "record of provision" in answer["warning"]
        assert [one for one in answer["would_have_been_sent"] if one["to"].startswith("owner:")] == []
    said_later = follow(tmp_path, "engawa pilot houses.csv --as B1 --address 東京都港区1-1", loaded=False)
    assert said_later.returncode == 0  # the rest is on record
    assert "record of provision" not in said_later.stdout
    assert kept(tmp_path, "select address from addresses where person_id like 'owner:%'") == []
    assert kept(tmp_path, "select phone from people where id like 'owner:%' and phone <> ''") == []
    ((contact,),) = kept(tmp_path, "select contact from sealed_contacts")
    assert "hanako@example.jp" in str(contact)
    assert kept(tmp_path, "select representative, acquired, address from submitters where ended_on is null") == [
        ("丸太太郎", "contract", "東京都港区1-1")
    ]
    shown = json.loads(follow(tmp_path, "engawa show house H1 --json", loaded=True).stdout)
    assert [(one["submitter"], one["acquired"]) for one in shown["brought_by"]][:1] == [("B1", "contract")]
    assert "03-9999-0000" not in json.dumps(shown)


def test_a_builder_brings_no_other_builders_house(tmp_path: Path):
    (tmp_path / "companies.csv").write_text("事業者ID,名称\nB1,丸太工務店\nB2,あおぞら建設\n", "utf-8")
    (tmp_path / "houses.csv").write_text(HOUSE.format("B2"), "utf-8")
    done = follow(tmp_path, AS_B1.format("companies.csv houses.csv"), loaded=False)
    assert (done.returncode, json.loads(done.stdout)["houses_here"]) == (3, 0)
    assert 'ENGAWA_PILOT_BUILDERS="B1"' in (tmp_path / ".env").read_text("utf-8")


def test_a_workbook_is_all_there_is(tmp_path: Path):
    """会社の表も住宅の表も入った1つのファイルからも始められる。だれも知らない会社では始まらない。"""
    homes = [{"house_id": "H1", "builder_id": "B1", "servicer_id": "B1", "handed_over_on": "2018-04-01"}]
    homes[0] |= {"owner_name": "山田 花子", "email": "hanako@example.jp"}
    book = {"servicers": [{"servicer_id": "B1", "name": "丸太工務店"}], "houses": homes}
    (tmp_path / "all.json").write_text(json.dumps(book), "utf-8")
    unknown = follow(tmp_path, AS_B1.format("all.json").replace("B1", "B9"), loaded=False)
    assert (unknown.returncode, "names it" in unknown.stderr) == (2, True)
    done = follow(tmp_path, AS_B1.format("all.json"), loaded=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert kept(tmp_path, "select address from addresses where person_id like 'owner:%'") == []
    assert kept(tmp_path, "select count(*) from sealed_contacts") == [(1,)]


def test_every_measure_is_explained():
    """The table of the guide names the measures as the report does."""
    words = (ROOT / "templates" / "ja" / "words.toml").read_text("utf-8")
    said = re.search(r"\[measures\]\n(.*?)(?:\n\n|\Z)", words, re.DOTALL)
    assert said is not None
    assert re.findall(r'= "(.*)"', said[1]) == MEASURED
