"""What listening writes to the feed."""

from __future__ import annotations

from datetime import datetime

from dure.automation.plugs import EventKind
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


_QUERY = {
    "query": "id", "name": "text", "kind": "query or theme", "text": "what it looks for", "leaves_out": "text",
    "family": "text", "role": "own, rival or nothing", "labelled": "mentions that got or lost its label",
    "path": "where the screen shows it",
}  # fmt: skip
EVENTS: list[EventKind] = [
    EventKind(QUERY_SAVED, {"ko": "듣기 질의를 저장함", "en": "Mention query saved"}, "social", _QUERY),
    EventKind(QUERY_APPLIED, {"ko": "지난 글에 라벨을 다 붙임", "en": "Mention query applied"}, "social", _QUERY),
    EventKind(QUERY_STOPPED, {"ko": "라벨 붙이기를 멈춤", "en": "Mention query stopped"}, "social", _QUERY),
    EventKind(QUERY_DELETED, {"ko": "듣기 질의를 지움", "en": "Mention query deleted"}, "social", _QUERY),
    EventKind(
        QUERY_UNLABELLED, {"ko": "지운 질의의 라벨을 다 뗌", "en": "Mention query unlabelled"}, "social", _QUERY
    ),
    EventKind(
        SETTING_CHANGED, {"ko": "듣기 설정이 바뀜", "en": "Listening changed"}, "social",
        {"allowed": "false alarms a week of a topic", "cooldown": "hours", "minutes": "to hand one mention on"},
    ),
]  # fmt: skip
