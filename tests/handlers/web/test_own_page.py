"""A person's own page: what it shows, and what can be done on it."""

from datetime import date, timedelta

from icalendar import Calendar

from bot.core.links import MESSAGE
from storage.people import end_address
from storage.photos import bare
from tests.handlers.web.street import HOST, Street
from tests.photos import photo

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"
JPEG = bare(photo())


async def offered_days(street: Street) -> None:
    """The company has offered days, and the owner has been asked."""
    await street.town.house()
    await street.town.skip_to("2027-01-12")
    servicer = await street.visits(SERVICER)
    await servicer.presses("うかがえる日を知らせる")
    await servicer.presses("3日とも候補にする")
    await street.town.skip_to("2027-02-01")


async def test_a_fixed_visit_goes_into_a_calendar(street: Street):
    """One link under the message; what opens is an entry on that day, and a guess opens nothing."""
    await street.town.house()
    await street.town.until("2027-01-20")
    await street.town.says(SERVICER, "3月1日に伺うことになりました")
    await street.town.taps(SERVICER, "yes")
    await street.town.until("2027-01-21")
    owner = await street.visits(OWNER)
    (link,) = [str(found["href"]) for found in owner.page.select(".theirs a") if "カレンダー" in found.get_text()]
    answer = await owner.client.get(link)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart") == date(2027, 3, 1)
    for guess in (link.replace(".ics", "9.ics"), link.replace("/visits/m", "/visits/x")):
        assert (await owner.client.get(guess)).status_code == 404


async def test_from_an_offered_day_to_the_closed_work(street: Street):
    """The owner picks a day and says how it went, with nothing but the buttons on the page."""
    await offered_days(street)
    owner = await street.visits(OWNER)
    day = owner.offered[0]
    await owner.presses(day)
    assert owner.said == [day]
    assert (await street.town.case())["phase"] == "fixed"
    await street.town.skip_to("2027-02-27")
    owner = await street.visits(OWNER)
    await owner.presses("終わった・異常なし")
    servicer = await street.visits(SERVICER)
    await servicer.presses("終わった・異常なし")
    assert (await street.town.case())["phase"] == "closed"
    await street.town.all_is_well()


async def test_what_was_recorded_can_be_contradicted_later(street: Street):
    """The closing message keeps its button for both sides, whatever is said after it, and the staff hear of it."""
    await offered_days(street)
    owner = await street.visits(OWNER)
    await owner.presses(owner.offered[0])
    await street.town.skip_to("2027-02-27")
    for person in (OWNER, SERVICER):
        reader = await street.visits(person)
        await reader.presses("終わった・異常なし")
    await street.town.skip_to("2027-03-01")
    for person in (OWNER, SERVICER):
        reader = await street.visits(person)
        await reader.writes("ありがとうございました")
        assert "違う所がある" in reader.offered
    await (await street.visits(OWNER)).presses("違う所がある")
    assert (await street.town.case(number=2))["holder"] == STAFF


async def test_the_answer_is_on_the_page_that_follows(street: Street):
    """Nobody has to look twice: the bot's answer is there when the page comes back, below what they said."""
    await offered_days(street)
    owner = await street.visits(OWNER)
    before = len(owner.heard)
    await owner.presses("あとで")
    assert len(owner.heard) == before + 1
    bubbles = owner.page.select(".said")
    assert [("mine" in it["class"]) for it in bubbles[-2:]] == [True, False]
    assert owner.path.partition("?")[0] == street.link(OWNER)


async def test_free_words_are_read_back(street: Street):
    """A typed day is asked back with two buttons, and only the yes counts."""
    await offered_days(street)
    owner = await street.visits(OWNER)
    await owner.writes("3月6日でお願いします")
    assert "3月6日でお願いします" in owner.said
    assert "はい" in owner.offered
    assert (await street.town.case())["phase"] == "arranging"
    await owner.presses("はい")
    assert "はい" not in owner.offered


async def test_the_talk_is_a_log_that_screen_readers_follow(street: Street):
    """New messages are announced politely; each says who is speaking, and each day stands above its messages."""
    await offered_days(street)
    owner = await street.visits(OWNER)
    log = owner.page.select_one("[role=log]")
    assert log is not None
    assert log["aria-live"] == "polite"
    assert "縁側 維持管理支援窓口から" in log.get_text()
    assert log.select_one(".pause time[datetime='2027-02-01']") is not None


async def test_what_is_over_is_no_longer_offered(street: Street):
    """Once a day is fixed the offered days are gone from the page."""
    await offered_days(street)
    owner = await street.visits(OWNER)
    old = owner.offered[0]
    await owner.presses(old)
    assert old not in owner.offered


async def test_an_old_page_is_answered_kindly(street: Street):
    """A page that stayed open while the visit was fixed elsewhere: pressing there changes nothing and says why."""
    await offered_days(street)
    stale, fresh = await street.visits(OWNER), await street.visits(OWNER)
    first, second = fresh.offered[:2]
    await fresh.presses(first)
    fixed = await street.town.case()
    await stale.presses(second)
    case = await street.town.case()
    assert case["visit_on"] == fixed["visit_on"]
    assert len(stale.heard) == len(fresh.heard) + 1


async def test_a_double_click_is_one_event(street: Street):
    """The same form sent twice is said once; another answer from the same page is another answer."""
    await offered_days(street)
    owner = await street.visits(OWNER)
    form = owner.page.select_one("#write")
    assert form is not None
    for _ in range(2):
        await owner.sends(form, {"text": "電話をください"})
    assert owner.said.count("電話をください") == 1
    await owner.sends(form, {"text": "やはり結構です"})
    assert owner.said[-1] == "やはり結構です"


async def test_nothing_written_is_nothing_said(street: Street):
    """An empty form is answered on the page and stored nowhere."""
    await offered_days(street)
    owner = await street.visits(OWNER)
    await owner.writes("  ")
    assert owner.said == []
    assert "何も書かれていません" in owner.text


async def test_a_button_in_a_mail_asks_before_it_acts(street: Street):
    """Opening the link from a mail shows one button with the chosen answer; only pressing it answers."""
    await offered_days(street)
    row = await street.newest(OWNER)
    action = await street.town.button(OWNER, "later")
    link = f"{street.town.service.links.message(row).button}{action}".removeprefix(HOST)
    before = await street.everything()
    owner = await street.reader().opens(link)
    assert "「あとで」とお答えになりますか" in owner.text
    assert await street.everything() == before
    await owner.presses("「あとで」と答える")
    assert owner.said == ["あとで"]


async def test_an_answer_that_was_given_is_shown_as_recorded(street: Street):
    """The same link again, after the answer: what stands in the record, and how to correct it."""
    await offered_days(street)
    row = await street.newest(OWNER)
    picked = await street.town.button(OWNER, "pick")
    link = f"{street.town.service.links.message(row).button}{picked}".removeprefix(HOST)
    owner = await street.visits(OWNER)
    await owner.presses(owner.offered[0])
    again = await street.reader().opens(link)
    assert "もう受け付けを終えています" in again.text
    assert "訪問の日が2027年2月25日(木)に決まりました" in again.text


async def test_an_answer_of_another_message_is_not_taken(street: Street):
    """An answer that the message never offered is set aside with a kind line."""
    await offered_days(street)
    owner = await street.reader().opens(f"{await street.message_link(OWNER)}?answer=done_ok:H1-1:0:")
    assert "このお知らせのものではありません" in owner.text
    assert owner.page.select_one(".ask button") is None


async def test_the_owner_is_asked_for_consent_only_on_their_page(street: Street):
    """Nothing is written to them before; the page shows the whole text, and their press starts the service."""
    await street.town.house(consent_information_on="", consent_mandate_on="")
    await street.town.skip_to("2027-02-01")
    owner = await street.visits(OWNER)
    assert owner.heard == []
    paper = owner.page.select_one(".paper")
    assert paper is not None
    assert "いつでもやめられます" in paper.get_text()
    await owner.presses("2つとも同意する")
    assert owner.page.select_one(".consent") is None
    view = await street.town.view()
    assert view["house"]["mandated"]
    assert [row["channel"] for row in view["mandates"] if row["mandate_on"]] == ["chat"]
    assert "mandate_given" in await street.town.facts()


async def test_declining_is_recorded_and_nothing_follows(street: Street):
    """A no is a no: it is on record, and the house stays silent."""
    await street.town.house(consent_information_on="", consent_mandate_on="")
    owner = await street.visits(OWNER)
    await owner.presses("同意しない")
    assert "mandate_declined" in await street.town.facts()
    assert not (await street.town.view())["house"]["mandated"]


async def test_whoever_ended_the_support_is_not_pressed(street: Street):
    """The page still opens; the consent waits behind one line, and gives the service back."""
    await street.town.house()
    owner = await street.visits(OWNER)
    await owner.presses("支援をやめる")
    await owner.presses("はい、やめる")
    consent = owner.page.select_one(".consent details")
    assert consent is not None
    assert not consent.has_attr("open")
    await owner.presses("2つとも同意する")
    assert (await street.town.view())["house"]["mandated"]


async def test_an_old_link_tells_what_is_recorded_and_sends_a_new_one(street: Street):
    """After sixty days a message's link opens nothing, but leaves nobody alone; a new one goes to the known address."""
    await street.town.house(email="hanako@example.jp")
    await street.town.skip_to("2027-02-01")
    link = await street.message_link(OWNER)
    street.town.service.clock.wind(timedelta(days=61))
    owner = await street.reader().opens(link)
    assert owner.status == 410
    assert "このリンクの期限が切れました" in owner.text
    assert "hanako" not in owner.text
    assert "山田" not in owner.text
    await owner.presses("新しいリンクを送る")
    assert "お送りしました" in owner.text
    assert "hanako" not in owner.text
    renewed = [row for row in (await street.everything())["outbox"] if "reply_new_link" in str(row)]
    assert len(renewed) == 1
    assert "hanako@example.jp" in renewed[0]
    await (await street.reader().opens(link)).presses("新しいリンクを送る")
    assert len([row for row in (await street.everything())["outbox"] if "reply_new_link" in str(row)]) == 1


async def test_a_persons_own_link_does_not_grow_old(street: Street):
    """The link of a leaflet opens the page in fifty years as well."""
    await street.town.house()
    street.town.service.clock.wind(timedelta(days=365 * 30))
    assert (await street.visits(OWNER)).status == 200


async def test_what_is_erased_is_gone(street: Street):
    """After the second yes the page says goodbye, and no link of theirs opens anything again."""
    await offered_days(street)
    link = await street.message_link(OWNER)
    owner = await street.visits(OWNER)
    await owner.writes("写真です", ("photo.jpg", JPEG, "image/jpeg"))
    kept = list(street.town.folder.glob("files/*/*"))
    assert len(kept) == 1
    await owner.presses("個人の情報を消す")
    await owner.presses(next(label for label in owner.offered if label.startswith("はい")))
    assert owner.status == 200
    assert "個人の情報を消しました" in owner.text
    assert list(street.town.folder.glob("files/*/*")) == []
    for path in (street.link(OWNER), link, link.replace("/c/", "/stop/")):
        assert (await street.reader().opens(path)).status == 404
    assert "写真です" not in str(await street.everything())


async def test_english_for_whoever_chose_it(street: Street):
    """Every word of the page is in the person's language."""
    await street.town.house(language="en", owner_name="Jane Doe")
    await street.town.skip_to("2027-02-01")
    owner = await street.visits(OWNER)
    assert owner.page.html is not None
    assert owner.page.html["lang"] == "en"
    assert "Other things you can do" in owner.text
    assert "メッセージ" not in owner.text


async def test_messages_of_one_mail_are_bubbles_of_their_own(street: Street):
    """Two houses in one transmission: two bubbles, each with its own answers."""
    await street.town.house("H1")
    await street.town.house("H2", owner_name="佐藤 次郎")
    await street.town.skip_to("2027-01-04")
    servicer = await street.visits(SERVICER)
    assert len(servicer.heard) == 2
    assert servicer.offered.count("うかがえる日を知らせる") == 2


async def test_other_channels_are_told_apart(street: Street):
    """What went out by mail is on the page too, and says so."""
    await street.town.house(email="hanako@example.jp")
    await street.town.skip_to("2027-01-05")
    service = street.town.service
    async with service.store.write() as connection:
        await end_address(connection, OWNER, "chat", "test", service.clock.now())
    await street.town.skip_to("2027-02-02")
    owner = await street.visits(OWNER)
    assert "メールでもお送りしました" in owner.text


async def test_news_only_when_there_is_any(street: Street):
    """The page asks for news and hears nothing until something was said."""
    await offered_days(street)
    owner = await street.visits(OWNER)
    cursor = owner.page.select("#talk")[0]["data-cursor"]
    news = f"{street.link(OWNER)}/news?after={cursor}"
    assert (await street.reader().opens(news)).status == 204
    await (await street.visits(OWNER)).writes("質問があります")
    assert (await street.reader().opens(news)).status == 200


async def test_a_photo_is_kept_and_shown_to_whoever_sent_it(street: Street):
    """It comes back as what it is, and nobody else's link opens it."""
    await offered_days(street)
    owner = await street.visits(OWNER)
    await owner.writes("", ("../../etc/passwd.jpg", JPEG, "text/html"))
    image = owner.page.select_one(".mine img")
    assert image is not None
    shown = await street.reader().opens(str(image["src"]))
    assert (shown.status, shown.headers["content-type"]) == (200, "image/jpeg")
    assert "sandbox" in shown.headers["content-security-policy"]
    token = street.town.service.links.token(MESSAGE, await street.newest(SERVICER))
    ref = str(image["src"]).partition("/files/")[2]
    assert (await street.reader().opens(f"/c/{token}/files/{ref}")).status == 404


async def test_a_servicers_page_has_no_owners_wishes(street: Street):
    """A company can stop a channel and call for help, but has no mandate to end."""
    await street.town.house()
    servicer = await street.visits(SERVICER)
    labels = [found.get_text(strip=True) for found in servicer.page.select(".menu button")]
    assert "支援をやめる" not in labels
    assert "担当者と話す" in labels


async def test_hours_and_language_are_changed_on_the_page(street: Street):
    """Both stand among the other requests; the page itself follows the language."""
    await street.town.house()
    owner = await street.visits(OWNER)
    await owner.presses("お知らせの時間を変える")
    await owner.presses("10時から18時まで")
    assert owner.heard[-1] == "わかりました"
    await owner.presses("English")
    assert "Talk to a person" in owner.text
    await owner.presses("日本語")
    assert "担当者と話す" in owner.text
