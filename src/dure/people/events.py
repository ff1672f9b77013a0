"""What people writes to the feed. A view in the log fills `person_override` from exactly these."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dure.feed.api import Event
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant

PERSON_LINKED = "Person Linked"


def person_linked(
    tenant: Tenant, now: datetime, distinct_id: str, from_person: UUID, to_person: UUID, version: int, cause: str
) -> Event:
    """`from_person` is the id's own person, `to_person` whose it is now; the same two where a link was undone."""
    return Event(
        org=tenant.org, workspace=tenant.workspace, event=PERSON_LINKED, time=now, received_at=now,
        message_id=str(uuid7()), source="people", person=to_person, distinct_id=distinct_id, object_type="person",
        object=str(to_person),
        properties={
            "from_person": str(from_person), "to_person": str(to_person), "version": version,
            "distinct_id": distinct_id, "cause": cause,
        },
    )  # fmt: skip
