"""The channel is always on: whether anybody is told anything is for submitters to say."""

from importlib import import_module

from bot.channels.registry import Context
from bot.core.delivery import Channel
from bot.core.hook import is_own

SETTINGS: tuple[str, ...] = ()


def open(context: Context) -> Channel | None:
    """An installation that is reached on its own machine alone may tell another program there."""
    module = import_module("bot.channels.submitter_http.channel")
    own = is_own(context.settings.public_url)
    channel: Channel = module.SubmitterChannel(context.secret, context.machine_now, own)
    return channel
