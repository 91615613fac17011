"""Switches the channel on where the guarantor's core system is told."""

from importlib import import_module

from bot.channels.guarantor_http.settings import SECRET, URL, read_settings
from bot.channels.registry import Context
from bot.core.delivery import Channel

SETTINGS = (URL, SECRET)


def open(context: Context) -> Channel | None:
    """Raises ValueError with one plain line for settings that cannot be used."""
    settings = read_settings(context.environment)
    if settings is None:
        return None
    module = import_module("bot.channels.guarantor_http.channel")
    channel: Channel = module.GuarantorChannel(settings, context.machine_now)
    return channel
