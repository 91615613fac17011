"""The signature of a request, the same in both directions: HMAC-SHA256 over its second and its body."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

TIMESTAMP, SIGNATURE = "Engawa-Timestamp", "Engawa-Signature"
OLDEST = 300  # seconds, by machine time, that a signature may be old, or ahead of us


def sign(secret: str, second: int, content: bytes) -> dict[str, str]:
    """The two headers. ``content`` is the body; of a request without one, its path and query."""
    mac = hmac.new(secret.encode(), f"{second}.".encode() + content, "sha256").hexdigest()
    return {TIMESTAMP: str(second), SIGNATURE: f"v1={mac}"}


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
