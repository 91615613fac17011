"""One connection to the mailbox. Its calls block, so each runs in a thread; ``drop`` ends them from outside."""

import asyncio
import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxUnencrypted

from bot.channels.mail.connection import tls_context
from bot.channels.mail.kept import Place, event_of
from bot.channels.mail.settings import ImapServer
from bot.core.arrival import Event, GoneError

# EOF and BYE are imaplib's abort, an error; TypeError and the others are what it makes of answers that are none.
_BROKEN = (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError, TypeError, LookupError, AttributeError)
LARGEST_MAIL = 25 * 1024 * 1024
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_SINCE = re.compile(rb'INTERNALDATE "([^"]+)"')
_CODE = re.compile(r"\[([A-Z-]{2,40})\]")  # RFC 5530
Found = TypeVar("Found")


class LineError(OSError):
    """Not reached, refused, or answered without sense. The server's words may name the user: only its code is told."""

    def __init__(self, error: Exception) -> None:
        code = _CODE.search(str(error))
        super().__init__(" ".join([type(error).__name__, *(code.groups() if code else ())]))


class Line:
    """Not connected before ``open``; used by one caller at a time."""

    def __init__(self, server: ImapServer, patience: float) -> None:
        self._server = server
        self._patience = patience
        self._box: BaseMailBox | None = None
        self._validity = 0
        self._dropped = False
        self._in_use = threading.Lock()

    async def run(self, call: Callable[[], Found]) -> Found:
        """One of the calls below, from a coroutine. Cancelled, it ends the connection, and with it the call. Raises
        LineError.

        The thread is a daemon: not even a server that answers nothing at all can hold up the end of the process.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Found] = loop.create_future()

        def tell(set_answer: Callable[[Any], None], what: object) -> None:
            if not answer.done():
                set_answer(what)

        def work() -> None:
            told: tuple[Callable[[Any], None], object]
            try:
                told = (answer.set_result, self._call(call))
            except Exception as error:
                told = (answer.set_exception, error)
            with suppress(RuntimeError):  # the loop is closed: nobody waits for it any more
                loop.call_soon_threadsafe(tell, *told)

        threading.Thread(target=work, name="mailbox", daemon=True).start()
        try:
            return await answer
        except asyncio.CancelledError:
            self.drop()
            raise

    def drop(self) -> None:
        """From any thread: whatever waits for the server on this connection fails at once."""
        self._dropped = True
        box = self._box
        if box is not None:
            with suppress(OSError):  # below TLS, whose own shutdown would pull the ground from under a reader
                socket.socket.shutdown(box.client.sock, socket.SHUT_RDWR)
        self._tidy()

    def open(self) -> None:
        """Logged in, with the folder chosen."""
        server = self._server
        if server.encrypted:
            context = tls_context(True)
            self._box = MailBox(server.host, server.port, timeout=self._patience, ssl_context=context)
        else:
            self._box = MailBoxUnencrypted(server.host, server.port, timeout=self._patience)
        login = self._box.login if server.user.isascii() and server.password.isascii() else self._box.login_utf8
        login(server.user, server.password, None)
        self._box.folder.set(server.folder)
        self._validity = int((self._box.client.response("UIDVALIDITY")[1] or [b"0"])[0] or 0)

    def unseen(self) -> list[int]:
        """The uids of what nobody has read yet, in the order of arrival."""
        self._opened.client.response("EXISTS")  # forgets what was announced until now
        return sorted(int(uid) for uid in self._opened.uids("UNSEEN", charset=None))

    def read(self, uid: int) -> Event | None:
        """A mail as an event; None for one that has gone meanwhile."""
        facts = b" ".join(_flat(self._fetched(uid, "(RFC822.SIZE INTERNALDATE)")))
        size, since = _SIZE.search(facts), _SINCE.search(facts)
        if size is None:
            return None
        whole = int(size[1]) <= LARGEST_MAIL
        data = _literal(self._fetched(uid, "(BODY.PEEK[])" if whole else "(BODY.PEEK[HEADER])"))
        if data is None:
            return None
        return event_of(data, Place(self._validity, uid, _instant(since[1] if since else b"")), whole=whole)

    def tick(self, uid: int) -> None:
        """Read. Not through the library, whose way of doing this also removes what others have marked for removal."""
        self._opened.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def wait(self, seconds: float) -> bool:
        """Until something happens in the folder, or for so long; False at once where the server cannot tell."""
        box = self._opened
        if "IDLE" not in box.client.capabilities:
            return False
        if box.client.response("EXISTS")[1] != [None]:
            return True  # announced while we were busy: it will not be announced again
        with box.idle as idle:
            if not _read_ahead(box.client):
                idle.poll(timeout=seconds)
        return True

    def part(self, validity: int, uid: int, number: str, largest: int) -> bytes:
        """One part's bytes as they travel, of one longer than ``largest`` a few more than that. Raises GoneError."""
        found = (
            _literal(self._fetched(uid, f"(BODY.PEEK[{number}]<0.{largest + 1}>)"))
            if validity == self._validity
            else None
        )
        if not found:
            raise GoneError("gone")
        return found

    @property
    def _opened(self) -> BaseMailBox:
        if self._box is None:
            raise OSError("not connected")
        return self._box

    def _fetched(self, uid: int, wanted: str) -> list[object]:
        status, found = self._opened.client.uid("FETCH", str(uid), wanted)
        return list(found) if status == "OK" else []  # one mail that the server cannot read holds up no other

    def _call(self, call: Callable[[], Found]) -> Found:
        with self._in_use:
            if self._dropped:
                raise LineError(OSError("dropped"))
            try:
                return call()
            except _BROKEN as error:
                raise LineError(error) from None
            finally:
                self._close_if_dropped()

    def _tidy(self) -> None:
        """Closes what nobody uses; a call that is under way does so itself when it ends."""
        if self._in_use.acquire(blocking=False):
            self._close_if_dropped()
            self._in_use.release()

    def _close_if_dropped(self) -> None:
        if self._dropped and self._box is not None:
            with suppress(OSError):
                self._box.client.shutdown()


def _read_ahead(client: imaplib.IMAP4) -> bool:
    """Whether more of the server's words lie here already: what came together with the last line is in no socket."""
    words: Any = client.file
    sock, patience = client.sock, client.sock.gettimeout()
    sock.settimeout(0)
    try:
        return bool(words.peek(1))
    except ssl.SSLWantReadError:
        return False
    finally:
        sock.settimeout(patience)


def _flat(found: list[object]) -> list[bytes]:
    pieces = [piece for item in found for piece in (item if isinstance(item, tuple) else (item,))]
    return [piece for piece in pieces if isinstance(piece, bytes)]


def _literal(found: list[object]) -> bytes | None:
    """The content in an answer to FETCH, among the lines around it. A short one may stand between quotes."""
    for item in found:
        if isinstance(item, tuple) and len(item) == 2:
            return bytes(item[1])
    quoted = re.search(rb'BODY\[[^\]]*\](?:<0>)? "((?:[^"\\]|\\.)*)"', b" ".join(_flat(found)))
    return re.sub(rb"\\(.)", rb"\1", quoted[1]) if quoted else None


def _instant(text: bytes) -> datetime:
    """When the server took it in; of no use to anybody where it does not say."""
    try:
        found = parsedate_to_datetime(text.decode("ascii", "replace"))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
