"""Against aiosmtpd, a server we did not write: plain, encrypted, and with a password."""

import asyncio
import email
import email.policy
import ssl
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from bot.core.delivery import Outcome
from tests.bot.channels.mail.samples import MESSAGE, SENDER, envelope

CERTIFICATE = Path(__file__).parent / "localhost.pem"  # self-signed, for tests alone


class Inbox:
    """An aiosmtpd handler that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.encrypted: list[bool] = []

    async def handle_DATA(self, server, session, arrived) -> str:  # the name is aiosmtpd's
        self.mails.append((arrived.mail_from, arrived.rcpt_tos, arrived.content))
        self.encrypted.append(session.ssl is not None)
        return "250 OK"


def knows(_server, _session, _envelope, _mechanism, login) -> AuthResult:
    assert isinstance(login, LoginPassword)
    return AuthResult(success=login == LoginPassword("taro@縁".encode(), "秘密:/".encode()), handled=False)


def certificate() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def serve(inbox):
    """``await serve(**options)`` starts an aiosmtpd with these options and gives its port; ``tls`` from the start."""
    servers = []

    async def start(tls: bool = False, **options) -> int:
        loop = asyncio.get_running_loop()
        factory = lambda: SMTP(inbox, hostname="far.test", loop=loop, **options)  # noqa: E731
        servers.append(await loop.create_server(factory, "127.0.0.1", 0, ssl=certificate() if tls else None))
        return servers[-1].sockets[0].getsockname()[1]

    yield start
    for server in servers:
        server.close()


async def test_a_japanese_mail_arrives_as_it_was_meant(inbox, serve, open_mail):
    """Names, subject and both bodies, read by the standard library on the far side."""
    receipt = await open_mail(f"smtp://127.0.0.1:{await serve()}").send(envelope())
    assert receipt.outcome is Outcome.SENT
    ((mail_from, rcpt_tos, content),) = inbox.mails
    assert (mail_from, rcpt_tos) == (SENDER.address, ["owner1@example.jp"])
    mail = email.message_from_bytes(content, policy=email.policy.default)
    assert mail["Subject"] == MESSAGE.title
    assert mail["To"].addresses[0].display_name == "山田 太郎"
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "5年目の点検にうかがう予定でした" in plain.get_content()


@pytest.mark.parametrize("scheme", ["smtp", "smtp+starttls"])
async def test_starttls_is_taken_when_offered(inbox, serve, open_mail, trusted, scheme):
    """Encrypted by both schemes where the server can."""
    port = await serve(tls_context=certificate())
    assert (await open_mail(f"{scheme}://localhost:{port}").send(envelope())).outcome is Outcome.SENT
    assert inbox.encrypted == [True]


async def test_smtps_is_encrypted_from_the_first_byte(inbox, serve, open_mail, trusted):
    """TLS before the greeting."""
    port = await serve(tls=True)
    assert (await open_mail(f"smtps://localhost:{port}").send(envelope())).outcome is Outcome.SENT
    assert len(inbox.mails) == 1


async def test_encryption_that_is_only_taken_when_offered_asks_for_no_papers(inbox, serve, open_mail):
    """It would have gone in the clear otherwise; a home-made certificate is better than that."""
    port = await serve(tls_context=certificate())
    assert (await open_mail(f"smtp://127.0.0.1:{port}").send(envelope())).outcome is Outcome.SENT
    assert inbox.encrypted == [True]


async def test_encryption_that_is_asked_for_asks_for_papers(inbox, serve, open_mail):
    """An unknown certificate closes the channel; nothing is sent."""
    starttls, tls = await serve(tls_context=certificate()), await serve(tls=True)
    for address in (f"smtp+starttls://127.0.0.1:{starttls}", f"smtps://127.0.0.1:{tls}"):
        receipt = await open_mail(address).send(envelope())
        assert (receipt.outcome, "certificate" in receipt.detail) == (Outcome.CLOSED, True)
    assert inbox.mails == []


async def test_encryption_that_is_asked_for_and_not_offered_closes_the_channel(inbox, serve, open_mail):
    """Never in the clear instead."""
    receipt = await open_mail(f"smtp+starttls://127.0.0.1:{await serve()}").send(envelope())
    assert (receipt.outcome, "STARTTLS" in receipt.detail) == (Outcome.CLOSED, True)
    assert inbox.mails == []


async def test_a_password_is_taken_over_an_encrypted_line(inbox, serve, open_mail, trusted):
    """User and password with odd characters, URL-encoded in the setting."""
    port = await serve(tls_context=certificate(), require_starttls=True, auth_required=True, authenticator=knows)
    user, password = "taro%40%E7%B8%81", "%E7%A7%98%E5%AF%86%3A%2F"
    receipt = await open_mail(f"smtp+starttls://{user}:{password}@localhost:{port}").send(envelope())
    assert receipt.outcome is Outcome.SENT


@pytest.mark.parametrize("credentials", ["taro:wrong@", ""])
async def test_a_wrong_or_missing_password_closes_the_channel(inbox, serve, open_mail, trusted, credentials):
    """No address is to blame, and neither user nor password is in what is recorded."""
    port = await serve(tls_context=certificate(), require_starttls=True, auth_required=True, authenticator=knows)
    receipt = await open_mail(f"smtp+starttls://{credentials}localhost:{port}").send(envelope())
    assert receipt.outcome is Outcome.CLOSED
    assert "taro" not in receipt.detail
    assert inbox.mails == []
