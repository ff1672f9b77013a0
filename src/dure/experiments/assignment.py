"""Sticky assignment: the same unit under the same seed is in the same arm, here and in every other process."""

from __future__ import annotations

from collections.abc import Sequence

from dure.kernel.lots import lot


def arm_of(seed: str, unit: str, shares: Sequence[float]) -> int:
    """The index of the unit's arm. Shares are laid end to end on 0…1 in their order and sum to one.

    Making the first share larger keeps everybody in it who was in it.
    """
    if not shares or any(share < 0 for share in shares) or abs(sum(shares) - 1) > 1e-9:
        raise ValueError("shares are not negative and sum to one")
    return placed(lot(seed, unit), shares)


def placed(drawn: float, shares: Sequence[float]) -> int:
    """The index of the share in which a lot falls."""
    edge = 0.0
    for index, share in enumerate(shares):
        edge += share
        if drawn < edge - 1e-12:
            return index
    return max(index for index, share in enumerate(shares) if share > 0)


def held_back(seed: str, unit: str, share: float) -> bool:
    """Whether the unit belongs to the control that gets nothing."""
    return arm_of(seed, unit, (share, 1 - share)) == 0
