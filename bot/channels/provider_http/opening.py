"""Switches the channel on where there is a machine to speak to."""

from importlib import import_module

from bot.channels.provider_http.settings import TOKENS, read_settings
from bot.channels.registry import Context
from bot.core.delivery import Channel

SETTINGS = (TOKENS,)


def open(context: Context) -> Channel | None:
    """Raises ValueError with one plain line for a setting that cannot be used."""
    settings = read_settings(context.environment)
    if settings is None:
        return None
    channel: Channel = import_module("bot.channels.provider_http.channel").ProviderChannel(settings)
    return channel
