"""The policy for labels, told as what people write and what it means."""

from datetime import date, datetime, time
from itertools import combinations, product
from zoneinfo import ZoneInfo

import pytest

from bot.core.meaning import Context, Intent, Meaning, Topic
from bot.language.understand import understand

NOW = datetime(2026, 7, 22, 10, 15, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Wednesday

# From the strongest to the weakest: of several things said, the earlier one counts.
SAID = {
    Intent.STOP: ["もう連絡しないでください", "配信停止してください"],
    Intent.HUMAN: ["担当者と話したいです", "電話してください"],
    Intent.DONE: ["点検は終わりました", "7/15に点検してもらいました"],
    Intent.RESCHEDULE: ["8/3の予約はキャンセルします", "日程を変更したいです"],
    Intent.SCHEDULE: ["8/3に予約しました", "来週来てもらう予定です"],
    Intent.PROBLEM: ["雨漏りしています", "業者と連絡が取れません"],
    Intent.QUESTION: ["費用はいくらですか", "立ち会いは必要ですか"],
    Intent.SNOOZE: ["来月また教えてください", "また後で連絡ください"],
    Intent.NOT_YET: ["まだやっていません", "未実施です"],
}
# Done and not yet in one message is partial work; done and moved tells of a move before.
SETTLED_OTHERWISE = {(Intent.DONE, Intent.NOT_YET), (Intent.DONE, Intent.RESCHEDULE)}


def owner(text: str, context: Context = Context.REMINDER_DUE) -> Meaning:
    return understand(text, NOW, "owner", context)


@pytest.mark.parametrize("pair", [pair for pair in combinations(SAID, 2) if pair not in SETTLED_OTHERWISE])
def test_of_two_things_said_the_stronger_counts(pair: tuple[Intent, Intent]) -> None:
    """stop > human > done > reschedule > schedule > problem > question > snooze > not yet, in either order."""
    stronger, weaker = pair
    for one, other in product(SAID[stronger], SAID[weaker]):
        for text in (f"{one}。{other}", f"{other}。{one}", f"{one}、{other}。"):
            assert owner(text).intent is stronger, text


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("15日に終わりました", date(2026, 7, 15), "day"),
        ("25日に終わりました", date(2026, 6, 25), "day"),
        ("土曜に終わりました", date(2026, 7, 18), "day"),
        ("先週終わりました", date(2026, 7, 13), "week"),
        ("6月に終わりました", date(2026, 6, 1), "month"),
        ("6月下旬に終わりました", date(2026, 6, 21), "week"),
        ("月末に終わりました", date(2026, 6, 30), "day"),
        ("GWに点検しました", date(2026, 4, 29), "week"),
        ("さっき終わりました", date(2026, 7, 22), "day"),
        ("7/10の地震のあと、7/15に点検してもらいました", date(2026, 7, 15), "day"),
        ("報告書は昨日届きました。点検は7/15に終わっています", date(2026, 7, 15), "day"),
        ("3日じゃなくて5日に終わりました", date(2026, 7, 5), "day"),
        ("15日にご点検いただきました", date(2026, 7, 15), "day"),
        ("15日に点検していただきありがとうございました", date(2026, 7, 15), "day"),
        ("15日に終わって業者さんが帰られました", date(2026, 7, 15), "day"),
        ("終わりました", None, None),
    ],
)
def test_done_looks_back(text: str, day: date | None, precision: str | None) -> None:
    """The latest matching day not after today; the inspection's own; none is made up."""
    meaning = owner(text)
    assert (meaning.intent, meaning.date, meaning.date_precision) == (Intent.DONE, day, precision)
    assert not meaning.ask


@pytest.mark.parametrize(
    ("text", "intent", "day", "precision"),
    [
        ("15日に予約しました", Intent.SCHEDULE, date(2026, 8, 15), "day"),
        ("土曜に来てもらいます", Intent.SCHEDULE, date(2026, 7, 25), "day"),
        ("来週点検です", Intent.SCHEDULE, date(2026, 7, 27), "week"),
        ("来月中旬に予定しています", Intent.SCHEDULE, date(2026, 8, 11), "week"),
        ("今月末にやります", Intent.SCHEDULE, date(2026, 7, 31), "day"),
        ("お盆に来てもらう予定です", Intent.SCHEDULE, date(2026, 8, 13), "week"),
        ("8/3の予約を8/10に変更しました", Intent.RESCHEDULE, date(2026, 8, 10), "day"),
        ("8/3はキャンセルします", Intent.RESCHEDULE, None, None),
        ("8/3は雨の予報なので8/10にしてもらいました", Intent.RESCHEDULE, date(2026, 8, 10), "day"),
        ("業者の都合で8/3が8/10になりました", Intent.RESCHEDULE, date(2026, 8, 10), "day"),
        ("8/3でお願いしていましたが8/10にしてください", Intent.RESCHEDULE, date(2026, 8, 10), "day"),
        ("8/3の件、8/10にてお願いいたします", Intent.RESCHEDULE, date(2026, 8, 10), "day"),
        ("8/3→8/10", Intent.RESCHEDULE, date(2026, 8, 10), "day"),
        ("明日、23日です", Intent.SCHEDULE, date(2026, 7, 23), "day"),
        ("30日の木曜です", Intent.SCHEDULE, date(2026, 7, 30), "day"),
        ("日程は工務店と打合せ済みです", Intent.SCHEDULE, None, None),
        ("not done yet but booked for Aug 3", Intent.SCHEDULE, date(2026, 8, 3), "day"),
        ("8/3の訪問は白紙にしてください", Intent.RESCHEDULE, None, None),
        ("来週の木曜なら休みなので、その日に来てもらいます", Intent.SCHEDULE, date(2026, 7, 30), "day"),
        ("8/3ということで業者さんと合意", Intent.SCHEDULE, date(2026, 8, 3), "day"),
        ("来週また教えてください", Intent.SNOOZE, date(2026, 7, 27), "week"),
        ("昨日電話して予約しました", Intent.SCHEDULE, None, None),
    ],
)
def test_what_is_to_come_looks_ahead(text: str, intent: Intent, day: date | None, precision: str | None) -> None:
    """The first matching day not before today; a move's new day; never the day of the call."""
    meaning = owner(text)
    assert (meaning.intent, meaning.date, meaning.date_precision) == (intent, day, precision)
    assert not meaning.ask


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("終わったと思います", "hedged"),
        ("業者が終わったと言ってました", "heard from somebody else"),
        ("外壁だけやりました", "only part of it"),
        ("6月31日に終わりました", "no such date"),
        ("7月15日(火)に終わりました", "the weekday does not fit the date"),
        ("明日終わりました", "done, but on a day to come"),
        ("25日にしてもらいました", "a date alone: done or planned"),
        ("やったことにしておいて", "asks to record what was not done"),
        ("いいえ", "a bare answer that fits no open question"),
        ("大丈夫です", "words with two readings"),
        ("異常ないとは言えません。点検は終わりました", "the words contradict each other"),
    ],
)
def test_what_is_in_doubt_is_asked_and_says_why(text: str, why: str) -> None:
    """Hedges, hearsay, parts, days that cannot be and words with two readings are asked about, with the reason."""
    meaning = owner(text)
    assert meaning.ask
    assert meaning.why == why


@pytest.mark.parametrize(
    "text",
    [
        "終わりました",
        "まだです",
        "予約済みです",
        "雨漏りしています",
        "承知しました",
        "ありがとうございます",
        "😊",
        "今日は暑いですね",
    ],
)
def test_a_clear_message_is_not_asked_about(text: str) -> None:
    """A message that merely lacks a date, and courtesies and noise, are let be."""
    assert not owner(text).ask


@pytest.mark.parametrize(
    ("text", "intent", "partial"),
    [
        ("1階だけ終わりました", Intent.NOT_YET, True),
        ("屋根は終わりましたが床下はまだです", Intent.NOT_YET, True),
        ("外回りは終わりました。床下は8/3にやってもらいます", Intent.SCHEDULE, True),
        ("点検は終わりましたが報告書がまだです", Intent.DONE, False),
        ("まだ終わってないけど8月3日に予約してる", Intent.SCHEDULE, False),
    ],
)
def test_partial_work_is_not_done(text: str, intent: Intent, partial: bool) -> None:
    """A part of the work is not yet, or scheduled where the rest is fixed; a report outstanding is no part of it."""
    meaning = owner(text)
    assert (meaning.intent, meaning.partial) == (intent, partial)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("昨日終わりました。異常なしです", "ok"),
        ("昨日点検してもろて、どっこも悪ない言われた", "ok"),
        ("昨日点検。オッケーでした", "ok"),
        ("昨日終わりました。手直しは要らないそうです", "ok"),
        ("昨日見てもらったら基礎にひびいっとるって", "issues"),
        ("昨日終わりました。釘が浮いてるところがあった", "issues"),
        ("昨日終わりました。ご報告が漏れておりました", None),
        ("点検終わりました。外壁にひび割れがあるそうです", "issues"),
        ("異常はなかったけど雨樋が外れていました。点検は終わりました", "issues"),
        ("問題がないか点検してもらいました", None),
        ("シロアリ点検は終わりました", None),
        ("無事終わりました", None),
    ],
)
def test_the_result_is_what_the_message_says_and_nothing_else(text: str, result: str | None) -> None:
    """Fine, something found, or nothing said; what was found outweighs what was fine."""
    meaning = owner(text)
    assert (meaning.intent, meaning.result) == (Intent.DONE, result)


@pytest.mark.parametrize(
    ("context", "text", "intent", "result"),
    [
        (Context.ASK_RESULT, "いいえ", Intent.DONE, "ok"),
        (Context.ASK_RESULT, "はい、少しありました", Intent.DONE, "issues"),
        (Context.ASK_RESULT, "外壁にひび割れ", Intent.DONE, "issues"),
        (Context.ASK_RESULT, "大丈夫でした", Intent.DONE, "ok"),
        (Context.ASK_RESULT, "ガス臭いです", Intent.PROBLEM, None),
        (Context.OVERDUE, "はい", Intent.YES, None),
        (Context.CONFIRM_DATE, "それでお願いします", Intent.YES, None),
        (Context.CONFIRM_DATE, "大丈夫です", Intent.YES, None),
        (Context.ASK_CONSENT, "はい", Intent.YES, None),
        (Context.ASK_CONSENT, "同意します", Intent.CONSENT, None),
        (Context.ASK_CONSENT, "同意しません", Intent.DECLINE, None),
        (Context.ASK_DATE, "7/15", Intent.DONE, None),
        (Context.ASK_DATE, "8月3日の予定です", Intent.SCHEDULE, None),
    ],
)
def test_a_short_answer_is_read_by_its_question(
    context: Context, text: str, intent: Intent, result: str | None
) -> None:
    """The same word means different things to different questions, and fills the slot that was asked for."""
    meaning = owner(text, context)
    assert (meaning.intent, meaning.result, meaning.ask) == (intent, result, False)


@pytest.mark.parametrize(
    "text",
    ["承知しました", "OK", "大丈夫です", "お願いします", "結構です", "妻も同意しています", "条件付きで同意します"],
)
def test_nothing_short_of_a_plain_word_is_consent(text: str) -> None:
    """Acknowledging, courtesies, another's word and conditions are asked about, not taken for consent."""
    meaning = owner(text, Context.ASK_CONSENT)
    assert meaning.ask


@pytest.mark.parametrize(
    "text",
    [
        "ガス臭い",
        "火事です",
        "水が止まらない",
        "天井が落ちてきた",
        "水漏れしてます！すぐ来て",
        "gas smell in the kitchen",
    ],
)
def test_emergencies_come_before_everything(text: str) -> None:
    """Gas, fire, water that does not stop and collapse are urgent whatever was asked and whatever else is said."""
    for context in Context:
        meaning = owner(f"{text}。点検は来週の予定です", context)
        assert (meaning.intent, meaning.urgent) == (Intent.PROBLEM, True)


@pytest.mark.parametrize(
    "text", ["ガス漏れ警報器の点検は終わりました", "火災保険は使えますか", "床下の断熱材が落ちていました"]
)
def test_words_of_emergencies_alone_are_none(text: str) -> None:
    """An alarm's check, an insurance, a thing that has come loose are no emergencies."""
    assert not owner(text).urgent


@pytest.mark.parametrize(
    "text",
    [
        "連絡しなくてすみません",
        "ご迷惑をおかけします",
        "換気扇がうるさいです",
        "エアコンが停止しました",
        "業者から連絡がないです",
        "工務店がしつこい",
    ],
)
def test_words_of_stopping_said_of_other_things_stop_nothing(text: str) -> None:
    """Apologies, noises and machines that stop do not end the messages."""
    meaning = owner(text)
    assert meaning.intent is not Intent.STOP


def test_who_came_and_when_is_read_from_a_servicers_report() -> None:
    """A report in one line gives day and result; a visit gives its hour; the company is named."""
    report = understand(
        "山田様邸の10年点検、7/15に佐藤建設で完了いたしました。異常ございません。", NOW, "builder", Context.REMINDER_DUE
    )
    assert (report.intent, report.date, report.result) == (Intent.DONE, date(2026, 7, 15), "ok")
    assert report.performer == "佐藤建設"
    visit = understand("8月3日(月)13時半にお伺いします", NOW, "servicer", Context.REMINDER_DUE)
    assert (visit.intent, visit.date, visit.time) == (Intent.SCHEDULE, date(2026, 8, 3), time(13, 30))


def test_one_house_done_and_another_fixed_is_not_all_done() -> None:
    """Of two houses named in one line, only one is done; that is not taken for both."""
    meaning = understand("山田様邸は完了、佐藤様邸は8/3の予定です", NOW, "servicer", Context.REMINDER_DUE)
    assert (meaning.intent, meaning.partial, meaning.ask) == (Intent.SCHEDULE, True, True)
    both = understand("山田様邸、佐藤様邸とも完了", NOW, "servicer", Context.REMINDER_DUE)
    assert (both.intent, both.partial) == (Intent.DONE, False)


def test_quoted_mail_below_an_answer_is_not_part_of_it() -> None:
    """The question an answer quotes, its date and its signature change nothing."""
    below = "\n\n2026年7月20日(月) 10:15 縁側 <engawa@example.jp>:\n> 点検はお済みですか。停止するには…"
    assert owner("まだです" + below) == owner("まだです")
    assert owner("8/3に来てもらいます\n-- \n山田 03-1234-5678") == owner("8/3に来てもらいます")


@pytest.mark.parametrize(
    "around",
    [
        "お世話になっております。{}",
        "すみません、{}",
        "{}。よろしくお願いいたします。",
        "{}😊",
        "{}!!",
        "{}　よろしくお願いします",
    ],
)
@pytest.mark.parametrize("text", [words[0] for words in SAID.values()])
def test_courtesies_change_nothing(around: str, text: str) -> None:
    """A greeting before, a courtesy or a smile behind leave the meaning as it was."""
    assert owner(around.format(text)) == owner(text)


@pytest.mark.parametrize("context", [Context.REMINDER_DUE, Context.ASK_DATE, Context.ASK_RESULT])
@pytest.mark.parametrize(
    ("role", "text", "intent", "topic"),
    [
        ("owner", "怪しい業者が来て屋根を直すと言っています", Intent.PROBLEM, Topic.STRANGER),
        ("owner", "知らない人に瓦が割れていると言われました", Intent.PROBLEM, Topic.STRANGER),
        ("owner", "瓦が割れています", Intent.PROBLEM, Topic.NONE),
        ("owner", "お金がないのでやりたくない", Intent.DECLINE, Topic.MONEY),
        ("owner", "費用が心配でまだ頼んでいません", Intent.NOT_YET, Topic.MONEY),
        ("owner", "費用の連絡がないのでまだです", Intent.NOT_YET, Topic.NONE),
        ("owner", "点検はやりたくない", Intent.DECLINE, Topic.NONE),
        ("servicer", "お客様と連絡がつきません", Intent.PROBLEM, Topic.UNREACHED),
        ("owner", "業者と連絡がつきません", Intent.PROBLEM, Topic.NONE),
    ],
)
def test_what_asks_for_an_answer_of_its_own_is_told(
    context: Context, role: str, text: str, intent: Intent, topic: Topic
) -> None:
    """Strangers, money and an owner out of reach, whatever was asked; a stranger's word on the roof is no finding."""
    if context is Context.ASK_RESULT and text == "瓦が割れています":
        intent = Intent.DONE  # asked for the result, they tell it
    meaning = understand(text, NOW, role, context)
    assert (meaning.intent, meaning.topic) == (intent, topic)


@pytest.mark.parametrize("text", ["できません", "点検できません", "2月10日は対応できません"])
def test_cannot_is_no_not_yet_of_a_servicer(text: str) -> None:
    """It may be the day or the work that is refused; 「できませんでした」 tells of a day gone by."""
    assert understand(text, NOW, "servicer", Context.REMINDER_DUE).ask
    past = understand("今日はできませんでした", NOW, "servicer", Context.REMINDER_DUE)
    assert (past.intent, past.ask) == (Intent.NOT_YET, False)
