"""The secret in a survey's address: it names the survey and is signed, and is kept nowhere."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import uuid

from dure.kernel.tenant import Tenant

_SIGNED = 15


class Secrets:
    """`key` is the installation's; `site` its address outside."""

    def __init__(self, key: bytes, site: str) -> None:
        self._key = hashlib.sha256(b"social.survey:" + key).digest()
        self._site = site
        self.hidden = f"{site}/survey/…"

    def url(self, tenant: Tenant, survey: uuid.UUID) -> str:
        told = f"{tenant.org}\0{tenant.workspace}\0".encode() + survey.bytes
        secret = base64.urlsafe_b64encode(self._sign(told) + told).decode().rstrip("=")
        return f"{self._site}/survey/{secret}"

    def read(self, secret: str) -> tuple[Tenant, uuid.UUID] | None:
        """Which survey it is of; None for one that was never given."""
        try:
            raw = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
            org, workspace, survey = raw[_SIGNED:].split(b"\0", 2)
            if len(survey) != 16 or not hmac.compare_digest(raw[:_SIGNED], self._sign(raw[_SIGNED:])):
                return None
            return Tenant(org.decode(), workspace.decode()), uuid.UUID(bytes=survey)
        except (binascii.Error, ValueError):
            return None

    def _sign(self, told: bytes) -> bytes:
        return hmac.digest(self._key, told, "sha256")[:_SIGNED]
