"""What people wrote and was once taken for something else: each sentence stands for a family of such."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.meaning import Context, Intent, Topic
from bot.language.understand import understand

NOW = datetime(2026, 7, 22, 10, 15, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Wednesday
DUE, LATE = Context.REMINDER_DUE, Context.OVERDUE
WHEN, HOW, AGREED = Context.ASK_DATE, Context.ASK_RESULT, Context.ASK_CONSENT


@pytest.mark.parametrize(
    ("text", "intent", "context"),
    [
        ("先日無事に終えることができました", Intent.DONE, DUE),
        ("点検したけど、その日に雨漏りも見つかった", Intent.DONE, LATE),
        ("点検は本日をもちまして無事完了の運びとなりました", Intent.DONE, DUE),
        ("点検？もうとうにしたわい", Intent.DONE, LATE),
        ("来ていただいて点検は終わりました特に悪いところはないそうです", Intent.DONE, DUE),
        ("先月こちらの家を買い受けた者です", Intent.CHANGE, Context.NONE),
        ("名義を息子に変えたい", Intent.CHANGE, Context.NONE),
        ("業者が来たけど点検しないで帰りました", Intent.NOT_YET, LATE),
        ("点検に来たけど雨で中止になりました", Intent.RESCHEDULE, DUE),
        ("お客様不在で点検できませんでした", Intent.NOT_YET, LATE),
        ("延期になったままです", Intent.NOT_YET, LATE),
        ("どこに頼むか決めてないです", Intent.NOT_YET, Context.ASK_PERFORMER),
        ("これから業者を探します", Intent.NOT_YET, DUE),
        ("まだこれからなんです", Intent.NOT_YET, LATE),
        ("点検が終わったら報告します", Intent.NOT_YET, DUE),
        ("完了報告はどうすればいいですか", Intent.QUESTION, DUE),
        ("土日でもやってもらえますか？", Intent.QUESTION, DUE),
        ("家にいないとダメですか？", Intent.QUESTION, DUE),
        ("8/20の午後一で押さえてあります", Intent.SCHEDULE, DUE),
        ("予約はもう取れています", Intent.SCHEDULE, DUE),
        ("29日の約束を30日にしてもらえますか", Intent.RESCHEDULE, DUE),
        ("一週間後ろ倒しでお願いしたいです", Intent.RESCHEDULE, DUE),
        ("法事と重なって行けんようになった", Intent.RESCHEDULE, DUE),
        ("車の点検が終わりました", Intent.OTHER, DUE),
        ("健康診断が終わりました", Intent.OTHER, DUE),
        ("業者への連絡を止めてもらえますか", Intent.QUESTION, Context.NONE),
        ("迷惑メールに入っていました", Intent.OTHER, Context.NONE),
        ("もう終わりにしたい", Intent.STOP, DUE),
        ("まだ終わったわけではありません", Intent.NOT_YET, DUE),
        ("水圧が弱い", Intent.PROBLEM, Context.NONE),
        ("天井裏で足音がする", Intent.PROBLEM, Context.NONE),
        ("先方の都合で8月になりました", Intent.RESCHEDULE, LATE),
        ("その日は仕事が入ってしまいました", Intent.RESCHEDULE, DUE),
        ("もう少し早い日にできますか", Intent.RESCHEDULE, DUE),
        ("お金の都合がつかなくて", Intent.NOT_YET, LATE),
        ("9月頃を考えています", Intent.SCHEDULE, DUE),
        ("ドアノブが取れた", Intent.PROBLEM, Context.NONE),
        ("これ以上連絡しないでいただけますか", Intent.STOP, Context.NONE),
        ("もういいです", Intent.STOP, Context.NONE),
        ("担当が退職したため、別の者に変わりました", Intent.CHANGE, LATE),
        ("Can we push it to next month?", Intent.RESCHEDULE, DUE),
        ("確定申告が終わったらやります", Intent.SNOOZE, DUE),
        ("後日あらためて返事します", Intent.SNOOZE, DUE),
        ("折り返しもないんです", Intent.PROBLEM, DUE),
        ("The contractor never calls me back", Intent.PROBLEM, DUE),
        ("There's water coming through the ceiling", Intent.PROBLEM, DUE),
        ("連絡してくるのやめてもらっていいですか", Intent.STOP, DUE),
        ("もうメールはいいです", Intent.STOP, Context.NONE),
        ("もうこういうのは送らないでもらえますか", Intent.STOP, DUE),
        ("スタッフさん呼んでください", Intent.HUMAN, Context.NONE),
        ("字が見えにくいので電話にしてもらえないかしら", Intent.HUMAN, DUE),
        ("情報を渡すことに異存ありません", Intent.CONSENT, AGREED),
        ("データを外に出すのは困ります", Intent.DECLINE, AGREED),
        ("点検は自分でやるので結構です", Intent.DECLINE, DUE),
        ("今年もよろしくお願いします", Intent.OTHER, DUE),
        ("ご連絡の件、承知しました", Intent.YES, DUE),
        ("記録上だけ6月完了でお願いできますか", Intent.OTHER, DUE),
    ],
)
def test_it_is_what_they_meant(text: str, intent: Intent, context: Context) -> None:
    assert understand(text, NOW, "owner", context).intent is intent


@pytest.mark.parametrize(
    ("text", "context", "day"),
    [
        ("明後日です", WHEN, date(2026, 7, 24)),
        ("二週間前の月曜", WHEN, date(2026, 7, 6)),
        ("7月の15です", WHEN, date(2026, 7, 15)),
        ("ついたち", WHEN, date(2026, 7, 1)),
        ("5月の連休明けに終わったんですけど", LATE, date(2026, 5, 7)),
        ("先月終わりました、6月27日です", LATE, date(2026, 6, 27)),
        ("雨で中止になって30日に延びました", DUE, date(2026, 7, 30)),
        ("7月2日に建ててもらった工務店に見てもらいました", DUE, date(2026, 7, 2)),
        ("今月の末日に業者に入ってもらいます", LATE, date(2026, 7, 31)),
        ("8月3日の10時からだそうです", DUE, date(2026, 8, 3)),
        ("月末の金曜に入れてもらいました", DUE, date(2026, 7, 31)),
        ("明日無理になった。来週でもいい？", DUE, date(2026, 7, 27)),
        ("はい、先週", LATE, date(2026, 7, 13)),
        ("tomorrow at 2pm", DUE, date(2026, 7, 23)),
    ],
)
def test_it_is_the_day_they_meant(text: str, context: Context, day: date) -> None:
    assert understand(text, NOW, "owner", context).date == day


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("きれいなもんだって褒められました", "ok"),
        ("ひとつもなかったです", "ok"),
        ("オッケーでした！", "ok"),
        ("なんも言われんかったよ", "ok"),
        ("前回は問題ありましたが、今回はなしです", "ok"),
        ("ちょっとだけ", "issues"),
        ("床下以外は大丈夫でした", "issues"),
        ("異常なしではありませんでした", None),
        ("あったようななかったような", None),
        ("問題あるかどうか見てもらっています", None),
    ],
)
def test_it_is_what_was_found(text: str, result: str | None) -> None:
    """Asked for the result; what says neither is asked again."""
    meaning = understand(text, NOW, "owner", HOW)
    assert meaning.result == result
    assert meaning.ask == (result is None)


def test_what_was_built_in_is_not_the_inspection() -> None:
    """「取り付けが完了」 tells of another work, and is asked."""
    assert understand("エアコンの取り付けが完了しました", NOW, "owner", DUE).ask


@pytest.mark.parametrize(
    "text",
    [
        "They came but couldn't get onto the roof because of snow",
        "the inspector came but was unable to access the attic",
        "they came but no one was home",
        "They visited but the snow was too deep",
    ],
)
def test_who_came_and_was_hindered_in_english_is_not_taken_to_be_done(text: str):
    meaning = understand(text, NOW, "owner", LATE)
    assert meaning.ask
    assert understand("they came yesterday and all is fine but the bill is missing", NOW, "owner", LATE).ask is False


def test_a_place_that_is_sold_is_no_visit_in_that_month():
    meaning = understand("we sold the place in march", NOW, "owner", LATE)
    assert meaning.intent is Intent.CHANGE or meaning.ask


@pytest.mark.parametrize("text", ["28日はだめです", "28日は避けてください", "20日は都合が悪いです"])
def test_a_day_that_does_not_suit_is_none_on_which_it_was_done(text: str):
    meaning = understand(text, NOW, "owner", WHEN)
    assert meaning.intent is not Intent.DONE
    assert meaning.date is None


@pytest.mark.parametrize(
    "text",
    [
        "9月10日は無理なので12日でお願いします",
        "9月10日は都合が悪いので12日にしてください",
        "9/10は出張なので、12日なら大丈夫です",
    ],
)
def test_a_day_instead_of_one_that_does_not_suit_is_in_its_month(text: str):
    assert understand(text, NOW, "owner", DUE).date == date(2026, 9, 12)


@pytest.mark.parametrize(
    "text", ["ガスの点検は先月やりました", "消防点検は終わりました", "電気の定期点検は先月終わった"]
)
def test_the_check_of_another_company_is_not_the_houses(text: str):
    """The supplier's men look at gas and electricity every four years: owners mix them up with the house's."""
    assert understand(text, NOW, "owner", LATE).ask


def test_a_part_that_is_left_for_some_time_is_left_undone():
    meaning = understand("外壁と基礎は完了、屋根は足場が要るので後日", NOW, "servicer", LATE)
    assert (meaning.intent, meaning.partial, meaning.ask) == (Intent.NOT_YET, True, True)


@pytest.mark.parametrize(
    "text", ["知らない人だけど上がってもらっていい？", "上がってもらってもいい？知らない人なんだけど"]
)
def test_whether_to_let_a_stranger_in_is_no_idle_question(text: str):
    assert understand(text, NOW, "owner", DUE).topic is Topic.STRANGER


@pytest.mark.parametrize(
    "text", ["主人は大丈夫と言っていたけど私はよく知らない", "よくわからないけど大丈夫だったらしい"]
)
def test_who_does_not_know_the_result_is_asked(text: str):
    assert understand(text, NOW, "owner", HOW).ask


@pytest.mark.parametrize(
    "text", ["終わってたらよかったんですが", "終わっていたらよかったのに", "済んでいたらいいんですが"]
)
def test_what_is_only_wished_to_be_over_is_not_done(text: str):
    assert understand(text, NOW, "owner", LATE).intent is not Intent.DONE or understand(text, NOW, "owner", LATE).ask


@pytest.mark.parametrize(
    "text", ["天井から水がぽたぽた落ちてきて止まりません", "水滴が落ちて止まらない", "天井から水が落ちてきます"]
)
def test_water_that_falls_and_does_not_stop_is_urgent(text: str):
    assert understand(text, NOW, "owner", DUE).urgent is ("止ま" in text)
