"""What the idle service occupies: a process of its own that goes through quiet rounds and tells its resident memory.

``python -m bot.cli.bench.idle FOLDER`` prints kilobytes; the folder holds the database.
"""

import asyncio
import resource
import sys
from pathlib import Path

from bot.cli.bench.place import service_in
from bot.cli.bench.town import QUIET_DAY
from bot.core.days import morning
from scheduler.run import run_once

ROUNDS = 20


async def resident(place: Path) -> int:
    """Kilobytes after some quiet rounds."""
    async with service_in(place) as service:
        for _ in range(ROUNDS):
            await run_once(service.post, service.understanding, morning(QUIET_DAY))
        return _kilobytes()


def _kilobytes() -> int:
    """What is resident now; where the system does not tell, the most that ever was."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most // 1024 if sys.platform == "darwin" else most
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


if __name__ == "__main__":
    print(asyncio.run(resident(Path(sys.argv[1]))))
