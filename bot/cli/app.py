"""The `engawa` command."""

import sys
from io import TextIOWrapper

import typer

from bot.cli import (
    audit,
    blank,
    check,
    contract,
    cost,
    demo,
    event,
    export,
    guarantor,
    handover,
    imports,
    leaflet,
    move,
    pilot,
    provider,
    record,
    report,
    restore,
    run_once,
    serve,
    shadow,
    show,
    staff,
    standing,
    submitter,
    understand,
    worker,
)
from bot.cli.bench import run as bench
from bot.cli.loan import app as loan
from bot.cli.looked import watched
from bot.config import SettingsError
from storage.high_water import MarkError

app = typer.Typer(name="engawa", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("import")(imports.command)
app.command("blank")(blank.command)
app.command("run-once")(run_once.command)
show.app.command("standing")(standing.command)
app.add_typer(show.app, name="show")
app.add_typer(provider.app, name="provider")
app.add_typer(guarantor.app, name="guarantor")
app.add_typer(event.app, name="event")
app.add_typer(staff.app, name="staff")
app.add_typer(submitter.app, name="submitter")
app.command("record")(record.command)
app.command("audit")(audit.command)
app.command("check")(check.command)
app.command("cost")(cost.command)
app.add_typer(contract.app, name="contract")
app.command("export")(export.command)
app.add_typer(loan.app, name="loan")
app.command("leaflet")(leaflet.command)
app.command("move")(move.command)
app.command("pilot")(pilot.command)
app.command("report")(report.command)
app.add_typer(handover.app, name="handover")
app.command("restore")(restore.command)
app.command("shadow")(shadow.command)
app.command("understand")(understand.command)
app.command("serve")(serve.command)
app.command("worker")(worker.command)
app.command("demo")(demo.command)
app.command("bench")(bench.command)
watched(app)


@app.callback()
def _about() -> None:
    """縁側: keeps every promise made about a house for fifty years."""


def main() -> None:
    """Runs the command; what a person can mend is one plain line on stderr and exit status 2."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):  # scripts rely on UTF-8, in whatever country they run
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        app()
    except (SettingsError, MarkError) as error:
        print(f"engawa: {error}", file=sys.stderr)
        sys.exit(2)
