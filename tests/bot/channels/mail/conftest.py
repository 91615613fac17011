"""What the mail tests share: a sink, a machine clock to wind, and channels that are closed again."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.channels.mail import MailChannel, open_channel, read_settings
from bot.channels.mail.connection import tls_context
from bot.channels.mail.pool import Limits
from bot.channels.mail.settings import ImapServer
from tests.bot.channels.mail.samples import SENDER, WORDS
from tests.bot.channels.mail.sink import Sink
from tests.counterparts.dovecot import CERTIFICATE


@dataclass
class MachineTime:
    """Stands still until it is wound."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


OpenMail = Callable[..., MailChannel]


@pytest.fixture
def machine_time() -> MachineTime:
    return MachineTime()


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The certificate of these tests is among the roots, as an operator would add a private one."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    tls_context.cache_clear()
    yield
    tls_context.cache_clear()


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    sink = Sink()
    await sink.start()
    yield sink
    await sink.stop()


@pytest.fixture
async def open_mail(machine_time: MachineTime, tmp_path: Path) -> AsyncIterator[OpenMail]:
    """``open_mail(url, mailbox, **limits)``: a channel to that server, closed after the test."""
    opened: list[MailChannel] = []

    def opener(url: str, mailbox: ImapServer | None = None, **limits: float) -> MailChannel:
        settings = read_settings(
            url, f"{SENDER.name} <{SENDER.address}>", tmp_path / "mail", "https://engawa.example.jp"
        )
        settings = replace(settings, mailbox=mailbox)
        opened.append(open_channel(settings, WORDS, machine_time, Limits(**limits)))  # type: ignore[arg-type]
        return opened[-1]

    yield opener
    for channel in opened:
        await channel.close()
