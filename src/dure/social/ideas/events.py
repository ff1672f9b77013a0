"""What ideas write to the feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dure.automation.plugs import EventKind
from dure.feed.api import NOBODY, Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.social.events import plain
from dure.social.ideas.model import STATES, Asking, Idea

CREATED = "Idea Created"
CHANGED = "Idea Changed"
VOTED = "Idea Voted"
LINKED = "Idea Linked"
MERGED = "Idea Merged"
UNMERGED = "Idea Merge Undone"

_IDEA = {
    "idea": "id", "title": "text", "title_plain": "the title with what a message would read as markup made plain",
    "state": "open, planned, building, shipped or declined", "state_ko": "text", "state_en": "text", "owner": "user id",
    "topic": "text", "path": "where the screen shows it",
}  # fmt: skip
EVENTS: list[EventKind] = [
    EventKind(CREATED, {"ko": "아이디어가 생김", "en": "Idea created"}, "social", _IDEA),
    EventKind(
        CHANGED, {"ko": "아이디어가 바뀜", "en": "Idea changed"}, "social",
        {**_IDEA, "before": "what it was, by field", "moved": "true where the state changed"},
    ),
    EventKind(
        VOTED, {"ko": "아이디어에 투표함", "en": "Idea voted for"}, "social",
        {**_IDEA, "vote": "true, or false where a vote was taken back", "user": "user id"},
    ),
    EventKind(
        LINKED, {"ko": "누군가 아이디어를 원함", "en": "Somebody asks for an idea"}, "social",
        {**_IDEA, "source": "mention, care, sales or hand", "ref": "where it was said", "said": "text",
         "account_id": "text", "gone": "true where it was taken away again"},
    ),
]  # fmt: skip


def idea_event(principal: Principal, name: str, now: datetime, idea: Idea, more: Mapping[str, Any]) -> Event:
    return act(principal, "social", name, "idea", str(idea.id), {**facts_of(idea), **more}, now)


def asking_event(principal: Principal, now: datetime, idea: Idea, asking: Asking, *, gone: bool = False) -> Event:
    """Stands in the timeline of who asked, where they are known."""
    told = {
        **facts_of(idea), "source": asking.source, "ref": asking.ref, "said": asking.said[:500],
        "account_id": asking.account, **({"gone": True} if gone else {}),
    }  # fmt: skip
    return act(
        principal, "social", LINKED, "idea", str(idea.id), told, now, account=asking.account,
        person=asking.person or NOBODY,
    )  # fmt: skip


def facts_of(idea: Idea) -> dict[str, Any]:
    return {
        "idea": str(idea.id), "title": idea.title, "title_plain": plain(idea.title), "state": idea.state,
        "state_ko": STATES[idea.state]["ko"], "state_en": STATES[idea.state]["en"], "owner": idea.owner,
        "topic": idea.topic, "path": f"/ideas?idea={idea.id}",
    }  # fmt: skip
