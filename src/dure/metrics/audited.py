"""Which of metrics' events are proven for ever: what a number means, and who outside may see it."""

from __future__ import annotations

from dure.governance.plugs import AuditTable, audited, left_out
from dure.metrics import events
from dure.metrics.boards import events as boards

AUDITED: AuditTable = {
    **audited(
        events.METRIC_CREATED, events.METRIC_CHANGED, events.METRIC_VERIFIED, events.METRIC_REMOVED,
        events.TREE_CREATED, events.TREE_CHANGED, events.TREE_REMOVED, events.JOURNEY_CREATED, events.JOURNEY_CHANGED,
        events.JOURNEY_REMOVED, events.BOARD_CREATED, events.BOARD_CHANGED, boards.BOARD_REMOVED, boards.SHARED,
        boards.SHARE_REVOKED, boards.ALERT_CREATED, boards.ALERT_CHANGED, boards.ALERT_REMOVED,
        keep=("metric", "name", "name_en", "version", "share", "people", "any_range", "alert", "before"),
    ),
    **left_out("how somebody looks at a board", boards.VIEW_SAVED, boards.VIEW_REMOVED),
    **left_out(
        "remarks beside a chart", boards.ANNOTATED, boards.ANNOTATION_CHANGED, boards.ANNOTATION_REMOVED
    ),
    **left_out(
        "computed or drawn, by nobody; the log counts who opened what was shared",
        boards.SHARE_OPENED, boards.DRAWN, boards.ANSWER_DRAWN, boards.CROSSED, boards.UNUSUAL,
    ),
}  # fmt: skip
