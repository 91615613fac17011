"""Slack over HTTP: it calls us."""

from bot.channels.registry import Context
from bot.channels.slack.channel import SlackChannel
from bot.channels.slack.doors import Doors
from bot.channels.slack.settings import SlackSettings


class CalledSlack(SlackChannel):
    """With the three doors of doors.py."""

    def __init__(self, settings: SlackSettings, context: Context) -> None:
        super().__init__(settings, context)
        self.webhooks = Doors(settings.signing_secret, context.machine_now).webhooks()


def open_channel(settings: SlackSettings, context: Context) -> CalledSlack:
    return CalledSlack(settings, context)
