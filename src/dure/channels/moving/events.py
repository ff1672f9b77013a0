"""What bringing in writes to the feed: one event a batch of messages, none that anybody is told by."""

from __future__ import annotations

from typing import Any

from dure.channels.moving.model import Moving
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7

GIVEN = "Import Given"
STARTED = "Import Started"
COMPLETED = "Import Completed"
FAILED = "Import Failed"
CANCELLED = "Import Cancelled"
REMOVED = "Import Removed"
CHANNEL_BROUGHT = "Channel Brought In"
MESSAGES_BROUGHT = "Messages Brought In"


def moving_event(
    principal: Principal, clock: Clock, name: str, one: Moving, *, channel: str = "", **more: Any
) -> Event:  # fmt: skip
    now = clock.now()
    kind, about = ("channel", channel) if channel else ("import", one.id)
    return Event(
        org=one.org, workspace=one.workspace, event=name, time=now, received_at=now, message_id=str(uuid7()),
        source="channels", object_type=kind, object=about, actor=principal.actor, run=principal.run,
        properties={"import": one.id, "file": one.name, **more},
    )  # fmt: skip
