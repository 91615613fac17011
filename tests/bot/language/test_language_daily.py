"""More families of replies that were once misread, each by many ways to say the same: politeness, dialect, kana."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.meaning import Context
from bot.language.understand import understand

NOW = datetime(2026, 9, 16, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Wednesday
DUE, LATE, WHEN = Context.REMINDER_DUE, Context.OVERDUE, Context.ASK_DATE
HOW, WHO, AGREED = Context.ASK_RESULT, Context.ASK_PERFORMER, Context.ASK_CONSENT
THEN, NONE = Context.CONFIRM_DATE, Context.NONE


def read(context: Context, text: str) -> tuple[str, date | None, str | None]:
    meaning = understand(text, NOW, "owner", context)
    return meaning.intent.value, meaning.date, meaning.result


def assert_reads(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    """Intent, day and result, as far as they are told; an ellipsis stands for any."""
    found = read(context, text)[: len(wanted)]
    assert found == tuple(have if want is ... else want for have, want in zip(found, wanted, strict=True)), found


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (DUE, "後にしてもらえますか", ("snooze",)),
        (DUE, "今ちょっと忙しいので後にしてもらえますか", ("snooze",)),
        (DUE, "あとにしていただけますか", ("snooze",)),
        (DUE, "あとにしてくれますか", ("snooze",)),
        (DUE, "また後にしてもらえませんか", ("snooze",)),
        (DUE, "また今度にしてもらえませんか", ("snooze",)),
        (DUE, "後日にしてもらえますか", ("snooze",)),
        (DUE, "もう少し後にしてもらえない？", ("snooze",)),
        (DUE, "もうちょっと後でもいいですか", ("question",)),
        (DUE, "今度にしてもらっていいですか", ("snooze",)),
        (DUE, "あとにしてくれん？", ("snooze",)),
        (DUE, "あとにしてくれへん？", ("snooze",)),
        (LATE, "後回しにしてもらえますか", ("snooze",)),
        (LATE, "ごめん、あとにして", ("snooze",)),
        (DUE, "後でいいですか", ("question",)),
        (DUE, "後にしてもらってもよろしいでしょうか", ("snooze",)),
        (DUE, "来月にしてもらえますか", ("schedule",)),
        (DUE, "少し後にしていただけると助かります", ("snooze",)),
        (DUE, "しばらく待ってもらえますか", ("snooze",)),
        (DUE, "手が空いたら連絡します、後にしてもらえますか", ("snooze",)),
    ],
)
def test_a_wish_to_be_asked_later_is_no_question(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (DUE, "お盆が終わったらまたリマインドして", ("snooze", date(2027, 8, 17))),
        (DUE, "正月休みが終わってからまた連絡もらえますか", ("snooze", date(2027, 1, 4))),
        (DUE, "お正月が終わったらまた連絡ください", ("snooze", date(2027, 1, 4))),
        (DUE, "年末年始が終わったら声かけて", ("snooze", date(2027, 1, 4))),
        (DUE, "GWが終わったらお願いします", ("snooze", date(2027, 5, 7))),
        (DUE, "ゴールデンウィークを過ぎたら教えてください", ("snooze", date(2027, 5, 7))),
        (DUE, "お盆を過ぎたら連絡ください", ("snooze", date(2027, 8, 17))),
        (DUE, "お盆が済んだら思い出させて", ("snooze", date(2027, 8, 17))),
        (DUE, "シルバーウィークが終わったらまた聞いてください", ("snooze", date(2026, 9, 24))),
        (DUE, "お盆休みが終わってから点検してもらいました", ("done", date(2026, 8, 17))),
        (DUE, "お盆すぎに点検しました", ("done", date(2026, 8, 17))),
        (DUE, "お盆が終わってすぐ点検済ませました", ("done", date(2026, 8, 17))),
        (DUE, "お盆が終わる頃に来てもらいました", ("done",)),
        (DUE, "敬老の日が過ぎたら連絡ください", ("snooze", date(2026, 9, 24))),
        (DUE, "文化の日が終わったら来てもらいます", ("schedule", date(2026, 11, 4))),
    ],
)
def test_after_a_feast_is_the_first_day_after_it(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (LATE, "済んだけえ、もう言うてこんでええよ", ("stop",)),
        (LATE, "終わったけん、もう言うてこんでよか", ("stop",)),
        (LATE, "終わったからもう言ってこなくていいよ", ("stop",)),
        (LATE, "もう言うてこんでええ", ("stop",)),
        (LATE, "もう済んどるけん連絡してこんでええよ", ("stop",)),
        (LATE, "もう聞いてこんといて", ("stop",)),
        (LATE, "もう催促せんでええよ", ("stop",)),
        (LATE, "もう送ってこんでいいです", ("stop",)),
        (LATE, "もう知らせんでよかよ", ("stop",)),
        (LATE, "何べんも言わんでええ", ("stop",)),
        (LATE, "もう言わんといて", ("stop",)),
        (LATE, "やったから、もう聞かないでください", ("stop",)),
        (LATE, "もう聞かなくていいです", ("stop",)),
        (LATE, "済みましたので、もうお知らせいただかなくて結構です", ("stop",)),
        (LATE, "もうお知らせくださらなくて大丈夫です", ("stop",)),
        (LATE, "もうメール寄越さんでええわ", ("stop",)),
        (LATE, "終わりました。もうご連絡は結構です", ("stop",)),
        (LATE, "もう案内してもらわんでええです", ("stop",)),
        (LATE, "点検のこと言うてこんといて", ("stop",)),
        (LATE, "もうリマインドせんとって", ("stop",)),
        (LATE, "もう連絡してこんとってつかあさい", ("stop",)),
        (LATE, "もう何も言ってこないで", ("stop",)),
        (LATE, "もう連絡くれなくていいよ", ("stop",)),
        (LATE, "催促はもう要らんけえ", ("stop",)),
        (LATE, "業者が何も言ってこない", ("problem",)),
        (LATE, "業者が言うてこんけえ、まだじゃ", ("not_yet",)),
        (LATE, "まだ何も言ってきません", ("not_yet",)),
    ],
)
def test_a_stop_is_heard_in_dialect_and_beside_done(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (DUE, "点検完了 ﾓﾝﾀﾞｲﾅｼ", ("done", ..., "ok")),
        (DUE, "テンケンスミ イジョウナシ", ("done", ..., "ok")),
        (DUE, "点検済 ｼﾃｷﾅｼ", ("done", ..., "ok")),
        (DUE, "ｵﾜﾘﾏｼﾀ ﾓﾝﾀﾞｲｱﾘﾏｾﾝ", ("done", ..., "ok")),
        (DUE, "ﾏﾀﾞﾃﾞｽ ﾗｲｹﾞﾂﾔﾘﾏｽ", ("schedule", date(2026, 10, 1))),
        (DUE, "ｷﾉｳ ﾃﾝｹﾝ ｽﾐﾏｼﾀ", ("done", date(2026, 9, 15))),
        (HOW, "ｲｼﾞｮｳﾅｼ", ("done", ..., "ok")),
        (HOW, "ﾓﾝﾀﾞｲﾅｼ", ("done", ..., "ok")),
        (HOW, "ﾓﾝﾀﾞｲﾅｶｯﾀﾃﾞｽ", ("done", ..., "ok")),
        (HOW, "ﾅｼ", ("done", ..., "ok")),
        (DUE, "ﾖﾔｸｼﾏｼﾀ", ("schedule",)),
        (DUE, "ﾘｮｳｶｲﾃﾞｽ", ("yes",)),
        (DUE, "ﾘｮｳｶｲ", ("yes",)),
        (DUE, "ｼｮｳﾁｼﾏｼﾀ", ("yes",)),
        (DUE, "ﾄﾞﾅﾀﾃﾞｽｶ", ("question",)),
        (DUE, "ﾚﾝﾗｸ ﾌﾖｳ", ("stop",)),
    ],
)
def test_katakana_is_read(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (DUE, "点検完了。是正箇所2点ございます", ("done", ..., "issues")),
        (DUE, "点検完了。是正箇所が2点ありました", ("done", ..., "issues")),
        (DUE, "点検終わりました。改善点が3つあります", ("done", ..., "issues")),
        (DUE, "点検済み、指導事項2件", ("done", ..., "issues")),
        (DUE, "点検済み。外壁に補修必要な箇所あり", ("done", ..., "issues")),
        (DUE, "点検済み。要補修箇所あり", ("done", ..., "issues")),
        (DUE, "点検済みです。補修が要る箇所が二か所ございました", ("done", ..., "issues")),
        (DUE, "点検終わりましたが、給湯器の調子が良くないそうです", ("done", ..., "issues")),
        (DUE, "点検しました。給湯器の調子がよくないと言われました", ("done", ..., "issues")),
        (DUE, "点検しました。給湯器の調子がいまいちだそうです", ("done", ..., "issues")),
        (DUE, "点検したよ。床下の湿気だけ気になるって言われた", ("done", ..., "issues")),
        (DUE, "点検しました。外壁の汚れが気になると言われました", ("done", ..., "issues")),
        (DUE, "点検しました。基礎の状態があまりよろしくないそうです", ("done", ..., "issues")),
        (DUE, "点検済み。対処が必要な箇所が1点", ("done", ..., "issues")),
        (DUE, "点検終わりました。是正箇所はございません", ("done", ..., "ok")),
        (DUE, "点検終わりました。改善点はありませんでした", ("done", ..., "ok")),
        (DUE, "点検完了。直すべきところが三つあるそうです", ("done", ..., "issues")),
        (HOW, "気になるところがあると言われました", ("done", ..., "issues")),
        (HOW, "特に気になるところはないと言われました", ("done", ..., "ok")),
        (HOW, "給湯器の調子がよくないとのこと", ("done", ..., "issues")),
        (HOW, "お湯の出がよくないらしい", ("done", ..., "issues")),
        (HOW, "雨漏り、シロアリともになし", ("done", ..., "ok")),
        (HOW, "雨漏りもシロアリもともになし", ("done", ..., "ok")),
        (HOW, "雨漏り・シロアリともなしでした", ("done", ..., "ok")),
        (HOW, "ひび、雨漏りとも見られません", ("done", ..., "ok")),
    ],
)
def test_findings_are_read_in_more_words(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (LATE, "実施済でございます", ("done",)),
        (LATE, "点検済みでございます", ("done",)),
        (LATE, "完了でございます", ("done",)),
        (LATE, "完了しております", ("done",)),
        (LATE, "点検完了じゃ", ("done",)),
        (LATE, "点検完了だよーん", ("done",)),
        (LATE, "点検済みだべ", ("done",)),
        (LATE, "点検済みやで", ("done",)),
        (LATE, "点検済みどす", ("done",)),
        (LATE, "点検終わりっす", ("done",)),
        (LATE, "点検済みだぜ", ("done",)),
        (LATE, "点検済みなのだ", ("done",)),
        (LATE, "点検済みなんです", ("done",)),
        (LATE, "点検済みたい", ("done",)),
        (LATE, "点検済みばい", ("done",)),
        (LATE, "点検済みやけん", ("done",)),
        (LATE, "点検済みじゃけえ", ("done",)),
        (LATE, "点検済みでっせ", ("done",)),
        (LATE, "点検済みでおま", ("done",)),
        (LATE, "点検済みでごわす", ("done",)),
        (LATE, "点検済みでござる", ("done",)),
        (LATE, "点検済みですだ", ("done",)),
        (LATE, "まだでございます", ("not_yet",)),
        (LATE, "未実施でございます", ("not_yet",)),
        (LATE, "まだじゃ", ("not_yet",)),
        (LATE, "まだっす", ("not_yet",)),
        (LATE, "まだだよーん", ("not_yet",)),
        (LATE, "まだなのです", ("not_yet",)),
        (LATE, "まだどす", ("not_yet",)),
        (WHEN, "9月10日でございます", ("done", date(2026, 9, 10))),
        (WHEN, "9月10日っす", ("done", date(2026, 9, 10))),
        (WHEN, "9月10日じゃ", ("done", date(2026, 9, 10))),
        (WHEN, "9月10日やで", ("done", date(2026, 9, 10))),
        (WHEN, "9月10日だべ", ("done", date(2026, 9, 10))),
        (WHEN, "9月10日だよーん", ("done", date(2026, 9, 10))),
        (WHEN, "9月10日ばい", ("done", date(2026, 9, 10))),
        (WHEN, "9月10日やった", ("done", date(2026, 9, 10))),
        (WHEN, "9月10日でござる", ("done", date(2026, 9, 10))),
        (WHEN, "9月10日なんです", ("done", date(2026, 9, 10))),
        (WHEN, "9月10日だったっす", ("done", date(2026, 9, 10))),
        (HOW, "問題なしでございました", ("done", ..., "ok")),
        (HOW, "問題なしっす", ("done", ..., "ok")),
        (HOW, "異常なしじゃった", ("done", ..., "ok")),
        (HOW, "異常なしやったで", ("done", ..., "ok")),
        (HOW, "異常なしだよーん", ("done", ..., "ok")),
        (HOW, "異常なしでっせ", ("done", ..., "ok")),
        (HOW, "なしでございます", ("done", ..., "ok")),
        (HOW, "なかったっす", ("done", ..., "ok")),
        (HOW, "なかったばい", ("done", ..., "ok")),
        (HOW, "なかったべ", ("done", ..., "ok")),
    ],
)
def test_however_a_statement_ends(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (DUE, "お盆に帰省した息子とやります", ("schedule", date(2027, 8, 13))),
        (DUE, "お盆に帰ってくる息子に見てもらいます", ("schedule", date(2027, 8, 13))),
        (DUE, "正月に帰省する息子と一緒にやる予定です", ("schedule", date(2027, 1, 1))),
        (DUE, "GWに帰省してくる娘夫婦とやります", ("schedule", date(2027, 4, 29))),
        (DUE, "お盆に帰省した息子と点検しました", ("done", date(2026, 8, 13))),
        (DUE, "年末に帰省する孫と点検します", ("schedule", date(2026, 12, 26))),
        (DUE, "お盆に帰省するので点検は無理です", ("other",)),
        (DUE, "お盆に帰省したので点検できませんでした", ("not_yet", None)),
        (LATE, "年末の29日にやってもらってます", ("done", date(2025, 12, 29))),
        (DUE, "年末の29日にやります", ("schedule", date(2026, 12, 29))),
        (DUE, "お盆の14日に来てもらいました", ("done", date(2026, 8, 14))),
        (DUE, "GW中の3日にやりました", ("done", date(2026, 5, 3))),
        (DUE, "正月の3日にお願いします", ("schedule", date(2027, 1, 3))),
        (DUE, "年明けの12日にお願いします", ("schedule", date(2027, 1, 12))),
        (DUE, "年末、28日に来てもらいます", ("schedule", date(2026, 12, 28))),
        (DUE, "8月下旬の25日に終わりました", ("done", date(2026, 8, 25))),
        (DUE, "来月の連休明け、13日にお願いします", ("schedule", date(2026, 10, 13))),
        (DUE, "来月末の30日にお願いします", ("schedule", date(2026, 10, 30))),
        (DUE, "先月末の31日に終わりました", ("done", date(2026, 8, 31))),
        (DUE, "来月の10日か12日でお願いします", ("schedule", date(2026, 10, 10))),
        (DUE, "来月5日と8日が空いています", ("schedule", date(2026, 10, 5))),
        (DUE, "来月の連休明け、21日に来てもらいます", ("schedule", date(2026, 10, 21))),
        (DUE, "9/12に点検した報告書を昨日受け取りました", ("done", date(2026, 9, 12))),
        (DUE, "9/12の点検の報告書が昨日届きました", ("done", date(2026, 9, 12))),
        (DUE, "12日に点検を受けた結果を昨日受け取りました", ("done", date(2026, 9, 12))),
        (DUE, "昨日、12日に点検した分の報告書が届きました", ("done", date(2026, 9, 12))),
        (DUE, "点検の報告書を昨日受け取りました", ("done", None)),
        (DUE, "9/12に実施した点検の報告書、本日受領しました", ("done", date(2026, 9, 12))),
        (LATE, "クリスマスの前の日に終わりました", ("done", date(2025, 12, 24))),
        (LATE, "クリスマスの前日に終わりました", ("done", date(2025, 12, 24))),
        (LATE, "クリスマスの翌日に終わりました", ("done", date(2025, 12, 26))),
        (LATE, "クリスマスの次の日に終わりました", ("done", date(2025, 12, 26))),
        (LATE, "節分の前の日に終わりました", ("done", date(2026, 2, 2))),
        (LATE, "七夕の前の日にやりました", ("done", date(2026, 7, 6))),
        (LATE, "海の日の前の日にやりました", ("done", date(2026, 7, 19))),
        (LATE, "大みそかの前の日にやりました", ("done", date(2025, 12, 30))),
        (DUE, "土曜の前の日にお願いします", ("schedule", date(2026, 9, 18))),
        (DUE, "大晦日の前日にやります", ("schedule", date(2026, 12, 30))),
    ],
)
def test_a_feast_or_its_neighbour_is_the_day(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (LATE, "お盆前に頼んだけど業者の都合でまだです", ("not_yet",)),
        (LATE, "業者の都合でまだです", ("not_yet",)),
        (LATE, "先月頼んだけどまだ来てもらえてません", ("not_yet",)),
        (LATE, "頼んだのにまだ来ません", ("not_yet",)),
        (LATE, "予約したけど業者の都合でまだです", ("schedule",)),
        (LATE, "お願いしたんですが、まだです", ("not_yet",)),
        (LATE, "頼んだけど業者が忙しいみたいでまだやってません", ("not_yet",)),
        (LATE, "依頼済みですがまだ日程が決まりません", ("schedule",)),
        (LATE, "予約しましたがまだです。来週の水曜です", ("schedule", date(2026, 9, 23))),
    ],
)
def test_what_was_asked_for_and_is_waited_for_is_not_yet(
    context: Context, text: str, wanted: tuple[object, ...]
) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (HOW, "見当たらないって言ってました", ("done", ..., "ok")),
        (HOW, "見当たりませんでした", ("done", ..., "ok")),
        (HOW, "見つかりませんでした", ("done", ..., "ok")),
        (HOW, "何も見つからなかったそうです", ("done", ..., "ok")),
        (HOW, "見られませんでした", ("done", ..., "ok")),
        (HOW, "見受けられないとのことです", ("done", ..., "ok")),
        (HOW, "出てこなかったです", ("done", ..., "ok")),
        (HOW, "何も出ませんでした", ("done", ..., "ok")),
        (HOW, "はい大丈夫です、何も", ("done", ..., "ok")),
        (HOW, "いえ、何も", ("done", ..., "ok")),
        (HOW, "ええ、特には", ("done", ..., "ok")),
        (HOW, "特には", ("done", ..., "ok")),
        (HOW, "全然大丈夫でした、何も", ("done", ..., "ok")),
        (HOW, "ないって言われました", ("done", ..., "ok")),
        (HOW, "ないそうです", ("done", ..., "ok")),
        (HOW, "まだ受けてません、来週の水曜です", ("schedule", date(2026, 9, 23))),
        (HOW, "まだです。来週の水曜です", ("schedule", date(2026, 9, 23))),
        (HOW, "まだなんです、25日です", ("schedule", date(2026, 9, 25))),
        (HOW, "まだですよ。点検は来週です", ("schedule", date(2026, 9, 21))),
        (LATE, "まだです。来週の水曜です", ("schedule", date(2026, 9, 23))),
        (DUE, "まだです、25日です", ("schedule", date(2026, 9, 25))),
    ],
)
def test_nothing_of_which_no_more_is_said(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (AGREED, "それでかまいません", ("yes",)),
        (AGREED, "それで構いません", ("yes",)),
        (AGREED, "それでけっこうです", ("yes",)),
        (AGREED, "それでいいですよ", ("yes",)),
        (AGREED, "その内容で構いません", ("yes",)),
        (AGREED, "かまへんよ", ("yes",)),
        (AGREED, "ええですよ", ("yes",)),
        (AGREED, "差し支えありません", ("yes",)),
        (AGREED, "異存ありません", ("yes",)),
        (AGREED, "問題ないです", ("yes",)),
        (AGREED, "進めてください", ("yes",)),
        (AGREED, "それで進めてください", ("yes",)),
        (THEN, "それでかまいません", ("yes",)),
        (THEN, "その日でかまいません", ("yes",)),
        (DUE, "その日でかまいません", ("yes",)),
    ],
)
def test_no_objection_is_a_yes(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (WHEN, "8/26です", ("done", date(2026, 8, 26))),
        (WHEN, "8月29日(土)です", ("done", date(2026, 8, 29))),
        (WHEN, "8/29(土)", ("done", date(2026, 8, 29))),
        (THEN, "違います、8月26日です", ("done", date(2026, 8, 26))),
        (THEN, "いえ、8/26です", ("done", date(2026, 8, 26))),
        (THEN, "8/26", ("done", date(2026, 8, 26))),
        (WHEN, "9/25です", ("schedule", date(2026, 9, 25))),
        (THEN, "違います、9月26日です", ("schedule", date(2026, 9, 26))),
    ],
)
def test_a_bare_day_goes_by_the_calendar(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (DUE, "8月下旬で業者と相談中です", ("not_yet",)),
        (DUE, "10月下旬で業者と相談中です", ("schedule", date(2026, 10, 21))),
        (DUE, "10月上旬で業者さんと調整しています", ("schedule", date(2026, 10, 1))),
        (DUE, "来月半ばで工務店と話し合い中です", ("schedule", date(2026, 10, 11))),
        (DUE, "10/3で業者に打診しています", ("schedule", date(2026, 10, 3))),
        (DUE, "10月を目安に業者と相談しています", ("schedule", date(2026, 10, 1))),
        (DUE, "昨日業者に相談しました", ("not_yet", None)),
    ],
)
def test_the_day_that_is_talked_of(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (DUE, "年末年始も対応してもらえますか？", ("question",)),
        (DUE, "お盆も来てもらえますか", ("question",)),
        (DUE, "土日も対応していますか", ("question",)),
        (DUE, "祝日もやってますか", ("question",)),
        (DUE, "連休中も見てもらえますか", ("question",)),
        (DUE, "GWも来ていただけますか", ("question",)),
        (DUE, "夜間も対応できますか", ("question",)),
        (DUE, "年末年始でも大丈夫ですか", ("question",)),
        (DUE, "25日もお願いできますか", ("schedule", date(2026, 9, 25))),
    ],
)
def test_whether_they_come_on_holidays_is_a_question(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (DUE, "転勤になり、来週から空き家になります", ("change",)),
        (DUE, "来月から空き家になります", ("change",)),
        (DUE, "来月から息子が住むことになりました", ("other",)),
        (DUE, "10月から海外赴任になります", ("other",)),
        (DUE, "来月から施設に入ることになりました", ("change",)),
        (DUE, "来月から人に貸すことになりました", ("other",)),
        (DUE, "10月から別の会社が担当になります", ("other",)),
        (DUE, "来週から点検になります", ("schedule", date(2026, 9, 21))),
        (DUE, "来週から工事になります", ("schedule",)),
    ],
)
def test_an_empty_house_is_a_change(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (LATE, "今年はバタバタして結局できずじまいです", ("not_yet",)),
        (LATE, "結局やらずじまいでした", ("not_yet",)),
        (LATE, "頼めずじまいです", ("not_yet",)),
        (LATE, "見てもらえずじまいになってます", ("not_yet",)),
        (LATE, "受けずじまいのままです", ("not_yet",)),
        (LATE, "連絡できずじまいです", ("not_yet",)),
        (LATE, "行けずじまいでした", ("not_yet",)),
        (LATE, "業者に頼まずじまい", ("not_yet",)),
        (LATE, "忙しくてできずにいます", ("not_yet",)),
        (LATE, "手付かずじまい", ("not_yet",)),
        (DUE, "なんもしとらん", ("not_yet",)),
        (DUE, "なーんもしてまへん", ("not_yet",)),
        (DUE, "何もしておりません", ("not_yet",)),
        (DUE, "何もやっとりません", ("not_yet",)),
        (DUE, "何もできとらん", ("not_yet",)),
        (LATE, "まだ確認できていません", ("not_yet",)),
        (LATE, "まだ確認できてません", ("not_yet",)),
        (LATE, "まだ見られていません", ("not_yet",)),
        (LATE, "まだできていません", ("not_yet",)),
        (LATE, "まだ確認が取れていません", ("not_yet",)),
        (LATE, "まだ。いつにするか主人と相談中です", ("not_yet",)),
        (LATE, "まだです。家内と相談しています", ("not_yet",)),
        (DUE, "妻と相談してから返事します", ("snooze",)),
    ],
)
def test_left_undone_after_all(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (NONE, "見たことない会社の人が屋根を無料で見ると言って来ました", ("problem",)),
        (NONE, "見知らぬ会社の人が床下を無料で調べると言って来ました", ("problem",)),
        (NONE, "聞いたこともない業者が屋根を見るって来たんだけど", ("problem",)),
        (NONE, "知らない会社の人が屋根を点検すると言って訪ねてきました", ("problem",)),
        (NONE, "頼んでもいない業者が、ただで屋根を見てあげると言ってきた", ("problem",)),
        (NONE, "見かけない人が家の周りを見ていきました", ("problem",)),
        (NONE, "どこの誰かわからん人が点検に来た", ("problem",)),
        (NONE, "名前も知らん会社が床下を見せろと言うて来た", ("problem",)),
        (NONE, "初めて見る会社の人が無料点検と言って来ました", ("problem",)),
        (NONE, "身に覚えのない会社から点検に伺うと電話がありました", ("problem",)),
        (NONE, "何度電話しても業者さんがつながりません", ("problem",)),
        (DUE, "何度電話しても業者さんがつながりません", ("problem",)),
        (DUE, "何回かけても工務店につながらん", ("problem",)),
        (DUE, "業者さんに電話がつながらないんです", ("problem",)),
    ],
)
def test_strangers_and_silence(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (DUE, "来週末ごろ再度お知らせ願います", ("snooze", date(2026, 9, 26))),
        (DUE, "来週再度ご案内願います", ("snooze", date(2026, 9, 21))),
        (DUE, "10月になったら改めて連絡願います", ("snooze", date(2026, 10, 1))),
        (DUE, "2〜3日したら連絡します", ("snooze",)),
        (DUE, "2〜3日したらまた連絡ください", ("snooze", date(2026, 9, 18))),
        (DUE, "3日したらまた連絡ください", ("snooze", date(2026, 9, 19))),
        (DUE, "1週間ほどしたらまた聞いてください", ("snooze", date(2026, 9, 23))),
        (DUE, "1か月したら思い出させてください", ("snooze", date(2026, 10, 16))),
        (DUE, "2、3日経ったら連絡ください", ("snooze", date(2026, 9, 18))),
        (DUE, "しばらくしたら連絡ください", ("snooze",)),
    ],
)
def test_after_so_many_days(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (LATE, "全部済んだけん心配いらんよ", ("done", ..., None)),
        (LATE, "終わったから心配しないで", ("done", ..., None)),
        (LATE, "もう済みましたのでご心配なく", ("done", ..., None)),
        (LATE, "点検終わってます、心配ご無用です", ("done", ..., None)),
        (LATE, "終わりました。心配いらないって言われました", ("done", ..., "ok")),
        (LATE, "終わったで。心配いらんて言うてたわ", ("done", ..., "ok")),
        (HOW, "心配いらんよ", ("done", ..., "ok")),
        (HOW, "心配いらないそうです", ("done", ..., "ok")),
    ],
)
def test_do_not_worry_tells_no_result(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (LATE, "12日に終わりました。すみません11日です", ("done", date(2026, 9, 11))),
        (LATE, "12日に終わりました。ごめんなさい、11日です", ("done", date(2026, 9, 11))),
        (LATE, "12日に終わりました。あ、11日です", ("done", date(2026, 9, 11))),
        (LATE, "12日に終わりました。失礼、11日です", ("done", date(2026, 9, 11))),
        (LATE, "12日に終わりました。訂正、11日です", ("done", date(2026, 9, 11))),
        (DUE, "25日に来てもらいます。すみません26日です", ("schedule", date(2026, 9, 26))),
    ],
)
def test_a_correction_wins(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (LATE, "the inspector visited yesterday, but I was out", ("not_yet",)),
        (LATE, "They came on Monday but nobody was home", ("not_yet",)),
        (LATE, "The company came but we were away", ("not_yet",)),
        (LATE, "The inspector came yesterday while I was out and checked everything", ("done", date(2026, 9, 15))),
    ],
)
def test_nobody_was_home(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (THEN, "うーん、はいかな", ("yes",)),
        (DUE, "うーん、はいかな", ("yes",)),
        (WHO, "どこの会社だったか忘れました", ("done",)),
        (WHO, "何という会社か覚えてません", ("done",)),
        (WHO, "どこの業者だったかな", ("question",)),
        (NONE, "個人情報を業者に渡すのはお断りします", ("decline",)),
        (NONE, "私の情報を工務店に教えるのはお断りします", ("decline",)),
        (NONE, "業者に断られました", ("problem",)),
        (DUE, "担当の方から一度ご連絡いただけますか", ("human",)),
        (DUE, "担当者さんから連絡もらえませんか", ("human",)),
        (DUE, "どなたか連絡いただけますか", ("human",)),
        (DUE, "係の者から電話してもらえますか", ("human",)),
        (DUE, "夜遅くのメッセージは控えてもらえると助かります", ("stop",)),
    ],
)
def test_other_words(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (DUE, "予約の日を25日から28日にしてもらえました", ("reschedule", date(2026, 9, 28))),
        (DUE, "点検日を25日から28日に変更してもらいました", ("reschedule", date(2026, 9, 28))),
        (DUE, "25日から28日にしてもらえますか", ("reschedule", date(2026, 9, 28))),
        (LATE, "点検おわりまhした", ("done",)),
        (DUE, "木曜日にしてもらいました", ("done",)),
        (HOW, "雨樋のつなぎ目がゆるんでいると言われました", ("done", ..., "issues")),
        (HOW, "手すりのネジが緩んでいました", ("done", ..., "issues")),
        (NONE, "手すりがゆるんでいます", ("problem",)),
        (NONE, "この保証って家を売っても続くの？", ("question",)),
        (NONE, "相続しても保証は続きますか", ("question",)),
        (DUE, "あさっての朝一番です", ("schedule", date(2026, 9, 18))),
        (DUE, "明日の朝イチです", ("schedule", date(2026, 9, 17))),
        (DUE, "金曜の午後一です", ("schedule", date(2026, 9, 18))),
        (DUE, "来週の土曜日に予定しています。雪なら延びるかもしれません。", ("schedule", date(2026, 9, 26))),
        (DUE, "25日の予定です。雨天の場合は延期します", ("schedule", date(2026, 9, 25))),
        (DUE, "25日です。天気次第で変わるかもしれません", ("schedule", date(2026, 9, 25))),
        (LATE, "9月10日ではなく9月11日が点検日でした", ("done", date(2026, 9, 11))),
        (LATE, "9月11日が点検日でした", ("done", date(2026, 9, 11))),
        (LATE, "点検日は9月11日でした", ("done", date(2026, 9, 11))),
        (DUE, "終了しました。大きな不具合はないけど、雨戸の滑りが悪いと言われた", ("done", ..., "issues")),
        (DUE, "終わりました。網戸の動きが悪いそうです", ("done", ..., "issues")),
        (DUE, "12月上旬ということで話を進めてます", ("schedule", date(2026, 12, 1))),
        (HOW, "これといって言われたことはないです", ("done", ..., "ok")),
        (HOW, "特に言われたことはありません", ("done", ..., "ok")),
        (HOW, "悪いところは一つもなかったそうです", ("done", ..., "ok")),
        (LATE, "いまだ受検に至っておりません", ("not_yet",)),
        (DUE, "十二日に来てくれて、支障なしとのことでした", ("done", date(2026, 9, 12), "ok")),
        (DUE, "24日はだめになって、12月8日に組み直してもらったわ", ("reschedule", date(2026, 12, 8))),
        (NONE, "お話を伺いたいので、そちらのご担当者様からご連絡いただけると幸いです", ("human",)),
        (NONE, "担当者様からお電話いただけますと助かります", ("human",)),
        (DUE, "Checked on Sep 10, all good.", ("done", date(2026, 9, 10), "ok")),
        (DUE, "Inspected on Sep 10. All good", ("done", date(2026, 9, 10), "ok")),
        (DUE, "今朝みてもらって、どこもわるくないって", ("done", date(2026, 9, 16), "ok")),
        (LATE, "9月10日に工事店さんに入ってもらいました。もう終了しています", ("done", date(2026, 9, 10))),
        (DUE, "今週来る予定やったけどなしにしてもろた", ("reschedule",)),
        (DUE, "来週の予定でしたがやめにしました", ("reschedule",)),
        (NONE, "ちょっと込み入った話なので、電話でお願いしたいです", ("human",)),
        (DUE, "今月末日に点検を入れています", ("schedule", date(2026, 9, 30))),
        (DUE, "25日に点検を入れました", ("schedule", date(2026, 9, 25))),
        (NONE, "せっかくですが、情報を渡すことについては見合わせたく存じます", ("decline",)),
        (NONE, "データの提供は見合わせます", ("decline",)),
        (NONE, "個人情報の共有はやめておきます", ("decline",)),
        (DUE, "点検は見合わせます", ("reschedule",)),
        (HOW, "ありました。給湯器の配管から水がにじんでいて、年明けに部品を替えるそうです。", ("done", None, "issues")),
        (HOW, "はい、来月に窓枠を替えてもらいます", ("done", None, "issues")),
    ],
)
def test_more_words_for_the_same(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)


@pytest.mark.parametrize(
    ("context", "text", "wanted"),
    [
        (LATE, "さんがつにおわりました", ("done", date(2026, 3, 1))),
        (LATE, "くがつとおかにおわりました", ("done", date(2026, 9, 10))),
        (LATE, "はなしがつかないのでまだです", ("not_yet",)),
        (LATE, "業者さんがつかまらなくて", ("problem",)),
        (LATE, "お客さんがつぎつぎ来て忙しいです", ("other",)),
        (LATE, "七五三の日に、法事のついでに見てもらいました", ("done",)),
        (LATE, "お盆に法事があって、その帰りに点検が終わりました", ("done",)),
    ],
)
def test_kana_that_look_like_months(context: Context, text: str, wanted: tuple[object, ...]) -> None:
    assert_reads(context, text, wanted)
