"""`engawa report`: the month's figures for the guarantor, per house and per company, as CSV and as JSON."""

from typing import Annotated

import typer

from bot.cli.opening import print_json, with_service
from bot.config import SettingsError
from bot.core.book.month import Month
from bot.core.days import civil
from main import Service
from storage.month_report import MonthReport
from storage.places import PlaceUrlError

PLAIN = {PermissionError: "it may not be written to", FileNotFoundError: "it is not there"}
Which = Annotated[str, typer.Option("--month", help="the month, such as 2027-03")]
To = Annotated[str, typer.Option("--to", help="a folder, or an address that fsspec knows (s3://…, sftp://…)")]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


def command(month: Which, to: To, as_json: AsJson = False) -> None:
    """Writes houses-MONTH and servicers-MONTH, each as .csv and .json: what was known at the month's end."""
    which = _month(month)
    try:
        counts = with_service(lambda service: _write(service, which, to))
    except PlaceUrlError as error:
        raise SettingsError(f"--to: the report cannot be written there: {error}") from error
    except OSError as error:
        raise SettingsError(f"--to: the report cannot be written there: {_why(error)}") from error
    if as_json:
        print_json({"month": month, **counts})
    else:
        typer.echo(f"{counts['houses']} houses and {counts['servicers']} companies for {month}")


async def _write(service: Service, month: Month, to: str) -> dict[str, int]:
    today = civil(service.clock.now())
    if month.first > today:
        raise SettingsError(f"{month} has not begun")
    return await MonthReport(service.store, to, today).write(month)


def _why(error: OSError) -> str:
    """In plain words; what another library wrote about itself helps nobody."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "it is a file, and a folder is wanted"
    return PLAIN.get(type(error), error.strerror or type(error).__name__)


def _month(text: str) -> Month:
    try:
        return Month.read(text)
    except ValueError:
        raise SettingsError("--month must be a month such as 2027-03") from None
