"""Signed links. A token names a row and nothing else; it holds no instant, so that a retry is the same bytes."""

import hashlib
import hmac
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer, URLSafeSerializer
from itsdangerous.encoding import base64_encode

MESSAGE, PERSON, STAFF, ACCOUNT, LOGIN = "message", "person", "staff", "account", "login"


@dataclass(frozen=True, slots=True)
class MessageLinks:
    """The links of one message: the person's own page, and the page that ends this channel in one click."""

    page: str
    stop: str

    @property
    def button(self) -> str:
        """The own page with one answer chosen, once an action is put behind it; it acts only when pressed there."""
        return f"{self.page}?answer="

    @property
    def elsewhere(self) -> str:
        """The own page's place for taking up another channel, by a code that is made there by a press."""
        return f"{self.page}/link"

    @property
    def papers(self) -> str:
        """The own page's place for taking the papers of a house, once its id is put behind; opening gives nothing."""
        return f"{self.page}/handover/"

    @property
    def intake(self) -> str:
        """The own page's place for files that came from a company, once it is said which."""
        return f"{self.page}/intake/"


class Links:
    """Makes and reads the links that people are sent. The newest of the secrets signs, all of them are read."""

    def __init__(self, secrets: list[str], public_url: str) -> None:
        self._secrets = secrets
        self._public_url = public_url.rstrip("/")
        self._serializers: dict[str, URLSafeSerializer] = {}
        self._signers: dict[str, Signer] = {}

    def __repr__(self) -> str:
        return f"Links({self._public_url!r})"

    def token(self, purpose: str, value: str | int) -> str:
        return self._signer(purpose).sign(self._payload(purpose, value)).decode()

    def read(self, purpose: str, token: str) -> str | int | None:
        """What a token of this purpose names; None for one that we never made."""
        try:
            value = self._serializer(purpose).loads(token)
        except BadSignature:
            return None
        return value if isinstance(value, str | int) else None

    def secret(self, purpose: str) -> str:
        """A secret of its own for what signs by itself, from the newest one."""
        return hmac.new(self._secrets[-1].encode(), f"engawa.{purpose}".encode(), hashlib.sha256).hexdigest()

    def message(self, outbox_id: int) -> MessageLinks:
        token = self.token(MESSAGE, outbox_id)
        return MessageLinks(f"{self._public_url}/c/{token}", f"{self._public_url}/stop/{token}")

    def person(self, person_id: str) -> str:
        """A person's own page, for a leaflet or the demo."""
        return f"{self._public_url}/c/{self.token(PERSON, person_id)}"

    def entrance(self, staff_id: str) -> str:
        """Where somebody of the staff comes in to the console under that name. It is a key: whoever has it is them."""
        return f"{self._public_url}/staff/enter/{self.token(STAFF, staff_id)}"

    def login(self, outbox_id: int) -> str:
        """Where the person of the staff to whom that message goes comes in with it, once."""
        return f"{self._public_url}/staff/login/{self.token(LOGIN, outbox_id)}"

    def console(self, path: str) -> str:
        """A page of the console. It is no key: whoever opens it signs in there."""
        return f"{self._public_url}/staff/{path}"

    def contract(self, language: str, name: str, version: str = "") -> str:
        """Where everybody can read a text that is agreed to: that version, or the one in force."""
        return f"{self._public_url}/contracts/{language}/{name}{'/' if version else ''}{version}"

    def account(self, person_id: str, channel: str) -> str:
        """Where a guest of a channel shows by a code whose account it is; it names the guest, not the account."""
        return f"{self._public_url}/account/{self.token(ACCOUNT, f'{channel} {person_id}')}"

    def _payload(self, purpose: str, value: str | int) -> bytes:
        """As the serializer writes it. Every message has the number of a row in it, which no packing makes shorter."""
        if isinstance(value, int):
            return base64_encode(str(value))
        return self._serializer(purpose).dump_payload(value)

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        """Kept by purpose: making one costs as much as signing does."""
        if purpose not in self._serializers:
            digest = {"digest_method": hashlib.sha256}
            made = URLSafeSerializer(self._secrets, salt=f"engawa.{purpose}", signer_kwargs=digest)
            self._serializers[purpose] = made
        return self._serializers[purpose]

    def _signer(self, purpose: str) -> Signer:
        """Kept too: the serializer would make one for every token."""
        if purpose not in self._signers:
            self._signers[purpose] = self._serializer(purpose).make_signer()
        return self._signers[purpose]
