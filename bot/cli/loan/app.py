"""The group of the commands about loans."""

import typer

from bot.cli.loan import chart, check, compare, convert, estimate, interim, list, prepay, schedule, show

app = typer.Typer(no_args_is_help=True, help="The loan programmes: what is paid, when, and on which terms.")
app.command("list")(list.command)
app.command("show")(show.command)
app.command("check")(check.command)
app.command("estimate")(estimate.command)
app.command("compare")(compare.command)
app.command("chart")(chart.command)
app.command("schedule")(schedule.command)
app.command("prepay")(prepay.command)
app.command("convert")(convert.command)
app.command("interim")(interim.command)
