"""The staff's list: everything that waits on one page, narrowed by its address, moved many at once."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from bot.core.days import morning
from bot.core.rights import StaffRole
from bot.core.submitter import Submitter, SubmitterKind
from bot.core.waiting import Kind, Line, Place, Wanted, page, read_place
from handlers.web.staff import desk, many
from scheduler.handover import Closing, prepare
from storage import changes, queues
from storage.guests import guest_at, new_code
from storage.imports import Became, Came, begin_import, close_import
from storage.month_filed import Filed, keep_filed
from storage.tables import cases, inbound, outbox
from storage.waiting import waiting_page
from tests.handlers.web.street import Reader, Street
from tests.handlers.web.test_roles import comes_in
from tests.handlers.web.test_staff_console import OWNER

HOUSES = [f"H{number}" for number in range(1, 6)]


async def asking(street: Street) -> None:
    """Five owners want to talk with somebody."""
    for house in HOUSES:
        await street.town.house(house)
    await street.town.skip_to("2027-01-12")
    for house in HOUSES:
        await street.town.says(f"owner:O-{house}", "担当者と話したい")


def rows(reader: Reader) -> list[str]:
    return [row.get_text(" ", strip=True).split()[0] for row in reader.page.select("tbody tr th")]


async def ticks(reader: Reader, do: str, *case_ids: str, **more: str) -> Reader:
    form = reader.page.select_one("#many")
    assert form is not None
    return await reader.sends(form, {f"on-{case_id}": "1" for case_id in case_ids} | {"do": do} | more)


async def taken(street: Street) -> dict[str, str]:
    async with street.town.service.store.read() as connection:
        found = await waiting_page(connection, Wanted(reason="human"), None, street.town.service.clock.now(), 99)
    return {line.id: line.holder.partition(":")[2] for line in found}


async def test_many_are_taken_and_each_that_cannot_be_says_why(street: Street):
    await asking(street)
    sato, mori = [await comes_in(street, name, StaffRole.OFFICER) for name in ("sato", "mori")]
    await mori.opens("/staff/")
    await ticks(mori, "take", "H1-1")
    await sato.opens("/staff/")
    form = sato.page.select_one("#many")
    assert form is not None
    values = {"on-H1-1": "1", "on-H2-1": "1", "on-H3-1": "1", "on-H9-9": "1", "do": "take"}
    await sato.sends(form, values)
    assert "2件を動かしました。2件は動かしていません" in sato.text
    assert "H1-1 担当者と話したいとのこと ほかの方が引き受けています" in sato.text
    assert "H9-9 - もう終わっています" in sato.text
    expected = {"H1-1": "mori", "H2-1": "sato", "H3-1": "sato", "H4-1": "desk", "H5-1": "desk"}
    assert await taken(street) == expected
    before = await street.everything()
    await sato.sends(form, values)  # a second click
    assert "2件を動かしました" in sato.text
    after = await street.everything()
    assert (after["facts"], after["outbox"]) == (before["facts"], before["outbox"])


async def test_an_officer_gives_away_their_own_and_a_supervisor_anybodys(street: Street):
    await asking(street)
    sato = await comes_in(street, "sato", StaffRole.OFFICER)
    chief = await comes_in(street, "chief", StaffRole.SUPERVISOR)
    await ticks(await sato.opens("/staff/"), "take", "H1-1", "H2-1")
    await ticks(await chief.opens("/staff/"), "take", "H3-1")
    await ticks(await sato.opens("/staff/"), "pass_on", "H1-1", "H3-1", "H4-1", colleague="staff:chief")
    assert "H4-1 担当者と話したいとのこと いま持っている人か、管理者だけができます" in sato.text
    assert "H3-1 担当者と話したいとのこと もうその方が持っています" in sato.text
    assert "H1-1 担当者と話したいとのこと chiefに渡しました" in sato.text
    await ticks(await chief.opens("/staff/"), "pass_on", "H1-1", "H4-1", colleague="staff:sato")
    assert await taken(street) == {"H1-1": "sato", "H2-1": "sato", "H3-1": "chief", "H4-1": "sato", "H5-1": "desk"}
    await ticks(await chief.opens("/staff/"), "pass_on", "H5-1", colleague="staff:nobody")
    assert "その方には渡せません" in chief.text
    await ticks(await chief.opens("/staff/"), "release", "H2-1", "H3-1")
    assert await taken(street) == {"H1-1": "sato", "H2-1": "desk", "H3-1": "desk", "H4-1": "sato", "H5-1": "desk"}
    await street.town.all_is_well()


async def test_more_than_a_hundred_change_nothing(street: Street):
    await asking(street)
    sato = await (await comes_in(street, "sato", StaffRole.OFFICER)).opens("/staff/")
    await ticks(sato, "take", *(f"H{number}-1" for number in range(1, many.MOST + 2)))
    assert "100件まで" in sato.text
    assert set((await taken(street)).values()) == {"desk"}
    await ticks(await sato.opens("/staff/"), "take")
    assert "案件が選ばれていません" in sato.text
    auditor = await comes_in(street, "kanda", StaffRole.AUDITOR)
    assert (await auditor.opens("/staff/")).page.select_one("#many") is None
    data = {"stamp": auditor.stamp, "on-H1-1": "1", "do": "take"}
    assert (await auditor.client.post("/staff/many", data=data)).status_code == 403


async def test_the_address_narrows_the_list(street: Street):
    """By holder, reason, company and day; what the address gets wrong is left out, and said."""
    await asking(street)
    town = street.town
    await town.says("owner:O-H2", "ガスのにおいがします")
    async with town.service.store.write() as connection:
        await connection.execute(update(cases).where(cases.c.id == "H3-1").values(target_on=date(2026, 12, 1)))
    sato = await comes_in(street, "sato", StaffRole.OFFICER)
    await ticks(await sato.opens("/staff/"), "take", "H4-1")
    everything = rows(await sato.opens("/staff/"))
    assert everything[0].startswith("H2")  # danger first
    assert rows(await sato.opens("/staff/?whose=mine")) == ["H4-1"]
    assert rows(await sato.opens("/staff/?whose=staff:sato&reason=human")) == ["H4-1"]
    assert "H4-1" not in rows(await sato.opens("/staff/?whose=nobody"))
    assert rows(await sato.opens("/staff/?overdue=1")) == ["H3-1"]
    assert rows(await sato.opens("/staff/?servicer=丸太&reason=emergency")) == [everything[0]]
    assert rows(await sato.opens("/staff/?servicer=B2")) == []
    assert "この条件の用件はありません" in sato.text
    for wrong in ("whose=staff:nobody", "reason=why", "servicer=zzz", "overdue=x", "reason=case"):
        assert rows(await sato.opens(f"/staff/?{wrong}")) == everything
        assert "わからなかったので使っていません" in sato.text
    for wrong in ("after=x", "after=1.2027-99-99.case.H1-1", "after=1.2027-01-01.nobody.1", "after=..."):
        assert rows(await sato.opens(f"/staff/?{wrong}")) == everything
    assert (await sato.opens("/staff/?after=%00")).status == 404  # no address of ours holds it
    hostile = await sato.opens("/staff/?servicer=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&whose=%27--")
    assert hostile.status == 200
    assert hostile.page.select("script:not([src])") == []


async def test_what_is_no_case_stands_there_too(street: Street):
    """A handover to be signed, a message of unknown outcome: in the order of their days among the cases."""
    await asking(street)
    town = street.town
    await prepare(town.service.store, Closing("B1", "closed"), town.service.clock.now())
    row = await street.newest(OWNER)
    async with town.service.store.write() as connection:
        await connection.execute(update(outbox).where(outbox.c.id == row).values(state="unknown"))
    sato = await (await comes_in(street, "sato", StaffRole.OFFICER)).opens("/staff/?reason=handover")
    assert "5軒の引継ぎの案が、管理者の承認を待っています" in sato.text
    await sato.opens("/staff/?reason=unknown")
    assert "届いていた" in sato.text
    await sato.presses("届いていた")
    assert "届いたかどうか" not in " ".join(rows(await sato.opens("/staff/?reason=unknown")))


async def test_page_after_page_shows_each_line_once(street: Street, monkeypatch: pytest.MonkeyPatch):
    await asking(street)
    await prepare(street.town.service.store, Closing("B1", "closed"), street.town.service.clock.now())
    sato = await comes_in(street, "sato", StaffRole.OFFICER)
    everything = rows(await sato.opens("/staff/"))
    monkeypatch.setattr(desk, "PAGE", 2)
    seen, path = [], "/staff/"
    while path:
        await sato.opens(path)
        seen += rows(sato)
        more = [link for link in sato.page.select("a") if "次の50件" in link.get_text()]
        path = str(more[0]["href"]) if more else ""
    assert seen == everything
    assert len(everything) == len(set(everything)) == 6


async def test_what_may_be_many_is_paged_too_and_each_stands_there_once(
    street: Street, monkeypatch: pytest.MonkeyPatch
):
    """Messages of unknown outcome, in another order than their numbers, over a weekend that makes their days one."""
    await asking(street)
    town = street.town
    async with town.service.store.write() as connection:
        ids = list((await connection.execute(select(outbox.c.id).order_by(outbox.c.id.desc()).limit(7))).scalars())
        for place, row in enumerate(ids):
            at = morning(date(2027, 1, 7) + timedelta(days=place // 2), 10)
            await connection.execute(update(outbox).where(outbox.c.id == row).values(state="unknown", send_at=at))
    monkeypatch.setattr(queues, "SOME", 2)
    monkeypatch.setattr(desk, "PAGE", 3)
    now, store = town.service.clock.now(), town.service.store
    for wanted in (Wanted(), Wanted(reason="unknown"), Wanted(servicers=("B1",)), Wanted(before=date(2027, 1, 12))):
        async with store.read() as connection:
            everything = await waiting_page(connection, wanted, None, now, 99)
            seen: list[Line] = []
            while found := await waiting_page(connection, wanted, seen[-1].place if seen else None, now, 2):
                seen += found
        assert [line.place for line in seen] == [line.place for line in everything]
        assert len({line.place for line in seen}) == len(seen) > 0
    assert [line.kind for line in everything] == [Kind.UNKNOWN] * 7  # before the 12th there is nothing else
    sato = await comes_in(street, "sato", StaffRole.OFFICER)
    for nobodys in ("x", "1.x", f"1.{10**30}", f"{10**30}.1", "-1.-1", ""):
        await sato.opens(f"/staff/?reason=unknown&after=1.2027-01-12.unknown.{nobodys}")
        assert len(rows(sato)) == 3, nobodys


async def test_files_with_problems_wait_until_a_good_one_came_or_somebody_saw_to_it(street: Street):
    town = street.town
    pins, now = town.service.store.pins, town.service.clock.now()
    bad, good = Became("reject_file", 3, 0, {}, []), Became("accept", 3, 3, {}, [])

    async def brings(company: str, became: Became) -> None:
        async with town.service.store.write() as connection:
            came = Came(Submitter(company, SubmitterKind.BUILDER), f"servicer:{company}", "tray")
            number = await begin_import(connection, came, now)
            await close_import(connection, pins, (number, came), became, now)

    for company in ("B1", "B1", "B2"):
        await brings(company, bad)
    sato = await (await comes_in(street, "sato", StaffRole.OFFICER)).opens("/staff/?reason=imports")
    assert rows(sato) == ["丸太工務店", "あおぞら建設"]
    assert "ファイルが2件あります" in sato.text
    await brings("B1", good)
    assert rows(await sato.opens("/staff/?reason=imports")) == ["あおぞら建設"]
    await sato.presses("対応した")
    assert rows(await sato.opens("/staff/?reason=imports")) == []
    await town.all_is_well()


async def test_an_account_that_waits_and_people_whom_nobody_knows_have_their_lines(street: Street):
    """The account until the person has spoken, strangers for a week after their last word."""
    await street.town.house()
    town, seal, now = street.town, street.town.service.store.pins.seal, street.town.service.clock.now()
    async with town.service.store.write() as connection:
        guest = await guest_at(connection, seal, "line", "U9")
        row = {"channel": "line", "event_id": "1", "received_at": now, "raw": {}, "person_id": guest, "state": "done"}
        await connection.execute(insert(inbound).values(**row))
        data = {"person_id": OWNER, "channel": "line", "address": "U1"}
        data["digest"] = seal.digest(await new_code(connection, seal, OWNER, now))
        await changes.link_waits(connection, "H1", data, now)
    sato = await (await comes_in(street, "sato", StaffRole.OFFICER)).opens("/staff/?reason=link")
    assert rows(sato) == ["山田"]
    assert "LINEのアカウントが、いまの連絡先でのご本人の返事を待っています" in sato.text
    assert "1人の方からお便り" in (await sato.opens("/staff/?reason=strangers")).text
    async with town.service.store.write() as connection:
        await changes.link_agreed(connection, "H1", data, now)
    assert rows(await sato.opens("/staff/?reason=link")) == []
    street.town.service.clock.wind(timedelta(days=8))
    sato = await (await comes_in(street, "sato", StaffRole.OFFICER)).opens("/staff/?reason=strangers")
    assert rows(sato) == []


DAYS = st.dates(date(2027, 1, 1), date(2027, 1, 3))
LINES = st.builds(
    Line,
    st.sampled_from(Kind),
    st.text("ab1.", min_size=0, max_size=4),
    st.sampled_from(["", "human", "emergency"]),
    DAYS,
)


@given(st.lists(LINES, unique_by=lambda line: (line.kind, line.id, line.rank, line.due)), st.integers(1, 4))
def test_any_lines_are_paged_once_each_and_in_order(lines: list[Line], size: int):
    """As the database does for cases: those behind the place, in order, no more than a page."""
    of_cases = sorted((one for one in lines if one.kind is Kind.CASE), key=lambda one: (one.place.key, one.id))
    beside = [one for one in lines if one.kind is not Kind.CASE]
    seen: list[Line] = []
    after: Place | None = None
    while True:
        behind = [one for one in of_cases if after is None or (one.place.key, one.id) > (after.key, after.id)]
        found = page(behind[:size], beside, after, size)
        seen += found
        if len(found) < size:
            break
        after = read_place(str(found[-1].place))
        assert after == found[-1].place
    assert {id(one) for one in seen} == {id(one) for one in lines}
    assert len(seen) == len(lines)
    assert all(one.place.key <= other.place.key for one, other in pairwise(seen))


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_a_place(text: str):
    place = read_place(text)
    assert place is None or read_place(str(place)) == place


@given(LINES, DAYS)
def test_overdue_is_what_was_due_before(line: Line, day: date):
    assert Wanted(before=day).fits(line) is (line.due <= day - timedelta(days=1))


async def test_the_guarantors_file_that_cannot_be_laid_down_stands_on_the_list(street: Street):
    """保証機関への報告を置けないあいだ、一覧で見える。"""
    service = street.town.service
    async with service.store.write() as connection:
        await keep_filed(connection, Filed("2026-10").failed("2026-12-01T00", service.clock.now()))
    staff = await street.staff()
    await staff.opens("/staff/")
    assert "保証機関への月の報告" in staff.text
    assert "先月の報告を、決めた場所に置けていません" in staff.text
