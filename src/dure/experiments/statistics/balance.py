"""Whether arms have the sizes they were meant to have (sample ratio mismatch)."""

from __future__ import annotations

import math
from collections.abc import Sequence

ALARM = 0.001


def balance(people: Sequence[int], shares: Sequence[float]) -> float | None:
    """Pearson's chi-square p of these sizes under these shares; None where fewer than two arms can have anybody.

    An arm whose share is zero does not count. Below `ALARM` the assignment itself is broken and no result holds.
    """
    arms = [(count, share) for count, share in zip(people, shares, strict=True) if share > 0]
    total, whole = sum(count for count, _ in arms), sum(share for _, share in arms)
    if len(arms) < 2 or total == 0:
        return None
    square = sum((count - total * share / whole) ** 2 / (total * share / whole) for count, share in arms)
    return chi_square_tail(square, len(arms) - 1)


def chi_square_tail(square: float, freedom: int) -> float:
    """P(X > square) for whole degrees of freedom, by the finite sum that whole degrees allow."""
    half = square / 2
    if freedom % 2 == 0:
        term = tail = math.exp(-half)
        for k in range(1, freedom // 2):
            term *= half / k
            tail += term
        return tail
    tail = math.erfc(math.sqrt(half))
    term = math.exp(-half) * math.sqrt(half / math.pi) * 2
    for k in range(freedom // 2):
        tail += term
        term *= half / (k + 1.5)
    return tail
