"""One and two proportions: Wilson's and Newcombe's intervals, the pooled z test, people needed."""

from __future__ import annotations

import math
from statistics import NormalDist

from dure.experiments.model import Arm, Interval

_NORMAL = NormalDist()


def wilson(arm: Arm, confidence: float = 0.95) -> Interval | None:
    """The score interval of one rate (Wilson 1927); None for an empty arm."""
    if arm.people == 0:
        return None
    z, n, p = _z(confidence), arm.people, arm.successes / arm.people
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def newcombe(control: Arm, treated: Arm, confidence: float = 0.95) -> Interval | None:
    """The interval of treated's rate minus control's (Newcombe 1998, method 10, without continuity correction)."""
    a, b = wilson(control, confidence), wilson(treated, confidence)
    if a is None or b is None or control.rate is None or treated.rate is None:
        return None
    difference = treated.rate - control.rate
    return Interval(
        difference - math.hypot(treated.rate - b.low, a.high - control.rate),
        difference + math.hypot(b.high - treated.rate, control.rate - a.low),
    )


def z_test(control: Arm, treated: Arm) -> tuple[float, float] | None:
    """z and the two-sided p of no difference, pooled; None where nobody or everybody succeeded."""
    people, successes = control.people + treated.people, control.successes + treated.successes
    if not control.people or not treated.people or successes in (0, people):
        return None
    pooled = successes / people
    error = math.sqrt(pooled * (1 - pooled) * (1 / control.people + 1 / treated.people))
    z = (treated.successes / treated.people - control.successes / control.people) / error
    return z, math.erfc(abs(z) / math.sqrt(2))


def people_needed(base: float, lifted: float, power: float = 0.8, confidence: float = 0.95) -> int | None:
    """People in each half so that a change from `base` to `lifted` is seen with that power; None for no change.

    (z₁ + z₂)² (p₁q₁ + p₂q₂) / d², rounded up.
    """
    if base == lifted or not (0 <= base <= 1 and 0 <= lifted <= 1):
        return None
    spread = base * (1 - base) + lifted * (1 - lifted)
    return math.ceil((_z(confidence) + _NORMAL.inv_cdf(power)) ** 2 * spread / (lifted - base) ** 2)


def _z(confidence: float) -> float:
    return _NORMAL.inv_cdf(0.5 + confidence / 2)
