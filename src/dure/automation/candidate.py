"""An event that may start a run of a plan: what the run would be about, and what makes it the same one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dure.automation import nodes, template
from dure.automation.model import Trigger
from dure.automation.plan import Plan
from dure.feed.api import NOBODY
from dure.kernel.errors import Invalid


@dataclass
class Candidate:
    """`text` is the event as JSON; `things` is what is known beside it, once it was asked for."""

    plan: Plan
    event: dict[str, Any]
    text: str
    things: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def scope(self) -> dict[str, Any]:
        return {**self.things, "event": self.event}


def subject_of(trigger: Trigger, scope: Mapping[str, Any]) -> str:
    """What a run is about: the event's object, else its person, or what the trigger says."""
    event = scope.get("event") or {}
    person = str(event.get("person") or "")
    person = "" if person == str(NOBODY) else person
    match trigger.subject:
        case "" if trigger.hook is not None:
            return ""  # its event is about the automation itself
        case "":
            return str(event.get("object") or person or event.get("distinct_id") or "")
        case "person":
            return person
        case "object" | "account":
            return str(event.get(trigger.subject) or "")
        case other:
            return _value(other, scope)


def key_of(trigger: Trigger, scope: Mapping[str, Any], subject: str) -> str:
    """What makes a trigger the same one; where the value is missing every event counts for itself."""
    event = scope.get("event") or {}
    match trigger.key:
        case "event":
            key = ""
        case "subject":
            key = f"subject:{subject}"
        case other:
            value = _value(other, scope)
            key = f"key:{value}" if value else ""
    # Two sources may name their messages alike; PostgreSQL's index takes a key of a bounded length.
    return (key or f"event:{event.get('source')}:{event.get('message_id')}")[:500]


def _value(path: str, scope: Mapping[str, Any]) -> str:
    if "{{" in path:
        try:
            return str(template.render(path, scope)).replace("\0", "")
        except Invalid:
            return ""
    value = nodes.value_of(path, scope)
    return "" if value is None else str(value).replace("\0", "")
