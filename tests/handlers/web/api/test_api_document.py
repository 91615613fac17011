"""The examples of docs/api.md, run in their order by whoever was given a key: each is answered as it says."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

from bot.config import PREFIX
from storage.submitters import Entry, enter
from tests.handlers.web.api.test_any_request import served
from tests.handlers.web.street import Street

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(sh|json)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ENGAWA = f"{sys.executable} -c 'from bot.cli.app import main; main()'"


async def runs(command: str, folder: Path, named: dict[str, str]) -> str:
    """What a command of the page says; it must end well."""
    spelled = re.sub(r"^engawa", ENGAWA, command).replace("curl -sS", "curl -sS --fail-with-body -w '\\n'")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment |= named | {"PYTHONPATH": str(ROOT)}
    run = await asyncio.create_subprocess_exec(
        *("bash", "-e", "-c", spelled), cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await run.communicate()
    assert run.returncode == 0, f"{command}: {said.decode()}"
    return said.decode()


async def test_the_examples_are_answered_as_the_page_says(street: Street, tmp_path: Path):
    """On the installation's own database, with a key made by its own command."""
    town = street.town
    await town.house()
    await town.skip_to("2027-01-12")
    async with town.service.store.write() as connection:
        await enter(connection, Entry("B1", "丸太 太郎", "東京都港区1-1", "contract"), town.today)
    now = town.service.clock.now().isoformat()
    named = {f"{PREFIX}NOW": now, f"{PREFIX}DATABASE_URL": f"sqlite:///{tmp_path / 'engawa.db'}"}
    answers: list[str] = []
    every: list[str] = []
    async with served(street) as address:
        named["URL"] = address
        for language, block in BLOCKS:
            if language == "json":
                assert json.loads(answers[-1]) == json.loads(block)
                continue
            answers = (await runs(block, tmp_path, named)).splitlines()
            every += answers
            named |= {"KEY": json.loads(answers[0])["secret"]} if block.startswith("engawa") else {}
    assert [one for one in every if one.startswith("{") and json.loads(one).get("phase") == "confirming"]
    assert [one for one in every if one.startswith("{") and json.loads(one).get("events") == ["work.due"]]
    key = ["engawa submitter key rotate 1 --json", "engawa submitter key list --json", "engawa submitter key revoke 1"]
    made, listed, _ = [await runs(command, tmp_path, named) for command in key]
    assert json.loads(made)["old_until"] == "2027-01-19"
    assert [one["used_on"] for one in json.loads(listed)["keys"]] == ["2027-01-12", None]
    assert json.loads(made)["secret"] not in listed
