"""Which of ingest's events are proven for ever: who may send, and what is kept of it."""

from __future__ import annotations

from dure.governance.plugs import AuditTable, audited
from dure.ingest import events

AUDITED: AuditTable = audited(
    events.SOURCE_CREATED, events.SOURCE_REVOKED, events.PLAN_CHANGED, events.PLAN_REMOVED, events.PLAN_IMPORTED,
    events.NAME_APPROVED, events.NAME_REFUSED, events.NAME_MODE_SET, events.PRIVACY_SET,
    keep=("name", "mode", "approved", "becomes", "released", "action", "version", "keep_address", "read_context",
          "before"),
)  # fmt: skip
