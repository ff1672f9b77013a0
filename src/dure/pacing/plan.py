"""What should have been delivered by when: the learned shape of traffic, bent by how the line item is to be paced.

Even: the goal in proportion to traffic. Front-loaded: two fifths ahead of that at the beginning, falling to a twentieth
(Ad Manager's own figures, support.google.com/admanager/answer/82244). Custom: the weights of equal parts of the flight,
within each in proportion to traffic. As fast as possible has no plan. Hours in which it may not run count nothing.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from dure.pacing.curve import RAMP_DAYS, Curve, Floats, weekdays
from dure.pacing.model import LineItem, PlanDay

_AHEAD_FIRST, _AHEAD_LAST = 0.40, 0.05
_TENTH_TO_NINETIETH = 1.2816


def allowed_hours(item: LineItem, day: date) -> list[bool]:
    """For each hour of a day whether it may run."""
    if not item.dayparts:
        return [True] * 24
    first, parts = day.weekday() * 24, set(item.dayparts)
    return [first + hour in parts for hour in range(24)]


def weights(item: LineItem, curve: Curve) -> Floats:
    """Traffic of each day of the flight, as far as it may run; sums to 1."""
    which = weekdays(item.start_day, item.days)
    begin = np.zeros(item.days)
    begin[: min(RAMP_DAYS, item.days)] = curve.ramp[: min(RAMP_DAYS, item.days)]
    found: Floats = np.exp(curve.weekday[which] + begin)
    if item.dayparts:
        week = np.array([
            float(curve.hours[allowed_hours(item, item.start_day + timedelta(days=day))].sum())
            for day in range(min(7, item.days))
        ])  # fmt: skip
        found = found * week[np.arange(item.days) % 7]
    total = float(found.sum())
    return found / total if total > 0 else np.full(item.days, 1 / item.days)


def plan(item: LineItem, curve: Curve) -> tuple[PlanDay, ...]:
    """Cumulative goal at each day's end, with the band that a day's noise allows. Nothing where there is no plan."""
    if item.pacing == "asap":
        return ()
    share = weights(item, curve)
    if item.pacing == "custom" and item.custom_curve:
        share = _bent(share, item.custom_curve)
    gone = np.cumsum(share)
    if item.pacing == "frontloaded":
        time = (np.arange(item.days) + 1) / item.days
        gone = np.minimum(gone * (1 + _AHEAD_FIRST + (_AHEAD_LAST - _AHEAD_FIRST) * time), 1.0)
    # Days' noises cancel out the more of them there are.
    spread = _TENTH_TO_NINETIETH * curve.noise * np.sqrt(np.cumsum(share**2))
    return tuple(
        PlanDay(
            item.start_day + timedelta(days=n), round(item.goal * float(gone[n])),
            round(item.goal * max(float(gone[n] - spread[n]), 0.0)), round(item.goal * float(gone[n] + spread[n])),
        )
        for n in range(item.days)
    )  # fmt: skip


def hours_of(item: LineItem, day: date, expected: int, curve: Curve) -> list[int]:
    """How a day's expected units lie in its hours."""
    allowed = np.array(allowed_hours(item, day), dtype=float) * curve.hours
    total = float(allowed.sum())
    return [round(expected * float(part) / total) if total else 0 for part in allowed]


def _bent(share: Floats, parts: tuple[float, ...] | list[float] | object) -> Floats:
    wanted = np.asarray(parts, dtype=np.float64)
    which = np.minimum(np.arange(len(share)) * len(wanted) // len(share), len(wanted) - 1)
    bent: Floats = np.zeros(len(share))
    for part in np.unique(which):
        inside = which == part
        bent[inside] = share[inside] / share[inside].sum() * wanted[part]
    total = float(bent.sum())
    return bent / total if total > 0 else share
