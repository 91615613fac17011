"""Signed links. A token names a row and nothing else; it holds no instant, so that a retry is the same bytes."""

import hashlib

from itsdangerous import BadSignature, URLSafeSerializer

MESSAGE, PERSON, STAFF = "message", "person", "staff"


class Links:
    """Makes and reads the links that people are sent. The newest of the secrets signs, all of them are read."""

    def __init__(self, secrets: list[str], public_url: str) -> None:
        self._secrets = secrets
        self._public_url = public_url.rstrip("/")

    def __repr__(self) -> str:
        return f"Links({self._public_url!r})"

    def token(self, purpose: str, value: str | int) -> str:
        return str(self._signer(purpose).dumps(value))

    def read(self, purpose: str, token: str) -> str | int | None:
        """What a token of this purpose names; None for one that we never made."""
        try:
            value = self._signer(purpose).loads(token)
        except BadSignature:
            return None
        return value if isinstance(value, str | int) else None

    def page(self, outbox_id: int) -> str:
        """The person's own page, opened from one message."""
        return f"{self._public_url}/c/{self.token(MESSAGE, outbox_id)}"

    def button(self, outbox_id: int, action: str = "") -> str:
        """The same page with one answer chosen; it acts only when it is pressed there. An action needs no quoting."""
        return f"{self.page(outbox_id)}?answer={action}"

    def stop(self, outbox_id: int) -> str:
        """Ends the channel of that message in one click."""
        return f"{self._public_url}/stop/{self.token(MESSAGE, outbox_id)}"

    def person(self, person_id: str) -> str:
        """A person's own page, for a leaflet or the demo."""
        return f"{self._public_url}/c/{self.token(PERSON, person_id)}"

    def _signer(self, purpose: str) -> URLSafeSerializer:
        digest = {"digest_method": hashlib.sha256}
        return URLSafeSerializer(self._secrets, salt=f"engawa.{purpose}", signer_kwargs=digest)
