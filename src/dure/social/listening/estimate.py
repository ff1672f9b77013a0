"""What a sample says of the whole."""

from __future__ import annotations

_Z = 1.96


def share_between(hits: int, seen: int) -> tuple[float, float, float]:
    """The share that a sample shows and where the true one lies nineteen times in twenty (Wilson's interval)."""
    if seen <= 0:
        return 0.0, 0.0, 1.0
    share = hits / seen
    spread = _Z * (share * (1 - share) / seen + _Z**2 / (4 * seen**2)) ** 0.5
    middle, width = share + _Z**2 / (2 * seen), 1 + _Z**2 / seen
    return share, max((middle - spread) / width, 0.0), min((middle + spread) / width, 1.0)
