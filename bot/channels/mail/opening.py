"""Switches the mail channel on: over SMTP where a server is set, otherwise into a mail folder."""

from dataclasses import replace

from bot.channels.mail.address import Mailbox
from bot.channels.mail.imap import AUTHSERV_ID, IMAP_URL, read_imap, read_vouching
from bot.channels.mail.outward import open_channel
from bot.channels.mail.settings import MAIL_FROM, SMTP_URL, read_settings
from bot.channels.mail.words import MailWords
from bot.channels.registry import Context
from bot.config import holds_files
from bot.core.delivery import Channel

SHAPE = "bot.channels.mail.shape"
SETTINGS = (SMTP_URL, MAIL_FROM, IMAP_URL, AUTHSERV_ID)


def open(context: Context) -> Channel | None:
    """Raises ValueError with one plain line for settings that cannot be used."""
    settings = read_settings(
        context.environment.get(SMTP_URL, ""),
        context.environment.get(MAIL_FROM, ""),
        context.settings.mail_dir,
        context.settings.public_url,
    )
    if settings.server is None and not holds_files(settings.folder):
        raise ValueError(f"ENGAWA_MAIL_DIR: {settings.folder} is not a folder that can be written to")
    settings = replace(settings, sender=_named(settings.sender, context.settings.office_name))
    mailbox = read_imap(context.environment.get(IMAP_URL, ""), settings.sender)
    vouching = read_vouching(context.environment.get(AUTHSERV_ID, ""))
    settings = replace(settings, mailbox=replace(mailbox, vouching=vouching) if mailbox else None)
    words = {language: MailWords(**lines["mail"]) for language, lines in context.words.items()}
    return open_channel(settings, words, context.monotonic)


def _named(sender: Mailbox, office: str) -> Mailbox:
    """Who writes is the first that a phone shows of a mail: the office's name, unless the setting gives another."""
    return sender if sender.name else replace(sender, name=office)
