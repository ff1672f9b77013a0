"""Ideas' values."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

IdeaState = Literal["open", "planned", "building", "shipped", "declined"]
STATES: Mapping[str, Mapping[str, str]] = {
    "open": {"ko": "열림", "en": "Open"},
    "planned": {"ko": "계획됨", "en": "Planned"},
    "building": {"ko": "만드는 중", "en": "Building"},
    "shipped": {"ko": "출시됨", "en": "Shipped"},
    "declined": {"ko": "하지 않음", "en": "Declined"},
}
SOURCES: Mapping[str, Mapping[str, str]] = {
    "mention": {"ko": "언급", "en": "Mentions"},
    "care": {"ko": "고객 응대", "en": "Care"},
    "sales": {"ko": "영업", "en": "Sales"},
    "hand": {"ko": "직접", "en": "By hand"},
}


@dataclass(frozen=True, slots=True)
class Idea:
    """`demand` counts askings by source; a mention counts with its near copies, each written by somebody of their own.
    `value` are the sums of deals open with the accounts that asked, by currency, in minor units."""

    id: uuid.UUID
    title: str
    about: str
    state: str
    topic: str
    owner: str
    merged_into: uuid.UUID | None
    version: int
    created_at: datetime
    created_by: str
    changed_at: datetime
    votes: int = 0
    mine: bool = False
    demand: Mapping[str, int] = field(default_factory=dict)
    people: int = 0
    accounts: Sequence[str] = ()
    value: Mapping[str, int] = field(default_factory=dict)
    last_asked: datetime | None = None

    @property
    def asked(self) -> int:
        return sum(self.demand.values())


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody asked for it. `ref` is the mention's id, or the note's where it lies."""

    id: uuid.UUID
    idea: uuid.UUID
    source: str
    ref: str
    said: str
    person: uuid.UUID | None
    account: str
    at: datetime
    actor: str
    person_name: str = ""
    account_name: str = ""
    deals: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merge:
    """One idea went into another; not undone yet."""

    id: uuid.UUID
    idea: uuid.UUID
    title: str
    at: datetime
    actor: str
    askings: int


@dataclass(frozen=True, slots=True)
class Whole:
    """An idea with all that is known of it. `similar` are ideas of nearly the same words, the nearest first."""

    idea: Idea
    askings: Sequence[Asking]
    voters: Sequence[str]
    merges: Sequence[Merge]
    similar: Sequence[tuple[Idea, float]]
