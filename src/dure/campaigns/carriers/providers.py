"""A workspace's providers: set by its administrators, their secrets shown to nobody again."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import structlog
from cryptography.fernet import Fernet, InvalidToken

from dure.campaigns import events
from dure.campaigns.carriers import store
from dure.campaigns.carriers.kinds import check
from dure.campaigns.carriers.model import Provider
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import NotFound
from dure.kernel.tenant import Tenant
from dure.state import State

log = structlog.get_logger("campaigns")

_KEPT_SECONDS = 5.0
"""For how long a changed provider may go unnoticed by another process."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A provider as it is shown: that it has a secret, not which."""

    kind: str
    settings: Mapping[str, str]
    has_secret: bool
    changed_by: str
    changed_at: datetime


class Providers:
    """`key` is the data folder's signing key: whoever has the database alone has no secret."""

    def __init__(self, state: State, clock: Clock, key: bytes) -> None:
        self._state = state
        self._clock = clock
        sealing = blake2b(key[:64], person=b"dure-carriers", digest_size=32).digest()
        self._box = Fernet(base64.urlsafe_b64encode(sealing))
        self._kept: dict[tuple[str, str], tuple[float, Provider | None]] = {}

    async def shown(self, principal: Principal) -> list[Shown]:
        access(principal, "campaigns:read")
        async with self._state.begin(principal.tenant) as tx:
            rows = await store.providers(tx, principal.tenant.workspace)
        return [
            Shown(row["kind"], row["settings"], bool(row["sealed"]), row["changed_by"], row["changed_at"])
            for row in rows
        ]

    async def put(self, principal: Principal, kind: str, settings: Mapping[str, str], secret: str | None) -> None:
        """Sets a provider; without a `secret` the one that is kept stays."""
        access(principal, "campaigns:configure")
        workspace, now = principal.tenant.workspace, self._clock.now()
        given = {name: value.strip() for name, value in settings.items() if value.strip()}
        async with self._state.begin(principal.tenant) as tx:
            before = await store.provider(tx, workspace, kind)
            check(kind, given, secret if secret is not None or (before and before["sealed"]) else "")
            sealed = self._box.encrypt(secret.encode()) if secret else None
            await store.put(tx, workspace, kind, given, sealed, principal.actor, now)
            told = {"provider": kind, "changed": sorted({*given, *(["secret"] if secret else [])})}
            await append(tx, events.workspace_event(principal, now, events.PROVIDER_SET, "provider", kind, told))
        self._kept.pop((workspace, kind), None)

    async def remove(self, principal: Principal, kind: str) -> None:
        access(principal, "campaigns:configure")
        workspace, now = principal.tenant.workspace, self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            if not await store.remove(tx, workspace, kind):
                raise NotFound("There is no such provider.", field="kind")
            told = {"provider": kind}
            await append(tx, events.workspace_event(principal, now, events.PROVIDER_REMOVED, "provider", kind, told))
        self._kept.pop((workspace, kind), None)

    async def of(self, tenant: Tenant, kind: str) -> Provider | None:
        """The workspace's provider of a kind, remembered for seconds so that a message costs no query."""
        name, now = (tenant.workspace, kind), time.monotonic()
        until, found = self._kept.get(name, (0.0, None))
        if now < until:
            return found
        async with self._state.begin(tenant) as tx:
            row = await store.provider(tx, tenant.workspace, kind)
        found = self._provider(row) if row else None
        if len(self._kept) > 10_000:
            self._kept.clear()
        self._kept[name] = (now + _KEPT_SECONDS, found)
        return found

    def _provider(self, row: Mapping[str, Any]) -> Provider | None:
        """None where the secret was sealed with another signing key: nothing goes out by it until it is set anew."""
        try:
            secret = self._box.decrypt(bytes(row["sealed"])).decode() if row["sealed"] else ""
        except InvalidToken:
            log.error("campaigns.provider_sealed_with_another_key", workspace=row["workspace"], kind=row["kind"])
            return None
        return Provider(row["kind"], row["settings"], secret)
