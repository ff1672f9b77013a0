"""Which of exports' events are proven for ever: all of them, for data leaves."""

from __future__ import annotations

from dure.exports import events
from dure.governance.plugs import Audited, AuditTable, audited

AUDITED: AuditTable = {
    **audited(
        events.TARGET_CREATED,
        events.TARGET_PAUSED,
        events.TARGET_RESUMED,
        events.TARGET_REMOVED,
        keep=("name", "kind", "place", "bucket", "prefix", "reason"),
    ),
    events.EXPORTED: Audited("manual_export_completed", keep=("from", "to", "rows", "format", "events", "kind")),
}
