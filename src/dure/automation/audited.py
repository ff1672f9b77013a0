"""Which of automation's events are proven for ever: what acts by itself, who made it so, and what people decided."""

from __future__ import annotations

from dure.automation import events
from dure.governance.plugs import Audited, AuditTable, audited, left_out

_KEPT = ("name", "version", "before", "runs", "moved", "decision", "decided", "node", "by", "day", "outcome")

AUDITED: AuditTable = {
    events.CREATED: Audited("workflow_created", "workflow", _KEPT),
    events.ENABLED: Audited("workflow_published", "workflow", _KEPT),
    events.DISABLED: Audited("workflow_unpublished", "workflow", _KEPT),
    events.CHANGED: Audited("workflow_updated", "workflow", _KEPT),
    **audited(
        events.DECIDED, events.OUTCOME_SETTLED, events.RUN_STOPPED, events.RUNS_MOVED, events.ALL_PAUSED,
        events.ALL_RESUMED, events.HOOK_RENEWED, events.RETRIED, events.SKIPPED, events.DAY_SET,
        keep=(*_KEPT, "reason"), entity="workflow",
    ),
    **left_out(
        "what runs do; each keeps its own history, and what it changes is told by what it changes",
        events.FINISHED, events.FAILED, events.STOPPED, events.ASKED, events.FORM_ASKED, events.FORM_ANSWERED,
        events.UNKNOWN, events.WEBHOOK,
    ),
}  # fmt: skip
