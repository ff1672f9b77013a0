"""Signals of a deal, what is usual for won deals, and the health made of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Band = Literal["good", "fair", "poor"]

MOMENTUM, THREADS, STAGE_AGE, SLIPS, OVERDUE, QUESTIONS, LATENCY, BALANCE, NEXT_STEP = (
    "momentum", "threads", "stage_age", "slips", "overdue", "questions", "latency", "balance", "next_step",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signals:
    """What is measured of an open deal at a moment. Counts of messages are of people's, not of bots'.

    `momentum` is the sum of what was done, halved every seven days. `people` are those at the customer who wrote at
    least twice in 30 days, `roles` the contacts named at the deal. `latency_now` and `latency_before` are median hours
    until the customer answers, in the last 14 days and the 42 before. `step` is dated (a meeting to come, or a task
    with a day), written (a text) or "".
    """

    deal: str
    age_days: float
    stage: str
    probability: int
    stage_days: float
    momentum: float
    theirs: int = 0
    ours: int = 0
    ever_theirs: int = 0
    people: int = 0
    roles: int = 0
    decision_maker: bool = False
    slips: int = 0
    overdue_days: int = 0
    open_questions: int = 0
    latency_now: float | None = None
    latency_before: float | None = None
    step: Literal["dated", "written", ""] = ""
    last_theirs: datetime | None = None


@dataclass(frozen=True, slots=True)
class Norms:
    """What is usual for won deals: by stage the days that three of four stayed at most; by days in a stage the
    momenta that won deals had then, in order."""

    stage_days: Mapping[str, float] = field(default_factory=dict)
    momenta: Mapping[int, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a health: `value` from 0 (bad) to 1 (good), None where nothing is known; the facts it rests on."""

    name: str
    weight: int
    value: float | None
    facts: Mapping[str, float | int | str | None] = field(default_factory=dict)

    @property
    def lost(self) -> float:
        """Points that it costs."""
        return 0.0 if self.value is None else self.weight * (1 - self.value)


@dataclass(frozen=True, slots=True)
class Health:
    """`score` from 0 to 100; None with `why` = young in a deal's first three days. `reasons` are names of parts: the
    three that cost most, or where hardly anything does those that carry most."""

    deal: str
    score: int | None
    band: Band | None
    why: str
    parts: tuple[Part, ...]
    reasons: tuple[str, ...]
    momentum: float = 0.0
