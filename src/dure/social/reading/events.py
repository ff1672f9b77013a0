"""What reading writes to the feed beside *Mention Corrected*."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dure.automation.plugs import EventKind
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.social.reading.entities import Name

MENTION_JUDGED = "Mention Judged"
NAME_SAVED = "Listened Name Saved"
NAME_REMOVED = "Listened Name Removed"
LAYER_ASKED = "Reader Lesson Asked"
LAYER_LEARNED = "Reader Taught"
LAYER_FAILED = "Reader Lesson Failed"
READER_CHANGED = "Reader Changed"


def judged(principal: Principal, now: datetime, mention: uuid.UUID, facts: Mapping[str, Any]) -> Event:
    """A mention that chance picked was judged."""
    return act(principal, "social", MENTION_JUDGED, "mention", str(mention), {"mention": str(mention), **facts}, now)


def name_event(principal: Principal, now: datetime, event: str, name_id: uuid.UUID, name: Name) -> Event:
    facts = {"kind": name.kind, "name": name.name, "aliases": list(name.aliases)}
    return act(principal, "social", event, "listened_name", str(name_id), facts, now)


def layer_event(principal: Principal, now: datetime, event: str, version: int, facts: Mapping[str, Any]) -> Event:
    return act(principal, "social", event, "reader", str(version), {"version": version, **facts}, now)


_VERSION = {"version": "which lesson, 0 for the reader as it came"}
_NAME = {"kind": "brand, product, person or competitor", "name": "text", "aliases": "list"}
EVENTS: list[EventKind] = [
    EventKind(
        MENTION_JUDGED, {"ko": "표본 언급을 판정함", "en": "Sampled mention judged"}, "social",
        {"mention": "id", "confirmed": "true where it was read rightly", "says": "what was set right, by head"},
    ),
    EventKind(NAME_SAVED, {"ko": "찾는 이름을 저장함", "en": "Listened name saved"}, "social", _NAME),
    EventKind(NAME_REMOVED, {"ko": "찾는 이름을 지움", "en": "Listened name removed"}, "social", _NAME),
    EventKind(LAYER_ASKED, {"ko": "읽는 모델을 가르치기 시작함", "en": "Reader lesson asked"}, "social", _VERSION),
    EventKind(
        LAYER_LEARNED, {"ko": "읽는 모델이 배움", "en": "Reader taught"}, "social",
        {**_VERSION, "corrections": "how many it learned of", "effect": "right before and after, by head",
         "used": "true where it reads from now on"},
    ),
    EventKind(
        LAYER_FAILED, {"ko": "읽는 모델이 배우지 못함", "en": "Reader lesson failed"}, "social",
        {**_VERSION, "corrections": "how many it was to learn of"},
    ),
    EventKind(
        READER_CHANGED, {"ko": "읽는 판을 바꿈", "en": "Reader changed"}, "social",
        {**_VERSION, "before": "the version that read until now"},
    ),
]  # fmt: skip
