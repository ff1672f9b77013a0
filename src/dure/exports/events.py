"""What exports write to the feed: who took data out, and where it goes on its own."""

from __future__ import annotations

from typing import Any

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.kernel.clock import Clock

TARGET_CREATED = "Export Target Created"
TARGET_PAUSED = "Export Target Paused"
TARGET_RESUMED = "Export Target Resumed"
TARGET_REMOVED = "Export Target Removed"
EXPORTED = "Events Exported"


def export_event(principal: Principal, clock: Clock, name: str, target: str, properties: dict[str, Any]) -> Event:
    return act(principal, "exports", name, "export_target" if target else "", target, properties, clock.now())
