"""What would bring a line item home: longer, wider, first in the queue, or less to deliver; each with its effect.

An effect is computed, not promised: the same forecast asked again with what the remedy changes. Widening and priority
are said as the factor by which the days to come have to grow; whether supply has that much is known only as far as the
item has shown it (its best days).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

import numpy as np

from dure.pacing.curve import Curve
from dure.pacing.forecast import Ask, Pace, chance_to_miss, pace_many

Kind = Literal["extend", "widen", "priority", "move_budget"]

ENOUGH = 0.9  # a remedy is looked for until it makes this chance
_LONGEST = 21
_WIDEST = 3.0
_STEPS = 20  # to a whole
_BEST_DAYS = 28


@dataclass(frozen=True, slots=True)
class Remedy:
    """`amount`: days (extend), the factor for the days to come (widen, priority), units taken off the goal
    (move_budget). `gain`: units more at the end, the middle of the forecast, at most what the goal lacks. `before` and
    `after`: the chance to deliver in full. `to`: line items that take units over, the most spare first."""

    kind: Kind
    amount: float
    gain: int
    before: float
    after: float
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spare:
    """A line item of the same order and the units that it will very likely have over."""

    line_item: str
    units: int


def remedies(
    ask: Ask, found: Pace, curve: Curve, *, spares: Sequence[Spare] = (), most_days: int = _LONGEST
) -> list[Remedy]:  # fmt: skip
    """What helps one item; see `remedies_many`."""
    return remedies_many([(ask, found, spares)], curve, most_days=most_days)[0]


def remedies_many(
    cases: Sequence[tuple[Ask, Pace, Sequence[Spare]]], curve: Curve, *, most_days: int = _LONGEST
) -> list[list[Remedy]]:  # fmt: skip
    """What helps each, the best chance first and of equal ones the smallest change. Nothing for one that needs nothing.

    `most_days`: how far a flight may be made longer at all. All longer flights are forecast at once.
    """
    needy = [not (1 - found.miss >= ENOUGH or not found.days_left) for _, found, _ in cases]
    longer = [
        replace(ask, end=ask.end + timedelta(days=n))
        for (ask, _, _), needs in zip(cases, needy, strict=True)
        if needs
        for n in range(1, most_days + 1)
    ]
    paces = iter(pace_many(longer, curve))
    return [
        _helpful(ask, found, curve, spares, [next(paces) for _ in range(most_days)]) if needs else []
        for (ask, found, spares), needs in zip(cases, needy, strict=True)
    ]


def _helpful(
    ask: Ask, found: Pace, curve: Curve, spares: Sequence[Spare], longer: Sequence[Pace]
) -> list[Remedy]:  # fmt: skip
    before = 1 - found.miss
    lacking = max(ask.goal - float(found.middle[-1]), 0.0)
    found_ = [
        _extend(found, longer, before, lacking),
        _widen(ask, found, curve, before, lacking),
        _priority(ask, found, curve, before, lacking),
        _move(ask, found, curve, before, lacking, spares),
    ]
    helpful = [one for one in found_ if one is not None and one.after >= before + 0.05]
    order: dict[Kind, int] = {"priority": 0, "widen": 1, "move_budget": 2, "extend": 3}
    return sorted(helpful, key=lambda one: (-round(min(one.after, ENOUGH), 1), order[one.kind]))


def spare(line_item: str, ask: Ask, found: Pace) -> Spare | None:
    """What an item will very likely deliver above its goal if nothing stops it, None where that is nothing."""
    if not len(found.reach) or found.spread <= 0:
        return None
    so_far = float(ask.days.sum()) + ask.today_so_far
    to_come = float(found.expected.sum()) * float(np.exp(-1.2816 * found.spread))
    units = int(so_far + to_come - ask.goal)
    return Spare(line_item, units) if units > 0 else None


def needed_factor(ask: Ask, found: Pace, curve: Curve) -> float | None:
    """By how much the days to come have to grow for the item to be as good as sure; None beyond threefold."""
    if found.expected.sum() <= 0 or found.spread <= 0:
        return None
    low, high = 0, round((_WIDEST - 1) * _STEPS)  # in steps above one; the chance only grows with the factor
    if 1 - chance_to_miss(ask, found, curve, factor=1 + high / _STEPS) < ENOUGH:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if 1 - chance_to_miss(ask, found, curve, factor=1 + middle / _STEPS) >= ENOUGH:
            high = middle
        else:
            low = middle
    return 1 + high / _STEPS


def _extend(found: Pace, longer: Sequence[Pace], before: float, lacking: float) -> Remedy | None:
    if not longer:
        return None
    chances = [1 - one.miss for one in longer]
    enough = next((n for n, chance in enumerate(chances) if chance >= ENOUGH), int(np.argmax(chances)))
    gain = float(longer[enough].middle[-1] - found.middle[-1])
    return Remedy("extend", float(enough + 1), round(min(max(gain, 0.0), lacking)), before, chances[enough])


def _widen(ask: Ask, found: Pace, curve: Curve, before: float, lacking: float) -> Remedy | None:
    factor = needed_factor(ask, found, curve)
    if factor is None:
        return None
    after = 1 - chance_to_miss(ask, found, curve, factor=factor)
    return Remedy("widen", factor, _more(found, factor, lacking), before, after)


def _priority(ask: Ask, found: Pace, curve: Curve, before: float, lacking: float) -> Remedy | None:
    """First in the queue it gets what it got on its best days: the third best, so that no single peak counts."""
    recent = np.sort(ask.days[-_BEST_DAYS:])
    now = float(ask.days[-7:].mean())
    if len(recent) < 5 or now <= 0:
        return None
    factor = min(float(recent[-3]) / now, needed_factor(ask, found, curve) or _WIDEST)
    if factor <= 1.05:
        return None
    after = 1 - chance_to_miss(ask, found, curve, factor=factor)
    return Remedy("priority", round(factor, 2), _more(found, factor, lacking), before, after)


def _move(
    ask: Ask, found: Pace, curve: Curve, before: float, lacking: float, spares: Sequence[Spare]
) -> Remedy | None:  # fmt: skip
    there = sorted((one for one in spares if one.units > 0), key=lambda one: -one.units)
    room = sum(one.units for one in there)
    # Above the middle's shortfall too: half of all ends lie below the middle.
    wanted = max(ask.goal - float(found.low[-1]), lacking)
    units = min(room, round(wanted))
    if units <= 0 or units >= ask.goal:
        return None
    taken, to = 0, []
    for one in there:
        if taken >= units:
            break
        taken += one.units
        to.append(one.line_item)
    after = 1 - chance_to_miss(ask, found, curve, goal=float(ask.goal - units))
    return Remedy("move_budget", float(units), min(units, round(lacking)), before, after, tuple(to))


def _more(found: Pace, factor: float, lacking: float) -> int:
    return round(min(float(found.expected.sum()) * (factor - 1), lacking))
