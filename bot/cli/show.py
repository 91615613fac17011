"""`engawa show`: the whole truth about one thing."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cli.instant import in_japan
from bot.cli.layout import show
from bot.cli.opening import OBSERVING, print_json, with_service
from bot.cli.standing import standing_of
from bot.core.days import civil
from bot.core.disclosure import disclosures
from bot.core.restored import Restored
from bot.core.signs import Watch, signs
from bot.intake.stored import intake_fields
from main import Service
from storage.imports import provisions
from storage.pending import failed_events, open_matters, waiting
from storage.restored import restored
from storage.signs import counted
from storage.view import case_view, house_view, servicer_view, work_view
from storage.watches import Watched, watched, watches_of

app = typer.Typer(no_args_is_help=True, help="the whole truth about one house, work or servicer, or what is pending")
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


@app.command("house")
def house(house_id: str, as_json: AsJson = False) -> None:
    """A house: what was taken in, its plan, works, cases and facts, what waits and why."""
    _answer(with_service(lambda service: _house(service, house_id)), f"no house {house_id}", as_json)


@app.command("work")
def work(work_id: str, as_json: AsJson = False) -> None:
    """A work: its case, what was said, and what follows. With a case's id: all works of that case."""
    _answer(with_service(lambda service: _work(service, work_id)), f"no work and no case {work_id}", as_json)


@app.command("servicer")
def servicer(servicer_id: str, as_json: AsJson = False) -> None:
    """A company: what was taken in, what was counted of it in the last year, and what is worrying about it."""
    answer = with_service(lambda service: _servicer(service, servicer_id))
    _answer(answer, f"no servicer {servicer_id}", as_json)


@app.command("pending")
def pending(as_json: AsJson = False) -> None:
    """Everything that waits, with its holder and its reason."""
    answer = with_service(_pending)
    _answer(answer, "", as_json)


async def _house(service: Service, house_id: str) -> dict[str, Any] | None:
    async with service.store.read() as connection:
        view = await house_view(connection, house_id)
        if view is None:
            return None
        # From which day the law's ten years, the sampling years and year 50 are counted.
        base = "completed_on" if view["house"]["completed_on"] else "handed_over_on"
        waits = await _waits(service, connection, house_id)
        stands = await standing_of(service, connection, house_id, civil(service.clock.now()))
        brought = {"brought_by": await provisions(connection, house_id)}
    given = {"disclosures": [asdict(one) for one in disclosures(view["facts"])]}
    return intake_fields(view) | {"counted_from": base, "standing": stands} | view | given | brought | waits


async def _work(service: Service, work_id: str) -> dict[str, Any] | None:
    async with service.store.read() as connection:
        view = await work_view(connection, work_id) or await case_view(connection, work_id)
        return None if view is None else view | await _waits(service, connection, view["case"]["house_id"])


async def _servicer(service: Service, servicer_id: str) -> dict[str, Any] | None:
    now = service.clock.now()
    async with service.store.read() as connection:
        view = await servicer_view(connection, servicer_id)
        if view is None:
            return None
        known = (await counted(connection, [servicer_id], now))[servicer_id]
        listed = (await watches_of(connection, [servicer_id])).get(servicer_id, Watch())
    found = [asdict(sign) for sign in signs(known, civil(now))]
    on_list = {"holder": listed.holder, "next_on": listed.next_on} if listed.next_on else {}
    return view | {"counted": asdict(known), "signs": found, "on_the_list": on_list}


async def _waits(service: Service, connection: AsyncConnection, house_id: str) -> dict[str, Any]:
    """What is open at a house and what has not gone out about it, each with the reason."""
    messages = await waiting(connection, service.clock.now(), house_id)
    return {"waits": await open_matters(connection, house_id), "unsent": messages}


async def _pending(service: Service) -> dict[str, Any]:
    async with service.store.read() as connection:
        state = await restored(connection)
        return {
            **({"restored": _restored(state)} if state is not None else {}),
            "cases": await open_matters(connection),
            "messages": await waiting(connection, service.clock.now()),
            "events_laid_aside": await failed_events(connection),
            "companies": [_listed(one) for one in await watched(connection)],
        }


def _listed(one: Watched) -> dict[str, Any]:
    """A company on the staff's list: whose move it is, by when, and why."""
    why = [sign.code for sign in one.watch.signs]
    return {"servicer": one.servicer_id, "holder": one.watch.holder, "next_action": one.watch.next_on, "why": why}


def _restored(state: Restored) -> dict[str, Any]:
    """That nothing is sent, whose move it is and until when."""
    return {
        "holder": state.holder,
        "next_action": state.day.isoformat(),
        "why": f"{OBSERVING} ({state.why})",
        "lost_at": in_japan(state.until),
    }


def _answer(answer: Mapping[str, Any] | None, missing: str, as_json: bool) -> None:
    if answer is None:
        typer.echo(f"engawa: {missing}", err=True)
        raise typer.Exit(1)
    if as_json:
        print_json(answer)
    elif any(answer.values()):
        show(answer)
    else:
        typer.echo("nothing waits")
