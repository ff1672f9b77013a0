"""How often an organisation's programs may ask its own doors: a bucket for each, filled by the minute.

Each process counts for itself: the limit is there to stop a runaway script.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from dure.kernel.errors import TooMany

_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a minute, and so many at once."""

    name: str
    a_minute: int
    at_once: int


@dataclass
class Pace:
    """`factor` is how many times the rates are allowed; 0 allows all."""

    factor: float = 0
    now: Callable[[], float] = time.monotonic
    _left: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)  # key → what is left, since when

    def take(self, rate: Rate, whose: str) -> None:
        """Counts one call. Raises TooMany with whole seconds."""
        if not self.factor:
            return
        at, most, a_second = self.now(), rate.at_once * self.factor, rate.a_minute * self.factor / 60
        left, since = self._left.get((rate.name, whose), (most, at))
        left = min(most, left + (at - since) * a_second)
        if left < 1:
            raise TooMany(retry_after=max(1, math.ceil((1 - left) / a_second)))
        if len(self._left) >= _KEPT:
            self._left.clear()
        self._left[rate.name, whose] = (left - 1, at)
