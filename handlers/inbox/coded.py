"""A company writes a code of its monthly list in a message: it names that line's house, as the house's number would."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import Person, Role
from bot.core.sheet_code import codes_in
from storage.concern import case_house
from storage.sheets import named_by


async def with_houses(connection: AsyncConnection, person: Person, text: str) -> str:
    """The words with the house's number in the place of each code of theirs; anything else stays as it is written."""
    codes = codes_in(text) if person.role is Role.SERVICER else {}
    known = await named_by(connection, set(codes.values())) if codes else {}
    for written, code in codes.items():
        named = known.get(code)
        house = await case_house(connection, named.case_id) if named and named.company_id == person.id else None
        text = text.replace(written, f" {house} ") if house else text
    return text
