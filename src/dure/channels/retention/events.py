"""What keeping writes to the feed. A hold is told by its id alone: who is held is not for everybody to read."""

from __future__ import annotations

from typing import Any

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7

LENGTH_CHANGED = "Channel Retention Changed"
PURGED = "Messages Purged"
FILES_PURGED = "Files Purged"
HELD = "Hold Placed"
RELEASED = "Hold Released"


def keeping_event(
    principal: Principal, clock: Clock, name: str, kind: str, what: str, properties: dict[str, Any]
) -> Event:
    now = clock.now()
    return Event(
        org=principal.tenant.org, workspace=principal.tenant.workspace, event=name, time=now, received_at=now,
        message_id=str(uuid7()), source="channels", object_type=kind, object=what, actor=principal.actor,
        run=principal.run, properties=properties,
    )  # fmt: skip
