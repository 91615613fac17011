"""The words of workbooks in the language that was asked for."""

from enum import StrEnum

from bot.intake.workbook.words import Words
from templates.workbook import workbook_words


class Language(StrEnum):
    """What workbooks are worded in."""

    JA = "ja"
    EN = "en"


def words_in(language: Language) -> Words:
    return Words(**workbook_words(language))
