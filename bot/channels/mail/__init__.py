"""Email: outbound over SMTP, or into a Maildir where no server is set."""

from bot.channels.mail.channel import MailChannel
from bot.channels.mail.outward import open_channel
from bot.channels.mail.settings import MailSettings, read_settings
from bot.channels.mail.words import MailWords

__all__ = ["MailChannel", "MailSettings", "MailWords", "open_channel", "read_settings"]
