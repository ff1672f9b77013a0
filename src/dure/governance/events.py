"""What governance writes to the feed; together they are the audit trail."""

from __future__ import annotations

from typing import Any

from dure.feed.api import Event
from dure.governance.model import Principal
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7

FOUNDED = "Workspace Founded"
USER_CREATED = "User Created"
USER_DEACTIVATED = "User Deactivated"
PASSWORD_SET = "Password Set"  # noqa: S105
SIGNED_IN = "Signed In"
SIGNED_OUT = "Signed Out"
TOKEN_CREATED = "Token Created"  # noqa: S105
TOKEN_REVOKED = "Token Revoked"  # noqa: S105
APP_INSTALLED = "App Installed"


def governance_event(
    principal: Principal, clock: Clock, name: str, object_type: str, object_id: str, properties: dict[str, Any]
) -> Event:
    """One act of governance; tokens and passwords never go into `properties`."""
    now = clock.now()
    return Event(
        org=principal.tenant.org,
        workspace=principal.tenant.workspace,
        event=name,
        time=now,
        received_at=now,
        message_id=str(uuid7()),
        source="governance",
        object_type=object_type,
        object=object_id,
        actor=principal.actor,
        run=principal.run,
        properties=properties,
    )
