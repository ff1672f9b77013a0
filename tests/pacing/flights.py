"""Made-up flights whose end is known: weekday habits, slow beginnings, noise that lingers, and some that break."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

HABITS = (
    (0.5, 0.5, 0.5, 0.55, 0.9, 2.0, 1.9),  # weekends
    (1.25, 1.3, 1.25, 1.2, 1.0, 0.45, 0.5),  # office days
    (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
)


@dataclass(frozen=True)
class Made:
    """`whole` is every day of the flight as it will be; it is looked at when `seen` days are complete."""

    start: date
    end: date
    whole: npt.NDArray[np.float64]
    goal: int
    seen: int

    @property
    def will_miss(self) -> bool:
        return bool(self.whole.sum() < 0.99 * self.goal)


def flights(seed: int, count: int, broken: float = 0.2) -> list[Made]:
    """`count` flights; the share `broken` loses 25 to 60 % of its reach some days before it is looked at.

    Goals are what an unbroken flight would end 2 to 12 % above.
    """
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        length = int(rng.integers(14, 36))
        start = date(2026, 9, 7) + timedelta(days=int(rng.integers(60)))
        habit = HABITS[int(rng.integers(3))]
        week = np.array([habit[(start.weekday() + day) % 7] for day in range(length)])
        ramp = np.minimum(1.0, 0.5 + 0.25 * np.arange(length))
        supply = np.zeros(length)
        for day in range(1, length):
            supply[day] = 0.6 * supply[day - 1] + rng.normal(0, 0.05)
        whole = np.exp(rng.uniform(8, 11)) * week * ramp * np.exp(supply + rng.normal(0, 0.06, length))
        goal = int(whole.sum() / rng.uniform(1.02, 1.12))
        seen = int(length * rng.uniform(0.35, 0.85))
        if rng.random() < broken:
            since = max(seen - int(rng.integers(4, 7)), 1)
            whole[since:] *= 1 - rng.uniform(0.25, 0.6)
        made.append(Made(start, start + timedelta(days=length - 1), np.round(whole), goal, seen))
    return made
