"""What takeouts write to the feed."""

from __future__ import annotations

from typing import Any

from dure.channels.takeout.model import Takeout
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7

ASKED = "Takeout Started"
COMPLETED = "Takeout Completed"
FAILED = "Takeout Failed"
CANCELLED = "Takeout Cancelled"
DOWNLOADED = "Takeout Downloaded"
DELETED = "Takeout Deleted"


def takeout_event(principal: Principal, clock: Clock, name: str, one: Takeout, **more: Any) -> Event:
    now = clock.now()
    return Event(
        org=one.org, workspace=one.workspace, event=name, time=now, received_at=now, message_id=str(uuid7()),
        source="channels", object_type="takeout", object=one.id, actor=principal.actor, run=principal.run,
        properties={"kind": one.kind, **more},
    )  # fmt: skip
