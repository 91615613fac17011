"""Each of the staff comes in by their own role: officer, supervisor, auditor, operator; and each look is on record."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from bot.core.links import STAFF
from bot.core.people import Person
from bot.core.rights import RIGHTS, Right, StaffRole, rights_of
from handlers.web.app import ROUTES
from handlers.web.staff.entrance import COOKIE, DOORS
from storage.looks import Sought, looks_at
from storage.people import person_at
from storage.staff import Member, remove, take_in
from storage.tables import letters, looks
from tests.handlers.web.street import Reader, Street
from tests.photos import photo
from tests.stories.town import Town

OWNER = "owner:O-H1"


async def comes_in(street: Street, name: str, role: StaffRole) -> Reader:
    """Somebody of the staff, entered with a role, through the link of their own."""
    service = street.town.service
    async with service.store.write() as connection:
        member = Member(f"staff:{name}", name, role)
        assert await take_in(connection, service.store.pins.seal, member, service.clock.now())
    reader = await street.reader().opens(f"/staff/enter/{service.links.token(STAFF, name)}")
    return await reader.presses("入る")


async def looked(street: Street) -> list[tuple[str, str, str]]:
    async with street.town.service.store.read() as connection:
        return [(row.by, row.house_id or row.seen, row.why) for row in await looks_at(connection, Sought())][::-1]


async def test_an_auditor_reads_everything_and_changes_nothing(street: Street):
    await street.town.house(plan_years="")
    auditor = await comes_in(street, "kanda", StaffRole.AUDITOR)
    assert auditor.status == 200
    assert (await auditor.opens("/staff/houses/H1")).status == 200
    before = await street.everything()
    assert auditor.page.select("main form") == []  # nothing is offered that would only be refused
    assert "None" not in auditor.text
    refused = await auditor.client.post("/staff/houses/H1/notes", data={"stamp": auditor.stamp})
    assert refused.status_code == 403
    assert "ほかの役割の担当者" in refused.text
    assert (await auditor.opens("/staff/pause")).status == 403
    after = await street.everything()
    assert {name for name in after if after[name] != before[name]} == set()


async def test_a_matter_is_offered_to_nobody_who_cannot_act_on_it(street: Street):
    """A colleague who only reads, or only runs the machine, is on no list of those to whom one passes it."""
    await street.town.house()
    await street.town.skip_to("2027-01-04")
    await street.town.says(OWNER, "担当者と話したい")
    auditor = await comes_in(street, "kanda", StaffRole.AUDITOR)
    for path in ("/staff/case/H1-1", "/staff/letters", "/staff/events"):
        assert (await auditor.opens(path)).page.select("main form[method=post]") == []
    await comes_in(street, "ueda", StaffRole.OPERATOR)
    await comes_in(street, "tanaka", StaffRole.SUPERVISOR)
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    await officer.opens("/staff/")
    assert {str(one["value"]) for one in officer.page.select("#colleague option")} == {"staff:sato", "staff:tanaka"}


async def test_an_operator_looks_after_the_machine_and_sees_no_house(street: Street):
    await street.town.house()
    operator = await comes_in(street, "ueda", StaffRole.OPERATOR)
    assert (operator.status, operator.path) == (200, "/staff/me")
    assert "運用担当" in operator.text
    for path in (
        "/staff/",
        "/staff/houses/H1",
        f"/staff/people/{OWNER}",
        "/staff/letters",
        "/staff/find?q=H1",
        "/staff/looks",
    ):
        assert (await operator.opens(path)).status == 403
    assert "山田" not in operator.text
    assert (await operator.opens("/staff/pause")).status == 200
    assert (await operator.opens("/staff/team")).status == 200
    assert await looked(street) == []


async def test_an_officer_neither_audits_nor_ends_the_sessions_of_others(street: Street):
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    assert (await officer.opens("/staff/looks")).status == 403
    assert (await officer.opens("/staff/team")).status == 403
    assert "閲覧の記録" not in (await officer.opens("/staff/")).text


async def test_who_opens_a_house_says_why_and_the_auditor_reads_it(street: Street):
    """Nothing lies with the staff there: they choose a reason, once, and it stands beside each look."""
    await street.town.house()
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    await officer.opens("/staff/")
    answer = await officer.client.get("/staff/houses/H1")
    assert "なぜご覧になりますか" in answer.text
    assert "山田" not in answer.text
    officer._sees(answer)
    await officer.presses("お電話への対応")
    assert (officer.status, officer.path) == (200, "/staff/houses/H1")
    assert "お電話への対応" not in (await officer.opens("/staff/houses/H1/owners")).text
    auditor = await comes_in(street, "kanda", StaffRole.AUDITOR)
    await auditor.opens("/staff/looks?house=H1")
    assert auditor.text.count("お電話への対応") == 3  # the reason, and the two pages
    assert "sato" in auditor.text


async def test_at_a_case_the_case_is_why(street: Street):
    town = street.town
    await town.house()
    await town.skip_to("2027-01-04")
    await town.says(OWNER, "担当者と話したい")
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    for path in ("/staff/case/H1-1", "/staff/houses/H1", f"/staff/people/{OWNER}"):
        answer = await officer.client.get(path)
        assert "なぜご覧になりますか" not in answer.text
    whys = [row for row in await looked(street) if row[0] == "staff:sato" and row[1]]
    assert whys == [("staff:sato", "H1", "case:H1-1")] * 2 + [("staff:sato", OWNER, "case:H1-1")]


async def test_a_case_that_does_not_lie_with_the_staff_is_no_reason(street: Street):
    """番号は推測できます。会社や所有者が対応している案件、終わった案件を開くときも、理由をおたずねします。"""
    town = street.town
    await town.house()
    await town.skip_to("2027-01-04")
    assert (await town.case())["holder"] == "servicer:B1"
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    for path in ("/staff/case/H1-1", "/staff/houses/H1"):
        answer = await officer.client.get(path)
        assert "なぜご覧になりますか" in answer.text, path
        assert "山田" not in answer.text
    assert (await officer.client.get("/staff/handovers/1/houses/H1")).status_code == 404
    assert [row for row in await looked(street) if row[1] == "H1"] == []
    await officer.opens("/staff/case/H1-1")  # and says why
    assert (officer.status, "山田" in officer.text) == (200, True)
    assert [row for row in await looked(street) if row[1]] == [("staff:sato", "H1", "check")] * 2


async def test_an_auditor_finds_who_saw_a_photo(street: Street):
    """監査担当: 所有者のお名前で探すと、その方の写真を見た人が分かります。写真は、やりとりを開く理由にはなりません。"""
    town = street.town
    await town.house()
    owner = await street.visits(OWNER)
    await owner.writes("", ("a.png", photo("PNG"), "image/png"))
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    await officer.opens(f"/staff/people/{OWNER}")
    link = officer.page.select_one("a[href*='/files/']")
    assert link is not None
    again = await comes_in(street, "sato", StaffRole.OFFICER)  # a session that has given no reason
    assert (await again.client.get(str(link["href"]))).headers["content-type"] == "image/png"
    assert "なぜご覧になりますか" in (await again.client.get(f"/staff/people/{OWNER}")).text
    other = str(link["href"]).replace("owner%3AO-H1", "servicer:B1")  # under another's name it is not shown
    assert (await again.client.get(other)).status_code == 404
    auditor = await comes_in(street, "kanda", StaffRole.AUDITOR)
    assert "sato 写真・書類 山田 花子 写真・書類" in await looked_at(auditor, person="山田")


async def looked_at(auditor: Reader, **asked: str) -> list[str]:
    """The lines of the auditor's page, without the day."""
    await auditor.opens(f"/staff/looks?{urlencode(asked)}")
    return [" ".join(cell.get_text(" ", strip=True) for cell in row("td")) for row in auditor.page.select("tbody tr")]


async def test_an_auditor_finds_who_saw_a_house_on_a_list_or_a_print(street: Street):
    """監査担当: 一覧や手紙の束で見た人も、住宅・お名前・見た人のどれからでも探せます。"""
    town = street.town
    for house, name in (("H1", "山田 花子"), ("H2", "小林 次郎")):
        await town.house(house, owner_name=name, consent_information_on="", consent_mandate_on="")
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    await officer.opens("/staff/find?q=山田")
    assert "なぜご覧になりますか" in (await officer.client.get("/staff/houses/H1")).text  # a list is no reason
    await (await officer.opens("/staff/houses/H1")).presses("同意のお願いの手紙を作る")
    await (await officer.opens("/staff/letters")).presses("選んだ手紙を、まとめて印刷する")
    for print_of in ("letters.pdf", "addresses.csv"):
        assert (await officer.client.get(f"{officer.path}/{print_of}")).status_code == 200
    async with town.service.store.read() as connection:
        code = (await connection.execute(select(letters.c.code))).scalar_one()
    await officer.opens(f"/staff/slip?code={code}")
    auditor = await comes_in(street, "kanda", StaffRole.AUDITOR)
    found = await looked_at(auditor, house="H1")
    for door in ("住宅を探す", "手紙の一覧", "手紙の束", "手紙の束の印刷", "手紙の束のあて名", "返信票"):
        assert any(line.startswith(f"sato {door} H1") for line in found), door
    for asked in ({"person": "山田"}, {"person": "O-H1"}, {"person": OWNER}):
        assert await looked_at(auditor, **asked) == found
    assert await looked_at(auditor, house="H2") == []
    assert await looked_at(auditor, person="鈴木") == []
    assert "「鈴木」という方は見つかりません" in auditor.text
    assert set(found) <= set(await looked_at(auditor, by="staff:sato"))
    assert await looked_at(auditor, house="H1", by="staff:kanda") == []
    assert any(line.startswith("sato 手紙の一覧 一覧") for line in await looked_at(auditor))  # one line of a list


async def test_why_leads_to_no_other_site(street: Street):
    await street.town.house()
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    officer._sees(await officer.client.get("/staff/houses/H1"))
    form = officer.page.select_one("form[action='/staff/why']")
    assert form is not None
    for to in ("https://evil.example/", "//evil.example/staff/", "/staff/\\evil", "/staff/x\nset-cookie: a=b", "/c/x"):
        assert (await officer.sends(form, {"why": "call", "to": to})).status == 400
    assert (await officer.sends(form, {"why": "curious"})).status == 400


async def test_a_session_can_be_ended_from_elsewhere(street: Street):
    """By oneself, by a supervisor, and with the removal; and leaving kills a copy of the key."""
    service = street.town.service
    first, second = [await comes_in(street, "sato", StaffRole.OFFICER) for _ in range(2)]
    await first.opens("/staff/me")
    await first.presses("終わらせる")
    assert (await second.opens("/staff/")).status == 401
    supervisor = await comes_in(street, "mori", StaffRole.SUPERVISOR)
    await supervisor.opens("/staff/team")
    await supervisor.presses("全部終わらせる")
    assert (await first.opens("/staff/")).status == 401
    third = await comes_in(street, "sato", StaffRole.OFFICER)
    copied = third.client.cookies[COOKIE]
    await third.opens("/staff/")
    await third.presses("終わる")
    thief = street.reader()
    thief.client.cookies.set(COOKIE, copied)
    assert (await thief.opens("/staff/")).status == 401
    fourth = await comes_in(street, "sato", StaffRole.OFFICER)
    await remove(service.store, "staff:sato", service.clock.now())
    assert (await fourth.opens("/staff/")).status == 401


async def test_a_key_that_was_pushed_in_is_not_taken_over(street: Street):
    """Session fixation: whoever comes in gets a new key, whatever the browser held."""
    reader = street.reader()
    reader.client.cookies.set(COOKIE, "chosen-by-another", domain="127.0.0.1", path="/staff")
    await reader.opens(f"/staff/enter/{street.town.service.links.token(STAFF, 'desk')}")
    await reader.presses("入る")
    held = {cookie.value for cookie in reader.client.cookies.jar if cookie.name == COOKIE}
    assert held - {"chosen-by-another"}
    thief = street.reader()
    thief.client.cookies.set(COOKIE, "chosen-by-another")
    assert (await thief.opens("/staff/")).status == 401


async def test_in_a_channel_the_same_rights_hold(street: Street):
    """An account that is theirs is the same person: an auditor's press changes nothing, an officer's signs nothing."""
    town: Town = street.town
    await town.house()
    await town.skip_to("2027-01-04")
    await town.says(OWNER, "担当者と話したい")
    await comes_in(street, "kanda", StaffRole.AUDITOR)
    assert await town.says("staff:kanda", action="take:H1-1:0:") == ["reply_no_right"]
    assert (await town.case())["holder"] == "staff:desk"
    await comes_in(street, "sato", StaffRole.OFFICER)
    assert await town.says("staff:sato", action="lapse_confirm:H1-1:0:") == ["reply_no_right"]
    assert await town.says("staff:sato", action="take:H1-1:0:") == ["reply_taken"]


async def test_an_account_of_the_desk_becomes_somebodys_own(street: Street):
    """Who turned up in a channel under that account before is they from now on."""
    service = street.town.service
    async with service.store.write() as connection:
        member = Member("staff:sato", "佐藤", accounts=(("slack", "U0SATO"),))
        await take_in(connection, service.store.pins.seal, member, service.clock.now())
        assert await person_at(connection, "slack", "U0SATO") == "staff:sato"
        again = Member("staff:mori", "森", accounts=(("slack", "U0SATO"),))
        await take_in(connection, service.store.pins.seal, again, service.clock.now())
        assert await person_at(connection, "slack", "U0SATO") == "staff:mori"


async def test_looks_go_after_their_period(street: Street):
    town = street.town
    await town.house()
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    await officer.opens("/staff/houses/H1")
    town.service.clock.wind(timedelta(days=3 * 365 + 2))
    await town.run()
    async with town.service.store.read() as connection:
        assert (await connection.execute(select(looks.c.id))).all() == []


def test_every_door_of_the_console_is_named_where_looks_are_read(street: Street):
    """A page that shows somebody's data, and is not called anything in the list, would be read by nobody."""
    paths = {
        (route.path, method)
        for module in ROUTES
        for route in module.routes.routes
        for method in getattr(route, "methods", ())
        if getattr(route, "path", "").startswith("/staff/")
    }
    shown = {path for path, method in paths if method == "GET" and DOORS.get(path, Right.SEE) is Right.SEE}
    shown -= {path for path in shown if path.startswith(("/staff/enter/", "/staff/login"))}
    for pages in street.app.state.site.pages.words.values():
        assert shown <= set(pages["staff"]["looks"]["doors"])
    assert set(DOORS) <= {path for path, _ in paths}


@pytest.mark.parametrize("role", StaffRole)
def test_only_a_supervisor_signs_and_who_reads_only_does_nothing(role: StaffRole):
    assert (Right.SIGN in RIGHTS[role]) is (role is StaffRole.SUPERVISOR)
    assert Right.ACT not in RIGHTS[StaffRole.AUDITOR] | RIGHTS[StaffRole.OPERATOR]
    assert Right.SEE not in RIGHTS[StaffRole.OPERATOR]


def test_nobody_but_the_staff_has_rights():
    assert rights_of(Person("owner:O-H1", "山田", staff_role="supervisor")) == frozenset()
    assert rights_of(Person("staff:sato", "佐藤", active=False)) == frozenset()
    assert rights_of(Person("staff:desk", "担当窓口")) == RIGHTS[StaffRole.OFFICER]
