"""Settings, read once from the environment (prefix ENGAWA_) and frozen."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "ENGAWA_"
SECRETS_DIR = "ENGAWA_SECRETS_DIR"
MORNING = "T10:00:00"  # what a date alone means, in Tokyo
YEARS = (1900, 2200)  # beyond them a now is a slip, and fifty years of dates would leave the calendar
INSTANT = f"a date such as 2027-04-01, or an instant such as 2027-04-01T10:00, between {YEARS[0]} and {YEARS[1]}"
SHORTEST_SECRET = 16  # characters
EXPECTED = {
    "public_url": "where people reach the pages: http:// or https://, a host and perhaps a path",
    "events_secret": f"{SHORTEST_SECRET} or more plain characters",
    "metrics_token": f"{SHORTEST_SECRET} or more plain characters",
    "heartbeat_url": "an http:// or https:// address",
    "oidc_url": "the issuer of the staff's accounts: https:// (http:// on this machine), with a client id and secret",
    "redis_url": "where Redis is: redis://, rediss:// or unix://",
    "now": INSTANT,
    "words_days": "a number of days, at least 1",
    "shadow": "true or false",
    "shadow_staff": "true or false",
    "log_level": "DEBUG, INFO, WARNING or ERROR",
}


class SettingsError(ValueError):
    """A setting or an option is unknown or cannot be used; the message is one plain line and holds no secret."""


class Settings(BaseSettings):
    """What the installation is told. A channel's own settings are read by the channel."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    secrets_dir: Path | None = None  # a folder with a file for each setting that is given so, see with_secret_files
    database_url: str = "sqlite:///engawa.db"
    redis_url: SecretStr = SecretStr("")  # wakes the workers of a set-up that has several; the address has a password
    public_url: str = "http://127.0.0.1:8000"
    secret_key: SecretStr = SecretStr("")  # signs links; several, the newest last, parted by spaces
    record_key: SecretStr = SecretStr("")  # seals the record
    key_file: Path = Path("engawa.key")  # where keys are kept that the environment does not give
    mark_file: Path | None = None  # how far the database had come; beside the key file where it is not given
    events_secret: SecretStr = SecretStr("")  # another system signs with it what it tells of earthquakes and storms
    oidc_url: str = ""  # the issuer whose accounts the staff have; empty: they sign in by a link
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_require: str = ""  # claim=value that an account of the company has, such as a workspace's id
    now: datetime | None = None  # a fixed civil now, for tests and rehearsals
    shadow: bool = False  # show what would be sent; nothing leaves
    shadow_staff: bool = False  # but what the staff are told themselves
    pilot_builders: str = ""  # ids parted by spaces: of others no new house is taken in; empty: of everybody
    files_dir: Path = Path("files")  # photos and reports that people send
    files_url: str = ""  # where they are kept instead: s3://bucket/folder, or whatever else fsspec knows
    intake_url: str = ""  # a folder or bucket in which companies lay their files; empty: none is watched
    seals_url: str = ""  # where the daily seals of the record are kept; empty: a folder beside the files' one
    report_url: str = ""  # where each month's file for the guarantor is laid down; empty: nowhere by itself
    words_days: Annotated[int, Field(ge=1, le=36500)] = 90  # for how long the words that people write are kept
    mail_dir: Path = Path("mail")
    postage_file: Path | None = None  # what a letter costs, see docs/portfolio.md; else our assumptions
    office_name: str = "縁側 維持管理支援窓口"
    desk_fax: str = ""  # printed on companies' monthly lists; nothing where it is not given
    office_phone: str = ""  # nobody is told to call a number that is not there
    office_address: str = ""
    office_hours: str = "平日 9:00〜17:00"
    guarantor_name: str = "残価保証機関"
    metrics_token: SecretStr = SecretStr("")  # whoever reads /metrics shows it; without it only this machine may
    heartbeat_url: SecretStr = SecretStr("")  # called while all is well: the address is a key
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("now", mode="before")
    @classmethod
    def _instant(cls, value: object) -> object:
        return read_instant(value) if isinstance(value, str) else value

    @field_validator("heartbeat_url")
    @classmethod
    def _beat(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value().strip())
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        if value.get_secret_value().strip() and not usable:
            raise ValueError("no address")
        return SecretStr(value.get_secret_value().strip())

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value().strip()
        if url and urlsplit(url).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("no Redis")
        return SecretStr(url)

    @field_validator("events_secret", "metrics_token")
    @classmethod
    def _secret(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value().strip()
        if secret and (len(secret) < SHORTEST_SECRET or not (secret.isascii() and secret.isprintable())):
            raise ValueError("no secret")
        return SecretStr(secret)

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value.strip())
        whole = parts.hostname and parts.port != 0 and not (parts.query or parts.fragment or " " in parts.netloc)
        if parts.scheme not in ("http", "https") or not whole:
            raise ValueError("not an address of pages")
        return value.strip()

    @field_validator("oidc_url")
    @classmethod
    def _issuer(cls, value: str) -> str:
        parts = urlsplit(value.strip())
        near = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if value.strip() and not (parts.hostname and parts.scheme in (("https", "http") if near else ("https",))):
            raise ValueError("no issuer")
        return value.strip().rstrip("/")

    @classmethod
    def read(cls, environment: Mapping[str, str], channel_names: Iterable[str]) -> Self:
        """The settings of this environment. Raises SettingsError for an unknown name or a value that cannot be."""
        known = {f"{PREFIX}{name}".upper() for name in cls.model_fields} | set(channel_names)
        unknown = sorted(name for name in environment if name.upper().startswith(PREFIX) and name not in known)
        if unknown:
            raise SettingsError(f"unknown setting: {', '.join(unknown)}")
        given = {name: environment[f"{PREFIX}{name.upper()}"] for name in cls.model_fields if _given(environment, name)}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            name = str(error.errors(include_input=False, include_url=False)[0]["loc"][0])
            raise SettingsError(f"{PREFIX}{name.upper()} must be {EXPECTED.get(name, 'plain text')}") from None


def with_secret_files(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with the settings of the folder that ENGAWA_SECRETS_DIR names: a file for each, named as it is.

    So systemd's credentials and the secrets of containers are read. Files of other names are somebody else's. Raises
    SettingsError for a folder or file that cannot be read, and for a setting that is given both ways.
    """
    found = dict(environment)
    folder = environment.get(SECRETS_DIR, "").strip()
    try:
        files = sorted(path for path in Path(folder).iterdir() if path.name.startswith(PREFIX)) if folder else []
        given = {path.name: path.read_text("utf-8").strip() for path in files}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{SECRETS_DIR}: {folder} cannot be read ({type(error).__name__})") from None
    twice = sorted(name for name in given if environment.get(name, "").strip())
    if twice:
        raise SettingsError(f"given both in the environment and in {SECRETS_DIR}: {', '.join(twice)}")
    return found | given


def _given(environment: Mapping[str, str], name: str) -> bool:
    return bool(environment.get(f"{PREFIX}{name.upper()}", "").strip())


def read_instant(text: str) -> datetime:
    """An instant, or a date alone: ten in the morning in Tokyo. Without a zone it is Tokyo's. Raises ValueError."""
    text = text.strip()
    instant = datetime.fromisoformat(text + MORNING if len(text) == 10 else text)
    if not YEARS[0] <= instant.year <= YEARS[1]:
        raise ValueError("the year is out of range")
    return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo("Asia/Tokyo"))


def holds_files(folder: Path) -> bool:
    """Whether files can be kept there: a folder that we may write to, or a place where one can be made."""
    found = next(place for place in (folder.absolute(), *folder.absolute().parents) if os.path.exists(place))
    return found.is_dir() and os.access(found, os.W_OK)
