"""`engawa report` says in plain words what is wrong with where it is to write."""

from pathlib import Path


def test_help_says_what_it_does_and_nothing_of_the_code(engawa):
    told = engawa("report", "--help").out
    assert "what was known at the month's end" in " ".join(told.split())
    assert "SettingsError" not in told


def test_a_file_where_a_folder_is_wanted(engawa, folder: Path):
    (folder / "out").write_text("", "utf-8")
    for place in ("out", "out/2027"):
        ended = engawa("report", "--month", "2026-11", "--to", place, now="2026-11-30")
        assert (ended.status, ended.out) == (2, "")
        assert ended.err == "engawa: --to: the report cannot be written there: it is a file, and a folder is wanted\n"


def test_an_address_that_nobody_knows(engawa):
    ended = engawa("report", "--month", "2026-11", "--to", "nowhere://u:geheim@x/y", now="2026-11-30")
    assert ended.status == 2
    assert ended.err.count("\n") == 1
    assert "geheim" not in ended.err
