"""Photos and documents are fetched from the platform."""

import pytest

from bot.channels.telegram.channel import LARGEST
from bot.core.arrival import GoneError, Remote
from engawa_fakes import Trouble
from tests.bot.channels.telegram.conftest import TelegramRig


async def test_a_file_comes_as_it_was_sent(rig: TelegramRig):
    data = b"\xff\xd8\xff" + bytes(range(256))
    (remote,) = rig.channel.parse(rig.platform.sends_photo(int(rig.address), data)).remote
    assert await rig.channel.fetch(remote) == data


@pytest.mark.parametrize(("size", "why"), [(LARGEST + 1, "large"), (20 * 1024 * 1024 + 1, "large")])
async def test_what_is_too_large_is_not_fetched(rig: TelegramRig, size: int, why: str):
    rig.platform.files["big"] = bytes(size)
    with pytest.raises(GoneError, match=why):
        await rig.channel.fetch(Remote("big"))
    assert not any(call.path.startswith("/file/") for call in rig.platform.calls)


async def test_what_the_platform_no_longer_has_is_gone(rig: TelegramRig):
    with pytest.raises(GoneError, match="gone"):
        await rig.channel.fetch(Remote("never"))


@pytest.mark.parametrize("trouble", [each for each in Trouble if each is not Trouble.SILENT])
async def test_what_may_come_back_is_told_apart(rig: TelegramRig, trouble: Trouble):
    """The error names no address: the token stands in it."""
    rig.platform.files["photo"] = b"\xff\xd8\xff"
    rig.platform.next(trouble)
    with pytest.raises(OSError, match="could not be fetched") as raised:
        await rig.channel.fetch(Remote("photo"))
    assert raised.value.__suppress_context__
    assert rig.platform.token not in str(raised.value)
    assert await rig.channel.fetch(Remote("photo")) == b"\xff\xd8\xff"
