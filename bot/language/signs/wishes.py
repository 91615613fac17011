"""What a person wants besides the work: an end of messages, a person, an answer, help, later; and what has changed."""

import re
from dataclasses import dataclass
from functools import cache

from bot.core.meaning import Intent, Topic
from bot.language import doubts
from bot.language.message import Message
from bot.language.signs.sign import Sign
from bot.language.text.clauses import Clause
from bot.language.text.phrasebook import any_of

WINDOW = 24  # characters on either side of a find within which an exception is looked for


@dataclass(frozen=True, slots=True)
class Row:
    """What a table says, unless it is one of ``unless``; with which doubt, and whether it gives way to other signs."""

    intent: Intent
    table: str
    unless: tuple[str, ...] = ()
    doubt: str = ""
    weak: bool = False


UNREACHED = "trouble.unreached"
DEAD_NUMBER = "trouble.dead_number"
RESUMED = "change.resumed"
WITHDRAWN = "withdrawn"
STOPPING = ("終わり", "おしまい", "切っ", "外し", "ないように", "限り", "きり", "最後")
UNANNOUNCED = (
    *("来", "訪", "ピンポン", "チャイム", "インターホン", "呼び鈴", "ベル", "玄関", "飛び込", "委託", "依頼", "要請"),
    *("許可", "指定", "いう", "言う", "言われ", "名乗", "称", "の名", "社名", "せて", "せろ"),
)
# Said over two statements, so that it is looked for in the whole text, where one of its words stands there at all.
ACROSS = (
    (DEAD_NUMBER, Intent.PROBLEM, "", ("使われて",)),
    ("trouble.unasked", Intent.PROBLEM, Topic.STRANGER, ("頼", "呼", "依頼", "願", "知ら", "覚え", "心当")),
    ("trouble.unannounced", Intent.PROBLEM, Topic.STRANGER, UNANNOUNCED),
    (
        "stop.of_them",
        Intent.STOP,
        "",
        ("なし", "ナシ", "無し", "なくし", "オフ", "停止", "解除", "ストップ", *STOPPING),
    ),
    (
        "consent.withdrawn",
        Intent.DECLINE,
        WITHDRAWN,
        ("同意", "承諾", "委任", "委託", "許諾", "情報", "データ", "記録", "履歴", "図面"),
    ),
    ("human.by_phone", Intent.HUMAN, "", ("電話", "口頭", "担当", "責任者", "スタッフ", "係")),
    (
        "consent.ticked",
        Intent.CONSENT,
        "",
        ("同意", "承諾", "了承", "許可", "委任", "委託", "提供", "渡", "継", "共有", "連携", "開示"),
    ),
)
ROWS = (
    Row(Intent.STOP, "stop.stop", ("stop.not_stop", "stop.limited", "stop.asked")),
    Row(Intent.STOP, "stop.stop", ("stop.not_stop", "stop.asked"), doubts.LIMITED_STOP),
    Row(Intent.STOP, "stop.stop", ("stop.not_stop",), doubts.STOP_WHAT),
    Row(Intent.STOP, "stop.maybe_stop", ("stop.not_stop",), doubts.STOP_WHAT),
    Row(Intent.STOP, "stop.net", ("stop.not_stop", "stop.not_net"), doubts.STOP_WHAT),
    Row(Intent.HUMAN, "human.human", ("human.not_human",)),
    Row(Intent.HUMAN, "human.maybe_human", ("human.not_human",), doubts.WHO_SHALL_CALL, weak=True),
    Row(Intent.CONSENT, "consent.consent", ("consent.not_consent",)),
    Row(Intent.CONSENT, "consent.maybe_consent", ("consent.not_maybe_consent",), doubts.LIMITED_CONSENT),
    Row(Intent.DECLINE, "consent.decline", ("consent.not_decline",)),
    Row(Intent.DECLINE, "consent.maybe_decline", ("consent.not_decline",), doubts.TWO_READINGS),
    Row(Intent.CHANGE, "change.change", ("change.not_change",)),
    Row(Intent.CHANGE, "change.maybe_change", ("change.not_change",), doubts.TWO_READINGS),
    Row(Intent.CHANGE, RESUMED, (), doubts.TWO_READINGS),
    Row(Intent.RESCHEDULE, "later.moved", ("later.not_moved",)),
    Row(Intent.RESCHEDULE, "later.unsuited", weak=True),
    Row(Intent.SNOOZE, "later.snooze"),
    Row(Intent.SNOOZE, "later.some_time", (), doubts.SOME_TIME),
    Row(Intent.SCHEDULE, "status.constraint", (), doubts.CONSTRAINT, weak=True),
    Row(Intent.PROBLEM, "trouble.servicer_lost", ("trouble.owner_silent",)),
    Row(Intent.PROBLEM, UNREACHED, ("trouble.owner_silent",)),
    Row(Intent.PROBLEM, "trouble.servicer_silent", ("trouble.owner_named",), doubts.SERVICER_SILENT),
    Row(Intent.PROBLEM, "trouble.scam", ("trouble.asks_whether_fraud",)),
)
TABLES = {table: [row for row in ROWS if row.table == table] for table in dict.fromkeys(row.table for row in ROWS)}
TOPICS = {RESUMED: Topic.CONTACT, "trouble.scam": Topic.STRANGER, "trouble.servicer_lost": Topic.CLOSING}
COURTESIES = ("、よろしく", "、お願い", "、宜しく")


def signs_of_wishes(message: Message) -> list[Sign]:
    """Every sign of the tables, statement by statement, and of questions."""
    found = (
        _sign(row, match, clause, message)
        for pattern, rows in _tables()
        for clause in message.clauses
        if (match := pattern.search(clause.text))
        for row in rows
    )
    return [*(sign for sign in found if sign), *_across(message), *_questions(message)]


@cache
def _tables() -> list[tuple[re.Pattern[str], list[Row]]]:
    """Every table once, with the rows that read it; most say nothing of a statement, and are searched once."""
    return [(any_of(table), rows) for table, rows in TABLES.items()]


def _across(message: Message) -> list[Sign]:
    """「頼んでないのに人が来た」, 「同意した件ですが、撤回します」, 「同意欄、はいで」."""
    found = []
    for table, intent, topic, words in ACROSS:
        match = any(word in message.text for word in words) and any_of(table).search(message.text)
        if match:
            unreached = message.servicer and table == DEAD_NUMBER
            found.append(Sign(intent, match.start(), topic=Topic.UNREACHED if unreached else topic))
    return found


def _sign(row: Row, match: re.Match[str], clause: Clause, message: Message) -> Sign | None:
    by_servicer = message.servicer and row.table == UNREACHED  # it is the owner whom they cannot reach
    if not by_servicer and excepted(row.unless, clause.text, match):
        return None
    goes_on = message.text.startswith("、", clause.end) and not message.text.startswith(COURTESIES, clause.end)
    if row.intent is Intent.HUMAN and match[0].endswith("て") and goes_on:
        return None  # 「電話して、…」: told, not asked for
    topic = Topic.UNREACHED if by_servicer else TOPICS.get(row.table, Topic.NONE)
    return Sign(row.intent, clause.start + match.start(), row.doubt, weak=row.weak, topic=topic)


def excepted(unless: tuple[str, ...], text: str, match: re.Match[str]) -> bool:
    """Whether what stands around a find makes it something else."""
    near = text[max(0, match.start() - WINDOW) : match.end() + WINDOW]
    return any(any_of(table).search(near) for table in unless)


def falsification(message: Message) -> bool:
    """Whether the message asks to record what was not done."""
    match = any_of("falsify.falsify").search(message.text)
    return match is not None and not excepted(("falsify.not_falsify",), message.text, match)


def _echoes(message: Message, clause: Clause) -> bool:
    """「点検?してないよ」: the question is only taken up, and answered next."""
    return clause is not message.clauses[-1] and bool(any_of("question.echo").match(clause.text))


def _questions(message: Message) -> list[Sign]:
    found = []
    for clause in message.clauses:
        match = any_of("question.question").search(clause.text)
        asked = match and not any_of("question.not_question").search(clause.text)
        if (asked or (clause.asks and len(clause.text) > 1)) and not _echoes(message, clause):
            found.append(Sign(Intent.QUESTION, clause.start + (match.start() if match else 0)))
    return found
