"""Stages as values: their names, what decides them, and the picture of how people move between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from dure.segments.model import ANYTHING, Selector

Stage = Literal[
    "not_signed_up", "new", "activated", "current", "resurrected", "at_risk", "dormant", "churned"
]  # fmt: skip
STAGES: tuple[Stage, ...] = (
    "not_signed_up", "new", "activated", "current", "resurrected", "at_risk", "dormant", "churned",
)  # fmt: skip
"""In the order of a life: every person the workspace has seen is in exactly one."""

NAMES: Mapping[str, Mapping[str, str]] = {
    "not_signed_up": {"ko": "가입 전", "en": "Not signed up"},
    "new": {"ko": "신규", "en": "New"},
    "activated": {"ko": "활성화됨", "en": "Activated"},
    "current": {"ko": "활동 중", "en": "Current"},
    "resurrected": {"ko": "돌아옴", "en": "Resurrected"},
    "at_risk": {"ko": "이탈 위험", "en": "At risk"},
    "dormant": {"ko": "휴면", "en": "Dormant"},
    "churned": {"ko": "이탈", "en": "Churned"},
}


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What decides a person's stage in a workspace. Days are 24 hours long and count back from the moment asked of.

    Without `signup` the first activity is taken for it. `back_days` is how long somebody counts as resurrected.
    """

    activity: Selector = Selector(ANYTHING)
    signup: Selector | None = None
    activation: Selector = Selector(ANYTHING)
    activation_times: int = 2
    activation_measure: Literal["times", "days"] = "days"
    new_days: int = 7
    at_risk_days: int = 7
    dormant_days: int = 28
    churned_days: int = 90
    back_days: int = 14


@dataclass(frozen=True, slots=True)
class Facts:
    """What the log says of a person up to a moment; None where it never happened.

    `before` is the last activity before the time in which somebody counts as back, `back` the first within it.
    """

    seen: bool
    signed_up: datetime | None
    activated: bool
    last: datetime | None
    before: datetime | None
    back: datetime | None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a computation of the stages found: how many are in each, and how many changed."""

    at: datetime
    sizes: Mapping[str, int]
    changed: int


@dataclass(frozen=True, slots=True)
class Flow:
    """How many were in one stage at the first moment and in another at the second; `before` "" for those who were not
    there yet."""

    before: str
    after: str
    people: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """How segments lie over one another. `pairs` counts who is in both (a segment with itself: its size), `only` who is
    in this one alone, `depth` how many people are in none, in one, in two … of them."""

    segments: tuple[str, ...]
    everybody: int
    pairs: Mapping[tuple[str, str], int]
    only: Mapping[str, int]
    depth: tuple[int, ...]
