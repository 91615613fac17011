"""How far the work is, where no verb of the tables says so: 「まだです」「未実施」「日程調整中」."""

import re
from dataclasses import replace

from bot.core.meaning import Intent
from bot.language import doubts
from bot.language.message import Message
from bot.language.signs.sign import Sign
from bot.language.signs.subject import OTHER, REPAIR, part_of, subject
from bot.language.text.clauses import Clause
from bot.language.text.phrasebook import any_of

# What a table's words say, and the doubt that comes with them.
TABLES = (
    ("status.not_done", Intent.NOT_YET, ""),
    ("status.arranging", Intent.SCHEDULE, doubts.NOT_FIXED),
    ("status.fixed", Intent.SCHEDULE, ""),
    ("status.contacted", Intent.NOT_YET, doubts.CONTACTED),
    ("status.going_on", Intent.NOT_YET, doubts.IN_PROGRESS),
    ("status.hindered", Intent.NOT_YET, ""),
    ("status.inspectors_came", Intent.DONE, doubts.CAME_ONLY),
    ("status.left", Intent.NOT_YET, doubts.PARTIAL),
    ("status.owner_silent", Intent.NOT_YET, ""),
    ("status.found", Intent.DONE, ""),
    ("status.document", Intent.DONE, doubts.DOCUMENT_ONLY),
)
SAID_BY_SERVICER = (
    ("status.nobody_home", Intent.NOT_YET, ""),
    ("status.turned_down", Intent.DECLINE, doubts.TWO_READINGS),
)
GIVES_WAY = {"status.hindered"}
FORGETTING = ("忘れ", "失念", "すっかり", "うっかり")
PARTICLES = ("は", "が", "も")


def signs_of_status(message: Message) -> list[Sign]:
    """Every sign the tables of status.txt give, statement by statement."""
    found = []
    for table, intent, doubt in TABLES + (SAID_BY_SERVICER if message.servicer else ()):
        for clause in message.clauses:
            for match in any_of(table).finditer(clause.text):
                if _counts(intent, match, clause):
                    sign = _sign(Sign(intent, clause.start + match.start(), doubt), match, clause)
                    found.append(replace(sign, weak=table in GIVES_WAY))
    return found


def _counts(intent: Intent, match: re.Match[str], clause: Clause) -> bool:
    """Whether the words are about the inspection: 「報告書がまだです」 and 「報告し忘れてました」 are not."""
    before = clause.text[: match.start()]
    if intent is Intent.DONE:
        return not clause.text.endswith("か")
    if intent is not Intent.NOT_YET:
        return True
    topic = before if before.endswith(PARTICLES) else before + "は"
    if subject(topic) in (OTHER, REPAIR):
        return False
    return not (match[0].startswith(FORGETTING) and any_of("work.reporting").search(before + match[0]))


def _sign(sign: Sign, match: re.Match[str], clause: Clause) -> Sign:
    before = clause.text[: match.start()]
    partial = sign.doubt == doubts.PARTIAL or any(
        word in before + match[0] for word in ("一部", "半分", "途中", "全部は", "完全には", "全ては", "すべては")
    )
    return replace(sign, partial=partial, part=part_of(before))
