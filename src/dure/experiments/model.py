"""Arms and what comparing them gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
