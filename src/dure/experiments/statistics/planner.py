"""How many people an experiment needs before it begins, and how long that takes."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Literal

from scipy import special

from dure.experiments.statistics import sequential

Formula = Literal["unpooled", "pooled", "arcsine", "baseline"]
_NORMAL = NormalDist()
_MOST = 10**10


def for_rates(
    base: float, lifted: float, power: float = 0.8, confidence: float = 0.95, formula: Formula = "unpooled"
) -> float | None:
    """People in each arm so that a change of rate is seen with that power; None for no change.

    `unpooled`: (z1 + z2)² (p1 q1 + p2 q2) / d². `pooled` takes the variance of no difference under the first z;
    `arcsine` Cohen's h; `baseline` the base's variance for both arms.
    """
    if base == lifted or not (0 <= base <= 1 and 0 <= lifted <= 1):
        return None
    z, beta = _NORMAL.inv_cdf(0.5 + confidence / 2), _NORMAL.inv_cdf(power)
    difference = lifted - base
    spread = base * (1 - base) + lifted * (1 - lifted)
    if formula == "arcsine":
        size = 2 * abs(math.asin(math.sqrt(lifted)) - math.asin(math.sqrt(base)))
        return _until(power, lambda n: _seen_normal(size * math.sqrt(n / 2), z))
    if formula == "pooled":
        middle = (base + lifted) / 2
        return ((z * math.sqrt(2 * middle * (1 - middle)) + beta * math.sqrt(spread)) / difference) ** 2
    if formula == "baseline":
        spread = 2 * base * (1 - base)
    return (z + beta) ** 2 * spread / difference**2


def for_means(variance: float, difference: float, power: float = 0.8, confidence: float = 0.95) -> float | None:
    """People in each arm so that a difference of means is seen. For a ratio the variance is the delta method's."""
    if not difference or variance <= 0:
        return None
    z = _NORMAL.inv_cdf(0.5 + confidence / 2) + _NORMAL.inv_cdf(power)
    return 2 * variance * z * z / difference**2


def for_t_test(size: float, power: float = 0.8, confidence: float = 0.95) -> float | None:
    """The same for a difference in standard deviations, by the non-central t: exact for few people too."""
    if not size:
        return None

    def seen(people: float) -> float:
        freedom, shift = 2 * people - 2, abs(size) * math.sqrt(people / 2)
        edge = special.stdtrit(freedom, 0.5 + confidence / 2)
        return float(1 - special.nctdtr(freedom, shift, edge) + special.nctdtr(freedom, shift, -edge))

    return _until(power, seen)


def with_looks(people: float, power: float = 0.8, confidence: float = 0.95) -> float:
    """So many in each arm where one may look at any time, out of so many for one look: the always-valid interval is
    wider. Tuned for its own end."""
    z = _NORMAL.inv_cdf(0.5 + confidence / 2) + _NORMAL.inv_cdf(power)
    beta = _NORMAL.inv_cdf(power)
    # A standardised effect that one look of `people` would see: z errors.
    effect = z / math.sqrt(2 * people)

    def enough(each: float) -> float:
        both = max(2, int(2 * each))
        reach = sequential.half_width(1 / both, both, confidence, both) + beta / math.sqrt(both)
        return effect / reach

    return _until(1.0, enough)


def smallest(people: float, variance: float, power: float = 0.8, confidence: float = 0.95) -> float | None:
    """The smallest difference that so many in each arm would show."""
    if people <= 0 or variance <= 0:
        return None
    z = _NORMAL.inv_cdf(0.5 + confidence / 2) + _NORMAL.inv_cdf(power)
    return z * math.sqrt(2 * variance / people)


def _until(wanted: float, rising: Callable[[float], float]) -> float:
    """Where a rising function of the number of people reaches what is wanted."""
    low, high = 2.0, float(_MOST)
    for _ in range(120):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return high


def _seen_normal(shift: float, z: float) -> float:
    return float(special.ndtr(shift - z) + special.ndtr(-shift - z))
