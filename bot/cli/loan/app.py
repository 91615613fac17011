"""The group of the commands about loans."""

import typer

from bot.cli.loan import compare, estimate, schedule

app = typer.Typer(no_args_is_help=True, help="The loan programmes: what is paid, when, and on which terms.")
app.command("estimate")(estimate.command)
app.command("compare")(compare.command)
app.command("schedule")(schedule.command)
