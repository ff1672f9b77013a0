"""Small numbers, exactly: Fisher's test and Clopper and Pearson's interval."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from dure.experiments.model import Arm, Interval


def fisher(control: Arm, treated: Arm) -> float | None:
    """Two-sided p of no difference (Fisher 1922): the tables as unlikely as this one or less; None for an empty arm."""
    a, b = control.people, treated.people
    hits = control.successes + treated.successes
    if not a or not b:
        return None
    treated_hits = np.arange(max(0, hits - a), min(hits, b) + 1)
    logs = _choose(b, treated_hits) + _choose(a, hits - treated_hits) - _choose(a + b, hits)
    seen = logs[treated.successes - treated_hits[0]]
    # Tables that are equally unlikely must not be missed by a rounding.
    return min(1.0, float(np.exp(logs[logs <= seen + 1e-7]).sum()))


def odds_ratio(control: Arm, treated: Arm) -> float | None:
    """Treated's odds over control's; None where that divides by zero."""
    below = (treated.people - treated.successes) * control.successes
    return treated.successes * (control.people - control.successes) / below if below else None


def clopper_pearson(arm: Arm, confidence: float = 0.95) -> Interval | None:
    """One rate's exact interval (1934); None for an empty arm."""
    if not arm.people:
        return None
    alpha, hits, misses = 1 - confidence, arm.successes, arm.people - arm.successes
    low = 0.0 if not hits else float(special.betaincinv(hits, misses + 1, alpha / 2))
    high = 1.0 if not misses else float(special.betaincinv(hits + 1, misses, 1 - alpha / 2))
    return Interval(low, high)


def _choose(people: Any, hits: Any) -> Any:
    """The logarithm of a binomial coefficient."""
    return special.gammaln(people + 1) - special.gammaln(hits + 1) - special.gammaln(people - hits + 1)
