"""Who keeps the papers of a house, in an owner's words: one of those on our list, nobody, or what we cannot tell."""

import re
import unicodedata
from collections.abc import Mapping

from bot.language.text.normal import own_words

SHORTEST = 3  # letters of a name that may be told apart from other words
FORMS = re.compile(
    r"株式会社|有限会社|合同会社|(一般|公益)?(社団|財団)法人|特定非営利活動法人|npo法人|\((株|有|同|一社|一財)\)"
)
BESIDE = re.compile(r"[\s「」『』“”\"'・、。,.]")
# 「いえかるて東京ではありません」「やめました」: it is named, and it is not the one.
NOT_THIS = re.compile(
    r"では?(ない|なく|ありま)|じゃ(ない|なく|あり)|違い?(ま|う)|ちが(いま|う)|解約|やめ|以前|昔|\bnot\b|no longer"
)
LEAD = r"(特に|とくに|まだ|多分|たぶん|すみません|いいえ|どこにも|誰にも|だれにも|(預け先|住宅履歴|履歴)(は|が)?)*"
GONE = r"(預けて(い)?(ない|ません)|ない|ありません|なし|無し|無い|ございません)"
NOT_SURE = r"((わか|分か|判)(りません|りかねます|らない|らん|らず)|知りません|知らない|覚えていません|不明)"
TAIL = r"(です|と思います|ので|のですが|んですが?|ね|よ)*"
NOBODY = re.compile(f"{LEAD}({GONE}|よく?{NOT_SURE}|{NOT_SURE}){TAIL}")
ABOUT = re.compile(r"履歴|預け|預かって|情報サービス機関|\b(history|kept by|keeps)\b")
ENGLISH = re.compile(r"(none|nobody|no one|i (do not|don't) know|not sure)", re.I)


def keeper_named(text: str, names: Mapping[str, str]) -> str:
    """The id of the one whose name stands in the text; empty unless it is plainly that one and no other.

    ``names`` are names by id. A name that is part of another one which stands there as well is not meant.
    """
    said = _folded(own_words(text))
    if NOT_THIS.search(unicodedata.normalize("NFKC", own_words(text)).casefold()):
        return ""
    called = {each: _folded(name) for each, name in names.items()}
    there = {each: name for each, name in called.items() if len(name) >= SHORTEST and name in said}
    whole = [each for each, name in there.items() if not any(name in other != name for other in there.values())]
    return whole[0] if len(whole) == 1 else ""


def says_nobody(text: str) -> bool:
    """Whether they say no more than that nobody keeps it, or that they do not know."""
    own = own_words(text)
    said = _folded(own).rstrip("!")
    return NOBODY.fullmatch(said) is not None or ENGLISH.fullmatch(own.strip(" .!")) is not None


def about_keeping(text: str) -> bool:
    """Whether the text speaks of who keeps the papers, whoever that may be."""
    return ABOUT.search(unicodedata.normalize("NFKC", own_words(text)).casefold()) is not None


def _folded(text: str) -> str:
    """One spelling of a name: width, case, blanks and quotes, and what a company is by law, make no difference."""
    spelled = unicodedata.normalize("NFKC", text).casefold()
    return BESIDE.sub("", FORMS.sub("", spelled))
