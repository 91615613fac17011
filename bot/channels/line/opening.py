"""Switches the channel on. What costs (the SDK: 0.7 s, 64 MB) is loaded only then."""

from importlib import import_module

from bot.channels.line.settings import API_BASE, CHANNEL_SECRET, CHANNEL_TOKEN, read_settings
from bot.channels.registry import Context
from bot.core.delivery import Channel

SETTINGS = (CHANNEL_SECRET, CHANNEL_TOKEN, API_BASE)
SHAPE = "bot.channels.line.shape"


def open(context: Context) -> Channel | None:
    """Raises ValueError with one plain line for settings that cannot be used."""
    settings = read_settings(context.environment)
    if settings is None:
        return None
    channel: Channel = import_module("bot.channels.line.channel").open_channel(settings, context)
    return channel
