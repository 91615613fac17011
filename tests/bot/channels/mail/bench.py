"""How fast mail goes out, held against aiosmtplib sending prebuilt bytes on four reused connections.

``python -m tests.bot.channels.mail.bench [MAILS]``: composing and sending through the channel, a hundred envelopes
handed over at once, against the bare client in interleaved rounds into the same sink, a process of its own.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter

from aiosmtplib import SMTP

from bot.channels.mail import open_channel, read_settings
from bot.channels.mail.compose import Composer, Mail
from bot.core.delivery import Envelope, Outcome
from tests.bot.channels.mail.samples import SENDER, WORDS, envelope

ROUNDS = 7
BATCH = 100
CONNECTIONS = 4


async def bare(port: int, mails: list[Mail]) -> float:
    """Mails a second by aiosmtplib alone, as its users would do it well."""
    clients = [SMTP(hostname="127.0.0.1", port=port, local_hostname="bench.test") for _ in range(CONNECTIONS)]
    await asyncio.gather(*[client.connect() for client in clients])
    left: Iterator[Mail] = iter(mails)

    async def send(client: SMTP) -> None:
        for mail in left:
            await client.sendmail(SENDER.address, [mail.recipient], mail.raw)

    begun = perf_counter()
    await asyncio.gather(*[send(client) for client in clients])
    took = perf_counter() - begun
    await asyncio.gather(*[client.quit() for client in clients])
    return len(mails) / took


async def ours(port: int, letters: list[Envelope]) -> float:
    """Mails a second through the channel, from neutral message to receipt."""
    settings = read_settings(f"smtp://127.0.0.1:{port}", SENDER.address, Path("unused"), "https://bench.test")
    channel = open_channel(settings, WORDS, monotonic)
    begun = perf_counter()
    for start in range(0, len(letters), BATCH):
        receipts = await asyncio.gather(*[channel.send(letter) for letter in letters[start : start + BATCH]])
        assert {receipt.outcome for receipt in receipts} == {Outcome.SENT}
    took = perf_counter() - begun
    await channel.close()
    return len(letters) / took


async def compare(port: int, count: int) -> None:
    letters = [envelope(number) for number in range(count)]
    composer = Composer(SENDER, WORDS)
    begun = perf_counter()
    mails = [composer.compose(letter) for letter in letters]
    composed = count / (perf_counter() - begun)
    rounds = [(await bare(port, mails), await ours(port, letters)) for _ in range(ROUNDS)]
    alone, channel = (median(figures) for figures in zip(*rounds, strict=True))
    print(f"compose alone      {composed:8,.0f} mails/s of {len(mails[0].raw):,} bytes")
    print(f"aiosmtplib alone   {alone:8,.0f} mails/s (prebuilt, {CONNECTIONS} connections)")
    print(f"compose and send   {channel:8,.0f} mails/s, {channel / alone:.2f} of it (medians of {ROUNDS} rounds)")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    command = [sys.executable, "-m", "tests.bot.channels.mail.sink"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as sink:
        assert sink.stdout is not None
        try:
            asyncio.run(compare(int(sink.stdout.readline()), count))
        finally:
            sink.terminate()


if __name__ == "__main__":
    main()
