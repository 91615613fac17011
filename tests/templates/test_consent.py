"""The text that owners consent to."""

import hashlib

import pytest

from templates.catalogue import LANGUAGES
from templates.consent import consent_text
from tests.templates.samples import RENDERER, part
from tests.templates.test_words import file

# What each version's text hashes to, for good: a consent on record points here.
PUBLISHED = {
    ("ja", "1"): "351881309e329008420a0602dc8ff2e2aa7ca939793cd86064ac8d2dcce64d7f",
    ("en", "1"): "1134a1f567db0eb572bfb39ba8b8663fcaa0912fc308a30b6b065a413cc4bb34",
    ("ja", "2"): "b005c5106da4de776b96a773d8e3a30bae6986fac5f3a471b064f0a2414c25d9",
    ("en", "2"): "7c90277dd4936065c093fbbc51eb28e148957247509d22c5f8de5ca8d2fbdc30",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_changed_text_is_a_new_version(language: str):
    """Whoever changes a letter of it gives it a number of its own."""
    text = consent_text(language)
    assert PUBLISHED.get((language, text.version)) == text.hash


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hash_is_that_of_the_words_as_shown(language: str):
    """Title, headings and paragraphs, all of them, in their order."""
    text = consent_text(language)
    assert hashlib.sha256(text.text.encode()).hexdigest() == text.hash
    place = -1
    for piece in [text.title, *(piece for each in text.sections for piece in (each.heading, *each.paragraphs))]:
        assert text.text.find(piece, place + 1) > place
        place = text.text.find(piece, place + 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_button_gives_the_consent_that_was_shown(language: str):
    """Its argument is the version of the text in force, and the message says so."""
    message = RENDERER.part(part("consent_ask", {"house": "H-0001"}, "reply", case=""), language, "")
    version = consent_text(language).version
    assert message.buttons[0].action == f"consent::0:{version}"
    assert any(version in value for _, value in message.facts)


def test_both_languages_are_one_text():
    """The same version with the same sections."""
    japanese, english = (consent_text(language) for language in LANGUAGES)
    assert japanese.version == english.version
    assert [len(each.paragraphs) for each in japanese.sections] == [len(each.paragraphs) for each in english.sections]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_marked_as_a_draft(language: str):
    """Until a lawyer has seen it. The mark is for us: it is no part of what is shown."""
    assert file(language, "consent.toml")["draft"] is True
    assert consent_text(language).draft
    assert "弁護士" not in consent_text(language).text
    assert "lawyer" not in consent_text(language).text.lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_texts_say_which_country_sees_what(language: str):
    """The full text and its summary, platform by platform."""
    message = RENDERER.part(part("consent_ask", {"house": ""}, "reply", case=""), language, "")
    shown = str(message.facts)
    pairs = {
        "ja": ("LINEは日本", "Telegramは日本の外", "Slackはアメリカ"),
        "en": ("LINE: Japan", "Telegram: outside Japan", "Slack: the United States"),
    }[language]
    assert all(pair in shown and pair in consent_text(language).text for pair in pairs)


def test_a_language_without_a_text_is_an_error():
    """Nobody consents to nothing."""
    with pytest.raises(FileNotFoundError):
        consent_text("fr")
