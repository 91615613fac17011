"""A photo of the monthly list: nothing is read from it; it is kept until one of the staff keys it in."""

import re
from dataclasses import replace

from bot.core.outcome import Change, Deed, Mode, Outcome, Say
from bot.core.people import STAFF_DESK
from bot.core.turn import Turn
from handlers.answers import answer, done
from handlers.files import kept

NAMED = re.compile(
    r"一覧表|今月の(一覧|リスト|表)|(月の|報告の?)(一覧|用紙)|monthly list|this month's list", re.IGNORECASE
)


def named(turn: Turn) -> bool:
    """Whether files came with words that call them the list."""
    return bool(turn.reply.evidence) and bool(NAMED.search(turn.reply.text))


def sent(turn: Turn) -> list[Outcome]:
    """It is about many houses, so it is evidence of none, and stands in the talk of this company alone."""
    files = list(dict.fromkeys([*kept(turn), *turn.reply.evidence]))
    if not files:
        return [answer(turn, "reply_sheet_missing")]
    company = turn.person.id
    note = Say(STAFF_DESK, "staff_note", {"who": company, "reason": "sheet_sent"}, Mode.PROMPT)
    outcome = Outcome(
        deeds=(Deed("sheet_sent", company, {"files": len(files), "source": turn.reply.source}),),
        changes=(Change("sheet_sent", {"person": company, "files": files}),),
        says=(note,),
    )
    return [done(replace(turn, scene=None, household=None), outcome, "reply_sheet")]
