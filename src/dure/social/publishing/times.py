"""At which times of the week posts did well, as far as what was measured can say so."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import NormalDist

LEAST, LEAST_A_SLOT, HOURS = 40, 5, 3
"""Fewer posts than these say nothing; a slot is so many hours of a weekday."""
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Slot:
    """Monday is 0. `posts` were measured; `times` is how many times the usual answers and clicks they had, `least`
    the lower end of its interval."""

    weekday: int
    hour: int
    posts: int
    times: float
    least: float


@dataclass(frozen=True, slots=True)
class Times:
    """`enough` False: `have` posts of `need` are measured, so nothing is said. Without slots, none stands out."""

    enough: bool
    have: int
    need: int
    slots: Sequence[Slot]


def did_well(measured: Sequence[tuple[datetime, int]]) -> Times:
    """Slots whose posts did better than the usual by more than chance explains.

    Answers and clicks are counted as log(1 + n), so that one post that went round does not speak for its hour; a slot
    is better where the lower end of its mean's interval (pooled spread; one in twenty, shared among the slots that are
    looked at) lies above the mean of all.
    """
    have = len(measured)
    if have < LEAST:
        return Times(False, have, LEAST, ())
    values = [math.log1p(count) for _, count in measured]
    mean = sum(values) / have
    slots: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for (at, _), value in zip(measured, values, strict=True):
        slots[at.weekday(), at.hour // HOURS * HOURS].append(value)
    looked = {slot: mine for slot, mine in slots.items() if len(mine) >= LEAST_A_SLOT}
    within = sum((value - sum(mine) / len(mine)) ** 2 for mine in slots.values() for value in mine)
    spread = math.sqrt(within / max(have - len(slots), 1))
    width = _quantile(0.05 / max(len(looked), 1))
    found = []
    for (weekday, hour), mine in looked.items():
        ahead = sum(mine) / len(mine) - mean
        least = ahead - width * spread / math.sqrt(len(mine))
        if least > 0:
            found.append(Slot(weekday, hour, len(mine), math.exp(ahead), math.exp(least)))
    found.sort(key=lambda one: -one.least)
    return Times(True, have, LEAST, tuple(found[:_SHOWN]))


def _quantile(tail: float) -> float:
    """The normal's upper quantile."""
    return NormalDist().inv_cdf(1 - tail)
