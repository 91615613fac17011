"""Which ending somebody's words name, and whether they are sure of it.

Words only ever bring up the page that tells what an ending means: that page asks once more.
"""

import re

from bot.language.text.normal import normalise, own_words

END_SUPPORT, ERASE = "end_support", "erase"
NEAR = r"[^。\n]{0,12}?"
NAMED = {
    ERASE: re.compile(
        rf"(個人情報|情報|データ|登録|名前|氏名|住所|連絡先|電話番号|やりとり){NEAR}(消して|消した|消す|消去|削除|抹消|破棄)"
        r"|\b(erase|delete|remove|forget)\b.{0,30}\b(data|information|details|account|everything)\b"
    ),
    END_SUPPORT: re.compile(
        rf"(支援|サポート|委託|同意|サービス|利用){NEAR}"
        r"(やめた|やめて|やめます|やめる|止めた|止めて|止めます|終わりに|終えた|終了した|終了を|解約|解除|打ち切"
        r"|いらな|いらん|いりません|要らな|要りません|不要|撤回|取り消し|取消)"
        r"|^解約|\b(end|stop|cancel|quit|terminate)\b.{0,20}\b(support|service|mandate|consent|contract)\b"
        r"|\bwithdraw\b.{0,20}\b(consent|mandate)\b"
    ),
}
SPARED = re.compile(r"(消さ|消し|削除し|やめ|止め|終わりにし|解約し|解除し)(ない|ません|なくて)")
UNSURE = re.compile(r"いいえ|いや(?!に)|続け|待って|考え|キャンセル|\b(no|not|don't|keep|wait)\b")
# What may stand before the word itself: what else is to stop or go, 「LINEはやめて」「写真を消して」, is no answer.
LEADING = r"^(?:もう|やはり|やっぱり|それでも|全部|すべて|全て|これで|私の|自分の|は|を|も|の|や|と|、|。| "
SURE = {
    ERASE: re.compile(
        r"^(はい|ええ|うん|お願いし|yes\b|ok\b)|\b(erase|delete)\b|"
        + LEADING
        + r"|個人|情報|データ|登録|名前|お名前|氏名|住所|連絡先|やりとり)*(消して|消す|消し(た|ます)|消去|削除)"
    ),
    END_SUPPORT: re.compile(
        r"^(はい|ええ|うん|お願いし|yes\b|ok\b)|\b(end|stop)\b|"
        + LEADING
        + r"|ご?支援|サポート|委託|同意|サービス|利用)*(やめます|やめる|やめて|やめたい|終わりに|終了|解約)"
    ),
}


def named(text: str) -> str:
    """The ending that these words ask for: to erase ends the support too, so it comes first; "" for none."""
    words = normalise(own_words(text))
    if SPARED.search(words):
        return ""
    return next((ending for ending, pattern in NAMED.items() if pattern.search(words)), "")


def sure(text: str, ending: str) -> bool | None:
    """The answer in words to "do you really wish to"; None for what is no answer to it."""
    words = normalise(own_words(text))
    if UNSURE.search(words) or SPARED.search(words):
        return False
    return True if SURE[ending].search(words) else None
