"""The one place that sees everything: reads the settings, opens the storage, builds the channels, wires them up."""

import json
import os
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from importlib import import_module
from pathlib import Path

from fastapi import FastAPI

from bot.channels import chat
from bot.channels.prices import price_lists
from bot.channels.registry import Context, Setting, open_channels, setting_names, shapes
from bot.config import EXPECTED, Settings, SettingsError, holds_files
from bot.core.arrival import Addressed, Answered, Confirming, Desk, Inviting, Webhooked
from bot.core.company_account import Company
from bot.core.delivery import Channel
from bot.core.guarantee import OfGuarantor
from bot.core.hook import OfSubmitters
from bot.core.links import Links
from bot.core.people import STAFF_DESK
from bot.core.signature import Signatory
from handlers.inbox import Inbox
from handlers.web.app import site_app
from handlers.web.intake.mailed import Mailed
from handlers.web.intake.tray import Collector
from handlers.web.render import Pages
from handlers.web.site import Site
from scheduler.clock import Clock, machine_now, monotonic
from scheduler.heartbeat import Heartbeat
from scheduler.post import Post
from scheduler.restoring import Watch
from scheduler.understanding import Understanding
from storage.engine import Database, DatabaseUrlError, open_database, reach
from storage.files import Files
from storage.guarantor import ensure_guarantor
from storage.high_water import MarkFile, name_database
from storage.migrate import migrate, one_after_another
from storage.moving import is_half_filled
from storage.people import ensure_staff_desk
from storage.pins import Pins
from storage.places import Place, PlaceUrlError, Untouched, files_at, open_place
from storage.record import Seal
from storage.shadow import shadow_since
from storage.store import Live, Store
from storage.trays import open_trays
from templates.book.spoken import Spoken
from templates.catalogue import LANGUAGES, Catalogue
from templates.consent import consent_text
from templates.facts import Facts
from templates.render import Office, Renderer

KEYS = ("secret_key", "record_key")  # what the key file holds


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of an installation: links are signed with one, the record is sealed with the other."""

    links: tuple[str, ...]
    record: bytes

    def __repr__(self) -> str:
        return "Keys(…)"


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that a command may need."""

    settings: Settings
    database: Database
    store: Store
    post: Post
    inbox: Inbox
    understanding: Understanding
    clock: Clock
    links: Links
    catalogue: Catalogue
    told_to_shadow: bool = False  # by the environment, not only by what stands in the database

    @property
    def watch(self) -> Watch:
        """What knows a database that was put back from a copy."""
        # A shadow beside the living service is a copy that never sends, and the mark is not its own.
        file = None if self.settings.shadow else MarkFile(mark_path(self.settings))
        return Watch(self.post, self.understanding, file)

    def on(self, store: Store) -> "Service":
        """The same service on another store, as for a dry run."""
        seals = Untouched(self.post.seals) if self.post.seals else None
        files = self.inbox.files.untouched()
        post = replace(self.post, store=store, files=files, seals=seals, reports="")
        intake = Mailed(store, files) if self.inbox.intake is not None else None
        inbox = replace(self.inbox, store=store, files=files, intake=intake)
        return replace(self, store=store, post=post, inbox=inbox, understanding=Understanding(store, inbox))


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Raises SettingsError for a name that nobody knows or a value that cannot be."""
    return Settings.read(environment, setting_names())


@asynccontextmanager
async def open_service(settings: Settings, environment: Mapping[str, str]) -> AsyncIterator[Service]:
    """The service, its database migrated and its channels open; everything is closed at the end.

    Raises SettingsError with one plain line for settings that cannot be used.
    """
    keys = read_keys(settings)
    files, seals, reports = _files(settings), _seals(settings), _reports(settings)
    catalogue = _catalogue()
    async with AsyncExitStack() as stack:
        try:
            database = open_database(settings.database_url)
            stack.push_async_callback(database.close)
            await reach(database)
            await migrate(database)
            told, settings = settings.shadow, await _standing(database, settings)
            seal = Seal(keys.record)
            context = Context(settings, environment, catalogue.words, monotonic, machine_now, seal.secret)
            channels = open_channels(context)
        except (DatabaseUrlError, ValueError) as error:
            raise SettingsError(str(error)) from error
        for channel in channels.values():
            stack.push_async_callback(channel.close)
        store = Live(database, Pins(seal, catalogue.versions, frozenset(settings.pilot_builders.split())))
        desks = _desks(channels)
        async with store.write() as connection:
            await one_after_another(connection)
            await ensure_staff_desk(connection, desks)
            await ensure_guarantor(connection, _guarantor(channels))
            await name_database(connection)
        links = Links(list(keys.links), settings.public_url)
        renderer = Renderer(catalogue, office(settings))
        inviting = any(isinstance(channel, Inviting) for channel in channels.values())
        words_live = timedelta(days=settings.words_days)
        post = Post(
            store,
            channels,
            renderer,
            links,
            settings.shadow,
            settings.shadow_staff,
            len(desks) > 1,
            inviting,
            words_live,
            seals,
            reports,
            files=files,
        )
        answered = {name: channel for name, channel in channels.items() if isinstance(channel, Answered)}
        own, called, offered = frozenset({chat.NAME}), _called(catalogue), post.renderer.offered
        mail = next((name for name, channel in channels.items() if channel.abilities.mail), "")
        inbox = Inbox(store, answered, files, _consent(), own, called, offered, mail, Mailed(store, files))
        beside, clock = Understanding(store, inbox), Clock(settings.now)
        yield Service(settings, database, store, post, inbox, beside, clock, links, catalogue, told)


@cache
def _catalogue() -> Catalogue:
    """The words of the package never change while it runs: services that are opened one after another share them."""
    return Catalogue()


@cache
def _pages() -> Pages:
    return Pages(_catalogue().words)


async def _standing(database: Database, settings: Settings) -> Settings:
    """A database of a shadow run stays one until somebody ends it, whatever the environment says or forgot to say.

    Raises SettingsError for one that `engawa move` has not finished with: what it lacks would be decided anew.
    """
    async with database.reader.connect() as connection:
        if await is_half_filled(connection):
            raise SettingsError(
                "ENGAWA_DATABASE_URL: it is being moved to: let `engawa move` come to its end, or repeat it"
            )
        stands = await shadow_since(connection) is not None
    return settings.model_copy(update={"shadow": True}) if stands else settings


def pages(service: Service, receive: Callable[[int], Awaitable[None]]) -> FastAPI:
    """The web application on this service; ``receive`` understands one stored event and answers it at once."""
    settings, words = service.settings, service.catalogue.words
    return site_app(
        Site(
            store=service.store,
            renderer=service.post.renderer,
            links=service.links,
            files=service.inbox.files,
            pages=_pages(),
            office=office(settings),
            office_address=tuple(settings.office_address.split("\n")) if settings.office_address else (),
            consent={language: consent_text(language) for language in LANGUAGES},
            facts={language: Facts(language, words[language]) for language in LANGUAGES},
            spoken={language: Spoken(language, words[language]) for language in LANGUAGES},
            now=service.clock.now,
            elapsed=monotonic,
            machine_now=machine_now,
            receive=receive,
            public_url=settings.public_url,
            channel=chat.NAME,
            inviting={name: c for name, c in service.post.channels.items() if isinstance(c, Inviting)},
            confirming={name: c for name, c in service.post.channels.items() if isinstance(c, Confirming)},
            teller=_teller(settings),
            hooks=next((n for n, c in service.post.channels.items() if isinstance(c, OfSubmitters)), ""),
            company=_company(settings),
            mail=service.inbox.mail,
            prices=price_lists(settings.postage_file),
            shapes=shapes(Setting(words, settings.office_name)),
            addressed=next((c for c in service.post.channels.values() if isinstance(c, Addressed)), None),
            metrics_token=settings.metrics_token.get_secret_value(),
            doors={name: c.webhooks for name, c in service.post.channels.items() if isinstance(c, Webhooked)},
        )
    )


def heartbeat(service: Service) -> Heartbeat | None:
    """The sign of life for a watch outside, where one is set. A shadow gives none: it is not the living service."""
    url = service.settings.heartbeat_url.get_secret_value()
    if not url or service.settings.shadow:
        return None
    return Heartbeat(service.store, import_module("bot.channels.heartbeat").Outside(url))


def _teller(settings: Settings) -> Signatory | None:
    """Who may tell of earthquakes and storms; nobody without a secret."""
    secret = settings.events_secret.get_secret_value()
    return Signatory(secret, machine_now) if secret else None


def _company(settings: Settings) -> Company | None:
    """Whose accounts the staff sign in with; nobody's without an issuer. Raises SettingsError for half a setting."""
    if not settings.oidc_url:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    name, _, value = settings.oidc_require.rpartition("=")
    if not settings.oidc_client_id or not secret or bool(name) != bool(value):
        raise SettingsError(f"ENGAWA_OIDC_URL must be {EXPECTED['oidc_url']}, and ENGAWA_OIDC_REQUIRE claim=value")
    return Company(settings.oidc_url, settings.oidc_client_id, secret, (name, value))


def _files(settings: Settings) -> Files:
    """Raises SettingsError where they cannot be kept."""
    if not settings.files_url and not holds_files(settings.files_dir):
        raise SettingsError(f"ENGAWA_FILES_DIR: {settings.files_dir} is not a folder that can be written to")
    try:
        return Files(open_place(settings.files_url, settings.files_dir))
    except PlaceUrlError as error:
        raise SettingsError(f"ENGAWA_FILES_URL: {error}") from error


def _seals(settings: Settings) -> Place:
    """Raises SettingsError for an address that cannot be one."""
    try:
        return open_place(settings.seals_url, settings.files_dir.with_name("seals"))
    except PlaceUrlError as error:
        raise SettingsError(f"ENGAWA_SEALS_URL: {error}") from error


def _reports(settings: Settings) -> str:
    """Raises SettingsError for an address that cannot be one."""
    try:
        if settings.report_url:
            files_at(settings.report_url)
    except PlaceUrlError as error:
        raise SettingsError(f"ENGAWA_REPORT_URL: {error}") from error
    return settings.report_url


def collector(service: Service) -> Collector | None:
    """What looks into the watched folder or bucket, where one is set; a shadow leaves it to the living service.

    Raises SettingsError for an address that cannot be one.
    """
    url, store = service.settings.intake_url, service.store
    if not url or service.settings.shadow or not isinstance(store, Live):
        return None
    try:
        return Collector(store, service.database, open_trays(url))
    except PlaceUrlError as error:
        raise SettingsError(f"ENGAWA_INTAKE_URL: {error}") from error


def _desks(channels: Mapping[str, Channel]) -> list[tuple[str, str]]:
    """Where the staff are: at a platform's desk where there is one, and always on our own page."""
    desks = [(name, channel.desk) for name, channel in channels.items() if isinstance(channel, Desk) and channel.desk]
    return [*desks, (chat.NAME, STAFF_DESK)]


def _guarantor(channels: Mapping[str, Channel]) -> tuple[str, str] | None:
    """Through which channel, and at which address, the guarantor's core system is told."""
    found = ((name, channel.guarantor) for name, channel in channels.items() if isinstance(channel, OfGuarantor))
    return next(found, None)


def office(settings: Settings) -> Office:
    """Who writes, as pages, messages and papers name it."""
    address = tuple(filter(None, settings.office_address.split("\n")))
    phone, hours, fax = settings.office_phone, settings.office_hours, settings.desk_fax.strip()
    return Office(settings.office_name, settings.guarantor_name, phone, hours, address, fax)


def _consent() -> dict[str, dict[str, str]]:
    texts = {language: consent_text(language) for language in LANGUAGES}
    return {language: {"version": text.version, "hash": text.hash} for language, text in texts.items()}


def _called(catalogue: Catalogue) -> dict[str, re.Pattern[str]]:
    """What people call each channel, in every language: a word of its own where letters are parted by spaces."""
    tongues = [words["channels"] for words in catalogue.words.values()]
    also = [words["called_also"] for words in catalogue.words.values()]
    return {
        channel: re.compile("|".join(rf"(?<![a-z]){re.escape(name.lower())}(?![a-z])" for name in names))
        for channel in tongues[0]
        for names in [[words[channel] for words in (*tongues, *also) if channel in words]]
    }


def read_keys(settings: Settings) -> Keys:
    """The keys of the environment, or those in the key file, which is made on the first start (readable by us only)."""
    kept = {} if settings.secret_key.get_secret_value() and settings.record_key.get_secret_value() else _kept(settings)
    links = settings.secret_key.get_secret_value() or kept["secret_key"]
    record = settings.record_key.get_secret_value() or kept["record_key"]
    return Keys(tuple(links.split()), record.encode())


def mark_path(settings: Settings) -> Path:
    """Where the high-water mark is kept: beside the key file, which is no part of the database either."""
    return settings.mark_file or settings.key_file.with_name(f"{settings.key_file.stem}.mark")


def _kept(settings: Settings) -> dict[str, str]:
    path = settings.key_file
    try:
        if not path.exists():
            _make_keys(path)
        kept = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"ENGAWA_KEY_FILE: {path} cannot be used") from error
    # An empty key would sign and seal with nothing: a file without both keys is no key file.
    if not isinstance(kept, dict) or not all(isinstance(kept.get(key), str) and kept[key].strip() for key in KEYS):
        raise SettingsError(f"ENGAWA_KEY_FILE: {path} must hold {' and '.join(KEYS)}")
    return kept


def _make_keys(path: Path) -> None:
    """New keys, readable by us only. Of two that start together one's keys stand, and both use them."""
    made = {key: secrets.token_urlsafe(32) for key in KEYS}
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(made, file)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
