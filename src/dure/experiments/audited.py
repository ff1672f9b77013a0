"""Which of experiments' events are proven for ever: what people are shown, and who decided it."""

from __future__ import annotations

from dure.experiments import events
from dure.experiments.design import EXPOSED
from dure.governance.plugs import AuditTable, audited, left_out

AUDITED: AuditTable = {
    **audited(
        events.CREATED, events.CHANGED, events.DELETED, events.STARTED, events.STOPPED, events.DECIDED,
        events.HOLDOUT_CHANGED, events.FLAG_CREATED, events.FLAG_CHANGED, events.FLAG_DELETED, events.FLAG_OVERRIDDEN,
        keep=("experiment", "name", "arm", "version", "enabled", "share", "before", "was", "kind"),
    ),
    **left_out("computed, by nobody", events.VERDICT_CHANGED),
    **left_out("what people see, by the million; the log has each of it", EXPOSED),
}  # fmt: skip
