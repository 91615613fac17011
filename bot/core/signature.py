"""The signature of a request, the same in both directions: HMAC-SHA256 over its second and its body.

A submitter's own address is told in the form of Standard Webhooks 1.0.0 (standardwebhooks.com), for which their
languages have libraries: the same over a message's id, its second and its body.
"""

import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

TIMESTAMP, SIGNATURE = "Engawa-Timestamp", "Engawa-Signature"
STANDARD = ("webhook-id", "webhook-timestamp", "webhook-signature")
OLDEST = 300  # seconds, by machine time, that a signature may be old, or ahead of us


def sign(secret: str, second: int, content: bytes) -> dict[str, str]:
    """The two headers. ``content`` is the body; of a request without one, its path and query."""
    return {TIMESTAMP: str(second), SIGNATURE: f"v1={_mac(secret.encode(), str(second), content).hex()}"}


def sign_standard(secret: bytes, message_id: str, second: int, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks."""
    mac = b64encode(_mac(secret, f"{message_id}.{second}", body)).decode()
    return dict(zip(STANDARD, (message_id, str(second), f"v1,{mac}"), strict=True))


def written_secret(secret: bytes) -> str:
    """As Standard Webhooks writes a secret, and their libraries take it."""
    return f"whsec_{b64encode(secret).decode()}"


def _mac(secret: bytes, named: str, content: bytes) -> bytes:
    return hmac.digest(secret, f"{named}.".encode() + content, "sha256")


def is_genuine(secret: str, headers: Mapping[str, str], content: bytes, now: float) -> bool:
    """Whether whoever knows the secret signed this just now. ``headers`` in lower case; ``now`` in seconds."""
    stamp, given = headers.get(TIMESTAMP.lower(), ""), headers.get(SIGNATURE.lower(), "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and given.isascii()):
        return False
    if abs(now - int(stamp)) > OLDEST:
        return False
    return hmac.compare_digest(sign(secret, int(stamp), content)[SIGNATURE], given)


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who signs what they tell us; ``machine_now`` is the clock that signatures go by."""

    secret: str = field(repr=False)
    machine_now: Callable[[], datetime]

    def second(self, headers: Mapping[str, str], content: bytes) -> int | None:
        """When they signed this, in seconds; None for what they did not sign, or not just now."""
        known = is_genuine(self.secret, headers, content, self.machine_now().timestamp())
        return int(headers[TIMESTAMP.lower()]) if known else None
