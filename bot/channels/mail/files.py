"""The files of a mail, which stay in the mailbox until they are asked for."""

from binascii import a2b_base64, a2b_qp

from bot.channels.mail.line import Line
from bot.channels.mail.reading import REFERENCE
from bot.channels.mail.settings import ImapServer
from bot.core.arrival import GoneError, Remote

LARGEST_FILE = 10 * 1024 * 1024
_TRAVELLING = LARGEST_FILE * 3 // 2  # base64 adds a third and its line ends


async def fetch(server: ImapServer, patience: float, remote: Remote) -> bytes:
    """The file's bytes. Raises GoneError for what is gone or too large, and OSError for what may come back."""
    named = REFERENCE.fullmatch(remote.id)
    if named is None:
        raise GoneError("gone")
    validity, uid, number, encoding = named.groups()
    line = Line(server, patience)
    try:
        await line.run(line.open)
        data = await line.run(lambda: line.part(int(validity), int(uid), number, _TRAVELLING))
    finally:
        line.drop()
    return _file(data, encoding)


def _file(data: bytes, encoding: str) -> bytes:
    if len(data) > _TRAVELLING:
        raise GoneError("large")
    try:
        found = a2b_base64(data) if encoding == "base64" else a2b_qp(data) if encoding else data
    except ValueError:
        raise GoneError("gone") from None
    if len(found) > LARGEST_FILE:
        raise GoneError("large")
    return found
