"""A partner and what goes to and fro, as frozen values.

offered ──a code is used──► compare ──confirmed here──► active ──► ended
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from dure.kernel.tenant import Tenant

PartnerState = Literal["offered", "compare", "active", "ended"]
RequestState = Literal["waiting", "done", "refused"]

PREFIX = "/federation/v1"
VERSION = 1
# A batch has at most so many entries and about so many bytes; a body beyond the limit is refused unread.
BATCH, BATCH_BYTES, MOST_BYTES = 200, 1 << 20, 8 << 20
CALLS_A_MINUTE = 1200


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation on another server. `sent`, `acked`, `received` number what went and came."""

    id: str
    org: str
    workspace: str
    state: PartnerState
    pairing: str
    address: str
    name: str
    stranger: str
    their_key: bytes
    their_next: bytes
    our_key: str
    made_by: str
    made_at: datetime
    code_until: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    sent: int
    acked: int
    received: int
    ahead: int
    heard_at: datetime | None
    tries: int
    due_at: datetime
    error: str
    restored: str = ""  # which side lost what it knew, `we` or `they`
    restored_at: datetime | None = None
    waiting: int = 0

    @property
    def tenant(self) -> Tenant:
        return Tenant(self.org, self.workspace)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody of here did in a channel whose home is elsewhere, and what became of it."""

    id: str
    partner: str
    workspace: str
    account: str
    channel: str
    what: str
    subject: str
    body: Mapping[str, Any]
    state: RequestState
    code: str
    why: str
    made_at: datetime
