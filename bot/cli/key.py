"""`engawa submitter key`: keys with which a submitter's own machine comes to the JSON API."""

from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cli.answer import refused, tell
from bot.cli.opening import with_service
from bot.core.api_key import DAYS, MOST_DAYS, MOST_OVERLAP, OVERLAP_DAYS, SCOPES, Scope, until, wrong_scopes
from bot.core.days import civil
from bot.core.submitter import OPERATOR, SubmitterKind
from main import Service
from storage.api_keys import Wanted, all_keys, end_by, key_at, make_key, revoke
from storage.submitters import submitter_of
from storage.view import servicer_view

app = typer.Typer(no_args_is_help=True, help="keys with which submitters' own machines come to the JSON API")
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
WHOSE = f"of a submitter (see `engawa submitter list`), or {OPERATOR.id} for the guarantor"
Company = Annotated[str, typer.Argument(metavar="COMPANY", help=WHOSE)]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="of the key, as `engawa submitter key list` tells it")]
FOR = "what it is for; may be given several times. Without it read alone"
Scopes = Annotated[list[Scope] | None, typer.Option("--scope", help=FOR)]
Days = Annotated[int, typer.Option("--days", min=1, max=MOST_DAYS, help="for how long it serves")]
Overlap = Annotated[int, typer.Option("--days", min=0, max=MOST_OVERLAP, help="for how long the old one still serves")]
ONCE = "this is said once and kept nowhere"


@app.command("add")
def add(company: Company, scope: Scopes = None, days: Days = DAYS, as_json: AsJson = False) -> None:
    """Makes a key and answers with its secret, which is never shown again."""
    scopes = frozenset(scope or [Scope.READ])
    answer = with_service(lambda service: _add(service, company, scopes, days))
    _tell_secret(answer, as_json)


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Every key there was: whose, for what, since when and until when, and on which day it was last used."""
    tell({"keys": with_service(_listed)}, as_json=as_json)


@app.command("revoke")
def revoked(number: Number, as_json: AsJson = False) -> None:
    """It opens nothing from now on."""
    with_service(lambda service: _revoke(service, number))
    tell({"number": number, "revoked": True}, f"key {number}: revoked", as_json=as_json)


@app.command("rotate")
def rotate(number: Number, days: Overlap = OVERLAP_DAYS, as_json: AsJson = False) -> None:
    """Makes a key in the place of another, which serves for some days more; the new one serves as long as a new one."""
    answer = with_service(lambda service: _rotate(service, number, days))
    _tell_secret(answer, as_json)


def _tell_secret(answer: dict[str, Any], as_json: bool) -> None:
    scopes = ", ".join(answer["scopes"])
    lines = [f"key {answer['number']} of {answer['submitter']} ({scopes}) until {answer['until']}"]
    if "old_until" in answer:
        lines.append(f"key {answer['replaces']} serves until {answer['old_until']}")
    tell(answer, *lines, f"{answer['secret']}  ({ONCE})", as_json=as_json)


async def _add(service: Service, company: str, scopes: frozenset[Scope], days: int) -> dict[str, Any]:
    kind = await _kind(service, company)
    if wrong := wrong_scopes(kind, scopes):
        may = ", ".join(sorted(SCOPES[kind]))
        raise refused(f"a key of {company} ({kind}) cannot be for {', '.join(sorted(wrong))}; it may be for {may}")
    wanted = Wanted(company, scopes, until(service.clock.now(), days))
    async with service.store.write() as connection:
        return await _made(service, connection, wanted)


async def _made(service: Service, connection: AsyncConnection, wanted: Wanted) -> dict[str, Any]:
    number, secret = await make_key(connection, service.store.pins.seal, wanted, service.clock.now())
    known = {"number": number, "submitter": wanted.submitter, "scopes": sorted(wanted.scopes)}
    return known | {"until": civil(wanted.expires_at).isoformat(), "secret": secret}


async def _kind(service: Service, company: str) -> SubmitterKind:
    async with service.store.read() as connection:
        who = await submitter_of(connection, company)
        if company == OPERATOR.id:
            if await servicer_view(connection, company) is not None:
                raise refused(f"a company is called {company} here, so nobody could tell it from the guarantor")
            return SubmitterKind.OPERATOR
    if who is None:
        raise refused(f"{company} is no submitter now; see `engawa submitter add`")
    return who.kind


async def _listed(service: Service) -> list[dict[str, Any]]:
    async with service.store.read() as connection:
        return await all_keys(connection)


async def _revoke(service: Service, number: int) -> None:
    async with service.store.write() as connection:
        key = await key_at(connection, number)
        if key is None or not await revoke(connection, service.store.pins.seal, key, service.clock.now()):
            raise refused(f"no key {number} that could be revoked; see `engawa submitter key list`")


async def _rotate(service: Service, number: int, days: int) -> dict[str, Any]:
    now = service.clock.now()
    async with service.store.read() as connection:
        old = await key_at(connection, number)
    if old is None or not old.usable(now):
        raise refused(f"no key {number} that serves; see `engawa submitter key list`")
    await _kind(service, old.submitter)
    async with service.store.write() as connection:
        made = await _made(service, connection, Wanted(old.submitter, old.scopes, until(now, DAYS), number))
        ends = await end_by(connection, old, until(now, days))
    return made | {"replaces": number, "old_until": civil(ends).isoformat()}
