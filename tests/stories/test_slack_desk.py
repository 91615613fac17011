"""The staff work where they already are: one message per case, taken, handed on and closed without leaving Slack."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest_asyncio
from sqlalchemy import insert, select

from bot.channels.slack import opening
from bot.channels.slack.called import CalledSlack
from bot.core.action import Action
from bot.core.rights import StaffRole
from engawa_fakes.slack import DESK, FakeSlack, Shown
from handlers.keyed import Word
from scheduler.understanding import Understanding
from storage.chat import texts_of
from storage.inbound import keep
from storage.staff import Member, take_in
from storage.tables import addresses, inbound
from tests.bot.channels.slack.conftest import Machine, SlackRig, context, environment
from tests.stories.town import Town, town_at

STAFF, SERVICER = "staff:desk", "servicer:B1"


@dataclass
class SlackTown:
    """A town whose staff are in Slack, and the Slack they are in."""

    town: Town
    slack: FakeSlack
    rig: SlackRig

    async def does(self, body: Mapping[str, Any]) -> None:
        """Somebody does something in Slack: stored as it comes, then understood and answered."""
        event = await self.rig.event(body)
        now = self.town.service.clock.now()
        async with self.town.service.store.write() as connection:
            await keep(connection, "slack", event.id, event.raw, now)
        await self.town.run()

    async def presses(self, user: str, message: Shown, label: str) -> None:
        await self.does(self.slack.press(user, message, label))

    async def sends(self, user: str, answer: str) -> None:
        await self.does(self.slack.submit(user, self.slack.modals[-1], answer))

    async def types(self, user: str, text: str) -> Shown:
        """A slash command; what only they are shown."""
        await self.does(self.slack.command(user, text))
        return self.slack.whispered(user)[-1]

    @property
    def alert(self) -> Shown:
        """The one message at the desk."""
        (shown,) = self.slack.received(DESK)
        return shown

    def offering(self, label: str) -> Shown:
        """The newest line of the alert's thread with this button."""
        return [line for line in self.slack.thread(DESK, self.alert.ts) if label in line.buttons][-1]

    @property
    def history(self) -> list[str]:
        return [line.words.split("\n")[0] for line in self.slack.thread(DESK, self.alert.ts)]


@pytest_asyncio.fixture
async def desk(tmp_path: Path, database_url: str, fake_slack: FakeSlack) -> AsyncIterator[SlackTown]:
    """A house with a backup servicer; the machine's clock stands still, and nothing keeps to a pace."""
    settings = environment(fake_slack)
    async with town_at(tmp_path, database_url, "2026-11-01", settings) as town:
        machine = Machine()
        channel = opening.open(context(machine, settings))
        assert isinstance(channel, CalledSlack)
        service = town.service
        assert service.post.digest
        channels = {**service.post.channels, "slack": channel}
        post = replace(service.post, channels=channels, paced=False, digest=False)
        inbox = replace(service.inbox, channels={**service.inbox.channels, "slack": channel})
        understanding = Understanding(service.store, inbox)
        town.service = replace(service, post=post, inbox=inbox, understanding=understanding)
        await town.companies()
        await town.house(backup_servicer_id="B2")
        yield SlackTown(town, fake_slack, SlackRig(fake_slack, machine, channel))
        await channel.close()


async def test_a_silent_company_is_replaced_from_slack(desk: SlackTown):
    """One alert; a named person takes it; another company is chosen in a modal; the thread tells how it went."""
    await desk.town.until("2027-01-25")
    assert "事業者から返事がありません（H1）" in desk.alert.words
    assert "山田" not in desk.alert.words + desk.alert.text
    await desk.presses("U0SATO", desk.alert, "引き受ける")
    assert "sato：引き受けました（H1）" in desk.alert.words
    assert "引き受ける" not in desk.alert.buttons
    assert (await desk.town.case())["holder"] == "staff:slack-U0SATO"
    await desk.presses("U0SATO", desk.alert, "電話した")
    await desk.presses("U0SATO", desk.offering("つながらなかった"), "つながらなかった")
    await desk.presses("U0SATO", desk.offering("別の事業者を選ぶ"), "別の事業者を選ぶ")
    await desk.sends("U0SATO", "あおぞら建設（この家の予備登録）")
    assert (await desk.town.case())["holder"] == "servicer:B2"
    assert "sato：別の会社に打診しました（H1）" in desk.alert.words
    await desk.town.taps("servicer:B2", "take_on")
    await desk.town.says("servicer:B2", "3万円")
    await desk.town.taps("servicer:B2", "yes")
    assert "打診した会社が引き受けました。所有者にたずねています（H1）" in desk.alert.words
    await desk.town.taps("owner:O-H1", "agree")
    assert "所有者が新しい会社に決めました（H1）" in desk.alert.words
    await desk.town.all_is_well()


async def test_what_was_heard_on_the_telephone_is_written_and_kept_by_a_press(desk: SlackTown):
    """In one's own words, in a modal; what it was taken for is read back, and counts as that person's own word."""
    await desk.town.until("2027-03-25")
    await desk.presses("U0SATO", desk.alert, "電話した")
    await desk.presses("U0SATO", desk.offering("対応すると言っている"), "対応すると言っている")
    heard = "所有者から聞いたことを書く"
    await desk.presses("U0SATO", desk.offering(heard), heard)
    await desk.sends("U0SATO", "3月20日に終わって、異常なしだったそうです")
    assert (await desk.town.case())["state"]["reports"] == []
    read = desk.offering("終わった・異常なし")
    assert "2027年3月20日(土)" in read.words
    await desk.presses("U0SATO", read, "終わった・異常なし")
    (report,) = (await desk.town.case())["state"]["reports"]
    assert (report["side"], report["done_on"], report["via"]) == ("owner", "2027-03-20", "phone")
    keyed = next(fact for fact in (await desk.town.view())["facts"] if fact["kind"] == "word_keyed_in")
    assert keyed["by"] == "staff:slack-U0SATO"
    await desk.town.all_is_well()


async def test_what_is_not_clear_enough_is_not_kept(desk: SlackTown):
    """No day, no result, a doubt: what is missing is said, and the record stays as it was."""
    await desk.town.until("2027-03-25")
    await desk.presses("U0SATO", desk.alert, "電話した")
    await desk.presses("U0SATO", desk.offering("対応すると言っている"), "対応すると言っている")
    label = "事業者から聞いたことを書く"
    for words in ("終わったらしい", "たぶん来週", "屋根だけ終わった", "お世話になっております"):
        await desk.presses("U0SATO", desk.offering(label), label)
        await desk.sends("U0SATO", words)
        assert "記録できる形に読み取れませんでした" in desk.slack.thread(DESK, desk.alert.ts)[-1].words
    assert "word_keyed_in" not in await desk.town.facts()
    await desk.town.all_is_well()


async def test_a_matter_is_closed_with_a_reason(desk: SlackTown):
    """The reason is typed into a modal; the fact keeps where it stands, not what it says."""
    await desk.town.until("2027-01-25")
    await desk.presses("U0SATO", desk.alert, "理由を書いて閉じる")
    await desk.sends("U0SATO", "山田様と電話で話がついた")
    assert "sato：理由を書いて閉じました（H1）" in desk.alert.words
    closed = next(fact for fact in (await desk.town.view())["facts"] if fact["kind"] == "matter_closed")
    assert closed["by"] == "staff:slack-U0SATO"
    row_id = int(closed["data"]["why"].partition(":")[2])
    async with desk.town.service.store.read() as connection:
        assert await texts_of(connection, {row_id}) == {row_id: "山田様と電話で話がついた"}
    assert "山田" not in str(closed["data"])
    await desk.town.all_is_well()


async def test_a_modal_that_came_too_late_is_a_question_in_the_thread(desk: SlackTown):
    """The answer is then typed there, and nothing else that is said there is taken for one."""
    await desk.town.until("2027-01-25")
    await desk.does(desk.slack.message("U0KIMURA", "だれか見ていますか", DESK, thread_ts=desk.alert.ts))
    assert desk.history == []
    body = desk.slack.press("U0SATO", desk.alert, "理由を書いて閉じる")
    event = await desk.rig.event(body)
    desk.rig.machine.wind(4)
    async with desk.town.service.store.write() as connection:
        await keep(connection, "slack", event.id, event.raw, desk.town.service.clock.now())
    await desk.town.run()
    assert desk.slack.modals == []
    assert desk.history == ["閉じる理由を書いてください"]
    await desk.does(desk.slack.message("U0SATO", "本人と話がついた", DESK, thread_ts=desk.alert.ts))
    assert "sato：理由を書いて閉じました（H1）" in desk.alert.words


async def test_an_alert_that_climbs_stays_one_message(desk: SlackTown):
    await desk.town.until("2027-01-29")
    assert desk.alert.edits >= 1
    assert len(desk.history) == desk.alert.edits


async def test_an_alert_that_somebody_deleted_comes_back_once(desk: SlackTown):
    """The case gets one new message, which is the one that moves from then on; the history goes on in its thread."""
    await desk.town.until("2027-01-25")
    desk.slack.messages.remove(desk.alert)
    await desk.town.until("2027-01-27")
    again = desk.alert
    assert "引き受ける" in again.buttons
    await desk.presses("U0SATO", again, "引き受ける")
    assert desk.alert.ts == again.ts
    assert "sato：引き受けました（H1）" in desk.alert.words
    assert "sato：引き受けました（H1）" in desk.history
    await desk.town.all_is_well()


async def test_two_houses_are_two_messages(desk: SlackTown):
    """Each can be taken on its own, though both were raised in the same hour."""
    await desk.town.house("H2")
    await desk.town.until("2027-01-25")
    first, second = desk.slack.received(DESK)
    assert {"H1", "H2"} == {one.words.split("（")[1][:2] for one in (first, second)}
    await desk.presses("U0KIMURA", second, next(label for label in second.buttons if label == "引き受ける"))
    assert (first.edits, second.edits) == (0, 1)


async def test_a_guest_who_turns_up_at_the_desk_is_one_of_the_staff(desk: SlackTown):
    """They wrote to the bot before they were let into the channel."""
    await desk.does(desk.slack.message("U0SATO", "こんにちは"))
    assert "はじめまして" in desk.slack.received("U0SATO")[0].words
    await desk.town.until("2027-01-25")
    await desk.presses("U0SATO", desk.alert, "引き受ける")
    assert (await desk.town.case())["holder"] == "staff:slack-U0SATO"
    await desk.town.all_is_well()


async def member(desk: SlackTown, account: str, role: StaffRole) -> str:
    """Somebody of the staff under their own name, whose account in Slack this is."""
    service, person = desk.town.service, f"staff:{role}"
    async with service.store.write() as connection:
        entered = Member(person, str(role), role, (("slack", account),))
        assert await take_in(connection, service.store.pins.seal, entered, service.clock.now())
    return person


async def test_what_somebody_has_taken_is_not_pushed_out_of_their_hands(desk: SlackTown):
    """A double tap, and a colleague who was a moment later: one holder, whom everybody sees, and one polite line."""
    await desk.town.until("2027-01-25")
    alert = replace(desk.alert)
    for _ in range(2):
        await desk.presses("U0SATO", alert, "引き受ける")
    await desk.presses("U0KIMURA", alert, "引き受ける")
    assert (await desk.town.case())["holder"] == "staff:slack-U0SATO"
    assert "sato：引き受けました" in desk.alert.words
    assert [line for line in desk.history if "ほかの担当者が引き受けています" in line] != []
    supervisor = await member(desk, "U0MORI", StaffRole.SUPERVISOR)
    await desk.presses("U0MORI", alert, "引き受ける")
    assert (await desk.town.case())["holder"] == supervisor
    await desk.town.all_is_well()


async def test_an_auditor_presses_and_nothing_changes(desk: SlackTown):
    """監査担当: 見るだけのつもりが、うっかり押してしまいました。"""
    await desk.town.until("2027-01-25")
    await member(desk, "U0KANDA", StaffRole.AUDITOR)
    before = await desk.town.view(), desk.alert.words, dict(desk.alert.buttons)
    for count, label in enumerate(("引き受ける", "電話した", "別の事業者を選ぶ", "理由を書いて閉じる"), 1):
        await desk.presses("U0KANDA", desk.alert, label)
        assert len(desk.history) == count  # one line each
        assert "この操作は、担当者が行います" in desk.history[-1]
    assert "まだ何も変わっていません" in desk.slack.thread(DESK, desk.alert.ts)[-1].words
    assert (await desk.town.case(), desk.alert.words, desk.alert.buttons) == (before[0]["cases"][0], *before[1:])
    assert desk.slack.modals == []
    facts = [fact for fact in (await desk.town.view())["facts"] if fact["kind"] != "notice_sent"]
    assert facts == [fact for fact in before[0]["facts"] if fact["kind"] != "notice_sent"]
    await desk.town.all_is_well()


async def test_the_command_tells_what_is_open_and_hands_over(desk: SlackTown):
    """Answered to the one who asked, unseen by others; ids and dates, no owner's name."""
    await desk.town.until("2027-01-05")
    for named in ("H1", "H1-1"):
        assert "住宅の様子（H1）" in (await desk.types("U0SATO", f"house {named}")).words
    await desk.types("U0SATO", "handover H1")
    assert "事業者を選んでください" in desk.slack.modals[-1]["title"]["text"]
    assert "その番号の住宅はありません" in (await desk.types("U0SATO", "house H9")).words
    await desk.town.until("2027-01-25")
    listed = (await desk.types("U0KIMURA", "pending")).words
    assert "担当者の用件は1件です" in listed
    assert "H1-1：事業者から返事がありません" in listed
    assert "用件はありません" in (await desk.types("U0KIMURA", "mine")).words
    await desk.presses("U0KIMURA", desk.alert, "引き受ける")
    assert "kimura" in (await desk.types("U0KIMURA", "mine")).words
    assert "/engawa pending" in (await desk.types("U0KIMURA", "?")).words
    everything = "".join(one.words + one.text for one in desk.slack.messages)
    assert "山田" not in everything


async def test_who_is_not_at_the_desk_learns_nothing_by_a_command(desk: SlackTown):
    await desk.town.until("2027-01-25")
    await desk.does(desk.slack.command("U0FIRM", "pending", "C0OTHER"))
    told = "".join(one.words for one in desk.slack.received("U0FIRM"))
    assert "H1" not in told
    assert "はじめまして" in told


async def test_every_office_morning_tells_what_is_open_and_whose(desk: SlackTown):
    """Once a day, only when there is something, and not on days on which nobody is there."""
    await desk.town.until("2027-01-22")
    desk.town.service = replace(desk.town.service, post=replace(desk.town.service.post, digest=True))
    await desk.town.until("2027-01-24")
    assert desk.slack.received(DESK) == []
    await desk.town.until("2027-01-25")
    await desk.town.run()
    alert, digest = sorted(desk.slack.received(DESK), key=lambda one: "けさ" in one.words)
    assert "けさ、担当者の用件は1件です" in digest.words
    assert "担当窓口：1件" in digest.words
    await desk.presses("U0SATO", alert, "引き受ける")
    await desk.town.until("2027-01-26")
    assert "sato：1件" in desk.slack.received(DESK)[-1].words
    assert "山田" not in desk.slack.received(DESK)[-1].words


async def test_an_alert_that_settles_itself_shows_it(desk: SlackTown):
    """The company answers after all: nobody at the desk goes on calling them."""
    await desk.town.until("2027-01-25")
    await desk.town.says(SERVICER, "3月10日")
    await desk.town.taps(SERVICER, "yes")
    assert "用が済みました（H1）" in desk.alert.words
    assert desk.alert.buttons == {}
    await desk.town.all_is_well()


async def test_a_press_at_the_console_shows_in_slack(desk: SlackTown):
    """Whoever looks at the alert there sees that it is taken, and its buttons go with what they offered."""
    await desk.town.until("2027-01-25")
    await desk.town.taps(STAFF, "take")
    assert "担当窓口：引き受けました（H1）" in desk.alert.words
    assert "引き受ける" not in desk.alert.buttons
    await desk.town.says(STAFF, "電話で話がついた", action=await desk.town.button(STAFF, "close"))
    assert "担当窓口：理由を書いて閉じました（H1）" in desk.alert.words
    assert desk.alert.buttons == {}
    await desk.town.all_is_well()


async def test_a_word_keyed_in_at_the_console_shows_in_slack(desk: SlackTown):
    """The company's word by telephone settles what the alert asked for."""
    await desk.town.until("2027-01-25")
    word = Word("phone", "fix", date(2027, 3, 10), SERVICER)
    await desk.town.says(STAFF, action=str(Action("said", "H1-1", arg=str(word))))
    assert "用が済みました（H1）" in desk.alert.words
    assert desk.alert.buttons == {}
    await desk.town.all_is_well()


async def test_what_is_raised_at_the_console_is_raised_in_slack(desk: SlackTown):
    """The owner asks on the telephone for somebody to call them back."""
    await desk.town.until("2027-01-05")
    assert desk.slack.received(DESK) == []
    word = Word("phone", "human", None, "owner:O-H1")
    await desk.town.says(STAFF, action=str(Action("said", "H1-1", arg=str(word))))
    assert "担当者と話したいとのこと（H1）" in desk.alert.words
    assert "引き受ける" in desk.alert.buttons


async def test_a_report_that_is_deleted_is_asked_again(desk: SlackTown):
    """A company writes to us in Slack, and takes its report back: nothing counts as done, and the words are gone."""
    async with desk.town.service.store.write() as connection:
        row = {"person_id": SERVICER, "channel": "slack", "address": "U0FIRM", "rank": -2}
        await connection.execute(insert(addresses).values(**row))
    await desk.town.until("2027-02-10")
    report, yes = (desk.slack.message("U0FIRM", text) for text in ("2月9日に点検完了、異常ありません", "はい"))
    await desk.does(report)
    await desk.does(yes)
    assert [one["side"] for one in (await desk.town.case())["state"]["reports"]] == ["servicer"]
    await desk.does(desk.slack.deletes(report))
    await desk.does(desk.slack.deletes(yes))
    assert (await desk.town.case())["state"]["reports"] == []
    assert {"message_withdrawn", "report_withdrawn"} <= set(await desk.town.facts())
    async with desk.town.service.store.read() as connection:
        kept = (await connection.execute(select(inbound.c.raw, inbound.c.said))).all()
    assert "点検完了" not in str(kept)
    await desk.town.all_is_well()


async def test_a_company_that_slack_vouches_for_is_sent_the_way_by_mail(desk: SlackTown):
    """Its account has the mail address we know: the mail leads to the code, and the chat tells nothing of it."""
    firm = {"servicer_id": "B1", "name": "みどり工務店", "status": "営業", "email": "Midori@example.jp"}
    await desk.town.take(servicers=[firm])
    await desk.does(desk.slack.message("U0FIRM", "こんにちは"))
    (greeting,) = desk.slack.received("U0FIRM")
    assert "はじめまして" in greeting.words
    assert "みどり" not in greeting.words
    assert await desk.town.titles(SERVICER, "email") == ["Slackでもお知らせを受け取れます"]
    await desk.does(desk.slack.message("U0FIRM", "もしもし"))
    assert len(await desk.town.titles(SERVICER, "email")) == 1


async def test_nobody_else_is_sent_anything(desk: SlackTown):
    """An account without a confirmed address, and one whose address nobody of ours has."""
    await desk.town.take(
        servicers=[{"servicer_id": "B1", "name": "丸太工務店", "status": "営業", "email": "b1@example.jp"}]
    )
    for user in ("U0SATO", "U0FIRM"):
        await desk.does(desk.slack.message(user, "こんにちは"))
        assert len(desk.slack.received(user)) == 1
    assert await desk.town.titles(SERVICER, "email") == []


async def test_a_talk_is_taken_over_answered_and_handed_back_from_slack(desk: SlackTown):
    """The same as at the console; what the owner writes is not shown to the channel."""
    owner = "owner:O-H1"
    await desk.town.until("2027-01-06")
    await desk.town.says(owner, "担当者と話したいです")
    await desk.presses("U0SATO", desk.alert, "所有者と話す")
    assert (await desk.town.case())["holder"] == "staff:slack-U0SATO"
    assert "sato：お話を引き受けました（H1）" in desk.alert.words
    await desk.town.hears(owner)
    await desk.town.says(owner, "母が入院していて、日にちが決められません")
    assert "所有者から返事が届きました（H1）" in desk.alert.words
    assert "入院" not in str([desk.alert.words, *desk.history])
    await desk.presses("U0SATO", desk.alert, "返事を書く")
    await desk.sends("U0SATO", "ご無理なさらず、春になってからで大丈夫です。")
    assert await desk.town.hears(owner) == ["reply_from_staff"]
    assert "春になってから" in await desk.town.words(owner)
    await desk.presses("U0SATO", desk.alert, "お話を終える")
    assert await desk.town.hears(owner) == ["reply_talk_over"]
    await desk.town.all_is_well()


async def test_a_sale_is_recorded_on_a_page_to_which_slack_leads(desk: SlackTown):
    """A new owner's name stands in no message: the buttons lead to the case and to the page of the house's owners."""
    await desk.town.until("2026-11-02")
    await desk.town.says("owner:O-H1", "この家を売りました")
    pages = {label: button["url"] for label, button in desk.alert.buttons.items() if "url" in button}
    assert list(pages) == ["H1-1の案件を画面で開く", "H1の所有者の変更を記録する"]
    assert [url.partition("/staff/")[2] for url in pages.values()] == ["case/H1-1", "houses/H1/owners"]
    await desk.presses("U0SATO", desk.alert, "H1の所有者の変更を記録する")  # the page opens; nothing is said by that
    assert desk.history == []
    await desk.presses("U0SATO", desk.alert, "引き受ける")
    assert "H1の所有者の変更を記録する" in desk.alert.buttons
    assert "山田" not in desk.alert.words + desk.alert.text
