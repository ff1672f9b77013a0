"""Which of deals' events are proven for ever: what is taken away, brought in by the hundred, or set for everybody."""

from __future__ import annotations

from dure.deals import events
from dure.deals.health import events as health
from dure.deals.relations import events as relations
from dure.deals.winning import events as winning
from dure.governance.plugs import AuditTable, audited, left_out

AUDITED: AuditTable = {
    **audited(
        events.RECORD_DELETED, events.RECORD_RESTORED, events.RECORDS_MERGED, events.MERGE_UNDONE,
        events.DUPLICATE_DISMISSED, events.PIPELINE_CHANGED, events.FIELD_CHANGED, events.RATES_CHANGED,
        events.IMPORT_STARTED, events.IMPORT_CANCELLED, events.IMPORT_FINISHED, relations.PICK_UP_STARTED,
        relations.PICK_UP_CANCELLED, relations.PICKED_UP,
        keep=("kind", "object", "record", "kept", "merged", "pipeline", "version", "field", "action", "rows", "added",
              "changed", "refused", "import", "channels", "dropped"),
    ),
    **left_out(
        "daily work on records, each with a history of its own in deals",
        events.ACCOUNT_CREATED, events.ACCOUNT_CHANGED, events.CONTACT_CREATED, events.CONTACT_CHANGED,
        events.LEAD_CREATED, events.LEAD_CHANGED, events.LEAD_CONVERTED, events.PRODUCT_CREATED,
        events.PRODUCT_CHANGED, events.TASK_CREATED, events.TASK_CHANGED, events.TASK_DONE, events.MEETING_BOOKED,
        events.MEETING_CHANGED, events.MEETING_HELD, events.NOTE_ADDED, events.NOTE_CHANGED, events.FILE_ATTACHED,
        events.FILE_CHANGED, events.DEAL_CREATED, events.DEAL_CHANGED, events.DEAL_TEAM_CHANGED,
        events.DEAL_STAGE_CHANGED, events.DEAL_WON, events.DEAL_LOST,
    ),
    **left_out("how somebody looks at records", events.VIEW_SAVED, events.VIEW_DELETED),
    **left_out(
        "computed, by nobody",
        events.DEAL_STALE, events.DEAL_SINGLE_THREADED, events.DEAL_OVERDUE, health.HEALTH_CHANGED,
        health.HEALTH_MEASURED, relations.RELATION_CHANGED, relations.RELATION_MEASURED, winning.LEARNED,
    ),
}  # fmt: skip
