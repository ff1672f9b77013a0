"""What reading writes to the feed beside *Mention Corrected*."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

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
