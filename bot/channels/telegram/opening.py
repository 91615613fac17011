"""Switches Telegram on where a token is set; its library is loaded only then."""

from importlib import import_module

from bot.channels.registry import Context
from bot.channels.telegram.settings import API_BASE, TOKEN, WEBHOOK_SECRET, read_settings
from bot.core.delivery import Channel

SETTINGS = (TOKEN, WEBHOOK_SECRET, API_BASE)
SHAPE = "bot.channels.telegram.shape"
CHANNEL = "bot.channels.telegram.channel"


def open(context: Context) -> Channel | None:
    """Nothing is asked of the platform yet. Raises ValueError with one plain line for settings that cannot be used."""
    settings = read_settings(context.environment, context.settings.public_url)
    if settings is None:
        return None
    words = {language: lines["bubble"] for language, lines in context.words.items()}
    channel: Channel = import_module(CHANNEL).Telegram(settings, words)
    return channel
