"""How well a message fits a search, among those that fit at all."""

from __future__ import annotations

import math
from collections.abc import Sequence

# After so many days a message counts half.
_HALF_LIFE = 30.0


def score(folded: str, wants: Sequence[str], days: float) -> float:
    """Higher is better: the words as they are rather than as beginnings, more often, in less text, lately."""
    found = 0.0
    for want in wants:
        often = folded.count(want)
        exact = f" {want.strip()} " in folded
        found += 1 + 0.25 * math.log1p(max(0, often - 1)) + (0.75 if exact else 0)
    found = found / max(1, len(wants))
    brevity = 1 / (1 + math.log10(1 + len(folded) / 80))
    return found * (0.6 + 0.4 * brevity) * (0.4 + 0.6 * math.exp2(-max(0.0, days) / _HALF_LIFE))
