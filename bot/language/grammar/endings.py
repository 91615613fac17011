"""How Japanese verbs end, and what an ending says: read from the stem on, one helping verb at a time.

終わ|って|いま|せん|でした is read whole, so that a negation is found before anything is made of the stem. Politeness
and the dialects met most (関西, 中国, 九州, 東北) are in it.
"""

import re
from enum import Enum
from functools import cache

# A conjugation: before ます, before て, before ない, plain, before ば, volitional, and て or で.
ROWS = {
    "ra": ("り", "っ", "ら", "る", "れ", "ろう", "て"),
    "wa": ("い", "[っうお]", "わ", "う", "え", "おう", "て"),
    "ka": ("き", "[いっ]", "か", "く", "け", "こう", "て"),
    "ga": ("ぎ", "い", "が", "ぐ", "げ", "ごう", "で"),
    "sa": ("し", "し", "さ", "す", "せ", "そう", "て"),
    "ta": ("ち", "っ", "た", "つ", "て", "とう", "て"),
    "ba": ("び", "ん", "ば", "ぶ", "べ", "ぼう", "で"),
    "ma": ("み", "ん", "ま", "む", "め", "もう", "で"),
    "ichi": ("", "", "", "る", "れ", "よう", "て"),
    "suru": ("し|いたし", "し|いたし", "し|せ", "する|いたす", "すれ", "しよう", "て"),
    "kuru": ("", "", "", "る", "れ", "よう", "て"),
    "aru": ("い|り", "っ|し", "ら", "る", "れ", "ろう", "て"),  # いらっしゃいます, くださった, しはりました
}


class Form(Enum):
    """What an ending says about the event."""

    DID = "did"  # 終わりました, 終わった, やってもらった
    IS = "is"  # 終わっています, やってもらっとる
    WAS = "was"  # やっていました
    NOT = "not"  # やりません, 終わらない
    NOT_DONE = "not done"  # やってません, 終わらなかった, できません
    WILL = "will"  # やります, 来てもらう, しよう
    WISH = "wish"  # したい, してもらえますか
    ASK = "ask"  # してください, してほしい
    IF = "if"  # 終わったら, 終われば, 終わってから, 終わり次第
    AND = "and"  # やって、…
    PAUSE = "pause"  # 終わり、… or at the end: 点検終わり
    BARE = "bare"  # 完了, 終わり, 済み


class Help(Enum):
    """A helping verb that changes whose act it is, or whether it is over."""

    STATE = "state"  # いる, おる, ある
    FAVOUR = "favour"  # もらう, いただく, くれる, くださる
    ABLE = "able"  # できる, れる
    OTHER = "other"


FAVOUR = frozenset({Help.FAVOUR, Help.ABLE})  # something is received, or asked for: もらう, もらえる

# After て: the helper's stem, the row it follows, what it does. Longer stems stand first.
HELPERS = (
    ("いただけ", "ichi", Help.ABLE),
    ("もらえ", "ichi", Help.ABLE),
    ("いただ", "ka", Help.FAVOUR),
    ("もろう?(?=[たて])", "ichi", Help.FAVOUR),
    ("もら", "wa", Help.FAVOUR),
    ("くださ(?=いまし|いません|った|って|る)", "aru", Help.FAVOUR),
    ("くださ", "ra", Help.FAVOUR),
    ("くれ(?=[たてなまるへはんち])", "ichi", Help.FAVOUR),
    ("まい(?=[りる])", "ra", Help.OTHER),
    ("しま(?=[いっうわ])", "wa", Help.OTHER),
    ("お(?=[いきくか])", "ka", Help.OTHER),
    ("お(?=[りるらっん])", "ra", Help.STATE),
    ("あ(?=[りるっ])", "ra", Help.STATE),
    ("い(?=[きくっか])", "ka", Help.OTHER),
    ("(?:帰|まわ|回)(?=[りっら])", "ra", Help.OTHER),  # 見て帰る, 見てまわる
    ("い(?=[まるたてなへひ])", "ichi", Help.STATE),
    ("(?:来|き)(?=[またて])", "kuru", Help.OTHER),
    ("(?=ま[すしせへっん]|る|た(?!い)|て|ない|なか|なく|へん|ひん|ねえ)", "ichi", Help.STATE),
    ("み(?=[まるたて])", "ichi", Help.OTHER),
)
# Straight on the te-stem: 終わっ|とる, やっ|とい|た, やっ|ちゃっ|た.
CONTRACTIONS = (
    ("[とど](?=[りるらっ])", "ra", Help.STATE),
    ("[とど](?=ん)", "ra", Help.STATE),
    ("[とど](?=[いきくか])", "ka", Help.OTHER),
    ("ちょ(?=[りるらっん])", "ra", Help.STATE),
    ("(?:ちゃ|じゃ|ちま)(?=[いっうわ])", "wa", Help.OTHER),
)
STRESSED = re.compile("[はも](?=いま|いな|おりま|おら|ない|いたし)")  # やって|も|いません, 受けて|は|おりません
BEGS = (
    "ください(?!まし|ません)(?:ます[かよ]?)?|ちょうだい|くれ(?![たてなまるへはんち])"
    "|(?:ほし|欲し)(?:い|く|かった)|な(?=$|。|、)"
)
AFTER_TE = (
    (re.compile("から|以降"), Form.IF),
    (re.compile("(?:ほし|欲し)くな(?:い|かった)"), Form.NOT),
    (re.compile(BEGS), Form.ASK),
)
POLITE_NOT = "ませんでした|ません|まへん(?:でした)?"
PLAIN_NOT = (
    "なかった|なく(?:て|なった)?|ない|ねえ|ず(?:に)?|ぬ"
    "|んかった|んと|ん(?!だ|で(?!す)|じ)|へん(?:かった)?|ひん(?:かった)?|のうて"
)
PAST_NOT = re.compile("でした|かった|なくて|ず|んと|のうて")


@cache
def _inflections(row: str) -> re.Pattern[str]:
    """The endings that close a verb of this row, by the form they give it."""
    masu, te_stem, nai, plain, ba, volition, te = ROWS[row]
    past = "だ" if te == "で" else "た"
    parts = {
        "obliged": f"(?:{nai})(?:なけれ|なきゃ|ないと(?=、|い|だ|$))",
        "negative": f"(?:{masu})(?:{POLITE_NOT})|(?:{nai})(?:{PLAIN_NOT})",
        "condition": f"(?:{te_stem}){past}ら(?:ば)?(?!し)|(?:{masu})ましたら(?!し)|{ba}ば|(?:{masu})(?:次第|しだい)",
        "wish": f"(?:{masu})た(?:い(?!ん?だ)|く|かった|け(?!れ?ど|ん))",
        "did": f"(?:{masu})ました|(?:{te_stem}){past}(?:り(?:して)?)?",
        "will": f"(?:{masu})(?:ます|まっせ|まんねん|ましょう|そう|つつ|ながら)|{volition}|(?:{te_stem})ぺ|{plain}",
    }
    return re.compile("|".join(f"(?P<{name}>{body})" for name, body in parts.items()))


@cache
def _joints(row: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str] | None]:
    """The te-form, its bare stem (for contractions), and the voice that leads on (passive, causative, potential)."""
    masu, te_stem, nai, _, ba, _, te = ROWS[row]
    voices = {"suru": "され|させ|でき", "ichi": "られ|させ|れ(?=[まなて])", "kuru": "られ|させ|れ(?=[まなた])"}
    voice = voices.get(row, f"{nai}[れせ]|{ba}(?=[まなたるて])")
    return re.compile(f"(?:{te_stem}){te}|(?:{masu})まして"), re.compile(f"(?:{te_stem})"), re.compile(voice)


@cache
def _pause(row: str, favour: bool) -> re.Pattern[str]:
    """The bare continuative before a pause: 終わり、; もらい、. A favour's needs none: 点検してもらい屋根を…."""
    return re.compile(f"(?:{ROWS[row][0]})(?=[、。!?\\s{'一-龥ァ-ヴあ' if favour else ''}]|$)")


@cache
def _honoured(row: str) -> re.Pattern[str]:
    """「来はる」「しんさった」「なさいました」: whoever does it is honoured, before はる and its kin are inflected."""
    masu = ROWS[row][0]
    return re.compile(
        f"(?:{masu}|{ROWS[row][2]})(?:は(?=[るりっら])|(?:んさ|なは)(?=[るりっい]))|(?:{masu})?なさ(?=っ|る|いま[しす])"
    )


@cache
def _managed(row: str) -> re.Pattern[str]:
    """「終えることができました」: managed to, before でき is inflected."""
    return re.compile(f"(?:{ROWS[row][3]})こと[がはも]でき(?=[たてまな])")


@cache
def _helper_patterns() -> tuple[list[tuple[re.Pattern[str], str, Help]], list[tuple[re.Pattern[str], str, Help]]]:
    compiled = [[(re.compile(stem), row, kind) for stem, row, kind in table] for table in (HELPERS, CONTRACTIONS)]
    return compiled[0], compiled[1]


def ending(text: str, at: int, row: str) -> tuple[Form, int, frozenset[Help]] | None:
    """The form of the verb whose stem ends at ``at``, where its ending ends, and the helpers met on the way."""
    met: set[Help] = set()
    for _ in range(6):
        step = _lead_on(text, at, row)
        if step is None:
            break
        at, row, kind = step
        met.add(kind)
    helpers = frozenset(met)
    closing = _inflections(row).match(text, at)
    if closing:
        return _form(closing, helpers), closing.end(), helpers
    te = _joints(row)[0].match(text, at)
    if not te:
        pause = _pause(row, Help.FAVOUR in helpers).match(text, at)
        return (Form.PAUSE, pause.end(), helpers) if pause else None
    for pattern, form in AFTER_TE:
        after = pattern.match(text, te.end())
        if after:
            return form, after.end(), helpers
    return Form.AND, te.end(), helpers


def _lead_on(text: str, at: int, row: str) -> tuple[int, str, Help] | None:
    """One helping verb further, if there is one."""
    te, stem, voice = _joints(row)
    helpers, contractions = _helper_patterns()
    managed = _managed(row).match(text, at)
    if managed:
        return managed.end(), "ichi", Help.OTHER
    honoured = _honoured(row).match(text, at)
    if honoured:
        return honoured.end(), "aru", Help.OTHER
    spoken = voice.match(text, at) if voice else None
    if spoken and not _inflections(row).match(text, at):
        return spoken.end(), "ichi", Help.ABLE if spoken[0] in ("でき", "れ") else Help.OTHER
    joint = te.match(text, at)
    if joint and not any(pattern.match(text, joint.end()) for pattern, _ in AFTER_TE):
        at = joint.end() + bool(STRESSED.match(text, joint.end()))
        return _first(helpers, text, at)
    joint = stem.match(text, at)
    if joint and row not in ("ichi", "kuru"):
        return _first(contractions, text, joint.end())
    return None if joint is None else _first(contractions, text, at)


def _first(table: list[tuple[re.Pattern[str], str, Help]], text: str, at: int) -> tuple[int, str, Help] | None:
    for pattern, row, kind in table:
        found = pattern.match(text, at)
        if found:
            return found.end(), row, kind
    return None


def _form(closing: re.Match[str], helpers: frozenset[Help]) -> Form:
    kind = closing.lastgroup
    if kind == "negative":
        return Form.NOT_DONE if helpers or PAST_NOT.search(closing[0]) else Form.NOT
    if kind == "did":
        return Form.WAS if Help.STATE in helpers and Help.FAVOUR not in helpers else Form.DID
    if kind == "will" and Help.STATE in helpers:
        return Form.IS
    if kind == "will" and Help.ABLE in helpers:
        return Form.WISH
    return {"condition": Form.IF, "wish": Form.WISH}.get(kind or "", Form.WILL)
