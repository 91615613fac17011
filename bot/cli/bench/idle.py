"""What the idle service occupies: `engawa serve`, in a process of its own, after some quiet rounds.

``python -m bot.cli.bench.idle FOLDER`` prints kilobytes on its last line; the folder holds the database.
"""

import asyncio
import os
import resource
import signal
import socket
import sys
from pathlib import Path

from bot.cli.bench.place import service_in
from bot.cli.bench.sink import LOOPBACK
from bot.cli.bench.town import QUIET_DAY
from bot.cli.opening import collect_seldom
from bot.cli.serve import Role, serve
from bot.core.days import morning

ROUNDS = 10
LOOK = 0.2  # seconds between two looks whether a round has begun: so a spell of the auditor beside them ends as well


async def resident(place: Path) -> int:
    """Kilobytes of the service with its pages, and with all that it does beside its rounds."""
    async with service_in(place) as service:
        service.clock.fixed = morning(QUIET_DAY, 10)
        with socket.create_server((LOOPBACK, 0)) as listening:
            serving = asyncio.create_task(serve(service, listening, Role.ALL))
            await _rounds(serving, service.understanding.bell)
            occupied = _kilobytes()
            os.kill(os.getpid(), signal.SIGTERM)  # as whoever runs it ends it
            await serving
        return occupied


async def _rounds(serving: asyncio.Task[None], bell: asyncio.Event) -> None:
    """Rung at once after each other: a round that begins stills the bell, and has ended when the next one does."""
    for _ in range(ROUNDS + 1):
        bell.set()
        while bell.is_set() and not serving.done():  # noqa: ASYNC110 - a bell that is stilled tells nobody
            await asyncio.sleep(LOOK)
    if serving.done():
        serving.result()


def _kilobytes() -> int:
    """What is resident now; where the system does not tell, the most that ever was."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most // 1024 if sys.platform == "darwin" else most
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


if __name__ == "__main__":
    collect_seldom()
    print(asyncio.run(resident(Path(sys.argv[1]))))
