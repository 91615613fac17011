"""What Slack's answers mean (https://docs.slack.dev/reference/methods/chat.postMessage#errors).

Slack knows no idempotency key: a call whose answer never came, or that failed on Slack's side, may have been done.
"""

import json
from collections.abc import Awaitable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackObjectFormationError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.delivery import Outcome, Receipt

DEAD = {"channel_not_found", "is_archived", "user_not_found", "users_not_found", "account_inactive", "user_disabled"}
CLOSED = {
    *("invalid_auth", "not_authed", "token_revoked", "token_expired", "no_permission", "missing_scope"),
    *("org_login_required", "ekm_access_denied", "access_denied", "team_access_not_granted", "not_allowed_token_type"),
}
BUSY = {"ratelimited", "rate_limited", "message_limit_exceeded"}
BROKEN = {"fatal_error", "internal_error", "service_unavailable", "request_timeout"}
LONGEST_WORD = 60
REST = 30.0  # seconds, where Slack names none


async def answered(call: Awaitable[AsyncSlackResponse]) -> tuple[Receipt, Mapping[str, Any]]:
    """The receipt of one call and what it answered. Never raises for what Slack or the network does."""
    try:
        response = await call
    except SlackApiError as error:
        return _said(error), {}
    except SlackObjectFormationError:
        return Receipt(Outcome.REFUSED, detail="blocks"), {}
    except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
        return Receipt(Outcome.LATER, detail=type(error).__name__), {}
    except (aiohttp.ClientError, OSError, ValueError, AttributeError, TypeError) as error:
        # Not JSON, not text, not an object (slack_sdk trips over those), or the line broke: it may have been done.
        return Receipt(Outcome.UNKNOWN, detail=type(error).__name__), {}
    data = response.data if isinstance(response.data, dict) else {}
    stamp = data.get("ts") or data.get("message_ts") or ""
    return Receipt(Outcome.SENT, provider_id=stamp if isinstance(stamp, str) else ""), data


def _said(error: SlackApiError) -> Receipt:
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return Receipt(Outcome.UNKNOWN, detail="not JSON")
    word = _word(response)
    if response.status_code == 429 or word in BUSY:
        return Receipt(Outcome.LATER, detail=word or "429", retry_after=_wait(response.headers))
    if response.status_code >= 500 or word in BROKEN or not word:
        return Receipt(Outcome.UNKNOWN, detail=word or str(response.status_code))
    if word in DEAD:
        return Receipt(Outcome.DEAD, detail=word)
    return Receipt(Outcome.CLOSED if word in CLOSED else Outcome.REFUSED, detail=word)


def _word(response: AsyncSlackResponse) -> str:
    """Slack's code for what went wrong; nothing where a proxy answered in its place."""
    word = response.data.get("error") if isinstance(response.data, dict) else ""
    return word[:LONGEST_WORD] if isinstance(word, str) and word.replace("_", "").isalnum() else ""


def _wait(headers: Mapping[str, Any]) -> float:
    """Seconds, by https://docs.slack.dev/apis/web-api/rate-limits."""
    named = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        return min(max(float(json.loads(str(named))), 1.0), 3600.0)
    except (ValueError, TypeError):
        return REST
