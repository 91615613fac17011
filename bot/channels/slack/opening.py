"""Switches the Slack channel on. Slack's libraries are loaded only then."""

from importlib import import_module

from bot.channels.registry import Context
from bot.channels.slack.settings import NAMES, read_settings
from bot.core.delivery import Channel

SETTINGS = NAMES
SHAPE = "bot.channels.slack.shape"


def open(context: Context) -> Channel | None:
    """None without a bot token. Raises ValueError with one plain line for settings that cannot be used."""
    settings = read_settings(context.environment)
    if settings is None:
        return None
    module = import_module("bot.channels.slack.listening" if settings.app_token else "bot.channels.slack.called")
    channel: Channel = module.open_channel(settings, context)
    return channel
