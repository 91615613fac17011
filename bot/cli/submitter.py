"""`engawa submitter`: which companies bring data in themselves, on whose word, and how they come by it."""

from datetime import date
from typing import Annotated, Any

import typer

from bot.cli import hook, key
from bot.cli.answer import refused, tell
from bot.cli.opening import with_service
from bot.core.days import civil
from bot.core.people import servicer_key
from bot.core.submitter import Acquired
from main import Service
from storage.submitters import Entry, all_submitters, end, enter

app = typer.Typer(
    no_args_is_help=True, help="companies, and the guarantor, that bring in the data of their houses themselves"
)
app.add_typer(key.app, name="key")
app.add_typer(hook.app, name="hook")
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
Company = Annotated[str, typer.Argument(metavar="COMPANY", help="its id in the table of servicers")]
Name = Annotated[str, typer.Option("--representative", help="who represents it, by name")]
Where = Annotated[str, typer.Option("--address", help="where it is")]
How = Annotated[Acquired, typer.Option("--acquired", help="how it comes by the data")]
LONGEST = 200


@app.command("add")
def add(company: Company, representative: Name, acquired: How, address: Where = "", as_json: AsJson = False) -> None:
    """From now on the company may bring in its own houses, an association those of its members, the guarantor (種別
    保証機関) those under its guarantee; answers with its page for that, which is a key. Called again, the new entry
    takes the place of the old."""
    entry = Entry(company, one_line(representative), one_line(address) if address else "", acquired)
    answer = with_service(lambda service: _add(service, entry))
    warn_without(entry.address, company)
    tell(answer, f"{company} ({answer['kind']}) brings its data in at {answer['page']}", as_json=as_json)


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Every entry there was, with who represents the company, how it comes by the data, since when and until when."""
    tell({"submitters": with_service(_listed)}, as_json=as_json)


@app.command("end")
def ended(company: Company, as_json: AsJson = False) -> None:
    """From now on the company brings nothing in any more; what it has brought in stays."""
    on = with_service(lambda service: _end(service, company))
    tell({"id": company, "ended_on": on.isoformat()}, f"{company}: ended on {on}", as_json=as_json)


def warn_without(address: str, company: str) -> None:
    """The record of provision has who it was, where, who represents them, and how they had come by the data."""
    if not address:
        typer.echo(f"engawa: {company} without --address: its record of provision lacks the address", err=True)


def one_line(text: str) -> str:
    """A name or an address as it is put down; exit status 1 for what is none."""
    line = " ".join(text.split())
    if not line or len(line) > LONGEST or not line.isprintable():
        raise refused(f"a name or an address is one line of up to {LONGEST} letters")
    return line


async def _add(service: Service, entry: Entry) -> dict[str, Any]:
    async with service.store.write() as connection:
        kind = await enter(connection, entry, civil(service.clock.now()))
    if kind is None:
        raise refused(f"no company {entry.servicer_id}; it is taken in with the table of servicers first")
    page = f"{service.links.person(servicer_key(entry.servicer_id))}/intake"
    return {"id": entry.servicer_id, "kind": kind, "page": page}


async def _listed(service: Service) -> list[dict[str, Any]]:
    async with service.store.read() as connection:
        return await all_submitters(connection)


async def _end(service: Service, company: str) -> date:
    today = civil(service.clock.now())
    async with service.store.write() as connection:
        if not await end(connection, company, today):
            raise refused(f"{company} is no submitter now; see `engawa submitter list`")
    return today
