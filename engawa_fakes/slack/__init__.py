"""Slack on loopback: the Web API methods that a bot needs, Socket Mode, and requests as Slack sends them.

Base URL: ``fake.api`` (ends in ``/api/``). Bot token ``BOT``, app token ``APP``, signing secret ``SECRET``. There is
one channel, ``DESK``; people are ``USERS``, and ``GONE`` has left. A modal opens only with a trigger_id that this
Slack gave out (``press`` and ``command`` do) and that was not used before.

Refused as by Slack (https://docs.slack.dev/reference/methods): bad tokens, unknown channels and arguments, blocks of
unknown types or beyond their limits (slack_sdk's models say which), action_ids and block_ids that stand twice, more
than 50 blocks, a text or a thread that is missing, a modal with too much in it. ``received`` and ``thread`` tell what
people see, as they see it. A text in which somebody would be called is refused too, which the real Slack does not: it
would call them.
"""

from engawa_fakes.slack.names import APP, BOT, BOT_USER, DESK, GONE, RETRY_AFTER, SECRET, USERS
from engawa_fakes.slack.shown import RefusedError, Shown
from engawa_fakes.slack.workspace import FakeSlack

__all__ = [
    "APP",
    "BOT",
    "BOT_USER",
    "DESK",
    "GONE",
    "RETRY_AFTER",
    "SECRET",
    "USERS",
    "FakeSlack",
    "RefusedError",
    "Shown",
]
