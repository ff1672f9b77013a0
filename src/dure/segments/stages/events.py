"""What stages write to the feed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from dure.automation.plugs import EventKind
from dure.feed.api import NOBODY, Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.segments.stages.model import Settings

CHANGED = "Stage Changed"
SETTINGS_CHANGED = "Stage Settings Changed"

EVENTS = [
    EventKind(
        CHANGED, {"ko": "단계가 바뀜", "en": "Stage changed"}, "segments",
        {"from": "stage, or '' for somebody new", "to": "stage"},
    )
]  # fmt: skip


def changed(principal: Principal, now: datetime, moved: Iterable[tuple[UUID, str, str]]) -> list[Event]:
    """*Stage Changed*, one a person."""
    return [
        act(principal, "segments", CHANGED, "stage", stage, {"from": was, "to": stage}, now, person=person)
        for person, was, stage in moved
    ]


def settings_changed(principal: Principal, now: datetime, settings: Settings) -> Event:
    return act(
        principal, "segments", SETTINGS_CHANGED, "stage", "", {"settings": msgspec.to_builtins(settings)}, now,
        person=NOBODY,
    )  # fmt: skip
