"""What a letter's addresses carry: whose message it is and where a link leads, signed, so that nothing need be kept
for them and nobody can make one up."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal
from uuid import UUID

import msgspec

from dure.kernel.tenant import Tenant

Use = Literal["open", "click"]
_SIGNATURE = 16
_LONGEST = 8_000
_PATHS: dict[Use, str] = {"open": "o", "click": "c"}


@dataclass(frozen=True, slots=True)
class Ticket:
    """A message of a workspace; `url` is where a link leads."""

    tenant: Tenant
    message: UUID
    url: str = ""


class Tickets:
    """`key` is the data folder's signing key, `site` where the server is reached."""

    def __init__(self, key: bytes, site: str) -> None:
        self._key = blake2b(key[:64], person=b"dure-tickets", digest_size=32).digest()
        self._site = site.rstrip("/")

    def address(self, use: Use, tenant: Tenant, message: UUID, url: str = "") -> str:
        """The address to put into a message. One of a use is of no use for another."""
        body = msgspec.msgpack.encode([tenant.org, tenant.workspace, message.bytes, *([url] if url else [])])
        ticket = base64.urlsafe_b64encode(self._sign(use, body) + body).decode().rstrip("=")
        return f"{self._site}/{_PATHS[use]}/{ticket}"

    def read(self, use: Use, text: str) -> Ticket | None:
        """What a ticket says; None for one that was not made here, or for something else."""
        if not text.isascii() or len(text) > _LONGEST:
            return None
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except ValueError:
            return None
        signature, body = raw[:_SIGNATURE], raw[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._sign(use, body)):
            return None
        org, workspace, message, *url = msgspec.msgpack.decode(body)
        return Ticket(Tenant(org, workspace), UUID(bytes=message), url[0] if url else "")

    def _sign(self, use: Use, body: bytes) -> bytes:
        return hmac.digest(self._key, use.encode() + b"\0" + body, "sha256")[:_SIGNATURE]
