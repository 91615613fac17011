"""The text that owners consent to."""

import hashlib

import pytest

from templates.catalogue import LANGUAGES
from templates.consent import consent_text
from templates.contract import NAMES, contract, versions
from tests.templates.samples import RENDERER, part

# What each version's text hashes to, for good: a consent on record points here.
PUBLISHED = {
    ("ja", "consent", "1"): "351881309e329008420a0602dc8ff2e2aa7ca939793cd86064ac8d2dcce64d7f",
    ("ja", "consent", "2"): "b005c5106da4de776b96a773d8e3a30bae6986fac5f3a471b064f0a2414c25d9",
    ("ja", "consent", "3"): "931d087b259978bb6fa27ced79564986e32dcd242231b0dad6ea7b53824adf9d",
    ("ja", "consent", "4"): "2cd70cbc0b9bedfb9211d1a1f247098d470ea855e389b765afdf57b340f8d922",
    ("en", "consent", "1"): "1134a1f567db0eb572bfb39ba8b8663fcaa0912fc308a30b6b065a413cc4bb34",
    ("en", "consent", "2"): "7c90277dd4936065c093fbbc51eb28e148957247509d22c5f8de5ca8d2fbdc30",
    ("en", "consent", "3"): "1384a79ad6cd063ea7c10231f35f4bfb8274974b391304c8f9963c6e6631feed",
    ("en", "consent", "4"): "363b43407957261d60b9244ee168a3797f97250b2342153be659106944f43654",
    ("ja", "privacy", "1"): "16dea1d4029ced47c25fde6a1616ff5d4fc78ffcf7ffd774ec48b45cbbf11d5e",
    ("ja", "privacy", "2"): "564129d2c6ae4b3691e4bc23dfb72afdc9c326398ba08400dd8c655da4b16716",
    ("en", "privacy", "1"): "cd27ed3308749a2747dc4c0673d2dde48852ce5ce77abe15061900c8e00c2565",
    ("en", "privacy", "2"): "1264b1b91a0491514dc6619888c8fc82c4ac3d6a01c7d853b9ecdd37b3c1b07c",
    ("ja", "builder_data", "1"): "270831cfb88ccd20d016af95d4f5dcac01beb68e3fdffbf2d1a98183d3c1e7c3",
    ("ja", "builder_data", "2"): "2d3f9c22914a0bb8017d72930cbab86d178451e7f047fe586dba50ba5cc662d2",
    ("ja", "backup_terms", "1"): "1013a550e3d87c9a4ba0682f1b7483ab4a229296690c4d19b7d63609116594ee",
    ("ja", "association", "1"): "41e3cde0016b263d11e7e582e8b78119c9fd1415c023fe1f758fec1fb73dc061",
}


def test_a_changed_text_is_a_new_version_and_the_old_one_stays():
    """Whoever changes a letter gives it a number of its own; what somebody agreed to can be read for good."""
    kept = {
        (language, name, text.version): text.hash
        for name in NAMES
        for language in LANGUAGES
        for text in versions(name, language)
    }
    assert kept == PUBLISHED


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
    for name, language, version in (("consent", "fr", ""), ("consent", "ja", "99"), ("association", "en", "")):
        with pytest.raises(KeyError):
            contract(name, language, version)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_consent_names_the_privacy_notice_it_was_given_with(language: str):
    """So its hash says which version of both texts was there to read."""
    notice = contract("privacy", language)
    named = {"ja": f"「{notice.title}」（第{notice.version}版）", "en": f"“{notice.title}” (version {notice.version})"}
    assert named[language] in consent_text(language).text


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_of_the_law_says_where_it_stands(name: str):
    """An article in a text has its source and the day it was read; nobody is called 責任者."""
    for language in LANGUAGES:
        for section in (one for text in versions(name, language) for one in text.sections):
            words = "".join(section.paragraphs)
            assert "責任者" not in words
            if any(mark in words for mark in ("個人情報保護法", "art. ", "arts. ")):
                assert section.source, section.heading
                assert section.as_of, section.heading


def test_between_companies_the_texts_are_drafts():
    """Until a lawyer has seen them."""
    assert all(contract(name, "ja").draft for name in NAMES)
