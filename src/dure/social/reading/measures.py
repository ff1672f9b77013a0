"""How good a reading is: the share that is right, by class, and whether confidence means what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNSURE = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_BINS = 10


def of(chances: NDArray[Any], classes: Sequence[str], truth: Sequence[str]) -> dict[str, Any]:
    """`number`, `right` with its interval `low` to `high`, `ece`, by class `recall` and `number`, and for each bound of
    confidence which share is answered and how much of that is right."""
    right = np.array([classes.index(one) for one in truth])
    best = chances.argmax(axis=1)
    sure = chances.max(axis=1)
    hits = best == right
    low, high = interval(int(hits.sum()), len(right))
    return {
        "number": len(right),
        "right": _round(hits.mean()),
        "low": low,
        "high": high,
        "ece": _round(calibration_error(sure, hits)),
        "classes": {
            name: {"number": int(there.sum()), "recall": _round(hits[there].mean())}
            for at, name in enumerate(classes)
            if (there := right == at).any()
        },
        "sure": [_answered(bound, sure, hits) for bound in UNSURE],
    }


def interval(hits: int, number: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    z = 1.96
    middle = (hits + z * z / 2) / (number + z * z)
    half = z / (number + z * z) * (hits * (number - hits) / number + z * z / 4) ** 0.5
    return round(max(0.0, middle - half), 3), round(min(1.0, middle + half), 3)


def _answered(bound: float, sure: NDArray[Any], hits: NDArray[Any]) -> dict[str, Any]:
    kept = sure >= bound
    right = _round(hits[kept].mean()) if kept.any() else None
    return {"bound": bound, "answered": _round(kept.mean()), "right": right}


def calibration_error(sure: NDArray[Any], hits: NDArray[Any]) -> float:
    """Expected calibration error over ten equal bins (Naeini and others 2015): 0 where confidence is what is right."""
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    gaps = [abs(hits[bins == number].mean() - sure[bins == number].mean()) * (bins == number).mean()
            for number in range(_BINS) if (bins == number).any()]  # fmt: skip
    return float(sum(gaps))


def _round(value: float) -> float:
    return round(float(value), 3)
