"""Whatever the description of the API allows is answered as it says, and whatever it does not allow is refused.

A few requests for each operation by default; `API_EXAMPLES=400 pytest tests/handlers/web/api/test_any_request.py` tries
as many as you like, and every edge of every parameter.
"""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn

from bot.core.api_key import Scope
from bot.core.signature import Signatory
from handlers.web.api.pace import Pace
from scheduler.clock import machine_now
from tests.handlers.web.api.machine import EVERYTHING, machine_of
from tests.handlers.web.street import Street
from tests.stories.event_town import shaken

EXAMPLES = os.environ.get("API_EXAMPLES", "")
FEW = ["--max-examples", "3", "--phases", "fuzzing,stateful", "--seed", "1"]
HOW = ["--max-examples", EXAMPLES] if EXAMPLES else FEW
OF_GUARANTOR = ["--include-tag", "audit", "--phases", "coverage,fuzzing"]
AT_MOST = 3600  # seconds
# A tag that is made up is that of nothing: 412 is the right answer to a request that is right in all else, and 428 to
# one without a tag (RFC 6585, 3).
ALSO_RIGHT = """[checks]
positive_data_acceptance.expected-statuses = ["2xx", "304", "401", "403", "404", "409", "412", "5xx"]
missing_required_header.expected-statuses = ["4xx"]
"""


@asynccontextmanager
async def served(street: Street) -> AsyncIterator[str]:
    """The application on a port of its own; its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(street.app, log_config=None, lifespan="off"))
        running = asyncio.create_task(server.serve([listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await running


async def tries(folder: Path, address: str, secret: str, options: Sequence[str]) -> str:
    """What the tool says at the end of its run; empty where it found nothing."""
    (folder / "schemathesis.toml").write_text(ALSO_RIGHT, "utf-8")
    words = ["run", f"{address}/api/v1/openapi.json", "--url", address, "-H", f"Authorization: Bearer {secret}"]
    words += [*HOW, "--checks", "all", "--no-color", "--suppress-health-check", "all", *options]
    command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", *words]
    run = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(run.communicate(), AT_MOST)
    print(said.decode())
    return said.decode() if run.returncode else ""


async def test_any_request_is_answered_as_the_description_says(street: Street, tmp_path: Path):
    for house in ("H1", "H2"):
        await street.town.house(house, municipality_code="131121")
    await shaken(street.town)
    await street.town.skip_to("2027-01-04")
    state = street.app.state
    state.pace = Pace(lambda: 0.0, machine_now, burst=10**9)
    state.site = replace(state.site, teller=Signatory("a-secret-of-theirs", machine_now))
    builder = await machine_of(street, "B1", EVERYTHING)
    guarantor = await machine_of(street, "operator", (Scope.READ, Scope.AUDIT))
    async with served(street) as address:
        assert await tries(tmp_path, address, builder.secret, []) == ""
        assert await tries(tmp_path, address, guarantor.secret, OF_GUARANTOR) == ""
