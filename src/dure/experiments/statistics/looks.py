"""Group-sequential bounds: a few looks that were planned, each allowed a part of the error (Lan and DeMets 1983)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import special

Points = np.ndarray[Any, np.dtype[np.float64]]

# Points of the integral between two looks, and how many standard deviations the last bound may be away.
_POINTS = 400
_FURTHEST = 10.0


def bounds(information: Sequence[float], alpha: float = 0.05, power: float = 2.0) -> list[float]:
    """|z| that must be passed at each look, where by the information share t the error `alpha * t**power` is spent.

    `information` rises and ends at 1 at most. Each look integrates over what the looks before left undecided
    (Armitage, McPherson and Rowe 1969).
    """
    if not information or any(
        not 0 < now <= 1 or now <= before for before, now in zip([0.0, *information], information, strict=False)
    ):
        raise ValueError("information shares rise from above 0 to at most 1")
    found: list[float] = []
    points, weights = np.polynomial.legendre.leggauss(_POINTS)
    at, density, before = np.zeros(1), np.ones(1), 0.0
    for now in information:
        spread = float(np.sqrt(now - before))
        wanted = alpha * (now**power - before**power)

        edge = _where(_crossing(at, density, spread), wanted, _FURTHEST * float(np.sqrt(now)))
        found.append(edge / float(np.sqrt(now)))
        # What stays between the bounds, as points with weights, is where the next look begins.
        grid = points * edge
        steps = (grid[:, None] - at[None, :]) / spread
        thick = (np.exp(-0.5 * steps**2) / np.sqrt(2 * np.pi) / spread) @ density
        at, density, before = grid, thick * weights * edge, now
    return found


def _crossing(at: Points, density: Points, spread: float) -> Callable[[float], float]:
    """The probability of being beyond a bound on either side, of those who were undecided."""
    return lambda bound: 2 * float((density * special.ndtr((at - bound) / spread)).sum())


def _where(falling: Callable[[float], float], wanted: float, high: float) -> float:
    low = 0.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > wanted else (low, middle)
    return (low + high) / 2
