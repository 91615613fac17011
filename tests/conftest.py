"""What every test may ask for: the real counterparts, and how much hypothesis tries."""

import os
import shutil
from pathlib import Path

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "pytester",
    "tests.counterparts.missing",
    "tests.counterparts.smtp",
    "tests.counterparts.postfix",
    "tests.counterparts.dovecot",
    "tests.counterparts.postgres",
    "tests.counterparts.database",
    "tests.counterparts.redis",
    "tests.counterparts.chromium",
]

# SQLite waits for the disk at every commit, and nobody pulls the plug on a test: its folder lies in memory where there
# is room for those of a whole run. What a test left behind goes with it, unless it failed (tmp_path_retention_policy).
MEMORY, ROOM = Path("/dev/shm"), 1 << 30
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# No deadline anywhere: how long an example takes says more about the machine than about the code.
UNHURRIED = [HealthCheck.too_slow]
settings.register_profile("dev", deadline=None, suppress_health_check=UNHURRIED)
settings.register_profile("ci", deadline=None, suppress_health_check=UNHURRIED, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
