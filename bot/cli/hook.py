"""`engawa submitter hook`: addresses of submitters' own systems that are told what happens at their houses."""

from datetime import date
from typing import Annotated, Any

import typer

from bot.cli.answer import refused, tell
from bot.cli.opening import with_service
from bot.core.hook import MOST, Ended, Hook, News, is_address, is_own
from bot.core.hook import OfSubmitters as Telling
from bot.core.people import STAFF_DESK
from main import Service
from storage.hooks import Wanted, all_hooks, any_hook, end_hook, hooks_of, make_hook, secret_of
from storage.news import tell_again
from storage.submitters import submitter_of

app = typer.Typer(no_args_is_help=True, help="addresses of submitters' own systems that are told what happens")
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
Company = Annotated[str, typer.Argument(metavar="COMPANY", help="of a submitter (see `engawa submitter list`)")]
Url = Annotated[str, typer.Argument(metavar="URL", help="where it is told: https://, by a name")]
Which = Annotated[str, typer.Argument(metavar="HOOK", help="as `engawa submitter hook list` tells it")]
Events = Annotated[list[News] | None, typer.Option("--event", help="may be given several times. Without it all")]
Since = Annotated[str, typer.Option("--since", metavar="DAY", help="the first day of the span, as 2027-03-01")]
Message = Annotated[str, typer.Option("--message", metavar="ID", help="one message alone, by its webhook-id")]
ONCE = "this is said once and stands nowhere"


@app.command("add")
def add(company: Company, url: Url, event: Events = None, as_json: AsJson = False) -> None:
    """From now on it is told there what happens at the company's houses; answers with the secret that signs it."""
    events = frozenset(event or News)
    answer = with_service(lambda service: _add(service, (company, url), events))
    told_of = f"{answer['id']} of {company} is told of {', '.join(answer['events'])} at {url}"
    tell(answer, told_of, f"{answer['secret']}  ({ONCE})", as_json=as_json)


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Every one there was: whose, where, what it is told of, since when it fails, and why nothing is told any more."""
    tell({"hooks": with_service(_listed)}, as_json=as_json)


@app.command("remove")
def removed(hook: Which, as_json: AsJson = False) -> None:
    """Nothing is told there from now on; what waited for it is dropped."""
    with_service(lambda service: _remove(service, hook))
    tell({"id": hook, "removed": True}, f"{hook}: removed", as_json=as_json)


@app.command("replay")
def replay(hook: Which, since: Since = "", message: Message = "", as_json: AsJson = False) -> None:
    """Tells it once more what it was told since that day, or one message, under the same ids; the service sends it."""
    if bool(since) == bool(message):
        raise refused("either --since or --message says what is told again")
    which = message or _day(since)
    count = with_service(lambda service: _replay(service, hook, which))
    tell({"id": hook, "told_again": count}, f"{hook}: {count} messages go out again", as_json=as_json)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refused("--since must be a day such as 2027-03-01") from None


async def _add(service: Service, where: tuple[str, str], events: frozenset[News]) -> dict[str, Any]:
    company, url = where
    channel = next((name for name, one in service.post.channels.items() if isinstance(one, Telling)), "")
    if not is_address(url, own=is_own(service.settings.public_url)):
        raise refused("an address is https:// with a name, such as https://hooks.example.jp/engawa")
    async with service.store.write() as connection:
        who = await submitter_of(connection, company)
        if who is None:
            raise refused(f"{company} is no submitter now; see `engawa submitter add`")
        if len(await hooks_of(connection, company)) >= MOST:
            raise refused(f"{company} has {MOST} addresses already")
        wanted = Wanted(url, events, channel)
        hook = await make_hook(connection, service.store.pins, who, wanted, service.clock.now())
    secret = secret_of(service.store.pins, hook)
    return {"id": hook.id, "submitter": company, "url": url, "events": sorted(hook.events), "secret": secret}


async def _listed(service: Service) -> list[dict[str, Any]]:
    async with service.store.read() as connection:
        return await all_hooks(connection)


async def _remove(service: Service, hook_id: str) -> None:
    async with service.store.write() as connection:
        hook = _known(await any_hook(connection, hook_id), hook_id)
        await end_hook(connection, service.store.pins, hook, (Ended.REMOVED, STAFF_DESK), service.clock.now())


async def _replay(service: Service, hook_id: str, which: date | str) -> int:
    async with service.store.write() as connection:
        hook = _known(await any_hook(connection, hook_id), hook_id)
        if hook.ended_why:
            raise refused(f"{hook_id} is gone; it is told again once its owner has changed it")
        return await tell_again(connection, service.store.pins, hook, which, service.clock.now())


def _known(hook: Hook | None, hook_id: str) -> Hook:
    if hook is None:
        raise refused(f"no address {hook_id}; see `engawa submitter hook list`")
    return hook
