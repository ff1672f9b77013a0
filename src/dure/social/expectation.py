"""How many people an hour are usual, and when an hour is more than chance.

The usual is the mean of the same hour of the week and its two neighbours over up to six weeks, with extraordinary
hours cut down to the 99.5th percentile, and drawn towards the overall rate where there is little to go by (a Gamma
prior worth one mention). Around it an hour is taken as negative binomial: Poisson noise, the subject's own unrest
(estimated from how far past hours lay from their usual) and the uncertainty of the mean itself.

How seldom chance may be taken for a spike is said in false alarms a week (`allowed`). An hour judged once an hour would
need the probability `allowed / 168`; the last sixty minutes are looked at all the time, which raises about `OVERLAP`
times as many alarms, and what is usual is itself estimated, which at large volumes raised up to `CAUTION` times as many
(`bench/spikes.py`). Beside it, at least `LEAST` people must speak and they must be `TIMES` the usual, so most subjects
stay below what is allowed. `tests/social/test_expectation.py` holds the rate against what is allowed, simulated and
on real hourly counts. The median of four weeks in the place of the mean raised no fewer on those (what each finds was
not compared), and is of no use where most hours are empty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ALLOWED = 0.02  # false alarms a week of one topic where nobody says otherwise
OVERLAP = 2.2
CAUTION = 1.8
LEAST = 5
TIMES = 2.0
WEEK = 168
WEEKS = 6
HISTORY = WEEK * WEEKS + 1  # hours of history worth bringing
_CALM = 0.05
_ENOUGH = 24  # hours of history below which nothing is judged
_UNREST = 0.5  # assumed while there are fewer than two weeks
_LEAST_UNREST, _MOST_UNREST = 0.01, 3.0

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Usual:
    """What an hour is expected to bring: the mean, and the shape of the negative binomial around it."""

    mean: float
    shape: float

    def chance(self, seen: int) -> float:
        """The probability of `seen` or more."""
        if seen <= 0:
            return 1.0
        return float(max(0.0, 1.0 - _below(self.mean, self.shape, seen).sum()))

    def upper(self, chance: float) -> int:
        """The smallest number that is reached with a probability below `chance`."""
        spread = (self.mean + self.mean**2 / self.shape) ** 0.5
        shares = np.cumsum(_below(self.mean, self.shape, int(self.mean + 40 * spread) + 60))
        return int(np.searchsorted(shares, 1.0 - chance, side="right")) + 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """`spike`: more than chance. `calm`: back within the usual, which ends a spike; between the two nothing changes."""

    expected: float
    upper: int
    spike: bool
    calm: bool


def chance_of(allowed: float) -> float:
    """The probability below which an hour is told, for so many false alarms a week."""
    return allowed / (WEEK * OVERLAP * CAUTION)


def judge(history: Counts, seen: int, allowed: float = ALLOWED) -> Verdict:
    """Judges the last 60 minutes. `history` holds people an hour in the hours before them, the newest last."""
    if len(history) < _ENOUGH:
        return Verdict(float(history.mean()) if len(history) else 0.0, LEAST, False, False)
    found = usual(history)
    alarm = chance_of(allowed)
    chance, upper = found.chance(seen), max(found.upper(alarm), LEAST)
    spike = chance < alarm and seen >= max(LEAST, TIMES * found.mean)
    return Verdict(found.mean, upper, spike, not spike and (chance > _CALM or seen < LEAST / 2))


def usual(history: Counts, unrest: float | None = None) -> Usual:
    """What the hour after `history` is expected to bring."""
    calm = _without_extremes(history[-HISTORY:])
    overall = max(float(calm.mean()), 1e-4)
    slots = [len(calm) - WEEK * week + near for week in range(1, WEEKS + 1) for near in (-1, 0, 1)]
    same = calm[[at for at in slots if 0 <= at < len(calm)]]
    shape = 1.0 + float(same.sum())
    mean = shape / (len(same) + 1.0 / overall)
    if unrest is None:
        unrest = unrest_of(calm)
    doubt = 1.0 / shape + unrest / (len(same) + 1)
    return Usual(mean, 1.0 / (unrest + doubt))


def unrest_of(history: Counts) -> float:
    """How much hours vary beyond Poisson: the square of the rate's own relative spread, from the weeks' residuals."""
    calm = _without_extremes(history[-WEEK * WEEKS :])
    weeks = len(calm) // WEEK
    if weeks < 2:
        return _UNREST
    table = calm[-weeks * WEEK :].reshape(weeks, WEEK)
    column = table.mean(axis=0)
    mean = (column + np.roll(column, 1) + np.roll(column, -1)) / 3
    own = 1.0 / (3 * weeks)  # the share of an hour in its own mean
    beyond = float(((table - mean) ** 2).sum() / (1 - own) - weeks * mean.sum())
    weight = weeks * float((mean**2).sum())
    return min(max(beyond / weight if weight else 0.0, _LEAST_UNREST), _MOST_UNREST)


def band(history: Counts, hours: int, allowed: float = ALLOWED) -> tuple[list[float], list[int]]:
    """Expectation and alarm level for the last `hours` of `history`, each from what came before it."""
    means: list[float] = []
    uppers: list[int] = []
    if len(history) < _ENOUGH:
        return [0.0] * hours, [LEAST] * hours
    # The unrest changes slowly; one estimate serves the whole band.
    unrest = unrest_of(history[:-hours] if len(history) > hours + 2 * WEEK else history)
    for at in range(len(history) - hours, len(history)):
        if at < _ENOUGH:
            means.append(0.0)
            uppers.append(LEAST)
            continue
        found = usual(history[:at], unrest)
        means.append(round(found.mean, 3))
        uppers.append(max(found.upper(chance_of(allowed)), LEAST))
    return means, uppers


def replayed(history: Counts, allowed: float, hours: int) -> list[int]:
    """In which of the last hours a spike would have begun, each judged once by what came before it; counted from 0."""
    began: list[int] = []
    on = False
    first = max(len(history) - hours, _ENOUGH)
    for at in range(first, len(history)):
        verdict = judge(history[:at], int(history[at]), allowed)
        if verdict.spike and not on:
            began.append(at - (len(history) - hours))
        on = verdict.spike or (on and not verdict.calm)
    return began


def _without_extremes(history: Counts) -> Counts:
    return np.minimum(history, max(float(np.percentile(history, 99.5)), 3.0))


def _below(mean: float, shape: float, seen: int) -> Counts:
    """Negative binomial probabilities of 0 … seen-1, by the ratio of neighbours in logarithms."""
    k = np.arange(seen - 1, dtype=np.float64)
    ratios = np.log((k + shape) / (k + 1)) + np.log(mean / (mean + shape))
    start = shape * np.log(shape / (mean + shape))
    chances: Counts = np.exp(start + np.concatenate([[0.0], np.cumsum(ratios)]))
    return chances
