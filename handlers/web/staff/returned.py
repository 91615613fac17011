"""A letter that belongs to no case (an invitation) and came back: it opens a case of its own at the desk."""

from bot.core.desk import open_desk
from bot.core.outcome import Change, Deed, Outcome
from bot.core.unreached import came_back
from handlers.web.staff.session import Session
from storage.commit import commit
from storage.concern import next_case_number
from storage.households import load_households, lock_houses
from storage.letters import Letter


async def returned_unbound(session: Session, row: Letter, why: str) -> None:
    """``why``: a code of bot.core.unreached, as whoever has the letter keyed it in."""
    site, now = session.site, session.site.now()
    house_id = row.house_id
    returned = Outcome(
        house_id,
        deeds=(Deed("letter_came_back", session.person.id, came_back(row.code, why)),),
        changes=(Change("letter_answered", {"code": row.code}),),
    )
    async with site.store.write() as connection:
        await lock_houses(connection, [house_id])
        household = (await load_households(connection, [house_id]))[house_id]
        number = await next_case_number(connection, house_id)
        opened = open_desk(household, number, "address_dead", session.person, now)
        await commit(connection, site.store.pins, [opened.and_also(returned)], now)
