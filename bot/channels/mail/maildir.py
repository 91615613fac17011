"""The stand-in for a server: a Maildir, which any mail reader opens."""

import asyncio
import errno
import os
from pathlib import Path

from bot.channels.mail.compose import Mail
from bot.config import holds_files
from bot.core.delivery import Outcome, Receipt

_SEEN = ("cur/{}", "cur/{}:2,", "cur/{}:2,S")  # where a mail reader may have moved it
_PASSING = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EIO}


class Maildir:
    """Writes each mail to ``new`` under its key, so that a repeat is the same file and never a second one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def carry(self, mail: Mail) -> Receipt:
        """On disk, synced, before it says sent."""
        try:
            await asyncio.to_thread(self._write, mail)
        except OSError as error:
            outcome = Outcome.LATER if error.errno in _PASSING else Outcome.CLOSED
            return Receipt(outcome, detail=f"mail folder: {error.strerror}")
        return Receipt(Outcome.SENT, provider_id=mail.key)

    async def check(self) -> str:
        return "" if await asyncio.to_thread(holds_files, self._folder) else "the mail folder cannot be written to"

    async def close(self) -> None:
        """Nothing is held open."""

    def _write(self, mail: Mail) -> None:
        if any((self._folder / place.format(mail.key)).exists() for place in _SEEN):
            return
        for name in ("tmp", "new", "cur"):
            (self._folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / "tmp" / mail.key
        with draft.open("wb") as file:
            file.write(mail.raw)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._folder / "new" / mail.key)
        _sync(self._folder / "new")


def _sync(folder: Path) -> None:
    """Without this the name may be lost in a power cut, though the content is safe."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
