"""One connection to the server, and one mail at a time over it."""

import asyncio
import ssl
from functools import cache

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.channels.mail.answers import Step, accepted, broken, refused
from bot.channels.mail.compose import Mail
from bot.channels.mail.settings import MailSettings, Security, SmtpServer
from bot.core.delivery import Receipt

_GOODBYE = 5.0  # seconds to wait for the answer to QUIT, which nobody needs
_STEPS: dict[type[SMTPResponseException], Step] = {
    SMTPSenderRefused: Step.SENDER,
    SMTPRecipientRefused: Step.RECIPIENT,
    SMTPDataError: Step.CONTENT,
}


class Connection:
    """A connection that stays open only as long as every answer on it was a clean one."""

    def __init__(self, client: SMTP, sender: str, patience: float) -> None:
        self._client = client
        self._sender = sender
        self._patience = patience
        self._size = client.supports_extension("size")
        self._dsn = client.supports_extension("dsn")
        self.carried = 0
        self.idle_since = 0.0
        self.timed_out = False

    @property
    def is_open(self) -> bool:
        return self._client.is_connected

    async def deliver(self, mail: Mail) -> Receipt:
        """One transaction with one recipient. Never raises for what the server does or fails to do."""
        self.carried += 1
        try:
            await self._envelope(mail)
        except (SMTPException, OSError) as error:
            return await self._failed(error, begun=False)
        except BaseException:
            self.close()
            raise
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._client.data(mail.raw, timeout=None)
        except (SMTPException, OSError) as error:
            return await self._failed(error, begun=True)
        except BaseException:
            self.close()
            raise
        return accepted(answer.message)

    async def ask(self) -> None:
        """Ask whether the server still answers on it (NOOP); closed if not."""
        try:
            await self._client.noop()
        except (SMTPException, OSError):
            self.close()
        except BaseException:
            self.close()
            raise

    async def leave(self) -> None:
        """Say goodbye and close; the answer is not worth waiting long for."""
        try:
            if self.is_open:
                await self._client.quit(timeout=_GOODBYE)
        except (SMTPException, OSError):
            pass  # it is closed below whatever the server thinks of it
        finally:
            self.close()

    def close(self) -> None:
        self._client.close()

    async def _envelope(self, mail: Mail) -> None:
        options = [f"SIZE={len(mail.raw)}"] if self._size else []
        if self._dsn:
            options += ["RET=HDRS", f"ENVID={mail.key}"]
        # One timeout around both: the client's own, per answer, costs as much as sending the command does.
        async with asyncio.timeout(self._patience):
            await self._client.mail(mail.return_path or self._sender, options=options, timeout=None)
            wanted = ["NOTIFY=FAILURE,DELAY"] if self._dsn else None
            if wanted and mail.return_path:  # a report on forwarded mail names the address that we know, too
                wanted.append(f"ORCPT=rfc822;{_xtext(mail.recipient)}")
            await self._client.rcpt(mail.recipient, options=wanted, timeout=None)

    async def _failed(self, error: Exception, begun: bool) -> Receipt:
        if isinstance(error, SMTPResponseException) and type(error) in _STEPS:
            await self._reset(error)
            return refused(_STEPS[type(error)], error.code, error.message)
        self.close()
        self.timed_out = isinstance(error, TimeoutError)
        return broken(error, begun)

    async def _reset(self, refusal: SMTPResponseException) -> None:
        """Clear the transaction that was refused. After 421, or an answer out of place, the connection is over."""
        if refusal.code == 421 or refusal.code < 400:
            self.close()
        try:
            if self.is_open:
                await self._client.rset()
        except (SMTPException, OSError):
            self.close()
        except BaseException:
            self.close()
            raise


async def connect(settings: MailSettings, server: SmtpServer, patience: float) -> Connection:
    """A greeted, encrypted and logged-in connection. Raises what aiosmtplib raises.

    ``patience`` is how long any answer may take, in seconds.
    """
    client = SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user or None,
        password=server.password or None,
        local_hostname=settings.helo,  # the default asks DNS
        timeout=patience,
        use_tls=server.security is Security.TLS,
        start_tls=_start_tls(server),
        tls_context=tls_context(server.must_trust),
    )
    try:
        await client.connect()
        await client.noop()  # says EHLO, or HELO to a server that knows no better, where connect() had no need to
    except BaseException:
        client.close()
        raise
    return Connection(client, settings.sender.address, patience)


def _xtext(address: str) -> str:
    """RFC 3461, 4: what would be taken for an end or an escape is written in hexadecimal."""
    return "".join([char if "!" <= char <= "~" and char not in "+=" else f"+{ord(char):02X}" for char in address])


def _start_tls(server: SmtpServer) -> bool | None:
    """None is aiosmtplib's word for "if offered"."""
    if server.security is Security.TLS:
        return False
    return True if server.must_trust else None


@cache
def tls_context(trusted: bool) -> ssl.SSLContext:
    """One per process and kind: making one reads every root certificate of the system."""
    if trusted:
        return ssl.create_default_context()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
