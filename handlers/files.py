"""Files that people send: with words that say what for, or alone, or not to be had."""

from dataclasses import replace

from bot.core.case import Scene
from bot.core.closing import evidenced
from bot.core.meaning import Intent
from bot.core.outcome import Outcome, Talk
from bot.core.people import Role
from bot.core.turn import Turn
from bot.language.doubts import FALSIFY
from handlers.answers import answer, ask, done

FILES = "files"  # they sent files and have not said yet what for


def wordless(turn: Turn) -> list[Outcome]:
    """No word and no button: files that could not be kept, or nothing at all."""
    return [answer(turn, "reply_file_refused" if turn.reply.refused else "reply_unclear")]


def with_refused_files(turn: Turn, decided: list[Outcome]) -> list[Outcome]:
    """What their words brought about, and that a file which came with them did not: nobody takes it for kept."""
    told = any(said.kind == "reply_file_refused" for outcome in decided for said in outcome.says)
    if told or not turn.reply.refused or turn.person.role not in (Role.OWNER, Role.SERVICER):
        return decided
    return [*decided, answer(turn, "reply_file_refused")]


def only_files(turn: Turn) -> bool:
    """Whether they sent files with no word that says more than what they are."""
    meaning = turn.reply.meaning
    says_no_more = meaning is None or (meaning.intent is Intent.OTHER and meaning.why != FALSIFY)
    return bool(turn.reply.evidence) and says_no_more


def attach(turn: Turn) -> list[Outcome]:
    """A photo or document without a word: it joins the report it follows, or waits for the one that follows it."""
    scene = turn.scene
    report = scene.case.report_of(turn.person.role) if scene and scene.case.open else None
    if scene is None or report is None:
        return [ask(turn, FILES, "reply_files", {"evidence": [*kept(turn), *turn.reply.evidence]})]
    files = (*report.evidence, *kept(turn), *turn.reply.evidence)
    outcome = evidenced(scene, replace(report, evidence=tuple(dict.fromkeys(files))), turn.now)
    talk = follows(turn, scene) if turn.talk.question in ("", FILES) else turn.talk
    return [replace(done(turn, outcome, "reply_evidence"), talk=talk)]


def follows(turn: Turn, scene: Scene) -> Talk:
    """Nothing is asked; what they send without a word belongs to this case until we say something else to them."""
    return Talk(turn.person.id, "", scene.case.house_id, scene.case.id, asked_at=turn.now)


def kept(turn: Turn) -> list[str]:
    """Files that came before the words."""
    return list(turn.talk.data.get("evidence", ())) if turn.talk.question == FILES else []
