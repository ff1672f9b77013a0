"""What this room writes to the feed: changes of what a number means."""

from __future__ import annotations

from typing import Any

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.kernel.clock import Clock

METRIC_CREATED = "Metric Created"
METRIC_CHANGED = "Metric Changed"
METRIC_VERIFIED = "Metric Verified"
METRIC_REMOVED = "Metric Removed"
TREE_CREATED = "Metric Tree Created"
TREE_CHANGED = "Metric Tree Changed"
TREE_REMOVED = "Metric Tree Removed"
BOARD_CREATED = "Board Created"
BOARD_CHANGED = "Board Changed"
JOURNEY_CREATED = "Journey Created"
JOURNEY_CHANGED = "Journey Changed"
JOURNEY_REMOVED = "Journey Removed"


def metrics_event(
    principal: Principal, clock: Clock, name: str, object_type: str, object_id: str, properties: dict[str, Any]
) -> Event:
    """One act on the catalogue."""
    return act(principal, "metrics", name, object_type, object_id, properties, clock.now())
