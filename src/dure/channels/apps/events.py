"""What apps' comings and goings write to the feed."""

from __future__ import annotations

from typing import Any

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.kernel.clock import Clock

CREATED = "App Created"
CHANGED = "App Changed"
SECRET_ROTATED = "App Secret Rotated"  # noqa: S105
DELETED = "App Deleted"
INSTALLED = "App Installed"
UNINSTALLED = "App Uninstalled"
ALLOWED = "App Allowed"
REQUESTED = "App Requested"
APPROVED = "App Approved"
RESTRICTED = "App Restricted"
REQUEST_CANCELLED = "App Request Cancelled"
RESOLUTION_CLEARED = "App Resolution Cleared"
WEBHOOK_CREATED = "Webhook Created"
WEBHOOK_REVOKED = "Webhook Revoked"


def app_event(principal: Principal, clock: Clock, name: str, app: str, properties: dict[str, Any]) -> Event:
    """One act about an app, told to the principal's workspace; secrets never go into `properties`."""
    return act(principal, "channels", name, "app", app, properties, clock.now())
