"""No message of any kind, in any language and any channel's form, carries a sum, a certificate's number or an address.

Those stand on paper, and on pages that only their reader can open.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels.line.form import BubbleWords
from bot.channels.line.form import messages as line_messages
from bot.channels.mail.address import Mailbox
from bot.channels.mail.compose import Composer
from bot.channels.mail.words import MailWords
from bot.channels.registry import CHANNELS
from bot.channels.slack.blocks import blocks_of, fallback
from bot.channels.slack.words import words_of
from bot.channels.telegram.form import form_of
from bot.core.delivery import Envelope
from handlers.web.render import Pages
from handlers.web.talk import Bubble
from templates.catalogue import LANGUAGES
from tests.bot.channels.contract import envelope
from tests.templates.samples import CATALOGUE, OFFICE, OWNER, RENDERER, every_part

KINDS = sorted(CATALOGUE.versions)
PRIVATE: Mapping[str, re.Pattern[str]] = {
    "a sum": re.compile(r"[¥￥] *\d|\d[\d,，.]*[万億千]*円|\b(?:JPY|yen)\b|\d *[%％]"),
    "a paper's number": re.compile(r"第 *[\d-]+ *号|(?:認定|証書|保証)番号|certificate (?:no\b|number)", re.I),
    "an address": re.compile(r"〒|丁目|番地|(?<![\d-])\d{3}-\d{4}(?![\d-])|[都道府県].{1,6}[市区町村郡].{1,9}\d"),
}
# What cannot be done without: the owner agrees to a company by its price, a company to a house by its town, and a
# house is looked up by its address.
NEEDED: Mapping[str, frozenset[str]] = {
    "a sum": frozenset({"owner_new_company", "reply_fee_read_back", "reply_ask_fee"}),
    "an address": frozenset(
        {"servicer_candidate", "servicer_candidate_over", "servicer_introduce", "provider_list", "provider_lookup"}
    ),
}
FINE = re.compile(r"30万円以下の罰金|fine of up to 300,000\s+yen")
WORDS = CATALOGUE.words
AT = datetime(2027, 2, 1, tzinfo=UTC)
LINE_WORDS = {language: BubbleWords(**lines["bubble"]) for language, lines in WORDS.items()}
TELEGRAM_WORDS = {language: lines["bubble"] for language, lines in WORDS.items()}
SLACK_WORDS = words_of(WORDS)
PAGES = Pages(WORDS)
COMPOSER = Composer(
    Mailbox("engawa@example.jp", OFFICE.name),
    {language: MailWords(**lines["mail"]) for language, lines in WORDS.items()},
)


def on_page(said: Envelope) -> str:
    message = said.message
    bubble = Bubble("m1-0", AT, False, None, message, 1, "chat", message.buttons)
    given = {"bubble": bubble, "here": "chat", "office": OFFICE, "view": SimpleNamespace(newest=""), "visits_at": ""}
    return re.sub(r"<[^>]*>", " ", PAGES.render("bubble", message.language, **given))


def by_mail(said: Envelope) -> str:
    mail = message_from_bytes(COMPOSER.compose(said).raw, policy=default)
    return f"{mail['Subject']}\n" + "\n".join(
        str(part.get_content()) for part in mail.walk() if part.get_content_type() == "text/plain"
    )


def by_line(said: Envelope) -> str:
    return json.dumps(line_messages(said, LINE_WORDS[said.message.language]), ensure_ascii=False)


def by_telegram(said: Envelope) -> str:
    form = form_of(said, TELEGRAM_WORDS)
    return f"{form.text}\n{form.keyboard.to_json() if form.keyboard else ''}"


def by_slack(said: Envelope) -> str:
    blocks: list[Any] = [block.to_dict() for block in blocks_of(said.message, SLACK_WORDS[said.message.language], "")]
    return f"{fallback(said.message)}\n{json.dumps(blocks, ensure_ascii=False)}"


def by_machine(said: Envelope) -> str:
    return "\n".join(f"{label}: {value}" for label, value in said.message.facts)


FORMS: Mapping[str, Callable[[Envelope], str]] = {
    "chat": on_page,
    "email": by_mail,
    "line": by_line,
    "telegram": by_telegram,
    "slack": by_slack,
    "provider_http": by_machine,
    "guarantor_http": by_machine,
    "submitter_http": by_machine,
}


def said(kind: str, language: str) -> Iterator[Envelope]:
    """Everything that is said under this kind, to every role and at every point of a case, each text once."""
    messages = dict.fromkeys(RENDERER.render([part], language, OWNER.name) for part in every_part(kind))
    return (envelope("owner@example.jp", message, page_url="https://engawa.example.jp/c/t") for message in messages)


def private_in(text: str, kind: str = "") -> list[str]:
    """What in a text has no place there. What the law's own sentence names is nobody's figure, and a link is opaque."""
    text = re.sub(r"https?://\S+", "", FINE.sub("", text))
    looked_for = {name: pattern for name, pattern in PRIVATE.items() if kind not in NEEDED.get(name, ())}
    return [f"{name}: {found[0]}" for name, pattern in looked_for.items() if (found := pattern.search(text))]


def test_every_channel_has_its_form_here():
    assert set(FORMS) == set(CHANNELS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_message_carries_what_belongs_on_paper(kind: str, language: str):
    for one in said(kind, language):
        for channel, form in FORMS.items():
            assert private_in(form(one), kind) == [], channel


@pytest.mark.parametrize(
    "text",
    [
        *("残りは1,200万円です", "￥ 30,000", "費用は3万円ほど", "2億円", "1,200,000 yen", "金利は1.2%です"),
        *("第2022-13号", "認定番号をお知らせください", "Certificate number 5"),
        *("〒100-0001", "100-0001", "大手町1丁目", "5番地", "東京都千代田区大手町2-3", "北海道札幌市北区7"),
    ],
)
def test_what_is_private_is_seen(text: str):
    assert private_in(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "03-0000-0000（平日9時から17時）",
        "2027年2月24日(水)",
        "H-0001-1",
        "5年目の点検",
        "丸太工務店（渋谷区）",
        "0120-000-000",
    ],
)
def test_what_is_not_is_not(text: str):
    assert private_in(text) == []
