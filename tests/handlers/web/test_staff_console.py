"""The staff's console: what waits, and what can be done about it."""

import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import insert, select, update

from bot.core.links import STAFF
from bot.core.unreached import Why
from handlers.web.staff.entrance import COOKIE
from storage.tables import attempts, facts, inbound, letters, outbox
from tests.handlers.web.street import Reader, Street
from tests.photos import photo

OWNER, SERVICER = "owner:O-H1", "servicer:B1"


async def silent_company(street: Street) -> None:
    """A company that never answers: the case lies with the staff."""
    await street.town.house()
    for day in ("2027-01-04", "2027-01-14", "2027-01-22", "2027-01-29", "2027-02-06"):
        await street.town.skip_to(day)
    assert (await street.town.case())["reason"] == "servicer_silent"


async def fills(reader: Reader, verb: str, **values: str) -> Reader:
    """The form of the case page whose button does this."""
    button = reader.page.select_one(f"button[value={verb}]")
    assert button is not None, f"{verb} is not offered"
    form = button.find_parent("form")
    assert form is not None
    return await reader.sends(form, {"verb": verb, **values})


async def at_case(street: Street, case_id: str = "H1-1") -> Reader:
    return await (await street.staff()).opens(f"/staff/case/{case_id}")


async def test_nobody_comes_in_without_the_link(street: Street):
    """Every page and every deed of the console is closed to strangers."""
    await street.town.house()
    for path in (
        "",
        "gaps",
        "companies",
        "find",
        "case/H1-1",
        "letters",
        "letters.pdf",
        "slip",
        "pause",
        "houses/H1",
        f"people/{OWNER}",
    ):
        assert (await street.reader().opens(f"/staff/{path}")).status == 401
    for path in (
        "leave",
        "pause",
        "resume",
        "slip",
        "letters/posted",
        "letters/returned",
        "case/H1-1",
        "unknown/1",
        "companies/B1",
        "aside/1",
        f"people/{OWNER}",
    ):
        assert (await street.reader().client.post(f"/staff/{path}")).status_code == 401


async def test_a_session_is_a_key_that_ends(street: Street):
    """It is set for the console alone, unreadable for scripts, and over after twelve hours."""
    staff = await street.staff()
    assert staff.status == 200
    assert staff.path == "/staff/"
    cookie = next(cookie for cookie in staff.client.cookies.jar if cookie.name == COOKIE)
    assert cookie.path == "/staff"
    assert cookie.has_nonstandard_attr("HttpOnly")
    street.town.service.clock.wind(timedelta(hours=11))
    assert (await staff.opens("/staff/")).status == 200
    street.town.service.clock.wind(timedelta(hours=1))
    assert (await staff.opens("/staff/")).status == 401


@pytest.mark.parametrize("value", ["", "x", "staff:desk 9999999999 abc"])
async def test_a_forged_session_is_none(street: Street, value: str):
    """Only what we signed counts."""
    reader = street.reader()
    reader.client.cookies.set(COOKIE, value)
    assert (await reader.opens("/staff/")).status == 401


async def test_an_entrance_of_nobody_opens_nothing(street: Street):
    """A signed link for somebody who is not of the staff."""
    token = street.town.service.links.token(STAFF, "nobody")
    assert (await street.reader().opens(f"/staff/enter/{token}")).status == 404


async def test_only_the_entrance_itself_opens_a_session(street: Street):
    """Another site cannot have somebody come in, be it with a link of its own."""
    token = street.town.service.links.token(STAFF, "desk")
    answer = await street.reader().client.post(f"/staff/enter/{token}")
    assert answer.status_code == 403
    assert COOKIE not in answer.cookies


async def test_leaving_ends_the_session_here(street: Street):
    """After leaving, the browser has no key any more."""
    staff = await street.staff()
    await staff.presses("終わる")
    assert "担当窓口を閉じました" in staff.text
    assert (await staff.opens("/staff/")).status == 401


async def test_deeds_need_the_stamp_of_this_session(street: Street):
    """A form that was shown in another session, or none, does nothing."""
    other = await street.staff()
    staff = await street.staff()
    for mark in ("", "forged", other.stamp):
        answer = await staff.client.post("/staff/pause", data={"stamp": mark, "scope": "all", "reason": "x"})
        assert answer.status_code == 403
    assert (await street.everything())["pauses"] == []


async def test_the_list_says_what_waits_why_and_since_when(street: Street):
    """A silent company: the case is on the list, and its page says what to do first."""
    await silent_company(street)
    staff = await street.staff()
    assert "H1-1" in staff.text
    assert "事業者から返事がありません" in staff.text
    await staff.opens("/staff/case/H1-1")
    assert "事業者に電話してください" in staff.text
    assert staff.page.select("th[scope=col]")
    assert staff.page.select("th[scope=row]")


async def test_taking_a_case_makes_it_theirs(street: Street):
    """Who takes it stands in the case, on the list and in the record."""
    await silent_company(street)
    staff = await at_case(street)
    await fills(staff, "take")
    assert "引き受けました" in staff.text
    assert "matter_taken" in await street.town.facts()
    assert staff.page.select_one("button[value=take]") is None


async def test_a_call_a_snooze_and_a_closing(street: Street):
    """What the company said is kept, the case sleeps until the day, and a reason in words closes the matter."""
    await silent_company(street)
    staff = await at_case(street)
    await fills(staff, "called", result="no_answer")
    await fills(staff, "snooze", until="2027-02-20")
    assert (await street.town.case())["state"]["matter"]["until"] == "2027-02-20"
    await fills(staff, "close", reason="山田さんの希望で三月に行う")
    assert (await street.town.case())["state"]["matter"] is None
    kinds = await street.town.facts()
    assert {"servicer_called", "matter_snoozed", "matter_closed"} <= set(kinds)
    assert "山田さんの希望で三月に行う" in staff.text
    record = [row for row in (await street.everything())["facts"] if "山田" in str(row)]
    assert record == [], "the record holds no words of staff"


@pytest.mark.parametrize("values", [{"until": ""}, {"until": "2020-01-01"}, {"until": "soon"}])
async def test_a_day_that_cannot_be_changes_nothing(street: Street, values: dict[str, str]):
    """A snooze into the past is none."""
    await silent_company(street)
    staff, before = await at_case(street), await street.town.case()
    await fills(staff, "snooze", **values)
    assert await street.town.case() == before


async def test_another_company_takes_over(street: Street):
    """Staff choose; the new company is asked, and the house says who comes."""
    await silent_company(street)
    staff = await at_case(street)
    await fills(staff, "called", result="no_answer")
    await fills(staff, "assign", servicer="B2")
    await street.town.skip_to("2027-02-08")
    await street.town.taps("servicer:B2", "take_on")
    await street.town.says("servicer:B2", "3万円")
    await street.town.taps("servicer:B2", "yes")
    await street.town.taps(OWNER, "agree")
    assert (await street.town.view())["house"]["servicer_id"] == "B2"
    await street.town.skip_to("2027-02-10")
    assert "servicer_offer" in await street.town.hears("servicer:B2")


async def test_what_a_company_and_the_owner_say_on_the_telephone_is_keyed_in(street: Street):
    """A company without any channel, and an owner who calls: the page takes both answers."""
    await silent_company(street)
    staff = await at_case(street)
    await fills(staff, "called", result="no_answer")
    await fills(staff, "assign", servicer="B2")
    staff = await at_case(street)
    await fills(staff, "their_yes", fee="3万円")
    assert (await street.town.case())["state"]["candidacy"]["fee"] == 30_000
    staff = await at_case(street)
    await fills(staff, "agree")
    assert (await street.town.view())["house"]["servicer_id"] == "B2"


async def test_what_was_said_on_the_telephone_counts_as_theirs(street: Street):
    """Both sides tell the desk that it is done: the case closes on their words, each recorded as what it is."""
    await silent_company(street)
    staff = await at_case(street)
    await fills(staff, "said", who=f"{SERVICER}|done_ok", day="2027-02-05")
    assert "丸太工務店" in staff.text
    assert "記録しました" in staff.text
    await fills(staff, "said", who=f"{OWNER}|done_ok", day="2027-02-05")
    assert (await street.town.case())["phase"] == "closed"
    told = [fact for fact in (await street.town.view())["facts"] if fact["kind"] == "work_reported"]
    assert [(fact["by"], fact["data"]["via"]) for fact in told] == [(SERVICER, "phone"), (OWNER, "phone")]
    keyed = [fact for fact in (await street.town.view())["facts"] if fact["kind"] == "word_keyed_in"]
    assert {fact["by"] for fact in keyed} == {"staff:desk"}
    await street.town.all_is_well()


@pytest.mark.parametrize(
    ("who", "day"),
    [
        (f"{OWNER}|done_ok", ""),  # done, but when?
        (f"{OWNER}|done_ok", "2030-01-01"),  # not yet
        (f"{OWNER}|done_ok", "2000-01-01"),  # before there was a house
        (f"{OWNER}|fix", "2027-01-01"),  # a visit in the past
        ("owner:O-H2|done_ok", "2027-02-05"),  # somebody of another house
        (f"{OWNER}|erase", "2027-02-05"),  # nothing that is keyed in
        ("", "2027-02-05"),
    ],
)
async def test_what_cannot_have_been_said_is_not_recorded(street: Street, who: str, day: str):
    """No day, a wrong day, a stranger, a word that is not among them."""
    await silent_company(street)
    await street.town.house("H2", owner_name="佐藤 次郎")
    staff, before = await at_case(street), await street.town.case()
    await fills(staff, "said", who=who, day=day)
    assert await street.town.case() == before
    assert "word_keyed_in" not in await street.town.facts()


async def test_a_day_from_the_telephone_fixes_the_visit(street: Street):
    """The owner calls and names the day that was arranged."""
    await silent_company(street)
    staff = await at_case(street)
    await fills(staff, "said", who=f"{OWNER}|fix", day="2027-03-05")
    case = await street.town.case()
    assert case["phase"] == "fixed"
    assert str(case["visit_on"]) == "2027-03-05"


async def test_a_disagreement_is_decided(street: Street):
    """Two words that cannot both be true: staff take one, and it closes as theirs."""
    await silent_company(street)
    staff = await at_case(street)
    await fills(staff, "said", who=f"{SERVICER}|done_ok", day="2027-02-05")
    await fills(staff, "said", who=f"{OWNER}|done_issues", day="2027-02-05")
    assert (await street.town.case())["reason"] == "disagreement"
    await fills(staff, "decide", side="owner", result="")
    works = [work for work in (await street.town.view())["works"] if work["case_id"] == "H1-1"]
    assert {(work["basis"], work["result"]) for work in works} == {("staff", "issues")}


def both_sides(staff: Reader) -> str:
    """What stands under the heading of the two reports."""
    heading = next(one for one in staff.page.select("h2") if one.get_text() == "両方の報告")
    section = heading.find_parent("section")
    assert section is not None
    return " ".join(section.get_text().split())


async def test_of_two_words_that_cannot_both_be_true_both_are_shown(street: Street):
    """佐藤さん（担当）: 「終わった」と「まだ」。両方を見てから電話します。"""
    await silent_company(street)
    staff = await at_case(street)
    await fills(staff, "said", who=f"{SERVICER}|done_ok", day="2027-02-05")
    assert "まだ" not in both_sides(await at_case(street))
    await fills(staff, "said", who=f"{OWNER}|not_yet", day="")
    assert (await street.town.case())["reason"] == "disagreement"
    told = both_sides(await at_case(street))
    assert "丸太工務店" in told
    assert "山田 花子さまの返事は「まだ」でした" in told


async def letter_of(street: Street) -> str:
    """An owner whom nothing reaches: a letter lies ready; its code."""
    await street.town.house(postcode="100-0001", address="東京都千代田区千代田1-1")
    await street.town.says(OWNER, action="stop_channel::0:chat")
    await street.town.skip_to("2027-02-01")
    async with street.town.service.store.read() as connection:
        return (await connection.execute(select(letters.c.code))).scalar_one()


async def test_a_date_of_another_year_says_its_year(street: Street):
    """On the list a matter raised this year has no year; at New Year the same matter is last year's, and says so."""
    await silent_company(street)
    await street.town.skip_to("2027-12-31")
    assert "2027年1月29日" not in (await (await street.staff()).opens("/staff/")).text
    await street.town.skip_to("2028-01-01")
    assert "2027年1月29日" in (await (await street.staff()).opens("/staff/")).text


async def test_without_a_telephone_nobody_is_told_to_call_one(street: Street):
    """No number is set in this town: neither the letter nor a page speaks of one, and the staff are told why."""
    await letter_of(street)
    staff = await (await street.staff()).opens("/staff/letters")
    assert "事務局の電話番号が設定されていない" in staff.text
    printed = PdfReader(io.BytesIO((await staff.client.get("/staff/letters.pdf")).content))
    paper = "".join(page.extract_text() for page in printed.pages)
    assert "未設定" not in paper
    assert "受付 " not in paper
    assert "お電話 " not in (await street.visits(OWNER)).text


async def test_staff_know_that_the_consent_text_is_a_draft(street: Street):
    """Beside what else is missing, as long as the text is marked so."""
    assert "まだ案です" in (await (await street.staff()).opens("/staff/gaps")).text


async def test_letters_are_printed_and_posted(street: Street):
    """One PDF with address and code; once posted it is off the list and on record."""
    code = await letter_of(street)
    staff = await (await street.staff()).opens("/staff/letters")
    assert code in staff.text
    assert "山田 花子" in staff.text
    pdf = await staff.client.get("/staff/letters.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "千代田" in printed
    assert "山田" in printed
    await staff.presses("選んだ手紙を送った")
    assert "送る手紙はありません" in staff.text
    assert code in staff.text
    sent = [fact for fact in (await street.town.view())["facts"] if fact["data"].get("channel") == "letter"]
    assert [(fact["kind"], fact["by"]) for fact in sent] == [("notice_sent", "staff:desk")]
    await street.town.all_is_well()


async def test_a_slip_counts_as_the_owners_word(street: Street):
    """Six digits, one tick, one day: recorded as theirs, by letter; the letter is answered."""
    code = await letter_of(street)
    staff = await (await street.staff()).opens("/staff/letters")
    await staff.presses("選んだ手紙を送った")
    await staff.opens(f"/staff/slip?code={code[:3]}-{code[3:]}")
    assert "山田 花子さまあての手紙" in staff.text
    form = next(found for found in staff.page.select("form") if found.select("[name=saying]"))
    await staff.sends(form, {"saying": "wish", "day": "2027-03-08"})
    assert (await street.town.case())["state"]["wished_on"] == "2027-03-08"
    assert (await staff.opens("/staff/letters")).text.count(code) == 0
    await staff.opens(f"/staff/slip?code={code}")
    assert "記録しています" in staff.text


@pytest.mark.parametrize("code", ["", "12345", "999999x9", "０００００１", "000001"])
async def test_a_wrong_code_finds_nothing(street: Street, code: str):
    """No letter, no name."""
    staff = await (await street.staff()).opens(f"/staff/slip?code={code}")
    assert staff.status == 200
    assert staff.page.select("[name=saying]") == []


async def test_a_letter_that_came_back_needs_a_person(street: Street):
    """Undelivered: the case lies with the staff, with that reason."""
    await letter_of(street)
    staff = await (await street.staff()).opens("/staff/letters")
    await staff.presses("選んだ手紙を送った")
    form = next(found for found in staff.page.select("form[action='/staff/letters/returned']"))
    assert [option["value"] for option in form.select("option")] == ["", *Why]
    code = str(form.select("button[name=code]")[0]["value"])
    await staff.sends(form, {"why": "refused", "code": code})
    assert (await street.town.case())["reason"] == "address_dead"
    told = [fact["data"] for fact in (await street.town.view())["facts"] if fact["kind"] == "letter_came_back"]
    assert told == [{"code": code, "why": "refused"}]
    assert "受け取りを断られて戻りました" in (await staff.opens("/staff/case/H1-1")).text


async def test_an_invitation_by_post(street: Street):
    """The owner without consent gets the whole text on paper; the tick on its slip gives the mandate."""
    await street.town.house(consent_information_on="", consent_mandate_on="")
    staff = await (await street.staff()).opens("/staff/houses/H1")
    await staff.presses("同意のお願いの手紙を作る")
    assert "お住まいの点検の支援についてのお願い" in staff.text
    pdf = await staff.client.get("/staff/letters.pdf")
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "いつでもやめられます" in printed.replace("\n", "")
    assert "丸太工務店" in printed
    await staff.presses("選んだ手紙を送った")
    async with street.town.service.store.read() as connection:
        code = (await connection.execute(select(letters.c.code))).scalar_one()
    await staff.opens(f"/staff/slip?code={code}")
    form = next(found for found in staff.page.select("form") if found.select("[name=saying]"))
    await staff.sends(form, {"saying": "consent"})
    view = await street.town.view()
    assert view["house"]["mandated"]
    text = street.app.state.site.consent["ja"]
    given = view["mandates"][-1]
    assert (given["channel"], given["text_version"], given["text_hash"]) == ("letter", text.version, text.hash)
    await street.town.all_is_well()


async def test_an_invitation_that_came_back_opens_a_case(street: Street):
    """It belongs to no case, so it becomes one."""
    await street.town.house(consent_information_on="", consent_mandate_on="")
    staff = await (await street.staff()).opens("/staff/houses/H1")
    await staff.presses("同意のお願いの手紙を作る")
    await staff.presses("選んだ手紙を送った")
    await staff.presses("届かずに戻った")
    assert (await street.town.case())["reason"] == "address_dead"
    await street.town.all_is_well()


async def test_pausing_needs_a_reason_and_stops_sending(street: Street):
    """While everything is paused nothing goes out; the reason is on the list, its digest in the record."""
    await street.town.house()
    staff = await (await street.staff()).opens("/staff/pause")
    form = next(found for found in staff.page.select("form") if found.select("[name=reason]"))
    await staff.sends(form, {"scope": "all", "reason": ""})
    assert staff.status == 400
    await staff.opens("/staff/pause")
    await staff.sends(form, {"scope": "all", "reason": "山田さんの件を調べる"})
    assert "山田さんの件を調べる" in staff.text
    await street.town.skip_to("2027-02-01")
    assert await street.town.hears(OWNER) == []
    staff = await (await street.staff()).opens("/staff/pause")
    form = next(found for found in staff.page.select("form") if found.select("[name=reason]"))
    await staff.sends(form, {"scope": "all", "reason": "もう一度"})
    await staff.presses("再開する")
    assert "止めているものはありません" in staff.text
    await street.town.skip_to("2027-02-02")
    assert await street.town.hears(OWNER) != []
    kinds = [row for row in (await street.everything())["facts"] if row[3] in ("sending_paused", "sending_resumed")]
    assert [row[3] for row in kinds] == ["sending_paused", "sending_resumed"]
    assert "山田" not in str(kinds)


async def test_a_pause_stands_on_the_timeline_of_the_houses_it_is_about(street: Street):
    """Why nothing was sent for a while is told where one looks for it, and on the page of the switch."""
    await street.town.house("H1")
    await street.town.house("H2", servicer_id="B2", builder_id="B2")
    staff = await street.staff()
    for scope in ("servicer:B1", "channel:email"):
        form = next(f for f in (await staff.opens("/staff/pause")).page.select("form") if f.select("[name=reason]"))
        await staff.sends(form, {"scope": scope, "reason": "確認のため"})
    for line in ("お知らせを送るのを止めました：丸太工務店", "お知らせを送るのを止めました：メール"):
        assert line in staff.text
        assert line in (await staff.opens("/staff/houses/H1")).text
        await staff.opens("/staff/pause")
    other = (await staff.opens("/staff/houses/H2")).text
    assert "メール" in other
    assert "止めました：丸太工務店" not in other


async def test_a_scope_that_is_none_is_refused(street: Street):
    """Only everything, a channel or a servicer can be paused."""
    staff = await (await street.staff()).opens("/staff/pause")
    answer = await staff.client.post("/staff/pause", data={"stamp": staff.stamp, "scope": "house:H1", "reason": "x"})
    assert answer.status_code == 400


@pytest.mark.parametrize(("label", "state"), [("届いていた", "sent"), ("次の連絡先に送る", "moved")])
async def test_an_unknown_outcome_is_settled(street: Street, label: str, state: str):
    """Staff find out: it arrived, or it goes out through the next channel."""
    await street.town.house()
    await street.town.skip_to("2027-02-01")
    row = await street.newest(OWNER)
    async with street.town.service.store.write() as connection:
        await connection.execute(update(outbox).where(outbox.c.id == row).values(state="unknown", sent_at=None))
    staff = await street.staff()
    assert "届いたかどうかわからないもの" in staff.text
    await staff.presses(label)
    rows = {found[0]: found for found in (await street.everything())["outbox"]}
    assert state in rows[row]
    assert f"notice_{state}" in await street.town.facts()
    assert await _letters(street) == (1 if state == "moved" else 0)


async def test_what_was_sent_is_told_attempt_by_attempt(street: Street):
    """On the case's page and on the person's: how often, when, and what was answered, also where it was in vain."""
    await silent_company(street)
    async with street.town.service.store.write() as connection:
        theirs = select(outbox.c.id).where(outbox.c.person_id == SERVICER).order_by(outbox.c.id).limit(1)
        first = (await connection.execute(theirs)).scalar_one()
        busy = {"answer": "later", "detail": "503 busy", "provider_id": "", "number": 0}
        await connection.execute(insert(attempts).values(outbox_id=first, at=street.town.service.clock.now(), **busy))
    staff = await street.staff()
    for path in ("/staff/case/H1-1", f"/staff/people/{SERVICER}"):
        shown = (await staff.opens(path)).text
        assert "送った記録" in shown
        assert "丸太工務店 お返事のページ うかがえる日のおたずね" in shown
        assert "1回目 1月4日(月) 10:00 受け付けられました" in shown
        assert "いまは受け付けられませんでした (503 busy)" in shown


async def _letters(street: Street) -> int:
    """How many letters there are: the next channel of who has no other is paper."""
    return len((await street.everything())["letters"])


@pytest.mark.parametrize(("label", "state"), [("もう一度ためす", "done"), ("対応した", "done")])
async def test_an_event_that_was_laid_aside_is_settled(street: Street, label: str, state: str):
    """It is shown with its words, and tried again or dealt with; both are on record."""
    await street.town.house()
    raw = {"event_id": "e1", "person_id": OWNER, "at": "2026-11-01T10:00:00+09:00", "text": "読めない言葉"}
    now = street.town.service.clock.now()
    async with street.town.service.store.write() as connection:
        await connection.execute(
            insert(inbound).values(channel="chat", event_id="e1", received_at=now, raw=raw, state="failed", error="X")
        )
    staff = await street.staff()
    assert "読めない言葉" in staff.text
    await staff.presses(label)
    assert "読めない言葉" not in staff.text
    async with street.town.service.store.read() as connection:
        assert (await connection.execute(select(inbound.c.state))).scalar_one() == state
        kinds = set((await connection.execute(select(facts.c.kind))).scalars())
    assert kinds & {"event_tried_again", "event_dealt_with"}


async def test_houses_are_found_by_number_and_name(street: Street):
    """The beginning is enough; signs that search programs know mean nothing here."""
    await street.town.house("H1")
    await street.town.house("H2", owner_name="佐藤 次郎")
    staff = await street.staff()
    assert "H2" in (await staff.opens("/staff/find?q=佐藤")).text.partition("探す")[2]
    assert "H1" in (await staff.opens("/staff/find?q=H1")).text.partition("探す")[2]
    assert "H1" in (await staff.opens("/staff/find?q=Ｈ１")).text.partition("探す")[2]
    assert "見つかりません" in (await staff.opens("/staff/find?q=%25")).text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("houses/H9", "この番号の住宅はありません"),
        ("case/H9-1", "この番号の案件はありません"),
        ("nowhere", "このページはありません"),
    ],
)
async def test_a_wrong_number_is_said_to_be_one_and_leads_on(street: Street, path: str, said: str):
    """Who is signed in learns what there is not, and where to look; a stranger learns no more than anywhere else."""
    staff = await street.staff()
    missed = await staff.opens(f"/staff/{path}")
    assert (missed.status, missed.page.h1.get_text(strip=True)) == (404, said)  # type: ignore[union-attr]
    assert missed.page.select_one("main a[href='/staff/find']")
    assert said not in (await street.reader().opens(f"/staff/{path}")).text


async def test_a_procedure_of_the_office_is_called_by_its_name(street: Street):
    """On the list and in the record of its case: 事務局の手続きの期日 alone says nothing."""
    await street.town.house(common_id="")
    await street.town.skip_to("2026-12-20")
    staff = await street.staff()
    assert "共通ID" in staff.page.select_one("#cases + table").get_text()  # type: ignore[union-attr]
    case = next(case for case in (await street.town.view())["cases"] if case["ladder"].startswith("milestone/"))
    record = (await staff.opens(f"/staff/case/{case['id']}")).text
    assert "が期日のについて" not in record
    assert re.search("が期日の[^。]*共通ID[^。]*について、準備を始めました", record)


async def test_missing_data_is_listed(street: Street):
    """A house without a completion date and without a municipality code, and an owner whom nothing reaches."""
    await street.town.house()
    await street.town.says(OWNER, action="stop_channel::0:chat")
    staff = await (await street.staff()).opens("/staff/gaps")
    assert staff.text.count("H1") == 3
    assert "全国地方公共団体コードがない住宅" in staff.text


async def test_photos_reach_the_staff(street: Street):
    """What an owner sent is on the case's page, and opens."""
    await silent_company(street)
    owner = await street.visits(OWNER)
    await owner.writes("見てください", ("a.png", photo("PNG"), "image/png"))
    staff = await at_case(street)
    image = staff.page.select_one("img")
    assert image is not None
    assert (await staff.opens(str(image["src"]))).headers["content-type"] == "image/png"


async def test_a_letter_that_was_overtaken_is_not_posted(street: Street):
    """Answered by telephone, or its reader gone, before anybody printed it: it is off the list, and never posted."""
    code = await letter_of(street)
    staff = await (await street.staff()).opens("/staff/letters")
    form = next(found for found in staff.page.select("form") if found.select("[name^=id-]"))
    await fills(await at_case(street), "said", who=f"{OWNER}|later", day="")
    await street.town.run()
    await staff.sends(form, {})
    assert code not in (await staff.opens("/staff/letters")).text
    assert (await staff.client.get("/staff/letters.pdf")).status_code == 404
    assert "notice_sent" not in str([fact for fact in (await street.town.view())["facts"] if "letter" in str(fact)])


async def test_who_was_erased_gets_no_letter(street: Street):
    """Nothing of it is left to print, and the list of letters still opens."""
    code = await letter_of(street)
    await street.town.says(OWNER, "個人情報を消してください")
    await street.town.taps(OWNER, "yes")
    staff = await (await street.staff()).opens("/staff/letters")
    assert code not in staff.text
    assert (await staff.client.get("/staff/letters.pdf")).status_code == 404


async def test_two_houses_are_two_letters(street: Street):
    """A code and its slip answer for one case; a later letter about it takes the place of one not yet posted."""
    await letter_of(street)
    await street.town.house("H2", owner_id="O-H1")
    await street.town.skip_to("2027-04-12")
    assert await street.town.letters(OWNER) == ["owner_overdue", "owner_overdue"]
    async with street.town.service.store.read() as connection:
        ready = select(letters.c.case_id).join(outbox).where(outbox.c.state == "paper").order_by(letters.c.case_id)
        assert list((await connection.execute(ready)).scalars()) == ["H1-1", "H2-1"]


async def asks_to_end(street: Street, what: str) -> Reader:
    """The desk keys in what the owner asked for on the telephone."""
    staff = await (await street.staff()).opens(f"/staff/people/{OWNER}")
    form = next(found for found in staff.page.select("form") if found.select("[name=what]"))
    return await staff.sends(form, {"what": what, "via": "phone", "sure": "1"})


async def test_a_caller_can_end_the_support(street: Street):
    """The telephone is a channel like any other: it takes effect at once, for every house, on the owner's word."""
    await street.town.house("H1")
    await street.town.house("H2", owner_id="O-H1")
    await asks_to_end(street, "end_support")
    for house in ("H1", "H2"):
        view = await street.town.view(house)
        assert not view["house"]["mandated"]
        told = [fact for fact in view["facts"] if fact["kind"] == "mandate_withdrawn"]
        assert [(fact["by"], fact["data"]["via"]) for fact in told] == [(OWNER, "phone")]
    assert [fact["by"] for fact in (await street.town.view())["facts"] if fact["kind"] == "word_keyed_in"] == [
        "staff:desk"
    ]
    await street.town.all_is_well()


async def test_a_caller_can_end_a_channel_or_be_erased(street: Street):
    """Files too; and what is none of their endings is refused."""
    await street.town.house(email="hanako@example.jp")
    kept = await street.app.state.site.files.keep(OWNER, photo())
    assert (await asks_to_end(street, "line")).status == 400
    await asks_to_end(street, "email")
    assert "channel_ended" in await street.town.facts()
    assert "メールのお知らせ" not in (await (await street.staff()).opens(f"/staff/people/{OWNER}")).text
    assert (await asks_to_end(street, "erase")).status == 200
    assert await street.app.state.site.files.read(kept.ref) is None
    assert "山田" not in str((await street.town.view())["owners"])
    await street.town.all_is_well()


async def test_companies_stand_there_with_their_reasons_the_worst_first(street: Street):
    """Who looks into one says so, and it leaves the top until its day."""
    rows = [
        {"servicer_id": "B1", "name": "丸太工務店", "status": "営業", "licence_until": "2026-12-01"},
        {"servicer_id": "B2", "name": "あおぞら建設", "status": "営業", "licence_until": "2026-10-01"},
    ]
    await street.town.take(servicers=rows)
    await street.town.skip_to("2026-11-04")
    page = await (await street.staff()).opens("/staff/companies")
    assert page.text.index("あおぞら建設") < page.text.index("丸太工務店")
    assert "建設業許可の期限が過ぎています" in page.text
    assert "建設業許可の期限まであと27日" in page.text
    button = page.page.select_one("button[value=settle]")
    form = button.find_parent("form") if button is not None else None
    assert form is not None
    settled = await page.sends(form, {"how": "settle"})
    assert (settled.status, settled.path) == (200, "/staff/companies")
    assert "2月2日" in settled.text
