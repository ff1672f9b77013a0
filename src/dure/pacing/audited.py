"""Which of pacing's events are proven for ever: whose figures are taken, what is promised, and who let it live."""

from __future__ import annotations

from dure.governance.plugs import AuditTable, audited, left_out
from dure.pacing import events

AUDITED: AuditTable = {
    **audited(
        events.SERVER_ADDED, events.SERVER_CHANGED, events.SERVER_REMOVED, events.RULES_SET, events.SPEC_SET,
        events.FIGURES_IMPORTED, events.MAKEGOOD_APPROVED, events.MAKEGOOD_DECLINED, events.QA_APPROVED,
        events.QA_REJECTED, events.CREATIVE_APPROVED, events.CREATIVE_REJECTED, events.CORRECTED,
        keep=("name", "kind", "server", "network", "account", "line_item", "order", "creative", "rows", "source",
              "before", "was", "version", "makegood"),
    ),
    **left_out(
        "daily work on bookings; each has a history of its own",
        events.CREATED, events.CHANGED, events.TRAFFICKED, events.WENT_LIVE, events.ORDER_CREATED,
        events.ORDER_CHANGED, events.CREATIVE_AWAITED, events.CREATIVE_RECEIVED, events.CREATIVE_CHECKED,
        events.CREATIVE_CHANGED, events.MAKEGOOD_PROPOSED, events.MAKEGOOD_BOOKED, events.ACKNOWLEDGED,
        events.SNOOZED, events.UNSNOOZED,
    ),
    **left_out(
        "figures, and what a clock reads off them",
        events.RECORDED, events.COUNTED, events.AT_RISK, events.NOT_LAUNCHED, events.OVER, events.STOPPED,
        events.PAUSED_WITH_BUDGET, events.NOT_READY, events.TRACKING_GAP, events.ENDED_SHORT, events.CREATIVE_MISSING,
        events.REJECTION_OPEN, events.STALE, events.FRESH, events.RECOVERED, events.PENDING, events.HELD_BACK,
        events.FORGOTTEN, events.CLEARING, events.BACK, events.RESOLVED, events.LAUNCHED, events.MIDPOINT,
        events.DELIVERED, events.ENDED,
    ),
}  # fmt: skip
