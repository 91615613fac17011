"""What an owner says of their house's history: who keeps it, what we may give there, and what we keep."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.core.days import civil
from bot.core.disclosure import ENTRUSTED
from bot.core.history.step import noted
from bot.core.outcome import Change, Deed, Outcome, Talk
from bot.core.people import role_of
from bot.core.turn import Turn
from bot.language.text.normal import normalise
from handlers.answers import answer, say, to_desk

Answer = Callable[[Turn], list[Outcome]]
FILES = r"(写真|報告書|ファイル)"
KEEP = re.compile(rf"{FILES}.{{0,12}}(残して|とっておいて|取っておいて|消さないで|保管して|keep)")
LET_GO = re.compile(rf"{FILES}.{{0,12}}(残さなくて|消して|なくして)")
WHERE = r"(履歴|いえかるて|カルテ|情報サービス機関|サービス機関)"
HANDED = re.compile(rf"({FILES}.*{WHERE}|{WHERE}.*{FILES}).{{0,12}}(渡し|預け|登録し|入れ)(まし)?た")

ASKS = re.compile(r"[?？]|かな|ですか|ますか|でしょうか|しょうか")  # a question wants an answer, and changes nothing


def asked_for(turn: Turn) -> list[Outcome]:
    """What an owner writes of the photos and reports we hold; empty for anything else."""
    text = normalise(turn.reply.text)
    deed = next((deed for words, deed in WORDS if words.search(text)), None)
    return deed(turn) if deed is not None and not ASKS.search(text) and _house(turn) else []


def same(turn: Turn) -> list[Outcome]:
    """変わりありません: a fact, and nothing is asked for a year."""
    today, by = civil(turn.now), turn.person.id
    change = noted(answer="same", answered_on=today, confirmed_on=today, confirmed_by=by, look_on=today)
    return _answered(turn, Outcome(deeds=(_deed(turn, "history_same"),), changes=(change,)), "reply_history_same")


def changed(turn: Turn) -> list[Outcome]:
    """変わりました: the staff ask what has, and write it down."""
    house_id = _house(turn)
    if not house_id:
        return [answer(turn, "reply_over")]
    raised = to_desk(turn, "history_changed", "reply_history_changed")
    noting = noted(answer="changed", answered_on=civil(turn.now))
    told = Outcome(house_id, deeds=(_deed(turn, "history_changed"),), changes=(noting,))
    return [raised, told]


def entrust(turn: Turn) -> list[Outcome]:
    """They let us give records and files to who keeps the history."""
    today = civil(turn.now)
    change = noted(mandate_by=turn.person.id, mandate_on=today, look_on=today)
    return _answered(turn, Outcome(deeds=(_deed(turn, ENTRUSTED),), changes=(change,)), "reply_entrusted")


def keep_to_oneself(turn: Turn) -> list[Outcome]:
    """They would rather give it there themselves."""
    change = noted(mandate_by="", mandate_on=None)
    deed = _deed(turn, "history_not_entrusted")
    return _answered(turn, Outcome(deeds=(deed,), changes=(change,)), "reply_not_entrusted")


def keep_files(turn: Turn) -> list[Outcome]:
    change = noted(keep_files=True)
    return _answered(turn, Outcome(deeds=(_deed(turn, "files_kept"),), changes=(change,)), "reply_files_kept")


def let_files_go(turn: Turn) -> list[Outcome]:
    change = noted(keep_files=False)
    return _answered(turn, Outcome(deeds=(_deed(turn, "files_let_go"),), changes=(change,)), "reply_files_go")


def files_handed(turn: Turn) -> list[Outcome]:
    """They gave everything to who keeps the history by themselves."""
    by = turn.person.id
    deed = Deed("files_handed_over", by, {"by": role_of(by)})
    change = Change("files_handed", {"to": by})
    return _answered(turn, Outcome(deeds=(deed,), changes=(change,)), "reply_files_handed")


def _deed(turn: Turn, kind: str) -> Deed:
    return Deed(kind, turn.person.id, {"via": turn.reply.via, "source": turn.reply.source})


def _house(turn: Turn) -> str:
    """The house of theirs that the button, or the talk, is about."""
    named = turn.reply.action.arg if turn.reply.action else ""
    if named:
        return named if named in turn.houses else ""
    return turn.household.house.id if turn.household else ""


def _answered(turn: Turn, outcome: Outcome, kind: str) -> list[Outcome]:
    house_id = _house(turn)
    if not house_id:
        return [answer(turn, "reply_over")]
    said = say(replace(turn, scene=None), kind, house=house_id)
    return [replace(outcome, house_id=house_id, says=(said,), talk=Talk(turn.person.id))]


WORDS: tuple[tuple[re.Pattern[str], Answer], ...] = ((HANDED, files_handed), (LET_GO, let_files_go), (KEEP, keep_files))
