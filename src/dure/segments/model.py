"""What is kept about a segment. The rules themselves are in `language`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.segments.language import (
    ANYTHING,
    All,
    Amount,
    Counted,
    Did,
    Either,
    FirstSeen,
    Frequency,
    History,
    In,
    LastSeen,
    Leaf,
    Listed,
    Metric,
    Not,
    Rule,
    Selector,
    Sequence,
    Share,
    Trait,
)

__all__ = [
    "ANYTHING",
    "All",
    "Amount",
    "Counted",
    "Did",
    "Either",
    "FirstSeen",
    "Frequency",
    "Handover",
    "History",
    "In",
    "LastSeen",
    "Leaf",
    "Listed",
    "Member",
    "Metric",
    "Not",
    "PastRule",
    "Preview",
    "Rule",
    "Segment",
    "Selector",
    "Sequence",
    "Share",
    "Size",
    "Trait",
]


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment. `size` is of the newest computation, None before the first; `built_in` names ours, "" for others'."""

    id: str
    name: Mapping[str, str]
    about: Mapping[str, str]
    rule: Rule
    built_in: str
    created_by: str
    created_at: datetime
    computed_at: datetime | None
    size: int | None

    @property
    def by_hand(self) -> bool:
        """Whether people are put in and taken out one by one."""
        return isinstance(self.rule, Listed)


@dataclass(frozen=True, slots=True)
class Size:
    """How many were in it after a computation, and how many came and went by it."""

    at: datetime
    size: int
    entered: int
    left: int


@dataclass(frozen=True, slots=True)
class PastRule:
    """A rule that a segment had from a moment on."""

    at: datetime
    rule: Rule
    by: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is in a segment, since when we know."""

    person: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """How many people a rule holds for, and a few of them. An estimate out of a sample is not `exact`, and in 19 of 20
    cases the true number is from `low` to `high`."""

    size: int
    people: tuple[UUID, ...]
    low: int
    high: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Handover:
    """A segment given to another team as it was at a moment: two lists of people, one of them left alone.

    `refused` were left out because they do not want to hear from the company. `goal` is the event (a selector as JSON)
    by which the outcome is told, within `window` of handing over. `score` and `model` say whose tenths and reasons went
    along. After `expires_at` or `ended_at` the lists are closed; `outcome` is what was known then.
    """

    id: str
    segment: str
    to: str
    channel: str
    purpose: str
    control_share: float
    size: int
    control: int
    treated: int
    expires_at: datetime | None
    by: str
    at: datetime
    from_: str = "product"
    goal: Mapping[str, Any] | None = None
    window: str = "14d"
    score: str = ""
    model: str = ""
    refused: int = 0
    ended_at: datetime | None = None
    outcome: Mapping[str, Any] | None = None

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class Computed:
    """What a computation found."""

    size: int
    entered: int
    left: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at everybody found against what was kept: `missing` were in it and not kept, `extra` the other way
    round. Both are put right."""

    size: int
    missing: int
    extra: int
