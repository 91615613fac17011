"""A handover is looked through at the console: a company is changed by an officer, and a supervisor signs."""

from sqlalchemy import select, update

from bot.core.rights import StaffRole
from scheduler.handover import Closing, prepare
from storage.reconciled import THEM, US, Gap, keep_gaps
from storage.tables import cases, facts, handover_houses, inbound
from tests.handlers.web.street import Reader, Street
from tests.handlers.web.test_roles import comes_in, looked, looked_at

COMPANIES = [
    {"servicer_id": "B1", "name": "丸太工務店", "status": "営業"},
    {"servicer_id": "B2", "name": "あおぞら建設", "status": "営業", "backup": "はい", "area": "東京都世田谷区"},
    {"servicer_id": "B3", "name": "みどり点検", "status": "営業", "area": "東京都世田谷区"},
]
ADDRESS = "東京都世田谷区太子堂1-2-3"


async def prepared(street: Street) -> int:
    town = street.town
    await town.companies(COMPANIES)
    for house in ("H1", "H2"):
        await town.house(house, address=ADDRESS)
    return await prepare(town.service.store, Closing("B1", "closed"), town.service.clock.now())


async def proposed(street: Street) -> dict[str, tuple[str, list[str]]]:
    async with street.town.service.store.read() as connection:
        rows = await connection.execute(select(handover_houses))
        return {row.house_id: (row.candidate_id, row.queue) for row in rows}


async def sent(reader: Reader, action: str, values: dict[str, str]) -> Reader:
    form = reader.page.select_one(f"form[action='{action}']")
    assert form is not None
    return await reader.sends(form, values)


async def test_an_officer_changes_a_company_and_a_supervisor_signs(street: Street):
    number = await prepared(street)
    assert await proposed(street) == dict.fromkeys(("H1", "H2"), ("servicer:B2", ["servicer:B3"]))
    page = f"/staff/handovers/{number}"
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    await officer.opens("/staff/handovers")
    assert "承認を待っています" in officer.text
    await officer.opens(f"{page}/houses/H1")
    assert "予備" in officer.text  # why, beside each company
    await sent(officer, f"{page}/houses/H1", {"company": "servicer:B3"})
    assert await proposed(street) == {
        "H1": ("servicer:B3", ["servicer:B2"]),
        "H2": ("servicer:B2", ["servicer:B3"]),
    }
    assert (await officer.opens(page)).page.select_one(f"form[action='{page}/sign']") is None
    data = {"stamp": officer.stamp, "sure": "1"}
    assert (await officer.client.post(f"{page}/sign", data=data)).status_code == 403
    supervisor = await comes_in(street, "mori", StaffRole.SUPERVISOR)
    await sent(await supervisor.opens(page), f"{page}/sign", {})
    assert "印をつけてから" in supervisor.text
    await sent(supervisor, f"{page}/sign", {"sure": "1"})
    assert "承認されました" in supervisor.text
    assert "moriが持っています" in supervisor.text
    await street.town.until(street.town.today.replace(day=street.town.today.day + 1))
    async with street.town.service.store.read() as connection:
        asked = dict((await connection.execute(select(cases.c.house_id, cases.c.candidate_id))).all())
        told = (await connection.execute(select(facts.c.kind, facts.c.by).where(facts.c.house_id == ""))).all()
    assert asked == {"H1": "servicer:B3", "H2": "servicer:B2"}
    assert {("handover_chosen", "staff:sato"), ("handover_approved", "staff:mori")} <= {tuple(row) for row in told}
    assert ("staff:sato", "H1", f"handover:{number}") in await looked(street)
    await street.town.all_is_well()


async def test_what_was_signed_is_changed_no_more(street: Street):
    """Nor is a company chosen that could not be asked, and a handover of nobody is none."""
    number = await prepared(street)
    page = f"/staff/handovers/{number}"
    supervisor = await comes_in(street, "mori", StaffRole.SUPERVISOR)
    await supervisor.opens(f"{page}/houses/H1")
    form = supervisor.page.select_one(f"form[action='{page}/houses/H1']")
    assert form is not None
    await supervisor.sends(form, {"company": "servicer:B1"})
    assert "その会社には、いまはたずねられません" in supervisor.text
    await sent(supervisor, f"{page}/sign", {"sure": "1"})
    before = await proposed(street)
    await supervisor.sends(form, {"company": "servicer:B3"})
    assert "もう承認されています" in supervisor.text
    assert await proposed(street) == before
    for path in ("/staff/handovers/9", "/staff/handovers/x", f"{page}/houses/H9", "/staff/handovers/9/houses/H1"):
        assert (await supervisor.client.get(path)).status_code == 404


async def test_houses_that_came_since_are_looked_at_first(street: Street):
    number = await prepared(street)
    await street.town.house("H3", address=ADDRESS)
    supervisor = await comes_in(street, "mori", StaffRole.SUPERVISOR)
    page = f"/staff/handovers/{number}"
    assert "住宅が1軒増えました" in (await supervisor.opens(page)).text
    await sent(supervisor, f"{page}/sign", {"sure": "1"})
    assert "作りなおしてから" in supervisor.text
    assert "approved" not in {row[3] for row in (await street.everything())["handovers"]}


async def test_what_was_dropped_is_prepared_again_reviewed_and_signed(street: Street):
    """All at the console: an officer drops it and wants it anew, the next round prepares it, a supervisor signs."""
    number = await prepared(street)
    page = f"/staff/handovers/{number}"
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    await (await officer.opens(page)).presses("この案を取りやめる")
    assert "取りやめになりました" in officer.text
    wanted = officer.page.select_one(f"form[action='{page}/again']")
    assert wanted is not None
    await officer.presses("案を作りなおす")
    fresh = f"/staff/handovers/{number + 1}"
    assert officer.path == fresh
    assert "用意しています" in officer.text
    await officer.sends(wanted, {})  # a second click is the same one
    assert officer.path == fresh
    await street.town.run()
    assert await proposed(street) == dict.fromkeys(("H1", "H2"), ("servicer:B2", ["servicer:B3"]))
    await officer.sends(wanted, {})
    assert "もう進んでいます" in officer.text
    supervisor = await comes_in(street, "mori", StaffRole.SUPERVISOR)
    await sent(await supervisor.opens(fresh), f"{fresh}/sign", {"sure": "1"})
    assert "承認されました" in supervisor.text
    assert (await supervisor.client.post(f"{fresh}/drop", data={"stamp": supervisor.stamp})).status_code == 303
    assert "もう承認されています" in (await supervisor.opens(f"{fresh}?wrong=approved")).text
    states = {row[0]: row[3] for row in (await street.everything())["handovers"]}
    assert states == {number: "undone", number + 1: "approved"}
    await street.town.all_is_well()


async def test_the_houses_that_came_since_are_taken_into_the_plan_at_the_console(street: Street):
    number = await prepared(street)
    await street.town.house("H3", address=ADDRESS)
    page = f"/staff/handovers/{number}"
    auditor = await comes_in(street, "kanda", StaffRole.AUDITOR)
    assert (await auditor.opens(page)).page.select("main form") == []
    data = {"stamp": auditor.stamp}
    assert (await auditor.client.post(f"{page}/again", data=data)).status_code == 403
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    await (await officer.opens(page)).presses("案を作りなおす")
    await street.town.run()
    assert set(await proposed(street)) == {"H1", "H2", "H3"}
    assert "軒増えました" not in (await officer.opens(page)).text


async def test_an_auditor_finds_who_saw_a_house_in_a_handover_or_among_guarantees(street: Street):
    """監査担当: 番号と日にちだけの一覧でも、どの住宅をだれが見たかが分かります。

    読み取れなかったお便りは、書いた方で探せます。
    """
    town, number = street.town, await prepared(street)
    async with town.service.store.write() as connection:
        await keep_gaps(connection, [Gap("Z-0001", US, "H1"), Gap("Z-0009", THEM)], town.today)
    await town.says("owner:O-H1", "読めないお便り")
    async with town.service.store.write() as connection:
        await connection.execute(update(inbound).values(state="failed"))
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    assert "読めないお便り" in (await officer.opens("/staff/")).text
    for path in ("/staff/handovers", f"/staff/handovers/{number}", "/staff/guarantees"):
        assert (await officer.opens(path)).status == 200
    assert (await officer.client.get("/staff/guarantees.csv")).status_code == 200
    assert "なぜご覧になりますか" in (await officer.client.get("/staff/houses/H1")).text  # a list is no reason
    auditor = await comes_in(street, "kanda", StaffRole.AUDITOR)
    found = await looked_at(auditor, house="H1")
    for door in ("引継ぎの案", "保証の番号", "保証の番号の表"):
        assert sum(line.startswith(f"sato {door} H1") for line in found) == 1, door
    assert any(line.startswith("sato 引継ぎの案 H2") for line in await looked_at(auditor, house="H2"))
    assert any(line.startswith("sato 引継ぎの一覧") for line in await looked_at(auditor, person="servicer:B1"))
    assert any(line.startswith("sato 一覧") for line in await looked_at(auditor, person="owner:O-H1"))
