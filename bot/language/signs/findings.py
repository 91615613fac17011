"""What the message says an inspection found."""

import re

from bot.language import doubts
from bot.language.message import Message
from bot.language.signs.trouble import defects
from bot.language.text.clauses import Clause, clauses
from bot.language.text.phrasebook import any_of, body

SUPPOSED_AFTER = re.compile(
    "(?:では|じゃ|とは)(?:な|あり|ござい|いか|いえ|言)|と(?:言い|いい)たい|(?:だ|です)?と(?:いい|良い|よい|よかった|助か)|けれ|ければ|れば|かったら|場合|よう|か(?:を|、|見|確|点|どうか|チェック)"
)
EARLIER = re.compile("(?:前|前回|以前|昔|去年|昨年|先回)(?:は|に|の|も|、)")
EXCEPT = "以外は"
BUT_FOR = re.compile(f"{body('trouble.defect')}|{body('stance.parts')}")
THOUGHT_AFTER = re.compile("(?:の|ん)?(?:だ|です)?(?:と(?:は)?思[いう]|はず|でしょう|だろう|かな(?:$|。))")
LISTED = re.compile(
    "(?:[一-龥ァ-ヶー]|漏り|漏れ|ひび|割れ|しみ|さび|剥がれ|傷み){1,6}(?:も|や|・)$"
)  # 「シロアリも雨漏りもなし」
TOGETHER = ("とも", "いずれも", "どちらも", "すべて")
FINDINGS = "findings"  # under which a message remembers them
SHADE_REACH = 14  # characters before a "fine" within which a reservation stands


def findings(message: Message) -> tuple[str | None, str]:
    """("ok", "issues" or None, and the doubt about it). Issues outweigh what is fine."""
    if FINDINGS not in message.seen:
        message.seen[FINDINGS] = _read(message)
    found: tuple[str | None, str] = message.seen[FINDINGS]
    return found


def _read(message: Message) -> tuple[str | None, str]:
    texts = _of_this_time([clause.text for clause in _without_lists(message)])
    if any(any_of("findings.double_negative").search(text) for text in texts):
        return None, doubts.CONTRADICTION
    good = [_fine(text) for text in texts]
    if any(map(_tells_of_issue, texts, good)):
        return "issues", ""
    fine = [(text, found) for text, found in zip(texts, good, strict=True) if found]
    if not fine:
        return None, ""
    shaded = any(any_of("findings.mostly").search(t[max(0, g.start() - SHADE_REACH) : g.end()]) for t, g in fine)
    thought = any(THOUGHT_AFTER.match(text, found.end()) for text, found in fine)
    return "ok", doubts.MOSTLY_FINE if shaded else doubts.HEDGED if thought else ""


def _without_lists(message: Message) -> list[Clause]:
    """The statements, with 「雨漏り、シロアリともになし」 for what it says: nothing wrong."""
    named = any(word in message.text for word in TOGETHER)
    listed = any_of("findings.none_of_them").search(message.text) if named else None
    if listed is None:
        return message.clauses
    return clauses(f"{message.text[: listed.start()]}異常なし。{message.text[listed.end() :]}")


def _of_this_time(texts: list[str]) -> list[str]:
    """The statements without what was so an earlier time, where this time is told apart from it."""
    if not any("今回" in text for text in texts):
        return texts
    return [text for text in texts if "今回" in text or not EARLIER.match(text)]


def says_finding(text: str) -> bool:
    """Whether a stretch of text tells of anything found, fine or not."""
    tables = ("findings.fine", "findings.issues", "findings.seen")
    return any(any_of(table).search(text) for table in tables) or next(defects(text), None) is not None


def _fine(text: str) -> re.Match[str] | None:
    for match in any_of("findings.fine").finditer(text):
        if not SUPPOSED_AFTER.match(text, match.end()) and not text[: match.start()].endswith(
            ("以外は", "以外の", "以外")
        ):
            return match
    return None


def _tells_of_issue(text: str, good: re.Match[str] | None) -> bool:
    """Whether a statement, without what it calls fine, tells of something wrong."""
    rest = text if good is None else LISTED.sub("", text[: good.start()]) + "、" + text[good.end() :]
    but_for = EXCEPT in text and BUT_FOR.search(text.split(EXCEPT)[0])
    return bool(but_for or any_of("findings.issues").search(rest) or next(defects(rest), None))
