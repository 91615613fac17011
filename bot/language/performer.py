"""Who carried the work out, by name."""

import re

NAME = "[一-龥々ァ-ヴーa-zA-Z&・ぁ-ん]"
KIND = (
    "工務店|建設|建築|ホームズ|ホーム|ハウス|ハウジング|住建|住宅|工業|設備|リフォーム|商会|商店|産業|林業|組|不動産|メンテナンス|メンテ|サービス|住研|工房|"
    "建材|木材|製作所|電設|水道|防水|塗装店|瓦店|板金|設計事務所|事務所|コーポレーション|興業|技研|開発"
)
COMPANY = re.compile(
    rf"(?:株式会社|有限会社|\(株\)|\(有\)|合同会社){NAME}{{1,16}}?(?=さん|様|です|に|が|の|で|へ|から|、|。|\s|$)"
    rf"|(?<![ぁ-ん一-龥])[ぁ-ん]{{2,5}}(?<![のなたるうがをはにで])(?:{KIND})"
    rf"|(?:[一-龥々ァ-ヴーa-zA-Z&・]{{1,12}}?)(?:{KIND})(?:株式会社|\(株\))?|[一-龥々ァ-ヴーa-zA-Z&・]{{1,12}}(?:株式会社|有限会社|\(株\)|社)(?=さん|様|です|に|が|の|で|、|。|$)"
)
PERSON = re.compile(r"[一-龥々]{1,4}さん(?=という|に|が|です)|自分|本人|私|大工(?:さん)?")
NOT_A_NAME = re.compile(
    r"^(?:業者|会社|工務店|担当|その|別の|他の|知らない|前の|元の|ハウス|ホーム|サービス|住宅|設備|メンテナンス|リフォーム|当|弊|御|自)*(?:工務店|社|建設|ハウス|ホーム|住宅|設備|メンテナンス|メンテ|サービス|リフォーム|会社|事務所|不動産|水道|防水|開発|建築|塗装店|板金)?$"
)
ELSEWHERE = re.compile(
    r"(?:別の|他の|ほかの|違う|よその|知り合いの)(?:会社|業者|工務店|ところ|大工)(?=さん|に|で|へ|が)"
)
SOMEBODY = re.compile(r".{1,20}(?:業者|工務店|会社|ところ|人|大工|メーカー|店|所)(?:さん)?(?:です|でした)?。?")
PARTICLE = re.compile(r"^(?:は|が|を|に|で|と|も|の|や)")
IN_KANA = re.compile(r"(?P<name>[ぁ-ん]{2,8})(?:さん|様)(?:です|でした)?[。!！]?")  # 「わたなべさん」
BY_CUSTOM = re.compile(
    "(?:いつも|毎回|例|おなじみ|馴染み|同じ|前回|前)の|前(?:回)?と同じ|同じく"
)  # 「いつもの佐藤さん」
BARE_NAME = re.compile(
    r"(?P<name>[一-龥々ァ-ヴーa-zA-Z&・0-9()]{2,20}?)(?P<polite>さん|様|という(?:会社|業者|人)|の.{1,8})?(?P<copula>です|だ|でした|になります|かな|だと思います)?[。!！]?"
)

# 「知り合いの大工の鈴木さんにやってもらった」, 「自分で点検しました」: it was not the company that the house has.
BY_SOMEBODY = re.compile(
    r"((?:知り合い|知人|友人|友達|親戚|身内|近所)の?[^、。\s]{0,12}?|[^、。\s]{0,4}大工の[^、。\s]{1,6}?さん)"
    r"に(?:やって|見て|みて|診て|点検して|直して|頼|お願い)"
    r"|(自分|私|自力)(?:たち)?で(?:点検|見|確認|やり|やった|やって|直)"
)


def performer(text: str) -> str | None:
    """The company or person named as carrying out the work, as written; None where nobody is named."""
    for match in COMPANY.finditer(text[:400]):
        if not NOT_A_NAME.match(match[0]):
            return match[0]
    elsewhere = ELSEWHERE.search(text[:400])
    return elsewhere[0] if elsewhere else None


def answered_name(text: str) -> tuple[str, bool] | None:
    """The name that answers "who did it?", and whether it is plainly one; None where the text is no name."""
    named = performer(text)
    if named:
        return named, True
    person = PERSON.search(text[:60])
    if person:
        return person[0], True
    if SOMEBODY.fullmatch(text.strip()):
        return text.strip().removesuffix("。").removesuffix("です"), False
    in_kana = IN_KANA.fullmatch(text.strip())
    if in_kana:
        return in_kana["name"], True
    custom = BY_CUSTOM.match(text.strip())
    match = BARE_NAME.fullmatch(text.strip()[custom.end() if custom else 0 :].strip("、, "))
    if match is None or re.fullmatch("[0-9()a-z]+", match["name"]):
        return None
    return match["name"], bool(match["polite"] or match["copula"])


def by_somebody(text: str) -> str:
    """Whoever did it in the company's place, as an owner tells: somebody they know, or themselves; empty for nobody."""
    found = BY_SOMEBODY.search(text)
    return (found[1] or found[2]) if found else ""
