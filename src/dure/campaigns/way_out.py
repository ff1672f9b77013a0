"""The way out of the list that every letter carries: a secret that names its message and is signed, kept nowhere.

Secrets of letters from before are known by their SHA-256.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from dure.campaigns import store
from dure.kernel.tenant import Tenant
from dure.state import Tx

_SIGNED = 15


@dataclass(frozen=True, slots=True)
class Meant:
    """Whose list is left, and by which message."""

    tenant: Tenant
    message: UUID


class WaysOut:
    """`key` is the installation's; `site` its address outside."""

    def __init__(self, key: bytes, site: str) -> None:
        self._key = hashlib.sha256(b"campaigns.way_out:" + key).digest()
        self._site = site
        self.preview = f"{site}/u/preview"

    def url(self, tenant: Tenant, message: UUID) -> str:
        """Leaves the list of this message's topic and channel with one click."""
        told = f"{tenant.org}\0{tenant.workspace}\0".encode() + message.bytes
        secret = base64.urlsafe_b64encode(self._sign(told) + told).decode().rstrip("=")
        return f"{self._site}/u/{secret}"

    async def read(self, tx: Tx, secret: str) -> Meant | None:
        """Whose secret it is, None for one that was never given; across workspaces, because the secret is all that the
        reader brings."""
        row = await store.way_out(tx, hashlib.sha256(secret.encode()).digest())
        if row is not None:
            return Meant(Tenant(row["org"], row["workspace"]), row["message"])
        try:
            raw = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
            org, workspace, message_id = raw[_SIGNED:].split(b"\0", 2)
        except (binascii.Error, ValueError):
            return None
        if len(message_id) != 16 or not hmac.compare_digest(raw[:_SIGNED], self._sign(raw[_SIGNED:])):
            return None
        tenant, message = Tenant(org.decode(), workspace.decode()), UUID(bytes=message_id)
        # An erased person's message is gone, and its way out with it.
        return Meant(tenant, message) if await store.message(tx, tenant.workspace, message) else None

    def _sign(self, told: bytes) -> bytes:
        return hmac.digest(self._key, told, "sha256")[:_SIGNED]
