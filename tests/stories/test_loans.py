"""A loan on a house: what was promised stays promised, its end is told in time, its sums are the borrower's alone."""

import json
import re
from typing import Any

import pytest_asyncio
from sqlalchemy import delete, select

from bot.cli.standing import _standing
from handlers.web.staff.letters import pages_of
from storage.letters import Letter, unposted
from storage.tables import addresses, facts, loan_dates, loans, outbox
from tests.handlers.web.street import Street, street_at
from tests.stories.test_new_owner import newcomer, records

OWNER = "owner:O-H1"
PLAN = [("P1", "屋根", "点検", 50, 0)]
ASKED = ("owner_milestone", "owner_milestone_due")
SUM = "100000000"
LOAN = {
    "house_id": "H1",
    "loan_no": "1",
    "edition": "kosodate-2023",
    "applied_on": "2023-07-03",
    "contracted_on": "2024-03-01",
    "first_payment_on": "2024-05-01",
    "months": "420",
    "principal_yen": SUM,
    "rate_steps": "1:1.50>181:1.70",
    "reductions": "長期優良住宅",
}

RENTAL = LOAN | {
    "edition": "sumairu-kosodate-2026",
    "applied_on": "2026-02-03",
    "contracted_on": "2026-10-01",
    "first_payment_on": "2026-05-01",
    "fixed_years": "15",
    "prepayment_restricted": "はい",
    "insured_until": "2027-01-31",
}


@pytest_asyncio.fixture
async def street(tmp_path, database_url):
    """A town with its pages, on either database."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        yield found


async def rows(street: Street, table: Any) -> list[Any]:
    async with street.town.service.store.read() as connection:
        return list((await connection.execute(select(table))).mappings())


async def told_of(street: Street, code: str) -> list[str]:
    """On which days the owner was written to about this milestone."""
    found = await rows(street, outbox)
    mine = [row for row in found if row["person_id"] == OWNER and row["state"] == "sent"]
    return [
        row["sent_at"].date().isoformat()
        for row in mine
        if any(part["kind"] in ASKED and part["params"]["code"] == code for part in row["parts"])
    ]


async def test_the_end_of_a_reduction_is_told_in_time_and_once(street: Street):
    """「金利が上がる月を、あとで知ったのでは困ります」: under the edition of 2023, though that of 2026 stands."""
    town = street.town
    await town.house("H1", PLAN)
    await town.take(loans=[LOAN])
    (day,) = await rows(street, loan_dates)
    assert (day["code"], day["due_on"].isoformat()) == ("reduction-end", "2039-04-01")
    await town.take(loans=[LOAN | {"edition": "sumairu-kosodate-2026", "months": "419"}])
    (loan,) = await rows(street, loans)
    assert (loan["edition"], loan["months"]) == ("kosodate-2023", 419)
    await town.skip_to("2038-09-30")
    assert await told_of(street, "reduction-end") == []
    await town.skip_to("2038-10-03")
    assert len(await told_of(street, "reduction-end")) == 1
    await town.taps(OWNER, "self_ok")
    await town.skip_to("2039-04-02")
    await town.skip_to("2039-08-01")
    assert len(await told_of(street, "reduction-end")) == 1


async def test_a_repaid_loan_is_silent(street: Street):
    """Also about what it had asked already."""
    town = street.town
    await town.house("H1", PLAN)
    await town.take(loans=[LOAN | {"edition": "sumairu-kosodate-2026", "insured_until": "2027-01-31"}])
    await town.until("2026-12-10")
    assert await told_of(street, "fire-insurance") == ["2026-12-02"]
    await town.take(loans=[LOAN | {"insured_until": "2027-01-31", "repaid_on": "2026-12-10"}])
    await town.skip_to("2027-02-01")
    await town.skip_to("2028-06-01")
    assert await told_of(street, "fire-insurance") == ["2026-12-02"]
    assert [fact["kind"] for fact in await rows(street, facts) if fact["kind"].startswith("loan_")] == [
        *("loan_recorded", "loan_repaid", "loan_date_over")
    ]
    await town.all_is_well()


async def test_sums_stand_in_no_message_and_no_fact(street: Street):
    """Nor do rates: a digest says that they are the same."""
    town = street.town
    await town.house("H1", PLAN)
    await town.take(loans=[LOAN | {"insured_until": "2027-01-31"}])
    await town.skip_to("2026-12-03")
    assert len(await told_of(street, "fire-insurance")) == 1
    await town.skip_to("2027-03-01")
    assert (await town.says(OWNER, "金利引下げはいつまで？"))[-1] == "reply_loan_days"
    sent = [row["parts"] for row in await rows(street, outbox) if row["parts"]]
    kept = json.dumps(sent, ensure_ascii=False)
    renderer = street.app.state.site.renderer
    kept += "\n".join(line for parts in sent for line in renderer.render(parts, "ja", "").paragraphs)
    assert "火災保険" in kept
    sealed = " ".join(row["data"] for row in await rows(street, facts))
    assert "loan" in sealed
    for told in (SUM, "100,000,000", "1億", "1.50", "1.70"):
        assert told not in kept
        assert told not in sealed


async def test_who_buys_the_house_does_not_get_the_loan(street: Street):
    """Neither its days nor its sums; the same file sent again does not make it theirs."""
    town = street.town
    await town.house("H1", PLAN)
    await town.take(loans=[LOAN])
    await records(street)
    await town.take(loans=[LOAN | {"months": "360"}])
    (loan,) = await rows(street, loans)
    assert (loan["person_id"], loan["months"]) == (OWNER, 420)
    buyer = await newcomer(street)
    page = await (await street.visits(buyer)).opens(f"{street.link(buyer)}/loans/H1")
    assert page.status == 404 or "100,000,000" not in page.text


async def test_the_days_of_a_loan_are_told_in_chat_and_no_sum(street: Street):
    """「金利引下げはいつまで？」"""
    town = street.town
    await town.house("H1", PLAN, residual_month="2057-04")
    await town.take(loans=[RENTAL])
    for question, told in (
        ("金利引下げはいつまで？", "2041年4月1日"),
        ("固定期間はいつ終わる", "要確認"),
        ("繰上返済はいつからできる", "2036年10月1日"),
        ("火災保険の期限は", "2027年1月31日"),
        ("残価設定月はいつ", "2057年4月"),
    ):
        assert await town.says(OWNER, question) == ["reply_loan_days"]
        last = (await town.words(OWNER)).rpartition("お借り入れの日にち")[2]
        assert told in last
        assert SUM not in last
    assert await town.says(OWNER, "ローンの残額は？") == ["reply_loan"]


async def test_a_restriction_that_the_programme_does_not_print_is_no_day_that_we_were_not_told(street: Street):
    """「契約の日はお伝えしたのに、聞いていないと言われました」"""
    town = street.town
    await town.house("H1", PLAN)
    await town.take(loans=[LOAN | {"prepayment_restricted": "はい"}])
    assert await town.says(OWNER, "繰上返済はいつからできる") == ["reply_loan_days"]
    told = await town.words(OWNER)
    assert "案内に書かれていません（要確認）" in told
    assert "お聞きしていない" not in told
    await town.take(loans=[LOAN | {"prepayment_restricted": "はい", "contracted_on": "", "first_payment_on": ""}])
    await town.until("2026-11-02")  # they are asked for the day of the inspection first
    await town.says(OWNER, "繰上返済はいつからできる")
    told = await town.words(OWNER)
    assert "案内に書かれていません（要確認）" in told  # the day would not help: this programme prints none
    assert "お聞きしていない" not in told


async def test_of_a_programme_that_takes_no_more_applications_it_is_said_once(street: Street):
    """And that it changes nothing of what was borrowed. One that is open says nothing of it."""
    town = street.town
    await town.house("H1", PLAN)
    await town.take(loans=[RENTAL])
    await town.says(OWNER, "金利引下げはいつまで？")
    assert "受付終了" not in await town.words(OWNER)
    await town.take(loans=[LOAN | {"loan_no": "2"}, LOAN | {"loan_no": "3"}])
    await town.says(OWNER, "金利引下げはいつまで？")
    last = (await town.words(OWNER)).rpartition("お借り入れの日にち")[2]
    assert last.count("子育て世帯向け省エネ賃貸住宅建設融資は、受付終了です。") == 1
    assert "いまのお借り入れの内容は変わりません" in last
    shown = await _standing(town.service, "H1", None)
    assert shown is not None
    assert [(one["status"], one["status_ja"]) for one in shown["loans"]] == [
        ("in_force", "受付中"),
        ("closed", "受付終了"),
        ("closed", "受付終了"),
    ]


async def test_of_several_houses_it_is_asked_which(street: Street):
    """And without a loan it is said that none is on record."""
    town = street.town
    for house in ("H1", "H2"):
        await town.house(house, PLAN, owner_id="O-H1")
    assert await town.says(OWNER, "金利引下げはいつまで？") == ["reply_loan_unknown"]
    await town.take(loans=[RENTAL])
    assert await town.says(OWNER, "金利引下げはいつまで？") == ["reply_loan_days"]
    await town.take(loans=[RENTAL | {"house_id": "H2", "insured_until": "2028-01-31"}])
    assert await town.says(OWNER, "金利引下げはいつまで？") == ["reply_loan_which"]
    assert await town.taps(OWNER, "loan_days", "H2") == ["reply_loan_days"]
    last = (await town.words(OWNER)).rpartition("お借り入れの日にち")[2]
    days = re.findall(r"(\d{4})年\d+月\d+日", last)
    assert days == ["2028", "2036", "2041", "2041"]  # each on a line of its own, the earliest first


async def test_what_is_at_stake_is_told_in_words_while_the_reduction_runs(street: Street):
    """Kindly, in the reminder of the inspection: of the loan where it hangs on it, of the residual value where that is
    guaranteed, of both or of neither; and of a repair neither.
    """
    town = street.town
    for house, guarantee_no in (("H1", ""), ("H2", "Z-2"), ("H3", "Z-3"), ("H4", "")):
        await town.house(house, [("P1", "屋根", "点検", 5, 5)], guarantee_no=guarantee_no)
    await town.house("H5", [("P1", "屋根", "修繕", 5, 5)], guarantee_no="Z-5")
    await town.take(loans=[LOAN, LOAN | {"house_id": "H3"}])
    await town.skip_to("2027-02-01")
    told = [await town.words(f"owner:O-{house}") for house in ("H1", "H2", "H3", "H4", "H5")]
    assert ["金利引下げの条件に関わることがあります" in words for words in told] == [True, False, True, False, False]
    assert ["残価保証に関わることがあります" in words for words in told] == [False, True, True, False, False]
    assert all("住宅番号" in words for words in told)


async def test_sums_stand_on_the_borrowers_own_page(street: Street):
    """What was borrowed, what is paid, what is at stake: and nobody else's."""
    town = street.town
    for house in ("H1", "H2"):
        await town.house(house, PLAN)
    await town.take(loans=[LOAN | {"units": "6", "certified_units": "5"}])
    page = await (await street.visits(OWNER)).opens(f"{street.link(OWNER)}/loans/H1")
    assert page.status == 200
    for told in ("100,000,000円", "306,184円", "312,055円", "2039年4月1日", "受付終了です", "すべての住戸"):
        assert told in page.text
    shown = await _standing(town.service, "H1", None)
    assert shown is not None
    (at_stake,) = shown["loans"]
    assert at_stake["at_stake_yen"] > 2_000_000
    assert not at_stake["all_units_certified"]
    other = await street.visits("owner:O-H2")
    assert (await other.opens(f"{street.link('owner:O-H2')}/loans/H1")).status == 404
    assert "100,000,000" not in (await other.opens(f"{street.link('owner:O-H2')}/loans/H2")).text


async def test_the_papers_of_a_loan_that_is_not_contracted_are_held(street: Street):
    """The ten steps stand on the page; of those without a day it says so and gives none."""
    town = street.town
    await town.house("H1", PLAN)
    pending = {"contracted_on": "", "first_payment_on": "", "prepayment_restricted": "", "insured_until": ""}
    await town.take(loans=[RENTAL | pending | {"applied_on": "2026-10-05"}])
    page = await (await street.visits(OWNER)).opens(f"{street.link(OWNER)}/loans/H1")
    assert len(page.page.select("ol.list > li")) == 10
    assert "適合証明書" in page.text
    assert page.text.count("要確認") == 10  # the sixth has three days
    await town.skip_to("2027-02-01")
    assert len(await told_of(street, "loan-papers")) == 1


async def test_a_step_whose_day_nobody_knows_is_asked_for_and_then_reminded_of(street: Street):
    """「設計検査の日は、どこにも書いてありませんでした」: the borrower tells it, and is told its papers in time."""
    town = street.town
    await town.house("H1", PLAN)
    pending = {"contracted_on": "", "first_payment_on": "", "prepayment_restricted": "", "insured_until": ""}
    applied = RENTAL | pending | {"applied_on": "2026-10-05"}
    await town.take(loans=[applied])
    await town.skip_to("2026-12-21")
    assert len(await told_of(street, "ask-design-inspection")) == 1
    asked = await town.words(OWNER)
    assert "設計検査の日が、こちらではわかりません（要確認）" in asked
    assert "お返事をお待ちする日" in asked
    owner = await street.visits(OWNER)
    page = f"{street.link(OWNER)}/loans/H1"
    form = (await owner.opens(page)).page.select_one("form.telling")
    assert form is not None
    assert (await owner.sends(form, {"day-design-inspection": "2207-02-20"})).status == 200
    assert "まだ保存していません" in owner.text
    assert (await rows(street, loans))[0]["step_days"] == []
    await owner.sends(form, {"day-design-inspection": "2027-02-20", "day-receipt": "2026-12-01"})
    assert "日にちを保存しました" in owner.text
    await town.take(loans=[applied])  # the builder's file of every night knows of no step, and takes none away
    (loan,) = await rows(street, loans)
    assert loan["step_days"] == [["design-inspection", "2027-02-20"], ["receipt", "2026-12-01"]]
    await town.skip_to("2027-01-22")
    assert len(await told_of(street, "design-inspection")) == 1
    assert "設計検査に関する通知書" in await town.words(OWNER)
    assert await told_of(street, "receipt") == []  # it is behind them
    assert len(await told_of(street, "ask-design-inspection")) == 1
    await town.all_is_well()


APPLIED = RENTAL | dict.fromkeys(("contracted_on", "first_payment_on", "prepayment_restricted", "insured_until"), "")


async def tells(street: Street, **told: str) -> None:
    """The borrower fills in their page: names are those of the form, with lines for what joins their words."""
    owner = await street.visits(OWNER)
    form = (await owner.opens(f"{street.link(OWNER)}/loans/H1")).page.select_one("form.telling")
    assert form is not None
    await owner.sends(form, {f"day-{name.replace('_', '-')}": day for name, day in told.items()})
    assert "日にちを保存しました" in owner.text


async def test_the_money_on_the_way_comes_three_times(street: Street):
    """「着工の時の日しか聞かれず、屋根の時の手続きを忘れました」: of the others it is asked."""
    town = street.town
    await town.house("H1", PLAN)
    await town.take(loans=[APPLIED | {"applied_on": "2026-10-05", "step_days": "中間資金:2026-12-20"}])
    page = await (await street.visits(OWNER)).opens(f"{street.link(OWNER)}/loans/H1")
    assert "着工時：2026年12月20日" in page.text
    assert "屋根工事完了時：日にちは決まっていません（所定の時期・要確認）" in page.text
    codes = {row["code"] for row in await rows(street, loan_dates)}
    assert {"interim-payments", "ask-interim-roofed", "ask-interim-completed"} <= codes
    await tells(street, interim_payments="2026-12-20", interim_roofed="2027-03-01", interim_completed="2027-05-10")
    codes = {row["code"] for row in await rows(street, loan_dates)}
    assert {"interim-payments", "interim-roofed", "interim-completed"} <= codes
    await town.skip_to("2027-02-01")
    assert len(await told_of(street, "interim-roofed")) == 1
    assert await told_of(street, "interim-completed") == []
    await town.take(loans=[APPLIED | {"applied_on": "2026-10-05", "contracted_on": "2027-02-01"}])
    assert not any(row["code"].startswith("ask-interim") for row in await rows(street, loan_dates))
    await town.all_is_well()


async def test_the_contract_has_a_day_of_its_own(street: Street):
    """「契約の日を前もって伝えたら、ほかのことを聞かれなくなりました」: a day that is planned ends no question."""
    town = street.town
    await town.house("H1", PLAN)
    await town.take(loans=[APPLIED | {"applied_on": "2026-10-05"}])
    before = {row["code"] for row in await rows(street, loan_dates)}
    assert "ask-loan-contract" in before
    await tells(street, loan_contract="2027-01-20")
    after = {row["code"]: row["due_on"].isoformat() for row in await rows(street, loan_dates)}
    assert after["loan-contract"] == "2027-01-20"
    assert before - after.keys() == {"ask-loan-contract"}
    await town.skip_to("2026-12-22")
    assert len(await told_of(street, "loan-contract")) == 1
    assert "借入れの意思の確認" in await town.words(OWNER)
    await town.skip_to("2027-01-22")
    await town.take(loans=[APPLIED | {"applied_on": "2026-10-05", "contracted_on": "2027-01-20"}])
    assert {row["code"] for row in await rows(street, loan_dates)} & before == {"ask-receipt"}
    await town.all_is_well()


async def test_a_first_payment_that_is_known_in_advance_ends_no_question_before_it(street: Street):
    """「初回の返済日は契約で決まっていますが、資金はまだ届いていません」"""
    town = street.town
    await town.house("H1", PLAN)
    signed = APPLIED | {"applied_on": "2026-02-03", "contracted_on": "2026-10-20", "first_payment_on": "2027-03-27"}
    await town.take(loans=[signed])
    assert {row["code"] for row in await rows(street, loan_dates) if row["code"].startswith("ask-")} == {
        *("ask-receipt", "ask-rate-review-next")
    }
    await tells(street, receipt="2027-01-29")
    await town.skip_to("2027-01-23")
    assert len(await told_of(street, "receipt")) == 1
    await town.take(loans=[signed | {"first_payment_on": "2026-10-27"}])
    assert "ask-receipt" not in {row["code"] for row in await rows(street, loan_dates)}
    page = await (await street.visits(OWNER)).opens(f"{street.link(OWNER)}/loans/H1")
    assert page.page.select_one("form.telling") is None


async def test_the_second_review_of_a_rate_is_asked_for_and_then_told_in_time(street: Street):
    """「15年目に15年固定を選びました。30年目にもあると、あとで知りました」: none is made up, none forgotten."""
    town = street.town
    await town.house("H1", PLAN)
    lent = RENTAL | {"contracted_on": "2012-01-10", "applied_on": "2011-06-01", "first_payment_on": "2012-03-27"}
    await town.take(loans=[lent | {"prepayment_restricted": "", "reductions": "", "insured_until": ""}])
    assert {row["code"]: row["due_on"].isoformat() for row in await rows(street, loan_dates)} == {
        "rate-review": "2027-01-10",
        "ask-rate-review-next": "2027-02-09",
    }
    page = await (await street.visits(OWNER)).opens(f"{street.link(OWNER)}/loans/H1")
    assert page.page.select_one("form.telling") is None  # nobody knows it before the first
    await town.skip_to("2027-01-27")
    assert len(await told_of(street, "ask-rate-review-next")) == 1
    assert "いつまで固定されるか" in await town.words(OWNER)
    await town.says(OWNER, "固定期間はいつ終わる")
    assert "金利は、2027年1月10日" in await town.words(OWNER)
    await tells(street, rate_review_next="2042-01-10")
    await town.says(OWNER, "固定期間はいつ終わる")
    assert "2042年1月10日" in await town.words(OWNER)
    await town.skip_to("2041-01-11")
    assert len(await told_of(street, "rate-review-next")) == 1
    await town.all_is_well()


async def printed(street: Street, person_id: str) -> str:
    """Everything that stands in this person's letters as they are printed now."""
    async with street.town.service.store.read() as connection:
        mine = [row for row in await unposted(connection) if row.person_id == person_id]
    assert mine
    return await words_of(street, *mine)


async def words_of(street: Street, *found: Letter) -> str:
    pages = await pages_of(street.app.state.site, found)
    return "\n".join(line for page in pages for line in page.message.paragraphs)


async def test_a_letter_says_in_yen_what_hangs_on_the_inspection(street: Street):
    """Only on paper, only to who borrowed, and worked out as it is printed: what waits in the outbox has no sum."""
    town = street.town
    for house in ("H1", "H2"):
        await town.house(house, [("P1", "屋根", "点検", 5, 5)])
    async with town.service.store.write() as connection:
        await connection.execute(delete(addresses))  # they have nothing but their letter box
    await town.take(loans=[LOAN])
    await town.skip_to("2027-02-01")
    letter = await printed(street, OWNER)
    assert "金利引下げの条件に関わることがあります" in letter
    assert re.search(r"増える合計は、2027年\d+月\d+日\(.\)の時点で 2,\d{3},\d{3}円（概算）", letter)
    assert "円" not in await printed(street, "owner:O-H2")
    kept = json.dumps([row["parts"] for row in await rows(street, outbox)], ensure_ascii=False)
    assert not re.search(r"増える合計|2,\d{3},\d{3}", kept)


async def test_the_letter_about_the_guarantee_says_it_too(street: Street):
    """The inspection is overdue, and with it hang the guarantee and the reduced rate: one letter, and the sum in it."""
    town = street.town
    for house in ("H1", "H2"):
        await town.house(house, [("P1", "屋根", "点検", 5, 5)], guarantee_no=f"Z-{house}")
    async with town.service.store.write() as connection:
        await connection.execute(delete(addresses))
    await town.take(loans=[LOAN])
    for day in ("2027-02-01", "2027-03-01", "2027-04-30", "2027-05-02"):
        await town.skip_to(day)
    found = [row for row in await rows(street, outbox) if "owner_at_risk" in {part["kind"] for part in row["parts"]}]
    assert {row["person_id"] for row in found} == {OWNER, "owner:O-H2"}
    async with town.service.store.read() as connection:
        ids = {row["id"] for row in found}
        letters_of = [row for row in await unposted(connection) if row.outbox_id in ids]
    said = {row.person_id: await words_of(street, row) for row in letters_of}
    assert re.search(r"金利引下げの条件に関わることがあります。金利の引下げが.*2,\d{3},\d{3}円（概算）", said[OWNER])
    assert "円" not in said["owner:O-H2"]


async def test_no_chat_and_no_mail_ever_says_it_in_yen(street: Street):
    """The same reminder in words alone."""
    town = street.town
    await town.house("H1", [("P1", "屋根", "点検", 5, 5)])
    await town.take(loans=[LOAN])
    await town.skip_to("2027-02-01")
    site = street.app.state.site
    mine = [row for row in await rows(street, outbox) if row["person_id"] == OWNER and row["parts"]]
    told = [line for row in mine for line in site.renderer.render(row["parts"], "ja", "").paragraphs]
    assert any("金利引下げの条件に関わることがあります" in line for line in told)
    assert not any("円" in line for line in [*told, await town.words(OWNER)])


async def test_a_co_owner_who_did_not_borrow_sees_days_and_no_sum(street: Street):
    """And is told that it is so."""
    town = street.town
    await town.house("H1", PLAN, co_owners="山田 一郎")
    await town.take(loans=[RENTAL])
    co_owner = next(one["id"] for one in (await town.view())["owners"] if one["id"] != OWNER)
    page = await (await street.visits(co_owner)).opens(f"{street.link(co_owner)}/loans/H1")
    assert page.status == 200
    for told in ("2041年4月1日", "2027年1月31日", "金額と金利は、借りたご本人だけがご覧になれます"):
        assert told in page.text
    for kept in ("100,000,000", "306,184", "1.50", "420", "増える合計"):
        assert kept not in page.text
    await town.says(co_owner, "こんにちは")
    await town.taps(co_owner, "consent")
    assert await town.says(co_owner, "金利引下げはいつまで？") == ["reply_loan_days"]
    assert "2041年4月1日" in await town.words(co_owner)
    own = await (await street.visits(OWNER)).opens(f"{street.link(OWNER)}/loans/H1")
    assert "100,000,000円" in own.text
    assert "ほかの所有者" not in own.text
