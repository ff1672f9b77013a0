"""What ingest itself writes to the feed."""

from __future__ import annotations

from typing import Any

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7

SOURCE_CREATED = "Source Created"
SOURCE_REVOKED = "Source Revoked"


def ingest_event(principal: Principal, clock: Clock, name: str, source: str, properties: dict[str, Any]) -> Event:
    now = clock.now()
    return Event(
        org=principal.tenant.org, workspace=principal.tenant.workspace, event=name, time=now, received_at=now,
        message_id=str(uuid7()), source="ingest", object_type="source", object=source, actor=principal.actor,
        run=principal.run, properties=properties,
    )  # fmt: skip
