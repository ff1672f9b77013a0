"""What ingest itself writes to the feed."""

from __future__ import annotations

from typing import Any

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.kernel.clock import Clock

SOURCE_CREATED = "Source Created"
SOURCE_REVOKED = "Source Revoked"


def ingest_event(principal: Principal, clock: Clock, name: str, source: str, properties: dict[str, Any]) -> Event:
    return act(principal, "ingest", name, "source", source, properties, clock.now())
