"""`engawa report`: the month's figures for the guarantor, per house and per company, as CSV and as JSON."""

from contextlib import ExitStack
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import typer

from bot.cli.opening import print_json, with_service
from bot.config import SettingsError
from bot.core.book.month import HouseMonth, Line, Month
from bot.core.days import civil
from main import Service
from storage.month_file import Table, growing
from storage.monthly import company_names, months_of
from storage.places import PlaceUrlError

PLAIN = {PermissionError: "it may not be written to", FileNotFoundError: "it is not there"}
FIGURES = ("due", "on_time", "on_time_rate", "overdue", "unconfirmed", "findings", "days_silent")
OF_HOUSE = ("month", "house_id", "servicer_id", "standing", "reasons", *FIGURES)
OF_COMPANY = ("month", "servicer_id", "name", "houses", "at_risk", "lapsed", *FIGURES)
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
        raise SettingsError(f"{month.first:%Y-%m} has not begun")
    companies: dict[str, Line] = {}
    with ExitStack() as stack:
        houses = _table(stack, to, f"houses-{month.first:%Y-%m}", OF_HOUSE)
        async with service.store.read() as connection:
            async for batch in months_of(connection, month, today):
                for one in batch:
                    houses.add(_of_house(one, month))
                    companies[one.servicer_id] = companies.get(one.servicer_id, Line()).plus(one.line)
            names = await company_names(connection)
        servicers = _table(stack, to, f"servicers-{month.first:%Y-%m}", OF_COMPANY)
        for servicer_id, line in sorted(companies.items()):
            servicers.add(_of_company(servicer_id, names.get(servicer_id, ""), line, month))
        return {"houses": houses.end(), "servicers": servicers.end()}


def _why(error: OSError) -> str:
    """In plain words; what another library wrote about itself helps nobody."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "it is a file, and a folder is wanted"
    return PLAIN.get(type(error), error.strerror or type(error).__name__)


def _table(stack: ExitStack, to: str, name: str, columns: tuple[str, ...]) -> Table:
    as_csv, as_json = (stack.enter_context(growing(to, f"{name}.{form}")) for form in ("csv", "json"))
    return Table(as_csv, as_json, columns)


def _of_house(one: HouseMonth, month: Month) -> dict[str, Any]:
    told: dict[str, Any] = {"month": f"{month.first:%Y-%m}", "house_id": one.house_id, "servicer_id": one.servicer_id}
    return told | {"standing": str(one.state), "reasons": list(one.reasons)} | _figures(one.line)


def _of_company(servicer_id: str, name: str, line: Line, month: Month) -> dict[str, Any]:
    told: dict[str, Any] = {"month": f"{month.first:%Y-%m}", "servicer_id": servicer_id, "name": name}
    return told | {name: getattr(line, name) for name in ("houses", "at_risk", "lapsed")} | _figures(line)


def _figures(line: Line) -> dict[str, Any]:
    known = asdict(line) | {"on_time_rate": line.rate}
    return {name: known[name] for name in FIGURES}


def _month(text: str) -> Month:
    try:
        return Month(date.fromisoformat(f"{text}-01"))
    except ValueError:
        raise SettingsError("--month must be a month such as 2027-03") from None
