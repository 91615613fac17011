"""`engawa understand`: what a reply would be taken to mean."""

import json
import sys
from typing import Annotated

import typer

from bot.config import read_instant
from bot.language.lines import answer
from scheduler.clock import machine_now

Text = Annotated[str, typer.Argument(help="one reply; without it JSON lines are read from stdin")]
Now = Annotated[str, typer.Option("--now", help="civil now; a date alone means 10:00 in Tokyo")]
Role = Annotated[str, typer.Option("--role", help="owner, servicer or staff")]
Context = Annotated[str, typer.Option("--context", help="what was asked last, e.g. reminder_due")]


def command(text: Text = "", now: Now = "", role: Role = "owner", context: Context = "none") -> None:
    """What a reply would be taken to mean: one text, or JSON lines in and JSON lines out."""
    if text:
        at = read_instant(now) if now else machine_now()
        asked = {"id": "", "text": text, "now": at.isoformat(), "role": role, "context": context}
        sys.stdout.write(answer(json.dumps(asked)) + "\n")
        return
    for line in sys.stdin:
        if line.strip():
            sys.stdout.write(answer(line) + "\n")
    sys.stdout.flush()
