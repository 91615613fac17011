"""People whom we do not know yet, somebody of the staff at their desk, and the codes by which people link accounts."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.link_code import ALPHABET, LENGTH
from bot.core.people import Person, Role, staff_key
from bot.core.turn import Claim
from storage.concern import houses_of
from storage.households import lock_houses
from storage.people import has_left_staff, load_people
from storage.record import Seal
from storage.tables import addresses, link_codes, people

LIFE = timedelta(days=7)  # civil time for which a code on a page or in a mail serves
LIFE_ON_PAPER = timedelta(days=60)
LIFE_OF_NONCE = timedelta(hours=1)  # the platforms' own tickets live ten minutes


async def guest_at(connection: AsyncConnection, seal: Seal, channel: str, address: str) -> str:
    """The guest at this address, made on their first word. The id stays for good, and tells nothing about the account:
    without the key nobody can try which one it was."""
    person_id = f"{Role.GUEST}:{channel}-{seal.digest(f'{channel} {address}')}"
    return await _there(connection, person_id, "", channel, address)


async def staff_at(connection: AsyncConnection, channel: str, address: str, name: str) -> str:
    """The member of the staff who writes from this account at the desk; empty for one who was removed."""
    person_id = staff_key(f"{channel}-{address}")
    if await has_left_staff(connection, person_id):
        return ""
    return await _there(connection, person_id, name, channel, address)


async def _there(connection: AsyncConnection, person_id: str, name: str, channel: str, address: str) -> str:
    """Two first words may come in one instant: the second one finds what the first has made."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    somebody = dialect.insert(people).values(id=person_id, name=name)
    await connection.execute(somebody.on_conflict_do_nothing(index_elements=["id"]))
    row = {"person_id": person_id, "channel": channel, "address": address}
    here = dialect.insert(addresses).values(**row)
    await connection.execute(here.on_conflict_do_nothing(index_elements=list(row)))
    mine = (addresses.c[column] == value for column, value in row.items())
    back = update(addresses).where(*mine, addresses.c.ended_at.is_not(None))
    await connection.execute(back.values(ended_at=None, ended_why=""))
    return person_id


async def new_code(
    connection: AsyncConnection, seal: Seal, person_id: str, now: datetime, life: timedelta = LIFE
) -> str:
    """A code that links one account to this person, once. Only its digest is kept; the ones before it are over."""
    mine = (link_codes.c.person_id == person_id, link_codes.c.used_at.is_(None), link_codes.c.expires_at > now)
    await connection.execute(update(link_codes).where(*mine).values(expires_at=now))
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    row = {"digest": seal.digest(code), "person_id": person_id, "written_at": now, "expires_at": now + life}
    await connection.execute(insert(link_codes).values(**row))
    return code


async def new_nonce(connection: AsyncConnection, seal: Seal, claim: Claim, now: datetime) -> str:
    """What stands for a code while its platform asks whether the account is theirs: random, for that account alone.

    The code is noted with the account, so that both are used up together; until then it serves as before.
    """
    here = {"channel": claim.channel, "address": claim.address}
    await connection.execute(update(link_codes).where(link_codes.c.digest == claim.digest).values(**here))
    nonce = secrets.token_urlsafe(32)
    until = now + LIFE_OF_NONCE
    row = {"digest": seal.digest(nonce), "person_id": claim.person.id, "written_at": now, "expires_at": until, **here}
    await connection.execute(insert(link_codes).values(**row))
    return nonce


async def vouched_claim(
    connection: AsyncConnection, seal: Seal, nonce: str, account: tuple[str, str], now: datetime
) -> Claim | None:
    """Whose a nonce is that a platform gave back; None for any other account than the one it was made for."""
    channel, address = account
    query = select(link_codes.c.digest).where(link_codes.c.channel == channel, link_codes.c.address == address)
    made = (await connection.execute(query.where(link_codes.c.digest == seal.digest(nonce)))).scalar()
    return await claim_of(connection, seal, nonce, account, now) if made is not None else None


async def claim_of(
    connection: AsyncConnection, seal: Seal, code: str, account: tuple[str, str], now: datetime
) -> Claim | None:
    """Whose a code is, for an account (channel, address) that asks to be linked; None if it serves no more.

    Two accounts may give it in the same instant: the second one waits here for what becomes of the first.
    """
    living = (link_codes.c.used_at.is_(None), link_codes.c.expires_at > now)
    query = select(link_codes).where(link_codes.c.digest == seal.digest(code), *living)
    row = (await connection.execute(query.with_for_update())).one_or_none()
    if row is None:
        return None
    person = (await load_people(connection, [row.person_id]))[row.person_id]
    if not person.active:
        return None
    return await _claim(connection, person, row.digest, account)


async def waiting_claim(connection: AsyncConnection, person: Person, digest: str, now: datetime) -> Claim | None:
    """The account that waits for this person's word; None where none does, or none any more."""
    mine = (link_codes.c.digest == digest, link_codes.c.person_id == person.id)
    waits = (link_codes.c.address != "", link_codes.c.used_at.is_not(None), link_codes.c.expires_at > now)
    row = (await connection.execute(select(link_codes).where(*mine, *waits))).one_or_none()
    return await _claim(connection, person, digest, (row.channel, row.address)) if row is not None else None


async def _claim(connection: AsyncConnection, person: Person, digest: str, account: tuple[str, str]) -> Claim:
    """Linking stands in the record of a house, which is locked here: whoever gives a code has none of their own."""
    channel, address = account
    others = [known.address for known in person.addresses if known.channel == channel]
    houses = await houses_of(connection, person.id) if person.role is Role.OWNER else []
    await lock_houses(connection, houses[:1])
    replaces = bool(others) and address not in others
    return Claim(person, digest, address, replaces, houses[0] if houses else "", channel)
