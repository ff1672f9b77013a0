"""What segments write to the feed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.automation.plugs import EventKind
from dure.feed.api import NOBODY, Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.segments.model import Handover, Segment

CREATED = "Segment Created"
CHANGED = "Segment Changed"
DELETED = "Segment Deleted"
ENTERED = "Segment Entered"
LEFT = "Segment Left"
HANDED_OVER = "Segment Handed Over"

_PERSON = {
    "segment": "id", "name": "text", "name_en": "text", "built_in": "about-to-churn, or nothing",
    "first": "true at the segment's first computation: they did not come just now",
}  # fmt: skip
EVENTS = [
    EventKind(ENTERED, {"ko": "세그먼트에 들어옴", "en": "Segment entered"}, "segments", _PERSON),
    EventKind(LEFT, {"ko": "세그먼트에서 나감", "en": "Segment left"}, "segments", _PERSON),
    EventKind(
        HANDED_OVER,
        {"ko": "세그먼트 인계됨", "en": "Segment handed over"},
        "segments",
        {
            "segment": "id", "name": "text", "name_en": "text", "handover": "id", "size": "people",
            "control": "people left alone", "treated": "people to act on", "to": "team", "channel": "text",
            "purpose": "text", "expires": "ISO date or ''", "path": "address of the screen",
        },
    ),
]  # fmt: skip


def segment_event(
    principal: Principal, now: datetime, name: str, segment: Segment, more: dict[str, Any] | None = None,
    person: UUID = NOBODY,
) -> Event:  # fmt: skip
    """An act on a segment."""
    named = {"name": segment.name["ko"], "name_en": segment.name["en"], "built_in": segment.built_in}
    told = {"segment": segment.id, **named, **(more or {})}
    return act(principal, "segments", name, "segment", segment.id, told, now, person=person)


def moved(
    principal: Principal, now: datetime, segment: Segment, name: str, people: Iterable[UUID], first: bool
) -> list[Event]:
    """*Segment Entered* or *Segment Left*, one a person."""
    return [segment_event(principal, now, name, segment, {"first": first}, person) for person in people]


def handed_over(principal: Principal, now: datetime, segment: Segment, handover: Handover) -> Event:
    return segment_event(
        principal, now, HANDED_OVER, segment,
        {
            "handover": handover.id, "size": handover.size, "control": handover.control, "treated": handover.treated,
            "to": handover.to, "channel": handover.channel, "purpose": handover.purpose,
            "expires": handover.expires_at.date().isoformat() if handover.expires_at else "",
            "path": f"/segments/{segment.id}",
        },
    )  # fmt: skip
