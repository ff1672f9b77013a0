"""What an experiment says: for every measure and arm an estimate, its interval, and what may be concluded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from dure.experiments.model import Interval
from dure.experiments.statistics.bayes import Belief

# unbalanced: arms have not the sizes they were meant to have, so nothing may be read; nothing: too little to say
# anything; waiting: judged at a planned size that is not reached; leaning: one fixed look would say so, and looking
# often does not allow it yet. Of guardrails: safe (not worse by the margin), harmed (worse by more), unclear.
Finding = Literal["unbalanced", "nothing", "waiting", "leaning", "better", "worse", "safe", "unclear", "harmed"]
# Of the whole: careful means better, while a guardrail is not known to be safe.
Verdict = Literal["unbalanced", "harmed", "worse", "better", "careful", "leaning", "waiting", "nothing"]


@dataclass(frozen=True, slots=True)
class Reading:
    """An arm's part: people whose window is over, and their rate, mean, ratio or quantile (None with nobody). `exact`
    is a rate's own interval (Clopper and Pearson)."""

    people: int
    value: float | None
    exact: Interval | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """Treated against control; the interval is the one that the method allows to be read."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Guard:
    """`margin` in the measure's unit; `bound` is the worst that is still plausible, on the same scale as the margin."""

    margin: float
    bound: float
    p: float


@dataclass(frozen=True, slots=True)
class Look:
    """How it stood at a day's end. `p` is the smallest so far: what was once shown to a looker stays shown."""

    day: date
    control: int
    treated: int
    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """One arm against control. `difference` and `relative` are None where the numbers allow no estimate; `once` is the
    interval of a single look, `anytime` the one that bears any number. `p` goes with the method, `corrected` allows
    for the other comparisons of the same role. `newcombe`, `fisher`, `log_ratio` and `fieller` (two more intervals of
    the relative change) are for rates. `noise` is the part of the variance that CUPED took away."""

    arm: str
    control: Reading
    treated: Reading
    difference: Estimate | None
    relative: Estimate | None
    once: Interval | None
    anytime: Interval | None
    p: float | None
    corrected: float | None
    newcombe: Interval | None
    fisher: float | None
    log_ratio: Interval | None
    fieller: Interval | None
    belief: Belief | None
    guard: Guard | None
    noise: float | None
    looks: tuple[Look, ...]
    finding: Finding


@dataclass(frozen=True, slots=True)
class Stratum:
    """One value of the trait that was split by ("" where it is not known)."""

    value: str
    control: Reading
    treated: Reading
    difference: Estimate | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure's part of the result. `pending` are people whose window is not over; `strata` by arm."""

    number: int
    role: str
    kind: str
    name: dict[str, str]
    good: str
    pending: int
    contrasts: tuple[Contrast, ...]
    strata: dict[str, tuple[Stratum, ...]]


@dataclass(frozen=True, slots=True)
class ArmCount:
    """How many met this arm first, and how many of all were meant to."""

    name: str
    share: float
    people: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole result. `balance` is the p of the arms' sizes; `mixed` people met two arms (they count in their first);
    `by_day` is how many were exposed on each day; `progress` the part of the planned size that is reached."""

    at: datetime
    arms: tuple[ArmCount, ...]
    balance: float | None
    mixed: int
    by_day: tuple[tuple[date, int], ...]
    progress: float | None
    metrics: tuple[Measured, ...]
    verdict: Verdict
    arm: str
    sentence: dict[str, str]
