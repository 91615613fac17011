"""The way out that the settings ask for, and the mailbox with it where there is one."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module

from bot.channels.mail.channel import Carrier, MailChannel
from bot.channels.mail.compose import Composer
from bot.channels.mail.maildir import Maildir
from bot.channels.mail.pool import Limits, Pool
from bot.channels.mail.settings import MailSettings
from bot.channels.mail.words import MailWords

_FILES_AT_ONCE = 4


def open_channel(
    settings: MailSettings,
    words: Mapping[str, MailWords],
    monotonic: Callable[[], float],
    limits: Limits | None = None,
) -> MailChannel:
    """The channel these settings ask for; nothing is connected or created before the first mail.

    ``words`` by language code, ``monotonic`` machine time in seconds.
    """
    answered = settings.mailbox is not None
    if answered:  # then nobody is told that answers are not read
        words = {language: replace(said, unread="") for language, said in words.items()}
    composer = Composer(settings.sender, words, settings.stop_address, answered=answered)
    limits = limits or Limits()
    carrier: Carrier = Maildir(settings.folder)
    at_once = _FILES_AT_ONCE
    if settings.server is not None:
        carrier = Pool(settings, settings.server, monotonic, limits)
        at_once = limits.connections
    if settings.mailbox is None:
        return MailChannel(composer, carrier, at_once)
    # What reads mail is loaded only where somebody wants it read.
    opener = import_module("bot.channels.mail.answerable").open_answerable
    channel: MailChannel = opener((composer, carrier, at_once), settings.mailbox, settings.sender)
    return channel
