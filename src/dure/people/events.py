"""What people writes to the feed. A view in the log fills `person_override` from each *Person Linked*."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.feed.api import NOBODY, Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.people.links import Decision
from dure.people.model import News
from dure.people.traits import Told

PERSON_LINKED = "Person Linked"
IDS_SPLIT = "Ids Split"
IDS_JOINED = "Ids Joined"
SPLIT_UNDONE = "Split Undone"
JOIN_UNDONE = "Join Undone"


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


def decided(principal: Principal, now: datetime, name: str, decision: Decision, person: UUID) -> Event:
    """Somebody parted an id from a person, joined one to them, or took that back; `person` is whose page it was."""
    return act(
        principal, "people", name, "person", str(person),
        {
            "decision": str(decision.id), "id": decision.distinct_id, "user": decision.user_id,
            "reason": decision.reason, "two_users": decision.two_users,
        },
        now, person=person, distinct_id=decision.user_id,
    )  # fmt: skip


def stated(principal: Principal, now: datetime, person: UUID, distinct_id: str, traits: Mapping[str, Any]) -> Event:
    """Traits that somebody of the workspace, or an automation, said a person has: an *Identified* like a program's."""
    properties: dict[str, Any] = {name: value for name, value in traits.items() if value is not None}
    if removed := sorted(name for name, value in traits.items() if value is None):
        properties["removed_traits"] = removed
    return act(
        principal, "people", "Identified", "person", str(person), properties, now, person=person,
        distinct_id=distinct_id,
    )  # fmt: skip


def traits_changed(tenant: Tenant, now: datetime, news: News, person: UUID | None, told: Told) -> Event:
    """The values that operations ended in, said as a plain *Identified* or *Account Identified*, so that questions
    over the log see them. `removed_traits` names those taken away."""
    moments = [datetime.fromisoformat(told.times[name]) for name in told.changes]
    after = {name: value for name, (_, value) in told.changes.items() if not name.startswith("$")}
    properties: dict[str, Any] = {name: value for name, value in after.items() if value is not None}
    if removed := sorted(name for name, value in after.items() if value is None):
        properties["removed_traits"] = removed
    return Event(
        org=tenant.org, workspace=tenant.workspace, event="Account Identified" if person is None else "Identified",
        time=max(news.at, *moments), received_at=now, message_id=str(uuid7()), source="people",
        person=person or NOBODY, distinct_id="" if person is None else news.distinct_id,
        account=news.distinct_id if person is None else news.account,
        properties={**properties, "cause": news.message_id},
    )  # fmt: skip
