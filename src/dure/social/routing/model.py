"""Routing's values: a decision, how it is made in a workspace, and what a model is known to be worth."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec

from dure.governance.model import FUNCTIONS
from dure.social.model import Rule

NOBODY = ""
"""The answer that a mention is nobody's business."""
CLASSES: tuple[str, ...] = (*FUNCTIONS, NOBODY)
Verdict = Literal["accepted", "moved", "refused", "nobody"]
VERDICTS: tuple[Verdict, ...] = ("accepted", "moved", "refused", "nobody")

TEAMS: Mapping[str, Mapping[str, str]] = {
    "product": {"ko": "프로덕트", "en": "Product"},
    "marketing": {"ko": "마케팅", "en": "Marketing"},
    "sales": {"ko": "영업", "en": "Sales"},
    "ad_ops": {"ko": "광고 운영", "en": "Ad operations"},
    "social": {"ko": "소셜", "en": "Social"},
    "care": {"ko": "고객 응대", "en": "Care"},
    "people": {"ko": "피플", "en": "People"},
    "press": {"ko": "홍보", "en": "Press"},
    "executives": {"ko": "경영진", "en": "Executives"},
}


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`gate` is the least probability from which the model routes by itself; `audit` the share of its decisions that
    people are asked about all the same; `channels` where a function's cards land, by default the function's name."""

    gate: float = 0.5
    audit: float = 0.05
    channels: dict[str, str] = {}

    def channel_of(self, function: str) -> str:
        return self.channels.get(function) or function.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Setup:
    """How a workspace routes at this moment. `revision` counts the changes of its rules, `model` names what is learned
    (0: nothing yet)."""

    rules: tuple[Rule, ...]
    settings: Settings
    revision: int
    model: int

    @property
    def version(self) -> str:
        return f"r{self.revision}m{self.model}"


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a mention goes. `by` nobody: it waits for a person, and `ranking` says who it could be for. `also` are
    functions that are told without it being theirs; `reasons` are codes with what they are about."""

    function: str
    channel: str
    by: Literal["rule", "model", "nobody"]
    sure: float
    version: str
    reasons: Sequence[Mapping[str, Any]] = ()
    ranking: Sequence[tuple[str, float]] = ()
    also: tuple[str, ...] = ()
    audit: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it is kept, with what people said of it."""

    mention: uuid.UUID
    at: datetime
    by: str
    function: str
    sure: float
    version: str
    reasons: Sequence[Mapping[str, Any]]
    ranking: Sequence[Sequence[Any]]
    audit: bool
    verdict: str = ""
    answer: str = ""
    refused: Sequence[str] = ()
    moves: int = 0
    owned_at: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A mention that people decided about, as the model learns of it. `audit`: it was asked at random."""

    text: str
    network: str
    handle: str
    kind: str
    language: str
    intent: str
    topic: str
    sentiment: int
    confidence: float
    rating: int | None
    direct: bool
    answer: str = NOBODY
    refused: tuple[str, ...] = ()
    sampled: bool = False
    by: str = ""
    function: str = NOBODY
    sure: float = 0.0


@dataclass(frozen=True, slots=True)
class Moved:
    """One row of a replay: so many mentions would go from one function to another, with some of them."""

    was: str
    now: str
    count: int
    examples: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Replay:
    """What a change would have done to the mentions of the last days. `right` and `right_now` count, of those that
    people decided about, how many went or would go where they say."""

    mentions: int
    same: int
    moved: Sequence[Moved]
    decided: int
    right: int
    right_now: int
    waiting: int
    waiting_now: int
