"""Answers that fill the open question's slot without saying more: a result, a name."""

from bot.core.meaning import Context, Intent, Meaning
from bot.language import doubts
from bot.language.answers import LONGEST, RESULT_ANSWERS, answer, bare_word
from bot.language.grammar.endings import Form
from bot.language.grammar.verbs import Act
from bot.language.message import Message
from bot.language.performer import answered_name
from bot.language.signs.arrangement import COURTESY
from bot.language.signs.findings import findings
from bot.language.signs.work import past_words
from bot.language.text.phrasebook import any_of

INSPECTION = ("点検", "検査")
OF_INSPECTION = ("異常", "指摘", "不具合", "点検", "検査")


def slot(message: Message) -> Meaning | None:
    """What a text says by answering the open question, or by telling a finding as of an inspection done."""
    if message.context is Context.ASK_PERFORMER and not _to_entrust(message):
        named = answered_name(message.text)
        if named:
            name, plain = named
            return Meaning(Intent.DONE, performer=name, ask=not plain, why="" if plain else doubts.NO_NAME)
    return _result(message)


def _to_entrust(message: Message) -> bool:
    """「山田工務店に頼もうと思います」 names nobody who did it."""
    if any_of("work.about_to_entrust").search(message.text):
        return True
    return any(verb.act is Act.ARRANGE and verb.form is Form.WILL and verb.word != COURTESY for verb in message.verbs)


def answered(message: Message) -> Meaning | None:
    """「山田です。ありませんでした」: the answer to the question, among courtesies."""
    if any_of("findings.something").match(message.text):
        return Meaning(Intent.DONE, result="issues")
    if any_of("findings.none_found").match(message.text):
        return Meaning(Intent.DONE, result="ok")
    words = [word for clause in message.clauses if (word := bare_word(clause.text)) in RESULT_ANSWERS]
    return answer(words[-1], message.context) if words and len(message.text) <= LONGEST else None


def _result(message: Message) -> Meaning | None:
    result, doubt = findings(message)
    asked = message.context is Context.ASK_RESULT
    if result is None and asked:
        return answered(message) or (Meaning(Intent.DONE, ask=True, why=doubt) if doubt else None)
    if result is None:
        return None
    if result == "ok" and any_of("findings.knows_not").search(message.text):
        doubt = doubt or doubts.UNSURE
    of_inspection = any(word in message.text for word in OF_INSPECTION) and past_words(message.text)
    if asked or of_inspection or any_of("status.inspectors_left").search(message.text):
        return Meaning(Intent.DONE, result=result, ask=bool(doubt), why=doubt)
    if result != "ok":
        return None
    inspected = any(word in message.text for word in INSPECTION)
    return Meaning(
        Intent.DONE if inspected else Intent.OTHER,
        result="ok" if inspected else None,
        ask=True,
        why=doubts.TWO_READINGS,
    )
