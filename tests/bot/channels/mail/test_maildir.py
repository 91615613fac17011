"""The mail folder that stands in where no server is set."""

import asyncio
import mailbox
import os
from pathlib import Path

import pytest

from bot.channels.mail import open_channel, read_settings
from bot.channels.mail.compose import Composer
from bot.core.delivery import Outcome
from tests.bot.channels.mail.samples import WORDS, envelope


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "house" / "mail"


@pytest.fixture
def channel(folder, machine_time):
    return open_channel(read_settings("", "engawa@example.jp", folder, ""), WORDS, machine_time)


async def test_mails_lie_in_a_folder_that_mail_readers_open(channel, folder):
    """Twenty at once, each a file of its own, readable by the owner of the service alone."""
    receipts = await asyncio.gather(*[channel.send(envelope(number)) for number in range(20)])
    assert {receipt.outcome for receipt in receipts} == {Outcome.SENT}
    found = mailbox.Maildir(folder, create=False)
    assert sorted(mail["Message-ID"] for mail in found) == [
        f"<0f8fad5b-d9cb-469f-a165-{number:012d}@example.jp>" for number in range(20)
    ]
    assert (folder / "new").stat().st_mode & 0o077 == 0
    assert os.listdir(folder / "tmp") == []


async def test_the_file_is_the_mail_byte_for_byte(channel, folder):
    """What would have gone to the server, nothing added."""
    receipt = await channel.send(envelope())
    composer = Composer(read_settings("", "engawa@example.jp", folder, "").sender, WORDS)
    assert (folder / "new" / receipt.provider_id).read_bytes() == composer.compose(envelope()).raw


@pytest.mark.parametrize("read_as", ["new/{}", "cur/{}:2,", "cur/{}:2,S"])
async def test_a_repeat_is_the_same_file(channel, folder, read_as):
    """Also after a mail reader has looked at it and moved it."""
    receipt = await channel.send(envelope())
    (folder / "new" / receipt.provider_id).rename(folder / read_as.format(receipt.provider_id))
    assert (await channel.send(envelope())).outcome is Outcome.SENT
    assert [path.name for path in folder.glob("*/*")] == [Path(read_as).name.format(receipt.provider_id)]


async def test_a_draft_left_by_a_crash_is_written_over(channel, folder):
    """Half a file in tmp is nobody's mail."""
    await channel.send(envelope(1))
    (folder / "tmp" / envelope(2).key).write_bytes(b"To: half a")
    await channel.send(envelope(2))
    assert os.listdir(folder / "tmp") == []
    assert (folder / "new" / envelope(2).key).read_bytes().startswith(b"To: =?utf-8?")


async def test_a_folder_that_cannot_be_written_closes_the_channel(channel, folder):
    """Nobody's address is to blame, and the reason says what is wrong."""
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")
    receipt = await channel.send(envelope())
    assert receipt.outcome is Outcome.CLOSED
    assert receipt.detail.startswith("mail folder: ")


async def test_no_key_leaves_the_folder(channel, folder):
    """A key that is a path is refused before anything is written."""
    assert (await channel.send(envelope(key="../../evil"))).outcome is Outcome.REFUSED
    assert not folder.exists()
    await channel.close()
