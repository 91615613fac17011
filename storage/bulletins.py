"""What is told of an event comes in: kept as the event's newest word, and put before the staff. It asks nobody yet."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.event import Bulletin, Event, State, local, strongest_first, take
from bot.core.matter import CLOCK
from bot.core.outcome import Deed, Mode, Outcome, Say
from bot.core.people import STAFF_DESK
from storage.commit import commit
from storage.events import DONE, END, REMIND, count_concerned, load_event, next_morning, save_event
from storage.pins import Pins

NEW, CHANGED, WAITS, CANCELLED = "new", "changed", "waits", "cancelled"


async def take_bulletin(
    connection: AsyncConnection, pins: Pins, bulletin: Bulletin, now: datetime, by: str = CLOCK
) -> Event | None:
    """The event as it stands after this bulletin; None where that told nothing new.

    What a newer bulletin takes away of an event that people are being asked about is called off at once; what it adds
    waits for one of the staff. Raises ValueError for an event that is still to come, or known as another hazard.
    """
    if (bulletin.at or bulletin.told_at) > now:
        raise ValueError("it has not happened yet")
    before = await load_event(connection, bulletin.event, lock=True)
    event = take(before, bulletin)
    if event is None or (before is not None and event.version == before.version):
        await _told_again(connection, event)
        return None
    running = bool(event.released)
    stage = END if running else REMIND if event.undecided else DONE
    at = {END: now, REMIND: next_morning(now)}.get(stage)
    await save_event(connection, event, stage=stage, reached="", next_at=at)
    data = {"event": event.id, "version": event.version, "source": bulletin.source, "state": event.state}
    says = await proposal(connection, event, NEW if before is None else CHANGED)
    await commit(connection, pins, [Outcome(deeds=(Deed("event_told", by, data),), says=says)], now)
    return event


async def _told_again(connection: AsyncConnection, event: Event | None) -> None:
    """The same, later: only that is kept, so that an older word cannot pass for the newest."""
    if event is not None:
        await save_event(connection, event)


async def proposal(connection: AsyncConnection, event: Event, news: str) -> tuple[Say, ...]:
    """The word to the desk, at any hour: how many houses it is about, and whether anything is to be decided."""
    if event.state is State.CANCELLED:
        news = CANCELLED
    elif not event.undecided:
        return ()
    count = await count_concerned(connection, event, event.bulletin.areas)
    if news != CANCELLED and not (count.asked or count.unmandated or count.unplaced or event.released):
        return ()  # no house of ours stands there, as far as anybody knows
    levels = list(strongest_first(event.bulletin.areas).values())
    told = {
        "event": event.id,
        "version": event.version,
        "hazard": event.bulletin.hazard,
        "at": local(event.at),
        "strongest": levels[0] if levels else "",
        "places": len(levels),
        "count": count.asked,
        "unmandated": count.unmandated,
        "unplaced": count.unplaced,
        "news": news,
    }
    return (Say(STAFF_DESK, "staff_event", told, Mode.ALARM),)
