"""The Slack channel's settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

BOT_TOKEN = "ENGAWA_SLACK_BOT_TOKEN"
SIGNING_SECRET = "ENGAWA_SLACK_SIGNING_SECRET"
API_BASE = "ENGAWA_SLACK_API_BASE"
STAFF_CHANNEL = "ENGAWA_SLACK_STAFF_CHANNEL"
APP_TOKEN = "ENGAWA_SLACK_APP_TOKEN"
NAMES = (BOT_TOKEN, SIGNING_SECRET, API_BASE, STAFF_CHANNEL, APP_TOKEN)
SLACK = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """Everything the channel needs, read once. With an ``app_token`` Slack is asked (Socket Mode), else it calls us.

    Tokens never show in a repr. ``staff_channel`` is a channel's id, empty where the staff are elsewhere.
    """

    api_base: str
    staff_channel: str
    bot_token: str = field(repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)


def read_settings(environment: Mapping[str, str]) -> SlackSettings | None:
    """None where Slack is off. Raises ValueError with one plain line that repeats no secret."""
    bot, secret, base, desk, app = (environment.get(name, "").strip() for name in NAMES)
    if not bot:
        return None
    if not bot.isascii() or not app.isascii():
        raise ValueError(f"{BOT_TOKEN} or {APP_TOKEN} is no token")
    if not secret and not app:
        raise ValueError(f"{BOT_TOKEN} needs {SIGNING_SECRET}, or {APP_TOKEN} for Socket Mode")
    if desk and not (desk.isascii() and desk.isalnum() and desk[0] in "CG"):
        raise ValueError(f"{STAFF_CHANNEL} is not a channel's id, such as C0123456789: {desk!r}")
    base = base or SLACK
    if not base.startswith(("https://", "http://")) or not base.endswith("/api/"):
        raise ValueError(f"{API_BASE} is not a URL that ends in /api/: {base!r}")
    return SlackSettings(base, desk, bot, secret, app)
