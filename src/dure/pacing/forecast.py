"""Where line items will end: their learned pace with an interval, and the straight line beside it.

Method: an item's own weekday effects by ridge regression towards the workspace's (curve.py); what is left is followed
by exponential smoothing with a damped trend (Gardner & McKenzie, Management Science 31(10), 1985) in its innovations
form (Hyndman et al., Forecasting with Exponential Smoothing, 2008). How far the sum of the days to come may stray, in
its logarithm, follows from that form in closed shape (the delta method over the shares of the days); how many such
distances ends have really lain away is the curve's, learned from finished flights (calibration.py).

Everything is computed for many line items at once: a hundred thousand are arrays, not a hundred thousand loops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from dure.pacing.curve import RAMP_DAYS, Curve, Floats, off_on
from dure.pacing.odds import Odds

FULL = 0.99  # delivered in full, with a hundredth for differences between two counters
_LEVEL, _TREND, _DAMPED = 0.25, 0.06, 0.88
_SLOPE_SPREAD = 0.01
_OWN_NOISE_FROM = 10.0  # days after which the item's own noise weighs as much as the workspace's
_STOPPED_DAYS = 2
_TOGETHER = 4_000  # line items in one array
_ROUNDS = 4

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ask:
    """What is known of a flight: impressions of each complete day from `start`, those of the day after them so far,
    and the share of that day which is still to come."""

    start: date
    end: date
    goal: int
    days: Floats
    today_so_far: int = 0
    today_left: float = 1.0


@dataclass(frozen=True)
class Pace:
    """A forecast. Arrays run over the days to come, today included; `low…high` are cumulative at each day's end: the
    10th, 50th and 90th percentile, stopped where ad servers stop. `reach` is the middle if nothing stopped it."""

    days_left: int
    expected: Floats
    low: Floats
    middle: Floats
    high: Floats
    reach: Floats
    miss: float
    stopped: bool
    drift: float  # how the item's level now compares with its whole past, weekdays taken out; 1 is unchanged
    mix: float  # how the weekdays to come compare with those that were, 1 is alike
    spread: float = 0.0  # standard deviation of the logarithm of what is still to come


def straight(delivered: int, start: date, end: date, as_of: date) -> int:
    """The even pace: delivered ÷ days gone × days of the flight (what progress bars of ad servers extrapolate)."""
    gone = (min(as_of, end) - start).days + 1
    return round(delivered / gone * ((end - start).days + 1)) if gone > 0 else 0


def pace(
    start: date, end: date, goal: int, days: Floats, today_so_far: int, today_left: float, curve: Curve
) -> Pace:  # fmt: skip
    """The learned pace of one line item; see `Ask` for what is asked."""
    return pace_many([Ask(start, end, goal, days, today_so_far, today_left)], curve)[0]


def pace_many(asks: Sequence[Ask], curve: Curve) -> list[Pace]:
    """The learned pace of each; the same figures give the same forecast, alone or among others."""
    found: list[Pace | None] = [None] * len(asks)
    moving: list[int] = []
    for index, ask in enumerate(asks):
        left = max((ask.end - ask.start).days + 1 - len(ask.days), 0)
        silent = len(ask.days) >= _STOPPED_DAYS and not ask.days[-_STOPPED_DAYS:].any() and ask.today_so_far == 0
        if left == 0 or silent or not ask.days.any():
            found[index] = _still(ask, left, stopped=silent and left > 0 and bool(len(ask.days)))
        else:
            moving.append(index)
    # Flights of like length stand together, so that no array is mostly padding.
    moving.sort(key=lambda index: len(asks[index].days))
    for first in range(0, len(moving), _TOGETHER):
        some = moving[first : first + _TOGETHER]
        for index, one in zip(some, _together([asks[index] for index in some], curve), strict=True):
            found[index] = one
    return [one for one in found if one is not None]


def chance_to_miss(ask: Ask, found: Pace, curve: Curve, *, goal: float = 0.0, factor: float = 1.0) -> float:
    """The probability to end below 99 % of a goal (the item's own by default) if all that is still to come were
    multiplied by `factor`."""
    goal = goal or float(ask.goal)
    so_far, to_come = float(ask.days.sum()) + ask.today_so_far, float(found.expected.sum()) * factor
    missing = goal * FULL - so_far
    if missing <= 0:
        return 0.0
    if to_come <= 0 or found.spread <= 0:
        return 1.0
    odds = curve.odds or Odds.plain()
    gone = np.array([len(ask.days) / max((ask.end - ask.start).days + 1, 1)])
    table = odds.tables(gone, np.array([goal - so_far > to_come]))
    return float(odds.below(np.array([np.log(missing / to_come) / found.spread]), table)[0])


@dataclass(frozen=True, slots=True)
class _Fitted:
    """What the past of many flights says: level and trend after the last day, noise, weekday effects and doubt."""

    level: Floats
    trend: Floats
    noise: Floats
    effects: Floats
    doubt: Floats
    usual: Floats


def _together(asks: Sequence[Ask], curve: Curve) -> list[Pace]:
    done = np.array([len(ask.days) for ask in asks])
    left = np.array([(ask.end - ask.start).days + 1 - len(ask.days) for ask in asks])
    past, ahead = int(done.max()), int(left.max())
    seen = np.zeros((len(asks), past))
    for row, ask in enumerate(asks):
        seen[row, : len(ask.days)] = ask.days
    begins = np.array([ask.start.toordinal() for ask in asks])
    fitted = _fit(seen, done, begins, curve)

    day = np.arange(ahead)
    at = done[:, None] + day
    which = (begins[:, None] + at + 6) % 7
    there = day < left[:, None]
    damped = _DAMPED * (1 - _DAMPED ** (day + 1)) / (1 - _DAMPED)
    logs = fitted.level[:, None] + fitted.trend[:, None] * damped + np.take_along_axis(fitted.effects, which, 1)
    logs += _beginning(at, curve) + curve.holiday * off_on(begins[:, None] + at, curve.country)
    expected = np.where(there, np.exp(logs + fitted.noise[:, None] ** 2 / 2), 0.0)
    expected[:, 0] *= np.array([ask.today_left for ask in asks])

    totals = np.array([float(ask.days.sum()) + ask.today_so_far for ask in asks])
    goals = np.array([float(ask.goal) for ask in asks])
    middle = np.cumsum(expected, axis=1)
    spread = _spread(expected, which, fitted, done)
    gone = done / (done + left)
    odds = curve.odds or Odds.plain()
    table = odds.tables(gone, goals - totals > middle[:, -1])
    missing = np.maximum(goals * FULL - totals, 0.0)
    with np.errstate(divide="ignore"):
        away = np.where(missing > 0, np.log(np.maximum(missing, 1e-9) / np.maximum(middle[:, -1], 1e-9)), -np.inf)
    miss = np.where(missing > 0, odds.below(away / np.maximum(spread[:, -1], 1e-9), table), 0.0)
    low, half, high = (
        totals[:, None] + middle * np.exp(odds.at(share, table)[:, None] * spread) for share in (0.1, 0.5, 0.9)
    )
    reach = half
    if curve.cushion:
        cap = np.where(totals < curve.cushion * goals, curve.cushion * goals, np.inf)[:, None]
        low, half, high = (np.minimum(line, cap) for line in (low, half, high))
    weights = np.exp(fitted.effects)
    past_days = (begins[:, None] + np.arange(past) + 6) % 7
    was = (np.take_along_axis(weights, past_days, 1) * (np.arange(past) < done[:, None])).sum(1) / done
    will = (np.take_along_axis(weights, which, 1) * there).sum(1) / left
    drift = np.exp(fitted.level) / fitted.usual
    return [
        Pace(
            n, expected[row, :n], low[row, :n], half[row, :n], high[row, :n], reach[row, :n], float(miss[row]), False,
            float(drift[row]), float(will[row] / was[row]), float(spread[row, n - 1]),
        )
        for row, n in enumerate(left.tolist())
    ]  # fmt: skip


def _fit(seen: Floats, done: Ints, begins: Ints, curve: Curve) -> _Fitted:
    """Level, slope and weekday effects by ridge regression, then the level followed day by day."""
    count, past = seen.shape
    day = np.arange(past)
    there = (day < done[:, None]).astype(np.float64)
    logs = _logarithms(seen, there)
    logs -= _beginning(np.broadcast_to(day, seen.shape), curve)
    logs -= curve.holiday * off_on(begins[:, None] + day, curve.country)
    which = (begins[:, None] + day + 6) % 7
    design = np.zeros((count, past, 9))
    design[:, :, 0] = 1.0
    design[:, :, 1] = day - (done[:, None] - 1) / 2
    np.put_along_axis(design, 2 + which[:, :, None], 1.0, axis=2)
    design *= there[:, :, None]
    noise2 = curve.noise**2
    prior = np.diag(np.concatenate([[1e-6, noise2 / _SLOPE_SPREAD**2], noise2 / curve.spread**2]))
    target = logs - curve.weekday[which]
    weight = there.copy()
    for _ in range(_ROUNDS):
        weighted = np.swapaxes(design * weight[:, :, None], 1, 2)
        inverse = np.linalg.inv(weighted @ design + prior)
        found = (inverse @ (weighted @ target[:, :, None]))[:, :, 0]
        # Huber's weights: one day of a broken counter does not bend the week.
        off = np.abs(target - (design @ found[:, :, None])[:, :, 0])
        weight = np.minimum(1.0, 2.0 * curve.noise / np.maximum(off, 1e-9)) * there
    effects = curve.weekday + found[:, 2:]
    # What all weekdays share is the level's, which the smoothing follows by itself.
    shared = effects.mean(axis=1)
    center = np.eye(7) - 1 / 7
    doubt = center @ (noise2 * inverse[:, 2:, 2:]) @ center
    effects = effects - shared[:, None]
    slope = found[:, 1]
    level = found[:, 0] + shared - slope * (done - 1) / 2 - slope
    plain = logs - np.take_along_axis(effects, which, 1)
    level, trend, noise = _smooth(plain, there, level, slope / _DAMPED, curve.noise, done)
    usual = (np.exp(np.where(there > 0, plain, 0.0)) * there).sum(1) / done
    return _Fitted(level, trend, noise, effects, doubt, usual)


def _smooth(
    plain: Floats, there: Floats, level: Floats, trend: Floats, noise: float, done: Ints
) -> tuple[Floats, Floats, Floats]:
    """Level and trend after the last day, and the noise of a day ahead."""
    before, missed = np.zeros(len(plain)), np.zeros(len(plain))
    for day in range(plain.shape[1]):
        on = there[:, day] > 0
        ahead = level + _DAMPED * trend
        off = plain[:, day] - ahead
        # One odd day is cut; a second one to the same side is the new truth.
        odd = np.abs(off) > 2.5 * noise
        cut = np.where(odd & ~(before * off > 0), np.sign(off) * 2.5 * noise, off)
        missed = np.where(on, missed + np.minimum(off**2, (6 * noise) ** 2), missed)
        before = np.where(on, np.where(odd, off, 0.0), before)
        level = np.where(on, ahead + _LEVEL * cut, level)
        trend = np.where(on, _DAMPED * trend + _LEVEL * _TREND * cut, trend)
    own = (_OWN_NOISE_FROM * noise**2 + missed) / (_OWN_NOISE_FROM + done)
    return level, trend, np.sqrt(own)


def _spread(expected: Floats, which: Ints, fitted: _Fitted, done: Ints) -> Floats:
    """Standard deviation of the logarithm of what comes until each day's end."""
    count, ahead = expected.shape
    noise2 = fitted.noise**2
    # A day's shock counts on its own day and, through level and trend, on all that follow.
    step = np.arange(1, ahead)
    later = _LEVEL * (1 + _TREND * _DAMPED * (1 - _DAMPED**step) / (1 - _DAMPED))
    kernel = np.concatenate([[1.0], later])
    reach = np.zeros((ahead, ahead))
    for behind in range(ahead):
        reach[behind:, behind] = kernel[: ahead - behind]
    onehot = np.zeros((count, ahead, 7))
    np.put_along_axis(onehot, which[:, :, None], 1.0, axis=2)
    level = noise2 * np.maximum(_LEVEL, 1.0 / done)
    spread = np.empty((count, ahead))
    for until in range(ahead):
        part = expected[:, : until + 1]
        share = part / np.maximum(part.sum(axis=1, keepdims=True), 1e-9)
        shocks = share @ reach[: until + 1, : until + 1]
        mixed = (share[:, None, :] @ onehot[:, : until + 1])[:, 0]
        wobble = ((mixed[:, None, :] @ fitted.doubt)[:, 0] * mixed).sum(axis=1)
        spread[:, until] = np.sqrt(noise2 * (shocks**2).sum(axis=1) + level + np.maximum(wobble, 0.0))
    return spread


def _logarithms(seen: Floats, there: Floats) -> Floats:
    """Logarithms of days; a day of (almost) nothing counts as a fiftieth of the item's usual one."""
    usual = np.nanmedian(np.where((seen > 0) & (there > 0), seen, np.nan), axis=1)
    logs: Floats = np.log(np.maximum(seen, usual[:, None] / 50)) * there
    return logs


def _beginning(at: Ints, curve: Curve) -> Floats:
    ramp = np.concatenate([curve.ramp, [0.0]])
    begun: Floats = ramp[np.minimum(at, RAMP_DAYS)]
    return begun


def _still(ask: Ask, left: int, *, stopped: bool) -> Pace:
    total = float(ask.days.sum()) + ask.today_so_far
    flat = np.full(left, total)
    return Pace(left, np.zeros(left), flat, flat, flat, flat, float(total < ask.goal * FULL), stopped, 1.0, 1.0)
