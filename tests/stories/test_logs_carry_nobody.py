"""Whatever happens in the town, and whatever goes wrong in it, the log tells of nobody."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from bot.channels.registry import CHANNELS
from bot.cli.logs import configure_log
from storage.tables import addresses, houses, inbound, link_codes, people
from tests.stories.five_channels import settled_in
from tests.stories.phones import Platforms

TOLD = {
    "owner_name": "Hanako Blossom{n}",
    "owner_kana": "ハナコ",
    "guarantee_no": "ZK-77{n}041",
    "certificate_no": "2022-88{n}1",
    "postcode": "981-093{n}",
    "address": "Aobacho {n}-17-6, Sendai",
    "lender": "Northwind Bank",
    "phone": "022-555-010{n}",
}
WORDS = ("The veranda creaks at night", "屋根から雨もりがします", "call me at 080-7777-6666 or blossom@example.org")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that the log says from now on, down to the last detail."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_log("DEBUG", stream)
    root.setLevel(logging.WARNING)
    yield stream
    logging.captureWarnings(False)
    structlog.reset_defaults()
    root.handlers[:], root.level = before, level


async def somebodys(at: Platforms) -> set[str]:
    """Every name, address, word and token of the town, as it is kept."""
    found: list[Any] = []
    async with at.town.service.store.read() as connection:
        for row in await connection.execute(select(people.c.name, people.c.kana, people.c.phone)):
            found += row
        named = ("address", "postcode", "certificate_no", "guarantee_no", "lender")
        for row in await connection.execute(select(*(houses.c[name] for name in named))):
            found += row
        for address, person_id in (await connection.execute(select(addresses.c.address, addresses.c.person_id))).all():
            found += [address] if address != person_id else []
            found.append(at.town.service.links.person(person_id).rpartition("/")[2])
        found += (await connection.execute(select(link_codes.c.digest))).scalars()
        for raw in (await connection.execute(select(inbound.c.raw))).scalars():
            found += said_in(raw)
    found += [word for name in found if name for word in str(name).split() if len(word) > 4]
    return {str(one) for one in found if one and len(str(one)) > 3}


def said_in(raw: Any) -> Iterator[str]:
    """The texts in an event as it came: what people wrote."""
    if isinstance(raw, dict):
        for name, value in raw.items():
            yield from [value] if name == "text" and isinstance(value, str) else said_in(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from said_in(value)


def broken(monkeypatch: pytest.MonkeyPatch, at: Platforms) -> None:
    """From now on every channel, every handler and the libraries choke, and say on what."""
    theirs = logging.getLogger("slack_bolt.App")

    async def chokes(self: Any, envelope: Any) -> Any:
        theirs.warning(f"Unhandled request ({envelope!r})")
        raise RuntimeError(f"cannot send {envelope!r}")

    def puzzled(self: Any, raw: Any) -> Any:
        theirs.error("cannot read %s", raw, exc_info=ValueError(json.dumps(raw)))
        raise ValueError(f"cannot read {raw!r}")

    for channel in at.town.service.post.channels.values():
        monkeypatch.setattr(type(channel), "send", chokes)
    for kind in {type(one) for one in at.town.service.inbox.channels.values()}:
        monkeypatch.setattr(kind, "parse", puzzled)


async def test_a_winter_on_five_channels_leaves_nobody_in_the_log(
    five_channels: Platforms, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    """Questions, silence and answers on every channel; then everything breaks, each piece with its mouth full."""
    at = five_channels
    pairs = await settled_in(at, **TOLD)
    await at.town.until("2027-01-04")
    for pair in pairs:
        for words in WORDS if pair.owner.channel != "email" else ():  # nobody has written a mail yet to be answered
            await pair.owner.says(words)
    await at.town.until("2027-02-20")
    broken(monkeypatch, at)
    for pair in pairs:
        await pair.owner.says("Blossom again, the cellar is wet")
    await at.town.until("2027-04-10")
    told, theirs = written.getvalue(), await somebodys(at)
    events = [json.loads(line) for line in told.splitlines()]
    assert {one["event"] for one in events} >= {"inbound_failed", "channel_raised"}
    assert {one["channel"] for one in events if one["event"] == "channel_raised"} == set(CHANNELS) - {
        name for name in CHANNELS if name.endswith("_http")
    }
    assert all("inbound" in one for one in events if one["event"] == "inbound_failed")
    assert all("outbox" in one for one in events if one["event"].startswith("Unhandled"))
    assert len(theirs) > 60
    assert {one for one in theirs if one in told} == set()
    assert not [
        word for word in ("veranda", "cellar", "7777", "Aobacho", "Northwind", at.telegram.token) if word in told
    ]
