"""The two bodies of one message: plain text, and HTML that reads well on a phone.

Everything in a Message is plain text, so everything is escaped in the HTML. Styles are inline, type is never below
18 px, nothing is loaded from anywhere.
"""

from html import escape
from urllib.parse import quote

from bot.channels.mail.words import MailWords
from bot.core.delivery import Envelope

_PAGE = (
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"></head>'
    '<body style="margin:0;background:#f5f3ee"><div style="max-width:560px;margin:0 auto;padding:24px 20px;'
    'background:#fff;color:#222;font:18px/1.8 sans-serif;overflow-wrap:anywhere">'
)
_TITLE = '<h1 style="margin:0 0 20px;font-size:24px;line-height:1.4">'
_FACTS = '<table width="100%" cellpadding="8" style="margin:20px 0;background:#f5f3ee;font-size:18px">'
_BUTTON = (
    'style="display:block;margin:16px 0;padding:16px;border-radius:10px;background:#1f5f4a;color:#fff;'
    'font-size:20px;font-weight:bold;text-align:center;text-decoration:none"'
)
_FOOTER = '<div style="margin:28px 0 0;padding:16px 0 0;border-top:1px solid #ccc;color:#444">'
_RULE = "-" * 30

Links = list[tuple[str, str]]  # label and address


def answer_links(envelope: Envelope) -> Links:
    """One link per button: the person's page with that answer chosen (shown on GET, recorded on POST)."""
    if not envelope.button_url:
        return []
    return [
        (button.label, envelope.button_url + quote(button.action, safe="", errors="replace"))
        for button in envelope.message.buttons
    ]


def text_body(envelope: Envelope, words: MailWords, answers: Links) -> str:
    """The message as plain text; each answer is a line with its address below it."""
    message = envelope.message
    blocks = [message.title, *message.paragraphs]
    if message.facts:
        blocks.append("\n".join([f"{label}: {value}" for label, value in message.facts]))
    blocks += [f"[{label}]\n{url}" for label, url in envelope.opens]
    if answers:
        blocks.append(words.answer if len(answers) > 1 else words.answer_one)
        blocks += [f"[{label}]\n{url}" for label, url in answers]
    elif envelope.page_url:
        blocks.append(f"{words.page}\n{envelope.page_url}")
    blocks.append("\n".join(filter(None, [_RULE, *message.footer, words.unread])))
    blocks += [f"{label}\n{url}" for label, url in _small_links(envelope, words)]
    return "\n\n".join(blocks) + "\n"


def html_body(envelope: Envelope, words: MailWords, answers: Links) -> str:
    """The same message as HTML."""
    message = envelope.message
    title = _shown(message.title)
    parts = [
        f'<!DOCTYPE html>\n<html lang="{escape(message.language)}"><head><title>{title}</title>',
        _PAGE,
        f"{_TITLE}{title}</h1>",
        *[f"<p>{_shown(paragraph)}</p>" for paragraph in message.paragraphs],
        _facts(message.facts),
        *[_button(label, url) for label, url in envelope.opens],
        _links(envelope, words, answers),
        _FOOTER,
        *[f"{_shown(line)}<br>" for line in (*message.footer, words.unread) if line],
    ]
    parts += [f'<br><a href="{escape(url)}">{_shown(label)}</a>' for label, url in _small_links(envelope, words)]
    parts.append("</div></div></body></html>\n")
    return "\n".join(parts)


def _small_links(envelope: Envelope, words: MailWords) -> Links:
    """What is there for whoever looks for it: another channel, and the end of this one."""
    links = [(words.elsewhere, envelope.elsewhere_url), (words.stop, envelope.stop_url)]
    return [(label, url) for label, url in links if url]


def _facts(facts: tuple[tuple[str, str], ...]) -> str:
    rows = [
        f'<tr valign="top"><th scope="row" align="left" nowrap>{_shown(label)}</th><td>{_shown(value)}</td></tr>'
        for label, value in facts
    ]
    return "\n".join([_FACTS, *rows, "</table>"]) if rows else ""


def _links(envelope: Envelope, words: MailWords, answers: Links) -> str:
    page = escape(envelope.page_url)
    if not answers:
        return _button(words.page, envelope.page_url) if page else ""
    links = [_button(label, url) for label, url in answers]
    if page:
        links.append(f'<p>{_shown(words.fallback)}<br><a href="{page}">{page}</a></p>')
    return "\n".join(links)


def _button(label: str, url: str) -> str:
    return f'<a href="{escape(url)}" {_BUTTON}>{_shown(label)}</a>'


def _shown(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>\n")
