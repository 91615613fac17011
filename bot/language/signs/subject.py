"""Whose ending or coming a verb tells of: 「引っ越しが終わった」 says nothing of the inspection."""

import re
from functools import cache

from bot.language.text.phrasebook import any_of, body

OTHER, ARRANGING, REPAIR, WORK = "other", "arranging", "repair", "work"


@cache
def _nouns() -> re.Pattern[str]:
    kinds = (ARRANGING, OTHER, REPAIR, WORK)
    return re.compile("|".join(f"(?P<{kind}>{body(f'stance.subject_{kind}')})" for kind in kinds))


@cache
def _unknown() -> re.Pattern[str]:
    return re.compile(r"([一-龥々ァ-ヶーa-z0-9]{1,10})(?:が|は(?!っ|り|る)|も|を)[^一-龥ァ-ヶ、]{0,6}$")


@cache
def _known() -> re.Pattern[str]:
    return re.compile(f"(?:{body('stance.subject_known')}|{body('stance.parts')})$")


@cache
def _part_topic() -> re.Pattern[str]:
    part = body("stance.parts")
    return re.compile(f"({part})(?:の(?:方|ほう|分|部分))?(?:と{part})*(?:は|だけ|のみ|が)")


@cache
def _part_inspected() -> re.Pattern[str]:
    return re.compile(f"({body('stance.parts')})の?(?:点検|検査)(?:は|だけ|のみ|が)")


@cache
def _house_topic() -> re.Pattern[str]:
    return re.compile("([一-龥々ァ-ヶ]{1,6}(?:様邸|邸|宅|様))(?:は|が|のみ|だけ)")


def subject(before: str) -> str:
    """What kind of thing the nearest noun before a verb names, if it is the verb's own; else empty."""
    nouns = list(_nouns().finditer(before))
    if not nouns or not any_of("work.to_its_verb").match(before, nouns[-1].end()):
        return ""
    return nouns[-1].lastgroup or ""


def unknown_subject(before: str) -> bool:
    """Whether the verb tells of something no table knows: 「登記が終わりました」."""
    named = _unknown().search(before)
    return named is not None and not _known().search(named[1])


def limited_to_part(before: str) -> bool:
    """Whether the statement is about one part of the house: 「屋根は終わりました」."""
    return bool(_part_topic().search(before))


def part_of(before: str) -> str:
    """The part of the house, or the house among several, that a statement is about; empty if it names none."""
    patterns = (_part_topic(), _part_inspected(), _house_topic())
    topic = next((found for pattern in patterns if (found := pattern.search(before))), None)
    return topic[1] if topic else ""


def stands_free(before: str) -> bool:
    """「売却済み」 is no 「済み」: a noun written straight on must be the work's, or a day or house."""
    run = re.search("[一-龥々ァ-ヶー]+$", before)
    return run is None or bool(re.search(f"(?:{body('work.attached')}|{body('stance.parts')})$", run[0]))
