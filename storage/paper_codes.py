"""The linking codes on letters: made from the letter's key, so that a second print says the same as the first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.link_code import ALPHABET, LENGTH
from storage.guests import LIFE_ON_PAPER
from storage.record import Seal
from storage.tables import link_codes


@dataclass(frozen=True, slots=True)
class PaperCode:
    """One letter's code, and whose account it links."""

    code: str
    person_id: str


def paper_code(seal: Seal, key: str, person_id: str) -> PaperCode:
    """Nobody without the record key can tell it from the letter's key; in clear it is kept nowhere."""
    number = int(seal.digest(f"code on paper:{key}"), 16)
    digits = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[place])
    return PaperCode("".join(digits), person_id)


async def bring_alive(connection: AsyncConnection, seal: Seal, made: PaperCode, now: datetime) -> datetime | None:
    """Until when the code serves, which is settled when it is first printed; None for one that serves no more."""
    digest = seal.digest(made.code)
    query = select(link_codes.c.person_id, link_codes.c.used_at, link_codes.c.expires_at)
    known = (await connection.execute(query.where(link_codes.c.digest == digest))).one_or_none()
    if known is not None:
        ours = known.person_id == made.person_id and known.used_at is None and known.expires_at > now
        return known.expires_at if ours else None
    until = now + LIFE_ON_PAPER
    row = {"digest": digest, "person_id": made.person_id, "written_at": now, "expires_at": until}
    await connection.execute(insert(link_codes).values(**row))
    return until
