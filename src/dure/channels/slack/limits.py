"""How often an app may call: counted for each method, workspace and app, and for posting each channel.

Each process counts for itself. Behind a balancer that spreads an app's calls over N processes it may call up to N times
as often; counting in the database would make every call pay for a limit that is there to stop a runaway script.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from dure.channels.slack.tiers import Tier
from dure.kernel.errors import TooMany

_KEPT = 20_000


@dataclass
class Limits:
    """`factor` is how many times Slack's own numbers are allowed; 0 allows all. Each key has a bucket that fills."""

    factor: float = 0
    now: Callable[[], float] = time.monotonic
    _buckets: dict[tuple[str, ...], tuple[float, float]] = field(default_factory=dict)  # key → what is left, since when

    def take(self, tier: Tier, *key: str) -> None:
        """Counts one call. Raises TooMany with whole seconds."""
        if not self.factor:
            return
        factor = min(self.factor, tier.most)
        most, a_second = max(1.0, tier.at_once * factor), tier.a_minute * factor / 60
        at = self.now()
        left, since = self._buckets.get(key, (most, at))
        left = min(most, left + (at - since) * a_second)
        if left < 1:
            raise TooMany(retry_after=max(1, math.ceil((1 - left) / a_second)))
        if len(self._buckets) >= _KEPT:
            self._forget(at)
        self._buckets[key] = (left - 1, at)

    def _forget(self, at: float) -> None:
        """Takes away what was not used for a minute, by when every bucket but the slowest is full again."""
        self._buckets = {key: kept for key, kept in self._buckets.items() if at - kept[1] < 60}
        if len(self._buckets) >= _KEPT:
            self._buckets.clear()
