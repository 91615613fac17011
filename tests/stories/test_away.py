"""Somebody of the staff goes on holiday: what they hold goes to who stands in, and nothing is nobody's."""

from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import func, select, text

from bot.core.absence import Absence
from bot.core.rights import StaffRole
from storage.absences import AbsenceError, cover_all, end, enter
from storage.audit import audit
from storage.staff import Member, remove
from storage.tables import cases
from tests.handlers.web.street import Street, street_at
from tests.stories.test_named_staff import holders, supervises

DESK, SATO, TANAKA, MORI = "staff:desk", "staff:sato", "staff:tanaka", "staff:mori"
CASE, OWNER = "H1-1", "owner:O-H1"


@pytest_asyncio.fixture
async def street(tmp_path, database_url):
    """An office of three, on either database; 佐藤 has taken a matter."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        for person_id, name in ((SATO, "佐藤"), (TANAKA, "田中"), (MORI, "森")):
            await supervises(found, Member(person_id, name, StaffRole.OFFICER))
        await found.town.house()
        await found.town.until("2027-01-13")
        await found.town.says(OWNER, "担当の方と話したいです")
        assert await found.town.says(SATO, action=f"take:{CASE}:0:") == ["reply_taken"]
        yield found


async def away(street: Street, person: str, days: tuple[int, int], substitute: str = "") -> None:
    service, today = street.town.service, street.town.today
    first, last = (today + timedelta(days=day) for day in days)
    async with service.store.write() as connection:
        absence = Absence(person, first, last, substitute)
        await enter(connection, service.store.pins.seal, absence, MORI, service.clock.now())
    await cover_all(service.store, service.clock.now())


async def facts(street: Street) -> list[str]:
    return [kind for kind in await street.town.facts() if kind.startswith(("case_covered", "matter_"))]


async def test_it_goes_to_who_stands_in_on_the_first_day_and_stays_there(street: Street):
    town = street.town
    await away(street, SATO, (2, 3), TANAKA)
    assert (await holders(street))[CASE] == SATO
    until = (await town.case())["next_action_at"]
    await town.until(town.today + timedelta(days=2))
    assert (await holders(street))[CASE] == TANAKA
    assert (await town.case())["next_action_at"] == until  # the taking runs out when it did
    assert (await facts(street))[-1] == "case_covered"
    await town.until(town.today + timedelta(days=2))
    assert (await holders(street))[CASE] == TANAKA  # back, and nothing came back by itself
    assert await town.says(TANAKA, action=f"pass_on:{CASE}:0:sato") == ["reply_passed_on"]
    assert (await holders(street))[CASE] == SATO
    await town.all_is_well()


async def test_without_anybody_it_lies_with_the_desk_and_is_told_there(street: Street):
    town = street.town
    await town.hears(DESK)
    await away(street, SATO, (0, 5))
    await town.run()
    assert (await holders(street))[CASE] == DESK
    assert await town.hears(DESK) == ["staff_alert"]
    await town.all_is_well()


async def test_who_is_away_is_given_nothing_and_does_nothing(street: Street):
    """Neither their own press nor a colleague's changes it; once they have said that they are back both do."""
    town, service = street.town, street.town.service
    await away(street, TANAKA, (0, 5), MORI)
    assert await town.says(SATO, action=f"pass_on:{CASE}:0:tanaka") == ["reply_no_colleague"]
    assert await town.says(TANAKA, action=f"take:{CASE}:0:") == ["reply_away"]
    assert (await holders(street))[CASE] == SATO
    async with service.store.write() as connection:
        assert await end(connection, service.store.pins.seal, TANAKA, TANAKA, service.clock.now())
    assert await town.says(SATO, action=f"pass_on:{CASE}:0:tanaka") == ["reply_passed_on"]
    assert (await holders(street))[CASE] == TANAKA


async def test_who_stands_in_goes_away_too_and_then_leaves(street: Street):
    town, service = street.town, street.town.service
    await away(street, SATO, (0, 9), TANAKA)
    await away(street, TANAKA, (1, 9), SATO)
    await town.until(town.today + timedelta(days=1))
    assert (await holders(street))[CASE] == DESK  # each stands in for the other, and both are away
    await remove(service.store, TANAKA, service.clock.now())
    await town.run()
    await town.all_is_well()
    async with service.store.read() as connection:
        theirs = select(func.count()).where(cases.c.holder.in_((SATO, TANAKA)), cases.c.phase != "closed")
        assert (await connection.execute(theirs)).scalar_one() == 0


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        ("UPDATE absences SET from_on = '2027-01-11'", "holder_away"),
        ("UPDATE absences SET from_on = '2027-01-11', state = 'planned'", "holder_away"),
        ("UPDATE absences SET from_on = '2027-01-11', until_on = '2027-01-12'", ""),  # over, if nobody noticed yet
        ("UPDATE absences SET from_on = '2027-01-11', state = 'over'", ""),
        ("UPDATE people SET ended_on = '2027-01-12' WHERE id = 'staff:sato'", "holder_gone"),
        ("UPDATE cases SET holder = 'staff:nobody'", "no_holder"),
    ],
)
async def test_what_lies_with_who_is_not_there_is_found(street: Street, damage: str, kind: str):
    """Broken off, or changed by hand: away and nobody stands in, removed, or nobody at all."""
    store, now = street.town.service.store, street.town.service.clock.now()
    await away(street, TANAKA, (0, 3))
    await street.town.all_is_well()
    async with store.write() as connection:
        await connection.execute(text("UPDATE absences SET person_id = 'staff:sato'"))
        await connection.execute(text(damage))
    async with store.read() as connection:
        found = {finding.kind async for finding in audit(connection, store.pins.seal, now) if finding.where == CASE}
    assert found == ({kind} if kind else set())


@pytest.mark.parametrize(
    ("person", "days", "substitute", "code"),
    [
        (DESK, (0, 1), "", "nobody"),
        ("staff:nobody", (0, 1), "", "nobody"),
        (SATO, (3, 1), "", "days"),
        (SATO, (-3, -1), "", "days"),
        (SATO, (0, 400), "", "days"),
        (SATO, (0, 1), SATO, "oneself"),
        (SATO, (0, 1), "owner:O-H1", "substitute"),
        (SATO, (0, 1), "staff:nobody", "substitute"),
    ],
)
async def test_what_cannot_be_is_not_entered(street: Street, person, days, substitute, code):
    with pytest.raises(AbsenceError, match=f"^{code}$"):
        await away(street, person, days, substitute)


async def test_only_who_holds_it_gives_it_away(street: Street):
    """An officer neither gives away nor gives back what a colleague holds; a supervisor does both."""
    town = street.town
    assert await town.says(TANAKA, action=f"pass_on:{CASE}:0:mori") == ["reply_no_right"]
    assert await town.says(TANAKA, action=f"release:{CASE}:0:") == ["reply_no_right"]
    await supervises(street, Member(MORI, "森", StaffRole.SUPERVISOR))
    assert await town.says(MORI, action=f"pass_on:{CASE}:0:tanaka") == ["reply_passed_on"]
    assert (await holders(street))[CASE] == TANAKA
    assert await town.says(TANAKA, action=f"release:{CASE}:0:") == ["reply_released"]
    assert (await holders(street))[CASE] == DESK
    assert (await facts(street))[-2:] == ["matter_passed_on", "matter_released"]
    assert await town.says(TANAKA, action=f"release:{CASE}:0:") == ["reply_over"]
