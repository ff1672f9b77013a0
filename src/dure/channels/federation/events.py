"""What federation writes to the feed."""

from __future__ import annotations

from typing import Any

from dure.channels.federation.model import Partner
from dure.feed.api import Event
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant

OFFERED = "Partner Code Shown"
PAIRED = "Partner Paired"
CONFIRMED = "Partner Confirmed"
ROTATED = "Partner Key Rotated"
ENDED = "Partner Ended"
ANSWERED = "Partner Request Answered"


def partner_event(
    clock: Clock, partner: Partner, name: str, actor: str, properties: dict[str, Any], tenant: Tenant | None = None
) -> Event:
    """An act about a partner, as the workspace where the partnership was made records it."""
    now, place = clock.now(), tenant or partner.tenant
    return Event(
        org=place.org,
        workspace=place.workspace,
        event=name,
        time=now,
        received_at=now,
        message_id=str(uuid7()),
        source="channels",
        object_type="partner",
        object=partner.id,
        actor=actor,
        properties={"partner": partner.name, "address": partner.address, **properties},
    )
