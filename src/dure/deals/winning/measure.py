"""How good chances were, once it is known what became of the deals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dure.deals.winning.past import Floats, Ints

_RESAMPLED = 400


@dataclass(frozen=True, slots=True)
class Bin:
    """Deals that were given about the same chance: the mean chance, the share won, how many, and the share's range
    (Wilson, 90 %)."""

    expected: float
    won: float
    count: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quality:
    """Brier score (mean squared error; less is better), area under precision and recall, log loss."""

    brier: float
    pr_auc: float
    log_loss: float


def quality(chance: Floats, won: NDArray[np.bool_]) -> Quality:
    return Quality(brier(chance, won), pr_auc(chance, won), log_loss(chance, won))


def brier(chance: Floats, won: NDArray[np.bool_]) -> float:
    return float(np.mean((chance - won) ** 2))


def log_loss(chance: Floats, won: NDArray[np.bool_]) -> float:
    kept = np.clip(chance, 1e-6, 1 - 1e-6)
    return float(-np.mean(np.where(won, np.log(kept), np.log(1 - kept))))


def pr_auc(chance: Floats, won: NDArray[np.bool_]) -> float:
    """Average precision; deals of one chance come together, so that a constant scores the share won."""
    if not won.any():
        return 0.0
    order = np.argsort(-chance, kind="stable")
    ordered, hits = chance[order], np.cumsum(won[order])
    ends = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)
    precision, recall = hits[ends] / (ends + 1), hits[ends] / hits[-1]
    return float(np.sum(precision * np.diff(recall, prepend=0.0)))


def auc(value: Floats, won: NDArray[np.bool_]) -> float:
    """The chance that a won deal has the larger value; ties count half."""
    of_won, of_lost = value[won], np.sort(value[~won])
    if not of_won.size or not of_lost.size:
        return 0.5
    below, up_to = np.searchsorted(of_lost, of_won, "left"), np.searchsorted(of_lost, of_won, "right")
    return float(np.mean((below + up_to) / 2) / of_lost.size)


def calibration(chance: Floats, won: NDArray[np.bool_], bins: int = 8) -> list[Bin]:
    """Deals in order of their chance, cut into groups of the same size."""
    order = np.argsort(chance, kind="stable")
    found = []
    for part in np.array_split(order, min(bins, len(order))):
        if part.size:
            low, high = _wilson(int(won[part].sum()), part.size)
            found.append(Bin(float(chance[part].mean()), float(won[part].mean()), int(part.size), low, high))
    return found


def calibration_error(bins: list[Bin]) -> float:
    """The mean distance between what was expected and what was won, by the number of deals."""
    total = sum(one.count for one in bins)
    return sum(abs(one.expected - one.won) * one.count for one in bins) / total if total else 0.0


def difference(
    chance: Floats, other: Floats, won: NDArray[np.bool_], deal: Ints, random: np.random.Generator
) -> tuple[float, float, float]:
    """How much smaller the first one's Brier score is, with a 90 % interval from resampling whole deals.

    The same deal looked at several times is one witness, not several.
    """
    gain = (other - won) ** 2 - (chance - won) ** 2
    _, place = np.unique(deal, return_inverse=True)
    sums, counts = np.bincount(place, weights=gain), np.bincount(place)
    drawn = random.integers(0, len(sums), (_RESAMPLED, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return float(gain.mean()), float(np.quantile(means, 0.05)), float(np.quantile(means, 0.95))


def _wilson(won: int, of: int, z: float = 1.645) -> tuple[float, float]:
    share, spread = won / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * np.sqrt(share * (1 - share) / of + spread / (4 * of))
    return float(max(middle - half, 0)), float(min(middle + half, 1))
