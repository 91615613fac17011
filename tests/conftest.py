"""What every test may ask for: the real counterparts, and how much hypothesis tries."""

import os

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

# No deadline anywhere: how long an example takes says more about the machine than about the code.
UNHURRIED = [HealthCheck.too_slow]
settings.register_profile("dev", deadline=None, suppress_health_check=UNHURRIED)
settings.register_profile("ci", deadline=None, suppress_health_check=UNHURRIED, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
