"""`engawa provider`: who keeps the histories of houses, how each is reached, and what staff find out about it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cli.answer import refused, tell
from bot.cli.closing import command as close
from bot.cli.closing import day_of
from bot.cli.opening import with_service
from bot.core.days import civil
from bot.core.history.access import Entry, Shelf, cannot_be
from bot.core.history.asking import confirm, list_held, look_up
from bot.core.history.keeper import kept_by_nobody
from bot.core.outcome import Change, Deed, Outcome, Say
from bot.core.people import STAFF_DESK
from main import Service, office
from storage.commit import commit
from storage.histories import address_of, asked_already, history_view, last_done, load_providers, shelf_of
from storage.households import lock_houses
from storage.providers import (
    Listed,
    Told,
    all_providers,
    keeps,
    provider_row,
    take_provider,
    tell_access,
)
from templates.letter import requested
from templates.paper.request import request_pdf

app = typer.Typer(no_args_is_help=True, help="who keeps the histories of houses, and how they are reached")
app.command("close")(close)
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
Id = Annotated[str, typer.Argument(metavar="ID", help="the provider's id, of your own choosing")]
House = Annotated[str, typer.Argument(metavar="HOUSE")]
Day = Annotated[str, typer.Option("--on", metavar="DATE", help="as 2027-03-31")]


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """All of them, with how many houses each keeps."""
    tell({"providers": with_service(_listed)}, as_json=as_json)


@app.command("add")
def add(
    provider_id: Id,
    name: Annotated[str, typer.Option("--name", help="as builders' files name it")],
    url: Annotated[str, typer.Option("--url", help="base URL of its machine; without one it is written letters")] = "",
    postcode: Annotated[str, typer.Option("--postcode")] = "",
    address: Annotated[str, typer.Option("--address", help="for letters")] = "",
    council: Annotated[bool, typer.Option("--council", help="it knows who keeps what, and keeps nothing")] = False,
) -> None:
    """Adds a provider, or changes what is known of it. Houses whose file names it are bound to it."""
    if why := cannot_be(provider_id, name):
        raise refused(why)
    listed = Listed(provider_id, name.strip(), "", url, postcode, address, council)
    bound = with_service(lambda service: _add(service, listed))
    typer.echo(f"{provider_id}: {bound} houses")


@app.command("set")
def put_down(
    house_id: House,
    provider: Annotated[str, typer.Option("--provider", help="the id of who keeps its history")] = "",
    contract: Annotated[str, typer.Option("--contract", help="the contract's number there")] = "",
    address: Annotated[str, typer.Option("--address", help="the address as it is registered there")] = "",
    common_id: Annotated[str, typer.Option("--common-id")] = "",
    entrusted_by: Annotated[str, typer.Option("--entrusted-by", help="owner:ID who let us give records there")] = "",
) -> None:
    """What staff were told about a house's history; what is left out stays."""
    given = {"provider_id": provider, "contract_no": contract, "registered_address": address}
    fields: dict[str, Any] = {name: value for name, value in given.items() if value}
    told = Told(house_id, STAFF_DESK, fields, common_id)
    with_service(lambda service: _tell(service, told, entrusted_by))
    typer.echo(f"{house_id}: noted")


@app.command("nobody")
def nobody(
    house_id: House, by: Annotated[str, typer.Option("--by", metavar="OWNER", help="owner:ID who said so")]
) -> None:
    """An owner said on the telephone that nobody keeps the history, or that they do not know who does."""
    with_service(lambda service: _nobody(service, house_id, by))
    typer.echo(f"{house_id}: noted; the owner is asked again in a year")


@app.command("ask")
def ask(
    house_id: House,
    what: Annotated[str, typer.Option("--what", help="list, contract, or lookup (at the council)")] = "list",
    to: Annotated[
        Path | None, typer.Option("--to", help="the request as a letter in this PDF; nothing is sent")
    ] = None,
) -> None:
    """Asks the provider, on the owner's mandate: its machine, or by a letter that lies with the staff to be posted."""
    pdf = with_service(lambda service: _ask(service, house_id, what, print_it=to is not None))
    if to is not None:
        to.write_bytes(pdf)
        typer.echo(f"{to}: the request, filled in from the record")
    else:
        typer.echo(f"{house_id}: asked")


@app.command("entered")
def entered(
    house_id: House,
    on: Day,
    reference: Annotated[str, typer.Option("--reference", help="of the entry, as the provider knows it")] = "",
) -> None:
    """Staff have found out that all finished works of a house stand in its history."""
    count = with_service(lambda service: _entered(service, house_id, day_of(on), reference))
    typer.echo(f"{house_id}: {count} works")


@app.command("handed")
def handed(house_id: House) -> None:
    """Photos and reports of a house were handed over to who keeps its history, in whatever way."""
    with_service(lambda service: _handed(service, house_id))
    typer.echo(f"{house_id}: noted; they go at the end of their period, unless the owner keeps them")


async def _listed(service: Service) -> list[dict[str, Any]]:
    async with service.store.read() as connection:
        return await all_providers(connection)


async def _add(service: Service, listed: Listed) -> int:
    machines = [name for name, channel in service.post.channels.items() if channel.abilities.machines]
    if listed.base_url and not machines:
        raise refused("no token of a provider's machine is set, so none can be spoken to; see README.md")
    channel = machines[0] if listed.base_url else ""
    bound = Listed(listed.id, listed.name, channel, listed.base_url, listed.postcode, listed.address, listed.council)
    async with service.store.write() as connection:
        if listed.council and (count := await keeps(connection, listed.id)):
            raise refused(f"{listed.id} keeps the history of {count} houses: a council keeps none")
        return await take_provider(connection, service.store.pins.seal, bound, service.clock.now())


async def _tell(service: Service, told: Told, entrusted_by: str) -> None:
    now, provider = service.clock.now(), told.fields.get("provider_id")
    async with service.store.write() as connection:
        row = await provider_row(connection, provider) if provider else None
        if provider and row is None:
            raise refused(f"no provider {provider}")
        if row is not None and row["council"]:
            raise refused(f"{provider} is a council: it knows who keeps what, and keeps nothing")
        if not await tell_access(connection, service.store.pins.seal, told, now):
            raise refused(f"no house {told.house_id}")
        if entrusted_by:
            await _entrust(service, connection, told.house_id, entrusted_by)


async def _nobody(service: Service, house_id: str, owner_id: str) -> None:
    now = service.clock.now()
    async with service.store.write() as connection:
        await lock_houses(connection, [house_id])
        if (known := (await _owned(connection, house_id, owner_id)).access.provider) is not None:
            raise refused(f"{house_id}: {known.id} keeps its history; what has changed there is noted with `set`")
        told = kept_by_nobody(owner_id, {"via": "phone", "source": STAFF_DESK}, civil(now))
        await commit(connection, service.store.pins, [replace(told, house_id=house_id)], now)


async def _owned(connection: AsyncConnection, house_id: str, owner_id: str) -> Shelf:
    shelf = await shelf_of(connection, house_id)
    if shelf is None or owner_id not in {owner.id for owner in shelf.household.owners}:
        raise refused(f"{owner_id} does not own {house_id}")
    return shelf


async def _entrust(service: Service, connection: AsyncConnection, house_id: str, owner_id: str) -> None:
    """A paper that an owner signed: what it lets us do is the same as their word in chat."""
    await _owned(connection, house_id, owner_id)
    now = service.clock.now()
    values = {"mandate_by": owner_id, "mandate_on": civil(now), "look_on": civil(now)}
    deed = Deed("history_entrusted", owner_id, {"via": "paper", "source": STAFF_DESK})
    given = Outcome(house_id, deeds=(deed,), changes=(Change("history_noted", values),))
    await commit(connection, service.store.pins, [given], now)


ASKING = {"list": list_held, "contract": confirm}


async def _ask(service: Service, house_id: str, what: str, *, print_it: bool) -> bytes:
    async with service.store.write() as connection:
        await lock_houses(connection, [house_id])
        say = await _request(connection, house_id, what)
        if print_it:
            row = await provider_row(connection, say.to.partition(":")[2])
            assert row is not None
            return _letter(service, say, row)
        if await asked_already(connection, say, house_id):
            raise refused(f"{house_id}: this was asked, and waits to be sent or posted (`engawa show pending`)")
        await commit(connection, service.store.pins, [Outcome(house_id, says=(say,))], service.clock.now())
    return b""


def _letter(service: Service, say: Say, provider: Mapping[str, Any]) -> bytes:
    """The request on paper, filled in from what is on record."""
    to = (provider["name"], provider["postcode"], provider["address"])
    by = (office(service.settings), civil(service.clock.now()))
    return request_pdf(requested(service.post.renderer, say, to, by))


async def _request(connection: AsyncConnection, house_id: str, what: str) -> Say:
    shelf = await shelf_of(connection, house_id)
    if shelf is None:
        raise refused(f"no house {house_id}")
    if not shelf.household.mandated:
        raise refused(f"the owner of {house_id} has given no mandate to ask")
    if what == "lookup":
        council = next((one for one in (await load_providers(connection)).values() if one.council), None)
        if council is None:
            raise refused("no council is known; add it with --council")
        asked = look_up(shelf, council, await address_of(connection, house_id))
        if not asked.params["address"]:
            raise refused(f"no address of {house_id} is on record, and the council looks up by address")
        return asked
    if what not in ASKING:
        raise refused(f"nothing is asked under {what}")
    if shelf.access.provider is None:
        raise refused(f"nobody told who keeps the history of {house_id}")
    return ASKING[what](shelf, shelf.access.provider)


async def _entered(service: Service, house_id: str, on: date, reference: str) -> int:
    if on > civil(service.clock.now()):
        raise refused(f"{on} is still to come")
    async with service.store.write() as connection:
        await lock_houses(connection, [house_id])
        if await shelf_of(connection, house_id) is None:
            raise refused(f"no house {house_id}")
        rows = (await history_view(connection, house_id))["entries"]
        works = [row["work_id"] for row in rows if row["state"] != Entry.DONE]
        done_on = await last_done(connection, works)
        if done_on is not None and on < done_on:
            raise refused(f"a work of {house_id} was done on {done_on}, and cannot have been entered on {on}")
        data = {"works": works, "on": on.isoformat(), "reference": reference}
        values = {"works": works, "state": Entry.DONE, "registered_on": on, "reference": reference}
        change = Change("entries_noted", values | {"told_by": STAFF_DESK})
        told = Outcome(house_id, deeds=(Deed("work_registered", STAFF_DESK, data),), changes=(change,))
        await commit(connection, service.store.pins, [told] if works else [], service.clock.now())
    return len(works)


async def _handed(service: Service, house_id: str) -> None:
    async with service.store.write() as connection:
        await lock_houses(connection, [house_id])
        if await shelf_of(connection, house_id) is None:
            raise refused(f"no house {house_id}")
        deed = Deed("files_handed_over", STAFF_DESK, {"by": "staff"})
        told = Outcome(house_id, deeds=(deed,), changes=(Change("files_handed", {"to": STAFF_DESK}),))
        await commit(connection, service.store.pins, [told], service.clock.now())
