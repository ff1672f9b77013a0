"""What listening writes to the feed."""

from __future__ import annotations

from datetime import datetime

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.social.listening.model import SavedQuery

QUERY_SAVED = "Mention Query Saved"
QUERY_DELETED = "Mention Query Deleted"
QUERY_UNLABELLED = "Mention Query Unlabelled"
QUERY_STOPPED = "Mention Query Stopped"
QUERY_APPLIED = "Mention Query Applied"
SETTING_CHANGED = "Listening Changed"


def query_event(principal: Principal, name: str, now: datetime, saved: SavedQuery) -> Event:
    facts = {
        "query": str(saved.id), "name": saved.name, "kind": saved.kind, "family": saved.family, "role": saved.role,
        "text": saved.text, "leaves_out": saved.leaves_out, "watch": saved.watch, "allowed": saved.allowed,
        "cooldown": saved.cooldown, "version": saved.version, "labelled": saved.labelled,
        "path": f"/listening?query={saved.id}",
    }  # fmt: skip
    return act(principal, "social", name, "mention_query", str(saved.id), facts, now)


def setting_changed(principal: Principal, now: datetime, allowed: float, cooldown: int, minutes: float) -> Event:
    facts = {"allowed": allowed, "cooldown": cooldown, "minutes": minutes}
    return act(principal, "social", SETTING_CHANGED, "listening", "", facts, now)
