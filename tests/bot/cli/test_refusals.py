"""What an operator can mend is one plain line, whatever was wrong, and never holds a password."""

import sqlite3
from contextlib import closing

import pytest

PASSWORD = "geheim"
NOT_A_DATABASE = "house_id,owner_name\n" * 100


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////no/such/folder/engawa.db",
        "sqlite:///houses.csv",
        "sqlite:///.",
        "sqlite://",
        f"postgresql://u:{PASSWORD}@127.0.0.1:1/x",
        f"postgresql://u:{PASSWORD}@127.0.0.1:99999/x",
        f"postgresql://u:{PASSWORD}@127.0.0.1:port/x",
        f"postgresql://u:{PASSWORD}@127.0.0.1:1/x?sslmode=require",
        f"postgresql://u:{PASSWORD}@engawa.invalid/x",
        f"mysql://u:{PASSWORD}@127.0.0.1/x",
        "rubbish",
    ],
)
def test_a_database_that_cannot_be_used(engawa, folder, url):
    """The line names the setting; the password stays where it was."""
    (folder / "houses.csv").write_text(NOT_A_DATABASE, "utf-8")
    ended = engawa("audit", database_url=url)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("engawa: ENGAWA_DATABASE_URL")
    assert ended.err.count("\n") == 1
    assert PASSWORD not in ended.err


def test_no_database_where_one_is_looked_for_by_itself(engawa, monkeypatch):
    """A URL that names neither host nor name means PostgreSQL's own settings."""
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", "1")
    ended = engawa("audit", database_url="postgresql://")
    assert ended.status == 2
    assert ended.err.startswith("engawa: ENGAWA_DATABASE_URL: the database cannot be opened: ")
    assert ended.err.count("\n") == 1


def test_a_database_of_a_newer_version(engawa, folder):
    """An older Engawa started by mistake says so, and leaves the database as it is."""
    assert engawa("audit").status == 0
    with closing(sqlite3.connect(folder / "engawa.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    ended = engawa("audit")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "engawa: ENGAWA_DATABASE_URL: the database was made by a newer Engawa than this\n"


@pytest.mark.parametrize("option", [("--now", "2027-04-01"), ("--role", "servicer"), ("--context", "reminder_due")])
def test_options_that_would_be_passed_over(engawa, option):
    """On stdin every line says when, who and after what: an option beside them would change nothing in silence."""
    ended = engawa("understand", *option)
    assert (ended.status, ended.out) == (2, "")
    assert "stdin" in ended.err


@pytest.mark.parametrize(
    "kept", ["{}", "[]", "null", "rubbish", '{"secret_key": "s"}', '{"secret_key": "s", "record_key": 1}']
)
def test_a_key_file_without_keys(engawa, folder, kept):
    """An empty key would sign and seal with nothing."""
    (folder / "engawa.key").write_text(kept, "utf-8")
    ended = engawa("audit")
    assert ended.status == 2
    assert ended.err.startswith("engawa: ENGAWA_KEY_FILE: engawa.key ")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("log_level", "LOUD", "ENGAWA_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR"),
        ("words_days", "0", "ENGAWA_WORDS_DAYS must be a number of days, at least 1"),
        ("shadow", "perhaps", "ENGAWA_SHADOW must be true or false"),
        ("now", "soon", "ENGAWA_NOW must be a date such as 2027-04-01, or an instant"),
        ("now", "9999-12-31", "ENGAWA_NOW must be a date such as 2027-04-01, or an instant"),
        ("public_url", "rubbish", "ENGAWA_PUBLIC_URL must be where people reach the pages: http:// or https://"),
        ("public_url", "ftp://x", "ENGAWA_PUBLIC_URL must be where people reach the pages: http:// or https://"),
        ("public_url", "http://", "ENGAWA_PUBLIC_URL must be where people reach the pages: http:// or https://"),
        ("public_url", "http://x:port", "ENGAWA_PUBLIC_URL must be where people reach the pages: http:// or https://"),
        ("mail_dir", "a_file", "ENGAWA_MAIL_DIR: a_file is not a folder that can be written to"),
        ("mail_dir", "a_file/mail", "ENGAWA_MAIL_DIR: a_file/mail is not a folder that can be written to"),
        ("files_url", "nowhere://x:secret@y/z", "ENGAWA_FILES_URL: not an address that fsspec knows"),
        ("files_dir", "a_file", "ENGAWA_FILES_DIR: a_file is not a folder that can be written to"),
    ],
)
def test_a_setting_that_cannot_be(engawa, folder, name, value, line):
    """Its name and what is expected, in words of ours."""
    (folder / "a_file").touch()
    ended = engawa("audit", **{name: value})
    assert ended.status == 2
    assert ended.err.startswith(f"engawa: {line}")
    assert ended.err.count("\n") == 1


def test_a_file_in_the_place_of_the_mail_folder_is_nothing_to_a_server(engawa, folder):
    """The folder is wanted only where no server is set."""
    (folder / "mail").touch()
    assert engawa("audit", smtp_url="smtp://127.0.0.1:1").status == 0
