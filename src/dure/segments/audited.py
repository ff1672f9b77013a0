"""Which of segments' events are proven for ever: who is meant by a name, and where they were handed to."""

from __future__ import annotations

from dure.governance.plugs import AuditTable, audited, left_out
from dure.segments import events
from dure.segments.scores import events as scores
from dure.segments.stages import events as stages

AUDITED: AuditTable = {
    **audited(
        events.CREATED, events.CHANGED, events.DELETED, events.HANDED_OVER, events.HANDOVER_ENDED,
        events.EXPORT_BEGUN, events.EXPORTED, scores.CREATED, scores.DELETED, stages.SETTINGS_CHANGED,
        keep=("segment", "name", "version", "handover", "size", "from", "to", "purpose", "export", "kind", "form",
              "people", "without_address", "sha256", "score", "before"),
    ),
    **left_out(
        "people who come and go, by the thousand; the log has each", events.ENTERED, events.LEFT, stages.CHANGED,
    ),
    **left_out(
        "computed, by nobody",
        scores.ASKED, scores.CANCELLED, scores.COMPUTED, scores.REFUSED, scores.FAILED, scores.DRIFTED,
    ),
}  # fmt: skip
