"""What ingest itself writes to the feed."""

from __future__ import annotations

from typing import Any

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.kernel.clock import Clock

SOURCE_CREATED = "Source Created"
SOURCE_REVOKED = "Source Revoked"
PLAN_CHANGED = "Tracking Plan Changed"
PLAN_REMOVED = "Tracking Plan Event Removed"
PLAN_IMPORTED = "Tracking Plan Imported"
NAME_APPROVED = "Event Name Approved"
NAME_REFUSED = "Event Name Refused"
NAME_MODE_SET = "Event Name Mode Set"
PRIVACY_SET = "Privacy Rules Set"


def ingest_event(principal: Principal, clock: Clock, name: str, source: str, properties: dict[str, Any]) -> Event:
    return act(principal, "ingest", name, "source", source, properties, clock.now())


def rule_event(
    principal: Principal, clock: Clock, name: str, object_type: str, object_id: str, properties: dict[str, Any]
) -> Event:
    """A change of the workspace's rules: what it is about, and what holds now."""
    return act(principal, "ingest", name, object_type, object_id, properties, clock.now())
