"""Which of campaigns' events are proven for ever: what goes out to people, who let it, and by which rules."""

from __future__ import annotations

from dure.campaigns import events
from dure.campaigns.approval import events as approval
from dure.campaigns.demand import events as demand
from dure.campaigns.gate import events as gate
from dure.campaigns.playground import events as playground
from dure.campaigns.recommending import events as recommending
from dure.campaigns.trials import events as trials
from dure.governance.plugs import AuditTable, audited, left_out

AUDITED: AuditTable = {
    **audited(
        events.CREATED, events.CHANGED, events.LAUNCHED, events.PAUSED, events.RESUMED, events.STOPPED, events.MOVED,
        events.PROVIDER_SET, events.PROVIDER_REMOVED, approval.SUBMITTED, approval.APPROVED, approval.REFUSED,
        gate.SENDING_STOPPED, gate.SENDING_RESUMED, gate.POLICY_CHANGED, demand.CREATED, recommending.SET_UP,
        recommending.CATALOGUE_CHANGED, trials.TESTED, trials.SEEDED,
        keep=("campaign", "name", "version", "hash", "reach", "asked_by", "reason", "by", "why", "provider", "channel",
              "people", "before", "was", "test"),
    ),
    **left_out(
        "what happens to people on their way, by the million; the log has each of it",
        events.ENTERED, events.EXITED, events.OCCURRED, events.HANDED_OVER, events.CALLED, events.HELD_BACK,
        events.SKIPPED, events.SENT, events.FAILED, events.UNSUBSCRIBED, events.DEVICE_REGISTERED,
        events.DEVICE_REMOVED, events.OPENED, events.CLICKED, events.BOUNCED, events.COMPLAINED, events.DELIVERED,
        events.SEEN, events.DISMISSED, demand.SHOWN, demand.WANTED,
    ),
    **left_out(
        "the server's own work",
        events.FINISHED, recommending.MODEL_WANTED, recommending.MODEL_STOPPED, playground.FILLED,
    ),
}  # fmt: skip
