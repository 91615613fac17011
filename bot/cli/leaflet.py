"""`engawa leaflet`: the sheet that a company or a lender hands to owners, with a QR of its own."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import with_service
from bot.config import SettingsError
from handlers.web.begin import leaflet_address
from main import Service, office
from storage.beginnings import LENDER, SERVICER, company_named
from templates.catalogue import LANGUAGES
from templates.paper.leaflet import Leaflet, leaflet

Company = Annotated[str, typer.Option("--servicer", help="the company, by its id")]
Lender = Annotated[str, typer.Option("--lender", help="the lender, as it is named in the houses")]
Language = Annotated[str, typer.Option("--language", help="ja or en")]
To = Annotated[Path, typer.Option("--to", help="the PDF to write")]


def command(to: To, servicer: Company = "", lender: Lender = "", language: Language = "ja") -> None:
    """Writes one A4 page: what the service is, how an owner begins, the company's name and its QR."""
    if bool(servicer) == bool(lender):
        raise typer.BadParameter("give either --servicer or --lender")
    if language not in LANGUAGES:
        raise SettingsError(f"--language {language}: what there is is {', '.join(LANGUAGES)}")
    kind, name = (SERVICER, servicer) if servicer else (LENDER, lender)
    pdf = with_service(lambda service: _made(service, kind, name, language))
    try:
        to.write_bytes(pdf)
    except OSError as error:
        raise SettingsError(f"--to: {to} cannot be written: {error.strerror}") from error
    typer.echo(f"{to}: one page")


async def _made(service: Service, kind: str, name: str, language: str) -> bytes:
    async with service.store.read() as connection:
        company = await company_named(connection, kind, name)
    if not company:
        raise SettingsError(f"--{kind} {name}: no {kind} of that name is in business here")
    url = leaflet_address(service.links, service.settings.public_url, kind, name)
    return leaflet(Leaflet(kind, company, language, office(service.settings), url))
