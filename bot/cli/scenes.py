"""What happens to the sample houses beside what people write: an earthquake, and a company that closes."""

from datetime import datetime

from bot.core.days import TOKYO
from bot.core.event import Bulletin, Hazard, State
from bot.core.people import STAFF_DESK
from bot.core.rights import StaffRole
from handlers.events import decision
from main import Service
from scheduler.handover import Closing, prepare
from storage.bulletins import take_bulletin
from storage.commit import commit
from storage.staff import Member, take_in

STAFF, NAME = "staff:sato", "佐藤"  # somebody by name, who may approve what the desk alone may not
EVENT, SHAKEN_AT = "202801090540-earthquake", datetime(2028, 1, 9, 5, 40, tzinfo=TOKYO)
TOWN = "47999"  # a municipality that does not exist
CLOSES = Closing("V-07", "closed")


async def named(service: Service) -> None:
    """Somebody of the staff has a name of their own."""
    async with service.store.write() as connection:
        await take_in(
            connection, service.store.pins.seal, Member(STAFF, NAME, StaffRole.SUPERVISOR), service.clock.now()
        )


async def earthquake(service: Service) -> None:
    """The earth shook in the morning, and the staff let the owners be asked."""
    now, store = service.clock.now(), service.store
    told = Bulletin(EVENT, Hazard.EARTHQUAKE, SHAKEN_AT, now, "hand", areas={TOWN: "6弱"})
    async with store.write() as connection:
        event = await take_bulletin(connection, store.pins, told, now)
        released = decision(event, State.RELEASED, STAFF_DESK) if event else None
        await commit(connection, store.pins, [released] if released else [], now)


async def closing(service: Service) -> None:
    """A company closes: for each of its houses another is proposed, and somebody of the staff is to approve it."""
    await prepare(service.store, CLOSES, service.clock.now())


SCENES = {"earthquake": earthquake, "closing": closing}
