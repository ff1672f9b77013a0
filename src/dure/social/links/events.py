"""What links write to the feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.automation.plugs import EventKind
from dure.feed.api import NOBODY, Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.social.links.model import Link

CREATED = "Link Created"
ENDED = "Link Ended"
CLICKED = "Link Clicked"
FETCHED = "Link Fetched"

_LINK = {
    "link": "id", "code": "what its address ends with", "target": "where it leads, with its UTM parameters",
    "network": "the network that it was made for, or nothing", "side": "brand or employees",
    "belongs": "post, share, hand, …: what it was made for", "belongs_id": "that one's id",
}  # fmt: skip
_OPENED = {
    **_LINK, "referrer": "the site that it was clicked on, without the page; empty where browsers do not say",
    "person_id": "the person for whom alone it was made, or nothing",
}  # fmt: skip
EVENTS: list[EventKind] = [
    EventKind(
        CREATED, {"ko": "추적 링크가 생김", "en": "Link created"}, "social",
        {**_LINK, "expires_at": "time, or nothing"},
    ),
    EventKind(ENDED, {"ko": "추적 링크가 끝남", "en": "Link ended"}, "social", _LINK),
    EventKind(
        CLICKED, {"ko": "사람이 링크를 누름", "en": "Link clicked"}, "social",
        {**_OPENED, "visitor": "the same for one browser on one day; whose it is can be told by nobody"},
    ),
    EventKind(
        FETCHED, {"ko": "사람이 아닌 것이 링크를 열어 봄", "en": "Link fetched"}, "social",
        {**_OPENED, "by": "head, prefetch, preview, crawler, tool or unnamed; colleague for one who is signed in here"},
    ),
]  # fmt: skip


def link_event(principal: Principal, name: str, now: datetime, link: Link, more: Mapping[str, Any]) -> Event:
    return act(
        principal, "social", name, "link", str(link.id), {**_facts(link), **more}, now, person=link.person or NOBODY
    )  # fmt: skip


def opened(link: Link, now: datetime, message: UUID, name: str, more: Mapping[str, Any]) -> Event:
    """A click or a fetch: nobody of the house acts, and many come at once."""
    return Event(
        org=link.tenant.org, workspace=link.tenant.workspace, event=name, time=now, received_at=now,
        message_id=str(message), source="social", person=link.person or NOBODY, object_type="link",
        object=str(link.id),
        properties={**_facts(link), "person_id": str(link.person) if link.person else "", **more},
    )  # fmt: skip


def _facts(link: Link) -> dict[str, Any]:
    return {
        "link": str(link.id), "code": link.code, "target": link.target, "network": link.network, "side": link.side,
        "belongs": link.belongs[0], "belongs_id": link.belongs[1],
    }  # fmt: skip
