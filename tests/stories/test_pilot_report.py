"""The staff of a pilot read each office morning how it goes: once, by mail, and without anybody's name."""

from dataclasses import replace

from sqlalchemy import select

from bot.core.rights import StaffRole
from storage.staff import Member, take_in
from storage.tables import outbox
from tests.stories.test_shadow import OWNER, SERVICER, begins
from tests.stories.town import Town

SATO = "staff:sato"


async def joins(town: Town) -> None:
    service = town.service
    member = Member(SATO, "佐藤", StaffRole.SUPERVISOR, (("email", "sato@example.jp"),))
    async with service.store.write() as connection:
        assert await take_in(connection, service.store.pins.seal, member, service.clock.now())


async def reports(town: Town, person_id: str = SATO) -> list[tuple[str, str, dict[str, object]]]:
    """Channel, state and particulars of each report to somebody."""
    query = select(outbox.c.channel, outbox.c.state, outbox.c.parts).where(outbox.c.person_id == person_id)
    async with town.service.store.read() as connection:
        rows = (await connection.execute(query.order_by(outbox.c.id))).all()
    return [
        (row.channel, row.state, part["params"]) for row in rows for part in row.parts if part["kind"] == "staff_pilot"
    ]


async def test_once_on_every_office_morning_by_mail(town: Town):
    """土日と祝日には来ない。1日に何度動かしても1通。"""
    await town.house()
    await joins(town)
    await begins(town)
    town.service = replace(town.service, post=replace(town.service.post, digest=True))  # a round on every day
    await town.until("2027-01-11")  # 元日から4日間の休みと、週末と、成人の日
    await town.run()
    found = await reports(town)
    assert len(found) == len({str(told["since"]) for _, _, told in found})
    assert {(channel, state) for channel, state, _ in found} == {("email", "sent")}
    assert sum(int(str(told["shown"])) for _, _, told in found) > 0
    assert all(told["shadow"] for _, _, told in found)
    assert not any(name in str(found) for name in ("山田", "丸太", OWNER, SERVICER))


async def test_without_a_pilot_nobody_is_told(town: Town):
    await town.house()
    await joins(town)
    await town.until("2027-01-08")
    assert await reports(town) == []


async def test_where_nobody_has_an_address_the_desk_hears_it(town: Town):
    await town.house()
    await begins(town)
    await town.until("2027-01-05")
    assert await reports(town, "staff:desk")


async def test_what_owners_answer_is_counted(town: Town):
    """本番の試行では、お返事と同意の割合が動く。"""
    await town.house("H1")
    await town.house("H2", owner_id="O-H2", consent_mandate_on="")
    await joins(town)
    store = town.service.store
    pinned = replace(store, pins=replace(store.pins, pilot=frozenset({"B1"})))  # type: ignore[type-var]
    town.service = town.service.on(pinned)
    await town.until("2027-01-05")
    await town.says(OWNER, "担当者と話したい")
    await town.until("2027-01-06")
    _, _, told = (await reports(town))[-1]
    measures = {one["measure"]: (one["count"], one["of"]) for one in told["measures"]}  # type: ignore[attr-defined]
    assert (measures["consent"], measures["reached"]) == ((1, 2), (1, 2))
    assert told["answered"] == 1
    assert told["with_staff"]
    assert not told["shadow"]
