"""`engawa staff`: who is of the staff under their own name, with an entrance of their own to the console."""

import re
from typing import Annotated, Any

import typer

from bot.cli.answer import refused, tell
from bot.cli.opening import with_service
from bot.core.people import STAFF_DESK, Role, staff_key
from bot.core.rights import StaffRole
from main import Service
from storage.staff import Member, all_staff, remove, take_in

app = typer.Typer(no_args_is_help=True, help="who is of the staff under their own name; the desk is nobody's")
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
Id = Annotated[str, typer.Argument(metavar="ID", help="of your own choosing, for good, such as sato")]
Name = Annotated[str, typer.Option("--name", help="as the others call them")]
RoleOption = Annotated[StaffRole | None, typer.Option("--role", help="what they are there for; an officer if not said")]
ACCOUNT = "where they write from, and are sent a link to sign in: email=sato@example.jp, slack=U0SATO"
Accounts = Annotated[list[str] | None, typer.Option("--account", metavar="CHANNEL=ADDRESS", help=ACCOUNT)]
AN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
LONGEST_NAME = 80


@app.command("add")
def add(
    staff_id: Id,
    name: Name,
    role: RoleOption = None,
    account: Accounts = None,
    as_json: AsJson = False,
) -> None:
    """Makes staff:ID, or gives them another name, role or account; answers with their own entrance to the console,
    which is a key."""
    accounts = tuple(_account(text) for text in account or ())
    member = Member(_key(staff_id), _called(name), role or "", accounts)
    entrance = with_service(lambda service: _add(service, member))
    answer = {"id": member.id, "name": member.name, "entrance": entrance}
    tell(answer, f"{member.id}: {member.name} enters at {entrance}", as_json=as_json)


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Everybody by name, with their accounts and how many cases they hold, and who was removed."""
    tell({"staff": with_service(_listed)}, as_json=as_json)


@app.command("remove")
def removed(staff_id: Id, as_json: AsJson = False) -> None:
    """Ends their access at once; what they hold goes to the desk, and what they proposed falls. Broken off and called
    again it goes on."""
    person_id = _key(staff_id)
    given = with_service(lambda service: _remove(service, person_id))
    answer = {"id": person_id, "to_desk": given}
    tell(answer, f"{person_id}: removed; {given} cases went to the desk", as_json=as_json)


def _key(text: str) -> str:
    """The person of an id, with or without `staff:` before it."""
    bare = text.removeprefix(f"{Role.STAFF}:")
    if AN_ID.fullmatch(bare) is None:
        raise refused("an id is made of up to 64 letters, digits, dots and dashes, such as sato")
    if staff_key(bare) == STAFF_DESK:
        raise refused(f"{STAFF_DESK} is the shared desk, and nobody's name")
    return staff_key(bare)


def _called(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise refused(f"a name is one line of up to {LONGEST_NAME} letters")
    return name


def _account(text: str) -> tuple[str, str]:
    channel, _, address = text.partition("=")
    if not channel or not address or not text.isprintable():
        raise refused("an account is written CHANNEL=ADDRESS, such as slack=U0SATO")
    return channel, address


async def _add(service: Service, member: Member) -> str:
    known = _of_people(service)
    unknown = [channel for channel, _ in member.accounts if channel not in known]
    if unknown:
        raise refused(f"{unknown[0]} is no channel that is on here; there are {', '.join(known)}")
    async with service.store.write() as connection:
        if not await take_in(connection, service.store.pins.seal, member, service.clock.now()):
            raise refused(f"{member.id} was removed, and an id is one person's for good; choose another")
    return service.links.entrance(member.id.partition(":")[2])


def _of_people(service: Service) -> list[str]:
    """The channels in which people write, or get a link to sign in: none by which machines are told."""
    able = {name: channel.abilities for name, channel in service.post.channels.items()}
    return [name for name, can in able.items() if can.answers or can.mail]


async def _listed(service: Service) -> list[dict[str, Any]]:
    async with service.store.read() as connection:
        return await all_staff(connection, service.clock.now())


async def _remove(service: Service, person_id: str) -> int:
    given = await remove(service.store, person_id, service.clock.now())
    if given is None:
        raise refused(f"nobody of the staff is {person_id}; `engawa staff list` shows who is")
    return given
