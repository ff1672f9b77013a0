"""How many people an hour are usual for a topic, and when an hour is more than chance.

The usual is the mean of the same hour of the week and its two neighbours over up to six weeks, with extraordinary
hours cut down to the 99.5th percentile, and drawn towards the topic's overall rate where there is little to go by
(a Gamma prior worth one mention). Around it an hour is taken as negative binomial: Poisson noise, the topic's own
unrest (estimated from how far past hours lay from their usual) and the uncertainty of the mean itself.

An hour is a spike when chance would bring as many with a probability below `ALARM`, at least `LEAST` people spoke and
they are `TIMES` the usual. Looked at every few minutes on a sliding hour, that is fewer than one false alarm a topic
in a quarter; `tests/social/test_expectation.py` measures it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ALARM = 2e-5
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

    def upper(self, chance: float = ALARM) -> int:
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


def judge(history: Counts, seen: int) -> Verdict:
    """Judges the last 60 minutes. `history` holds people an hour in the hours before them, the newest last."""
    if len(history) < _ENOUGH:
        return Verdict(float(history.mean()) if len(history) else 0.0, LEAST, False, False)
    found = usual(history)
    chance, upper = found.chance(seen), max(found.upper(), LEAST)
    spike = chance < ALARM and seen >= max(LEAST, TIMES * found.mean)
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


def band(history: Counts, hours: int) -> tuple[list[float], list[int]]:
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
        uppers.append(max(found.upper(), LEAST))
    return means, uppers


def _without_extremes(history: Counts) -> Counts:
    return np.minimum(history, max(float(np.percentile(history, 99.5)), 3.0))


def _below(mean: float, shape: float, seen: int) -> Counts:
    """Negative binomial probabilities of 0 … seen-1, by the ratio of neighbours in logarithms."""
    k = np.arange(seen - 1, dtype=np.float64)
    ratios = np.log((k + shape) / (k + 1)) + np.log(mean / (mean + shape))
    start = shape * np.log(shape / (mean + shape))
    chances: Counts = np.exp(start + np.concatenate([[0.0], np.cumsum(ratios)]))
    return chances
