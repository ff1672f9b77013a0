"""Two halves and what comparing them gives; an experiment and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dure.experiments.design import Design
from dure.experiments.drawing import Draw, Holdout, Range

# unbalanced: the halves are not the sizes they were meant to be, so nothing may be read from them;
# nothing: too few to say anything; leaning: one fixed look would say so, repeated looks may not yet.
Verdict = Literal["unbalanced", "nothing", "leaning", "better", "worse"]


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both as shares (0.05 = five percentage points)."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Arm:
    """People assigned to one half and how many of them did the thing that counts."""

    people: int
    successes: int

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.people:
            raise ValueError("successes lie between 0 and the number of people")

    @property
    def rate(self) -> float | None:
        return self.successes / self.people if self.people else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Treated minus control. Fields are None where the numbers allow no estimate; shares, not percent.

    `interval` (Newcombe) holds for one look at an end fixed before; `anytime` holds however often one looks.
    `relative` is the difference as a share of control's rate. `balance` is the p-value of the halves' sizes.
    """

    control: Arm
    treated: Arm
    confidence: float
    difference: float | None
    relative: float | None
    interval: Interval | None
    anytime: Interval | None
    z: float | None
    p: float | None
    balance: float | None
    verdict: Verdict


State = Literal["draft", "running", "stopped", "decided"]


@dataclass(frozen=True, slots=True)
class Decision:
    """Which arm everybody gets from now on, why, and who said so."""

    arm: str
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class Experiment:
    """A plan and how far it has come. `verdict` is what the newest look said ("" before the first)."""

    id: str
    design: Design
    state: State
    owner: str
    created_at: datetime
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    decided_at: datetime | None = None
    decision: Decision | None = None
    verdict: str = ""
    looked_at: datetime | None = None
    buckets: tuple[Range, ...] = ()

    @property
    def seed(self) -> str:
        return self.design.lots.seed if self.design.lots else f"experiment:{self.id}:"

    def draw(self, holdout: Holdout) -> Draw:
        """What its arms are drawn by."""
        design = self.design
        return Draw(
            self.seed, design.lots.version if design.lots else 2, tuple(arm.name for arm in design.arms),
            design.shares, design.layer.id if design.layer else "", self.buckets if design.layer else None,
            holdout if design.global_holdout else Holdout(),
        )  # fmt: skip
