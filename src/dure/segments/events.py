"""What segments write to the feed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.automation.plugs import EventKind
from dure.feed.api import NOBODY, Event, encode
from dure.governance.api import Principal
from dure.governance.events import act
from dure.kernel.ids import uuid7s
from dure.segments.ids import Ids, texts_of
from dure.segments.model import Handover, Segment

CREATED = "Segment Created"
CHANGED = "Segment Changed"
DELETED = "Segment Deleted"
ENTERED = "Segment Entered"
LEFT = "Segment Left"
HANDED_OVER = "Segment Handed Over"
HANDOVER_ENDED = "Handover Ended"
EXPORT_BEGUN = "Segment Export Begun"
EXPORTED = "Segment Exported"

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
            "control": "people left alone", "treated": "people to act on", "refused": "people without consent",
            "from": "team", "to": "team", "channel": "text", "purpose": "text", "expires": "ISO date or ''",
            "path": "address of the screen",
        },
    ),
    EventKind(
        HANDOVER_ENDED,
        {"ko": "인계가 끝남", "en": "Handover ended"},
        "segments",
        {
            "segment": "id", "name": "text", "name_en": "text", "handover": "id", "from": "team", "to": "team",
            "channel": "of the team that handed over", "purpose": "text", "goal": "event or ''",
            "control": "people", "control_reached": "people", "treated": "people", "treated_reached": "people",
            "verdict": "as experiments say it, '' without a goal", "said": "the outcome in words",
            "said_en": "the same in English", "path": "address of the screen",
        },
    ),
    EventKind(
        EXPORTED,
        {"ko": "인계 명단을 내보냄", "en": "Handed-over list exported"},
        "segments",
        {
            "segment": "id", "name": "text", "name_en": "text", "handover": "id", "export": "id",
            "kind": "csv, webhook or s3", "form": "contract, google or meta", "place": "text",
            "state": "done, failed or unknown", "people": "number", "without_consent": "number",
            "without_address": "number", "sha256": "text",
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


def moved_lines(
    principal: Principal, now: datetime, segment: Segment, name: str, people: Ids, first: bool
) -> list[bytes]:
    """The same events as lines of the feed. They differ in two ids only, so the rest is written once."""
    made = segment_event(principal, now, name, segment, {"first": first})
    before, rest = encode(made).split(made.message_id.encode(), 1)
    between, after = rest.split(str(NOBODY).encode(), 1)
    letters = texts_of(people).tobytes()
    return [
        b"%b%b%b%b%b" % (before, str(message).encode(), between, letters[at : at + 36], after)
        for at, message in zip(range(0, len(letters), 36), uuid7s(len(people)), strict=True)
    ]


def handed_over(principal: Principal, now: datetime, segment: Segment, handover: Handover) -> Event:
    return segment_event(
        principal, now, HANDED_OVER, segment,
        {
            "handover": handover.id, "size": handover.size, "control": handover.control, "treated": handover.treated,
            "refused": handover.refused, "from": handover.from_, "to": handover.to, "channel": handover.channel,
            "purpose": handover.purpose, "goal": (handover.goal or {}).get("event", ""), "score": handover.score,
            "model": handover.model, "expires": handover.expires_at.date().isoformat() if handover.expires_at else "",
            "path": f"/handovers/{handover.id}",
        },
    )  # fmt: skip


def handover_ended(
    principal: Principal, now: datetime, segment: Segment, handover: Handover, outcome: Mapping[str, Any] | None
) -> Event:
    """*Handover Ended*, with what came of it, for the team that handed over."""
    found = outcome or {}
    words = found.get("words", {})
    return segment_event(
        principal, now, HANDOVER_ENDED, segment,
        {
            "handover": handover.id, "from": handover.from_, "to": handover.to,
            "channel": "#" + handover.from_.replace("_", "-"), "purpose": handover.purpose,
            "goal": (handover.goal or {}).get("event", ""), "control": handover.control,
            "control_reached": found.get("control", {}).get("reached", 0), "treated": handover.treated,
            "treated_reached": found.get("treated", {}).get("reached", 0), "verdict": found.get("verdict", ""),
            "said": words.get("ko", "목표를 정하지 않아 결과를 말할 수 없습니다."),
            "said_en": words.get("en", "No goal was chosen, so nothing can be said of the outcome."),
            "path": f"/handovers/{handover.id}",
        },
    )  # fmt: skip
