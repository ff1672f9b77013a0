"""Who takes part and in which arm: the global holdout, the layer's buckets, then the arms, each by a lot of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dure.experiments.assignment import arm_of, placed
from dure.experiments.design import BUCKETS
from dure.kernel.lots import lot, lot_v1

Range = tuple[int, int]
"""Buckets from the first up to and without the last."""


@dataclass(frozen=True, slots=True)
class Holdout:
    """The share of everybody whom no experiment touches and no campaign writes to. Another `round` is another draw of
    them; after `rotate_days` they are drawn anew by itself (0: only by hand)."""

    share: float = 0.0
    round: int = 1
    rotate_days: int = 0

    def has(self, unit: str) -> bool:
        return self.share > 0 and lot(f"holdout:{self.round}:", unit) < self.share


@dataclass(frozen=True, slots=True)
class Draw:
    """What an experiment draws by. `buckets` None: it is in no layer and takes everybody."""

    seed: str
    version: int
    arms: tuple[str, ...]
    shares: tuple[float, ...]
    layer: str = ""
    buckets: tuple[Range, ...] | None = None
    holdout: Holdout = Holdout()

    def arm(self, unit: str) -> str | None:
        """The unit's arm, today as at any other time; None for whoever takes no part."""
        if self.holdout.has(unit):
            return None
        if self.buckets is not None:
            bucket = round(lot(f"layer:{self.layer}:", unit) * BUCKETS)
            if not any(first <= bucket < beyond for first, beyond in self.buckets):
                return None
        if self.version == 1:
            return self.arms[placed(lot_v1(self.seed, unit), self.shares)]
        return self.arms[arm_of(self.seed, unit, self.shares)]


def balanced(seed: str, strata: Mapping[str, Iterable[str]], shares: Sequence[float]) -> dict[str, int]:
    """Arms for people who are all known beforehand: in every stratum each arm gets its share to the last person.

    In order of their lots, so that the same people under the same seed get the same arms.
    """
    found: dict[str, int] = {}
    for stratum, units in strata.items():
        order = sorted(set(units), key=lambda unit: (lot(f"{seed}{stratum}:", unit), unit))
        for place, unit in enumerate(order):
            found[unit] = placed((place + 0.5) / len(order), shares)
    return found


def free(taken: Iterable[Range]) -> list[Range]:
    """What a layer has left."""
    left, at = [], 0
    for first, beyond in sorted(taken):
        if first > at:
            left.append((at, first))
        at = max(at, beyond)
    if at < BUCKETS:
        left.append((at, BUCKETS))
    return left


def take(taken: Iterable[Range], share: float) -> list[Range] | None:
    """Buckets for that share of a layer, from the beginning; None where it has not so many left."""
    wanted, got = round(share * BUCKETS), []
    for first, beyond in free(taken):
        size = min(beyond - first, wanted)
        if size:
            got.append((first, first + size))
            wanted -= size
    return None if wanted else got
