"""Secrets come in files, as systemd's credentials and containers bring them, and stand in no environment."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.opening import environment
from main import read_keys, read_settings
from tests.bot.cli.conftest import Ended

Engawa = Callable[..., Ended]


@pytest.fixture
def secrets(folder: Path) -> Path:
    """Both keys and an address with its password, each with the line end that an editor leaves."""
    place = folder / "secrets"
    place.mkdir()
    (place / "ENGAWA_SECRET_KEY").write_text("links-links-links\n", "utf-8")
    (place / "ENGAWA_RECORD_KEY").write_text("record-record-rec\n", "utf-8")
    (place / "ENGAWA_SMTP_URL").write_text("smtp://user:geheim99@127.0.0.1:1\n", "utf-8")
    (place / "postgres_password").write_text("somebody else's", "utf-8")
    return place


def test_each_file_is_a_setting(secrets: Path, monkeypatch: pytest.MonkeyPatch):
    """The keys are those of the files, no key file is made, and channels are told as well."""
    monkeypatch.setenv("ENGAWA_SECRETS_DIR", str(secrets))
    keys = read_keys(read_settings(environment()))
    assert (keys.links, keys.record) == (("links-links-links",), b"record-record-rec")
    assert environment()["ENGAWA_SMTP_URL"] == "smtp://user:geheim99@127.0.0.1:1"
    assert not Path("engawa.key").exists()


def test_a_command_runs_on_them(secrets: Path, engawa: Engawa):
    """`engawa check` finds the mail server that only a file names, and says nothing of its password."""
    ended = engawa("check", secrets_dir=str(secrets))
    assert "not ok  email" in ended.out
    assert "geheim99" not in ended.out + ended.err
    assert not Path("engawa.key").exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ENGAWA_TYPO", b"x", "unknown setting: ENGAWA_TYPO"),
        (
            "ENGAWA_MAIL_FROM",
            b"b@example.jp",
            "given both in the environment and in ENGAWA_SECRETS_DIR: ENGAWA_MAIL_FROM",
        ),
        ("ENGAWA_OIDC_CLIENT_SECRET", b"\xff", "cannot be read (UnicodeDecodeError)"),
    ],
)
def test_what_cannot_be_is_one_plain_line(secrets: Path, engawa: Engawa, name: str, content: bytes, said: str):
    """As for a setting in the environment; which of two is meant nobody guesses."""
    (secrets / name).write_bytes(content)
    ended = engawa("check", secrets_dir=str(secrets), mail_from="a@example.jp")
    assert (ended.status != 0, said in ended.out + ended.err) == (True, True), ended


def test_a_folder_that_is_not_there_starts_nothing(folder: Path, engawa: Engawa):
    """Without its keys a service would make new ones."""
    ended = engawa("run-once", secrets_dir=str(folder / "nowhere"))
    assert (ended.status, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert "ENGAWA_SECRETS_DIR" in ended.err
    assert not (folder / "engawa.key").exists()
