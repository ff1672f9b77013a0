"""Whether one series moves with another, and how many intervals later. A correlation with its interval, never a cause.

1. Both series are differenced once, so that two lines that merely rise do not count as related; by the day the mean
   of each weekday's differences is taken out too, so that a shared week does not either.
2. The correlation is taken at every lag from 0 to a bound (the input leads), over the pairs that both have.
3. A correlation's interval is Fisher's z with an effective number of pairs in place of the number of pairs
   (B. J. Pyper and R. M. Peterman, Canadian Journal of Fisheries and Aquatic Sciences 55, 1998, after M. S. Bartlett,
   1946): 1/n* = 1/n + 2/n · Σⱼ (n-j)/n · rₓ(j)·rᵧ(j), the sum over the first fifth of the lags.
4. The lag whose correlation stands out most is reported. As L lags were looked at, its interval is widened to the
   level 0.95^(1/L), and its p-value is 1-(1-p)^L (Z. Šidák, JASA 62, 1967), so that all L intervals hold together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

Series = npt.NDArray[np.float64]
Interval = Literal["day", "week"]

FEWEST = 20
# A series that stands still but for a few jumps says nothing, however many points it has.
_FEWEST_MOVES = 10
MOST_LAGS = {"day": 14, "week": 4}
CONFIDENCE = 0.95
_NORMAL = NormalDist()
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Influence:
    """`r` at the best `lag` (in intervals, the input first), its interval, and how it was found.

    `pairs` were compared, worth `effective` independent ones; `lags` were tried. `clear` says that the interval
    leaves zero out. `reason` is set instead of all that where nothing can be said.
    """

    r: float | None = None
    low: float | None = None
    high: float | None = None
    lag: int | None = None
    lags: int = 0
    pairs: int = 0
    effective: float | None = None
    p: float | None = None
    clear: bool = False
    reason: Literal["", "too_few_points", "does_not_vary"] = ""


def influence(
    source: Sequence[float | None], target: Sequence[float | None], interval: Interval = "day", *,
    most_lags: int | None = None, first_weekday: int = 0,
) -> Influence:  # fmt: skip
    """How `target` moves with `source` over the same intervals, oldest first; None where there is no number."""
    if len(source) != len(target):
        raise ValueError("both series are of the same intervals")
    raw = [_numbers(source), _numbers(target)]
    if any(_moves(series) < _FEWEST_MOVES for series in raw):
        few = any(np.isfinite(series).sum() <= FEWEST for series in raw)
        return Influence(reason="too_few_points" if few else "does_not_vary")
    moved, answered = (_changes(series, interval, first_weekday) for series in raw)
    spent = _WEEK - 1 if interval == "day" else 0
    lags = _lags(moved, interval, most_lags)
    found = [one for one in (_at_lag(moved, answered, lag, spent) for lag in lags) if one]
    if not found:
        few = len(_pairs(moved, answered, 0)[0]) < FEWEST
        return Influence(reason="too_few_points" if few else "does_not_vary")
    best = max(found, key=lambda one: one.z)
    level = CONFIDENCE ** (1 / len(found))
    reach = _NORMAL.inv_cdf((1 + level) / 2) / sqrt(best.effective - 3)
    p = 1 - (1 - 2 * (1 - _NORMAL.cdf(best.z))) ** len(found)
    low, high = tanh(atanh(best.r) - reach), tanh(atanh(best.r) + reach)
    return Influence(
        best.r, low, high, best.lag, len(found), best.pairs, best.effective, min(max(p, 0.0), 1.0), low > 0 or high < 0
    )


@dataclass(frozen=True, slots=True)
class _Lagged:
    lag: int
    r: float
    pairs: int
    effective: float

    @property
    def z(self) -> float:
        return abs(atanh(self.r)) * sqrt(self.effective - 3)


def _lags(series: Series, interval: Interval, most: int | None) -> range:
    # No more lags than leave three quarters of the series.
    bound = MOST_LAGS[interval] if most is None else most
    return range(min(bound, len(series) // 4) + 1)


def _numbers(series: Sequence[float | None]) -> Series:
    return np.array([np.nan if value is None else value for value in series], dtype=np.float64)


def _moves(series: Series) -> int:
    """How often it changes from one interval to the next."""
    changes = np.diff(series)
    return int((np.isfinite(changes) & (changes != 0)).sum())


def _changes(series: Series, interval: Interval, first_weekday: int) -> Series:
    """The differences, without each weekday's mean; NaN beside a gap."""
    changes: Series = np.diff(series)
    if interval == "day":
        weekday = (np.arange(len(changes)) + 1 + first_weekday) % _WEEK
        for day in range(_WEEK):
            of_day = (weekday == day) & np.isfinite(changes)
            if of_day.any():
                changes[of_day] -= changes[of_day].mean()
    return changes


def _pairs(source: Series, target: Series, lag: int) -> tuple[Series, Series]:
    x, y = (source[: len(source) - lag], target[lag:]) if lag else (source, target)
    both = np.isfinite(x) & np.isfinite(y)
    return x[both], y[both]


def _at_lag(source: Series, target: Series, lag: int, spent: int) -> _Lagged | None:
    x, y = _pairs(source, target, lag)
    n = len(x)
    if n < FEWEST or not _varies(x) or not _varies(y):
        return None
    # A perfect line has no interval; it is kept a hair's breadth away from one.
    r = min(max(float(np.corrcoef(x, y)[0, 1]), -1 + 1e-9), 1 - 1e-9)
    return _Lagged(lag, r, n, _effective(x, y, spent))


def _varies(x: Series) -> bool:
    return bool(x.std() > 1e-9 * max(1.0, float(np.abs(x).max())))


def _effective(x: Series, y: Series, spent: int) -> float:
    """How many independent pairs the pairs are worth, of which `spent` went into means; between 4 and their number."""
    n = len(x)
    near = np.arange(1, max(2, n // 5))
    shares = (n - near) / n * _auto(x)[near] * _auto(y)[near]
    worth = (n - spent) / max(1 + 2 * float(shares.sum()), 1e-9)
    return min(float(n), max(4.0, worth))


def _auto(x: Series) -> Series:
    """The autocorrelations of a series, by lag."""
    centred = x - x.mean()
    sums = np.correlate(centred, centred, "full")[len(x) - 1 :]
    shares: Series = sums / sums[0]
    return shares
