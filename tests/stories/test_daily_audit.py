"""The auditor looks at everything every day by itself, and whoever runs the service hears what it found, once."""

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from bot.cli.audit import audited
from bot.core.findings import GROUPS
from scheduler.auditing import audit_on
from scheduler.shift import Shift
from storage import audit as auditor
from storage import stages
from storage.audits import state_of
from storage.exclusive import ASIDE, tried
from storage.sealed import against_seals
from storage.tables import audit_findings, audits, facts
from tests.stories.town import Town

STAFF = "staff:desk"
HOUSES = ("H1", "H2", "H3", "H4", "H5")
BACKDATED = "UPDATE facts SET at = at - 86400 WHERE house_id = 'H4' AND seq = 1"


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch):
    """Two houses and two messages in a step, so that a small town has many."""
    monkeypatch.setattr(stages, "SOME", 2)
    monkeypatch.setattr(stages, "MESSAGES", 2)


async def moved_in(town: Town) -> None:
    for number, house in enumerate(HOUSES):
        await town.house(house, owner_id=f"O{number}", owner_name=f"住人 {number}")
    await town.skip_to("2027-02-01")


async def forged(town: Town, statements: str) -> None:
    async with town.service.store.write() as connection:
        for statement in statements.split(";"):
            await connection.execute(text(statement))


async def audits_today(town: Town) -> int:
    """The day's run to its end; how many steps it took."""
    steps = 1
    while await audit_on(town.service.post, town.service.clock.now()):
        steps += 1
    return steps


async def standing(town: Town) -> tuple[bool, int]:
    """Whether the last whole run was clean, and what is found and not mended yet."""
    async with town.service.store.read() as connection:
        state = await state_of(connection)
    return state.last_at is not None and state.last_at == state.clean_at, state.findings


async def kept(town: Town) -> set[tuple[str, str]]:
    async with town.service.store.read() as connection:
        rows = await connection.execute(select(audit_findings.c.kind, audit_findings.c.place))
        return {(row.kind, row.place) for row in rows}


async def found_by_hand(town: Town) -> set[tuple[str, str]]:
    place = town.service.post.seals
    assert place is not None
    async with town.service.store.read() as connection:
        seal, now = town.service.store.pins.seal, town.service.clock.now()
        found = [one async for one in auditor.audit(connection, seal, now)]
        found += [one async for one in against_seals(connection, seal, place, now)]
    return {(one.kind, one.where) for one in found}


async def test_a_day_without_a_finding_is_a_clean_run_and_says_nothing(town: Town):
    """Every house is looked at, nobody is troubled, and the next look comes with the next day."""
    await moved_in(town)
    await town.hears(STAFF)
    assert await audits_today(town) > len(HOUSES) // 2
    assert await standing(town) == (True, 0)
    async with town.service.store.read() as connection:
        assert (await connection.execute(select(audits.c.houses))).scalars().all() == [len(HOUSES)]
    await town.run()
    assert "staff_audit" not in await town.hears(STAFF)
    assert await audits_today(town) == 1  # nothing is left of today
    await town.until("2027-02-02")
    assert await audits_today(town) > 1


async def test_what_is_found_is_told_once_and_stands_until_it_is_mended(town: Town):
    """The desk hears of a changed fact the day it is found, not again on the next, and the run is clean once more after
    it was put right."""
    await moved_in(town)
    await town.hears(STAFF)
    await forged(town, BACKDATED)
    await audits_today(town)
    assert await kept(town) == {("fact_changed", "H4#1")}
    await town.run()
    assert (await town.hears(STAFF)).count("staff_audit") == 1
    said = await town.words(STAFF)
    assert "H4#1" in said
    assert "住人" not in said
    await town.until("2027-02-02")
    await audits_today(town)
    await town.run()
    assert "staff_audit" not in await town.hears(STAFF)
    assert await standing(town) == (False, 1)
    await forged(town, BACKDATED.replace("- 86400", "+ 86400"))
    await town.until("2027-02-03")
    await audits_today(town)
    assert await standing(town) == (True, 0)


async def test_where_several_workers_share_the_work_one_of_them_audits(town: Town):
    """Called often enough for what is slow, they have looked at everything; what is found is known to all of them."""
    await moved_in(town)
    await forged(town, BACKDATED)
    service = town.service
    shift = Shift(service.watch, service.database, service.clock)
    async with tried(service.database, ASIDE):
        await shift.aside()
    assert await kept(town) == set()  # another one is at it
    for _ in range(20):  # each time as many steps as there is time for
        await shift.aside()
    assert await kept(town) == {("fact_changed", "H4#1")}


async def test_a_finding_is_known_before_the_run_is_through(town: Town):
    """Whoever watches from outside need not wait for the last of a million houses."""
    await moved_in(town)
    await forged(town, BACKDATED.replace("H4", "H1"))
    assert await audit_on(town.service.post, town.service.clock.now())
    assert (await standing(town))[1] == 1


async def test_a_run_that_was_killed_goes_on_where_it_was(town: Town, monkeypatch: pytest.MonkeyPatch):
    """What was looked at is not looked at again, and nothing is left out."""
    await moved_in(town)
    spans, of_houses = [], auditor.of_houses

    def seen(look, span):
        spans.append((span.after, span.upto))
        return of_houses(look, span)

    async def killed(*_):
        raise ConnectionError("the machine went down")

    monkeypatch.setattr(stages, "of_houses", seen)
    assert await audit_on(town.service.post, town.service.clock.now())
    with monkeypatch.context() as dying:
        dying.setattr("scheduler.auditing.go_on", killed)
        with pytest.raises(ConnectionError):
            await audit_on(town.service.post, town.service.clock.now())
    await audits_today(town)
    assert spans == [("", "H2"), ("H2", "H4"), ("H2", "H4"), ("H4", None)]
    assert await standing(town) == (True, 0)


@pytest.mark.parametrize(
    "forgery",
    [
        "DELETE FROM facts WHERE house_id = 'H3'",
        "DELETE FROM facts WHERE house_id = ''",
        "UPDATE facts SET house_id = 'Z9' WHERE house_id = 'H3' AND seq = 3",
        "UPDATE facts SET house_id = 'A0' WHERE house_id = 'H3' AND seq = 3",
        "UPDATE cases SET holder = 'owner:nobody' WHERE house_id = 'H2'",
        "UPDATE cases SET next_action_at = NULL WHERE house_id = 'H5'",
        "UPDATE houses SET wake_on = '2026-12-01' WHERE id = 'H1'",
        "UPDATE houses SET wake_on = '2030-12-01' WHERE id = 'H4'",
        "UPDATE works SET due_on = '2030-01-01' WHERE house_id = 'H2'",
        "UPDATE plan_items SET next_due_on = '2031-01-01' WHERE house_id = 'H5' AND code = 'P1'",
        "DELETE FROM attempts WHERE outbox_id IN (SELECT max(id) FROM outbox WHERE attempts > 0)",
    ],
)
async def test_some_at_a_time_it_finds_what_it_finds_at_once(town: Town, forgery: str):
    """A look at part of the houses after the other leaves nothing out that a look at all of them sees."""
    await moved_in(town)
    await forged(town, forgery)
    at_once = await found_by_hand(town)
    assert at_once
    await audits_today(town)
    assert await kept(town) == at_once


async def test_a_look_by_hand_is_a_run_too(town: Town):
    """`engawa audit` after the mending lets the outside watch hear from us again at once."""
    await moved_in(town)
    await forged(town, BACKDATED)
    await audits_today(town)
    await forged(town, BACKDATED.replace("- 86400", "+ 86400"))
    assert await audited(town.service, "") == []
    assert await standing(town) == (True, 0)


async def test_seals_that_cannot_be_reached_are_tried_again(town: Town, monkeypatch: pytest.MonkeyPatch):
    """The run waits there, and ends when they can be."""
    await moved_in(town)

    def away(*_):
        raise OSError("no route")

    with monkeypatch.context() as dead:
        dead.setattr(type(town.service.post.seals), "names", away)
        await audits_today(town)
        assert await standing(town) == (False, 0)
    await audits_today(town)
    assert await standing(town) == (True, 0)


async def test_what_others_write_meanwhile_is_no_finding(town: Town):
    """Two looks of one step see the record as of one moment."""
    await moved_in(town)
    count = select(func.count()).select_from(facts)
    async with town.service.store.read() as connection:
        await auditor.as_of_one_moment(connection)
        before = (await connection.execute(count)).scalar()
        await town.house("H9", owner_id="O9")
        assert (await connection.execute(count)).scalar() == before


def test_every_kind_of_finding_belongs_to_a_group():
    """The desk is told in words what kind of trouble it is; a new kind has to be placed."""
    root = Path(__file__).parent.parent.parent / "storage"
    sources = [path.read_text("utf-8") for path in [*(root / "audit").glob("*.py"), root / "sealed.py"]]
    made = {kind for source in sources for kind in re.findall(r'Finding\("(\w+)"', source)}
    checked = set(re.findall(r'^        "(\w+)": ', (root / "audit" / "orphans.py").read_text("utf-8"), re.MULTILINE))
    assert len(made) > 15
    assert len(checked) == 6
    assert made | checked == set().union(*GROUPS.values())
