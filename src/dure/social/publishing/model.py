"""Publishing's values: a plan of a post, what it is on each network, and what became of that."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

State = Literal[
    "draft", "in_review", "approved", "scheduled", "publishing", "published", "partly", "failed", "unknown"
]  # fmt: skip
STATES: Mapping[str, Mapping[str, str]] = {
    "draft": {"ko": "초안", "en": "Draft"},
    "in_review": {"ko": "검토 중", "en": "In review"},
    "approved": {"ko": "승인됨", "en": "Approved"},
    "scheduled": {"ko": "예약됨", "en": "Scheduled"},
    "publishing": {"ko": "올리는 중", "en": "Publishing"},
    "published": {"ko": "게시됨", "en": "Published"},
    "partly": {"ko": "일부만 게시됨", "en": "Partly published"},
    "failed": {"ko": "거절됨", "en": "Refused"},
    "unknown": {"ko": "확인 필요", "en": "To be checked"},
}
EDITABLE: frozenset[str] = frozenset({"draft", "in_review", "approved", "scheduled", "partly", "failed"})
"""What an edit sends back to be a draft; the others are on their way, or over."""

Fate = Literal["waiting", "said", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a post is on one source: `text` None follows the plan's own. `place` is within the network, "" for the
    source's own; `utm` stands in for the workspace's tags by name, "" for none of that name."""

    source: uuid.UUID
    text: str | None = None
    title: str = ""
    place: str = ""
    utm: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """All that people write of a post; one version of a draft is one of these."""

    title: str
    text: str = ""
    language: str = ""
    campaign: str = ""
    wordings: Sequence[Wording] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """A wording and what became of it. `attempt` numbers the key that it is said with: it goes up only where a person
    found that nothing stands there. `sent` is what was handed over, to the letter."""

    wording: Wording
    fate: Fate = "waiting"
    attempt: int = 1
    tries: int = 0
    sent: str = ""
    outcome: Mapping[str, Any] = field(default_factory=dict)
    reference: str = ""
    url: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A post that is planned. `hash` is of what was approved, "" where nothing is; `original` what it is a copy of."""

    id: uuid.UUID
    content: Content
    variants: Sequence[Variant]
    state: State
    due_at: datetime | None
    author: str
    created_at: datetime
    changed_at: datetime
    changed_by: str
    version: int = 1
    evergreen: bool = False
    original: uuid.UUID | None = None
    hash: str = ""
    approved_by: str = ""
    ended_at: datetime | None = None
    comments: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """A text that a draft had; `aside` where it was never the draft's own, but kept from somebody who met another."""

    id: uuid.UUID
    version: int
    at: datetime
    by: str
    content: Content
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody asks for a word on a post as it is: `hash` is of every text as it will stand there."""

    id: uuid.UUID
    plan: uuid.UUID
    hash: str
    asked_by: str
    asked_at: datetime
    note: str = ""
    decision: Literal["", "approved", "returned"] = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    id: uuid.UUID
    plan: uuid.UUID
    source: uuid.UUID | None
    by: str
    at: datetime
    text: str
    done: bool = False


UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
TEMPLATE: Mapping[str, str] = {"utm_source": "{network}", "utm_medium": "social", "utm_campaign": "{campaign}"}


@dataclass(frozen=True, slots=True)
class Rules:
    """What an organisation asks of its posts. `approvers` are user ids, empty for everybody who may publish; with
    `own` authors may approve their own. `utm` are the tags of every link. Since `paused_at` nothing leaves."""

    approval: bool = True
    own: bool = False
    approvers: Sequence[str] = ()
    utm: Mapping[str, str] = field(default_factory=lambda: dict(TEMPLATE))
    tracked: bool = True
    paused_at: datetime | None = None
    paused_by: str = ""
    paused_why: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A source that posts can go to. `limits` are its network's."""

    id: uuid.UUID
    name: str
    network: str
    limits: Mapping[str, Any]
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An address in a text: as it was written, and where it leads with its tags."""

    written: str
    target: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A variant as it will stand there. `count` of `most` as its network counts; `problems` are codes: empty, over,
    bytes, title_missing, title_over, gone, paused."""

    source: uuid.UUID
    text: str
    title: str
    place: str
    links: Sequence[Link]
    count: int
    most: int
    problems: Sequence[str]
