"""What guarding writes to the feed. Nothing that was found is told: the log is read by the whole workspace."""

from __future__ import annotations

from typing import Any

from dure.automation.plugs import EventKind
from dure.channels.guarding.model import Violation
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7

RULE_CREATED = "Guard Created"
RULE_CHANGED = "Guard Changed"
RULE_DELETED = "Guard Deleted"
MET = "Guard Met"
DECIDED = "Guard Decided"
TRIED = "Guard Tried"
TRIAL_ENDED = "Guard Trial Ended"


def guard_event(
    principal: Principal, clock: Clock, name: str, kind: str, what: str, properties: dict[str, Any],
    workspace: str = "",
) -> Event:  # fmt: skip
    now = clock.now()
    return Event(
        org=principal.tenant.org, workspace=workspace or principal.tenant.workspace, event=name, time=now,
        received_at=now, message_id=str(uuid7()), source="channels", object_type=kind, object=what,
        actor=principal.actor, run=principal.run, properties=properties,
    )  # fmt: skip


def about(violation: Violation) -> dict[str, Any]:
    return {
        "rules": [rule["id"] for rule in violation.rules], "action": violation.action, "what": violation.what,
        "channel": violation.channel, "user": violation.user, "state": violation.state,
        "unread": violation.unread,
    }  # fmt: skip


EVENTS: list[EventKind] = [
    EventKind(MET, {"ko": "보호 규칙에 걸림", "en": "Guarding rule met"}, "channels",
              {"rules": "list of rule ids", "action": "warn, keep, refuse or mask",
               "what": "message, edit, file, page, topic, …", "channel": "channel id", "user": "user id",
               "state": "noted, waiting or stopped",
               "unread": "why a file could not be read, where that met the rule"}),
]  # fmt: skip
