"""`engawa understand`: what a reply would be taken to mean."""

import json
import sys
from typing import Annotated

import typer

from bot.cli.instant import given_instant
from bot.config import SettingsError
from bot.language.lines import BadLine, answer, from_json
from scheduler.clock import machine_now

Text = Annotated[str, typer.Argument(help="one reply; without it JSON lines are read from stdin")]
Now = Annotated[str, typer.Option("--now", help="civil now; a date alone means 10:00 in Tokyo")]
Role = Annotated[str, typer.Option("--role", help="owner, servicer or staff")]
Context = Annotated[str, typer.Option("--context", help="what was asked last, e.g. reminder_due")]
AsJson = Annotated[bool, typer.Option("--json", help="as with every command; here the answer is JSON without it too")]


def command(
    text: Text = "", now: Now = "", role: Role = "owner", context: Context = "none", as_json: AsJson = False
) -> None:
    """What a reply would be taken to mean: one text, or JSON lines in and JSON lines out."""
    if text:
        at = given_instant(now, "--now") or machine_now()
        asked = json.dumps({"id": "", "text": text, "now": at.isoformat(), "role": role, "context": context})
        try:
            from_json(asked)
        except BadLine as bad:
            raise SettingsError(str(bad)) from None
        sys.stdout.write(answer(asked) + "\n")
        return
    if now or role != "owner" or context != "none":
        raise SettingsError("--now, --role and --context go with TEXT; on stdin every line says its own")
    for line in sys.stdin.buffer:
        if line.strip():
            sys.stdout.write(answer(line) + "\n")
    sys.stdout.flush()
