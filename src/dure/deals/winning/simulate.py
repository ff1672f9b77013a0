"""What open deals may bring: each is won or not, and all of them do better or worse together on some days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dure.deals.winning.logistic import sigmoid
from dure.deals.winning.past import Floats

DRAWS = 2_000
_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """Expected sum, and the sums that one in ten outcomes stays below and above."""

    expected: float
    low: float
    middle: float
    high: float


def outcome(chance: Floats, amount: Floats, drift: float, random: np.random.Generator, draws: int = DRAWS) -> Outcome:
    """`drift` is the standard deviation, in log-odds, of what moves all deals of a day together."""
    if not chance.size:
        return Outcome(0.0, 0.0, 0.0, 0.0)
    kept = np.clip(chance, 1e-6, 1 - 1e-6)
    odds = np.log(kept / (1 - kept))
    sums = np.empty(draws)
    step = max(1, _CELLS // len(odds))
    for start in range(0, draws, step):
        count = min(step, draws - start)
        together = random.normal(0.0, drift, count)[:, None] if drift else np.zeros((count, 1))
        won = random.random((count, len(odds))) < sigmoid(odds + together)
        sums[start : start + count] = won @ amount
    low, middle, high = np.quantile(sums, (0.1, 0.5, 0.9))
    return Outcome(float(chance @ amount), float(low), float(middle), float(high))
