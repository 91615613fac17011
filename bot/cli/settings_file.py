"""The settings of a pilot, in a file of its own: written once, readable by us only, never written over."""

import os
from collections.abc import Iterable
from pathlib import Path

from bot.config import PREFIX, SettingsError

FILE = Path(".env")
TEXT = """\
# 縁側の試行の設定。読みこむには： set -a; . ./.env; set +a
# Settings of a pilot of Engawa. Keys are in engawa.key beside this file: keep a copy of that apart.
ENGAWA_SHADOW=true
ENGAWA_SHADOW_STAFF=true
ENGAWA_PILOT_BUILDERS="{builders}"
# ENGAWA_OFFICE_NAME="縁側 維持管理支援窓口"
# ENGAWA_OFFICE_PHONE="03-0000-0000"
# ENGAWA_PUBLIC_URL=https://engawa.example.jp
# ENGAWA_SMTP_URL=smtps://user:password@mail.example.jp
# ENGAWA_MAIL_FROM="縁側 <engawa@example.jp>"
"""


def write_settings(builders: Iterable[str]) -> bool:
    """Whether it was written now; one that is there already is left as it is. Raises SettingsError."""
    try:
        with os.fdopen(os.open(FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(TEXT.format(builders=" ".join(sorted(builders))))
    except FileExistsError:
        return False
    except OSError as error:
        raise SettingsError(f"{FILE} cannot be written: {error.strerror}") from error
    return True


def load_settings() -> None:
    """Puts what the file says into the environment, where that does not say it already. Raises SettingsError."""
    try:
        lines = FILE.read_text("utf-8").splitlines() if FILE.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{FILE} cannot be read") from error
    for line in lines:
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and name.startswith(PREFIX):
            os.environ.setdefault(name, value.strip().strip("\"'"))
