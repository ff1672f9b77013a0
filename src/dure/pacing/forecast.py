"""Where a line item will end: its learned pace with an interval, and the straight line beside it.

Method: the item's own weekday effects by ridge regression towards the workspace's (curve.py); what is left is
followed by exponential smoothing with a damped trend (Gardner & McKenzie, Management Science 31(10), 1985) in its
innovations form (Hyndman et al., Forecasting with Exponential Smoothing, 2008); the interval is simulated from it.
The forecast is of what would be delivered if nothing stopped the item at its goal.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date

import numpy as np

from dure.pacing.curve import RAMP_DAYS, Curve, Floats, logarithms, weekdays

FULL = 0.99  # delivered in full, with a hundredth for differences between two counters
_LEVEL, _TREND, _DAMPED = 0.25, 0.06, 0.88
_SLOPE_SPREAD = 0.01
_PATHS = 500
_OWN_NOISE_FROM = 10.0  # days after which the item's own noise weighs as much as the workspace's
_STOPPED_DAYS = 2


@dataclass(frozen=True)
class Pace:
    """A forecast. Arrays run over the days to come, today included; `low…high` are cumulative at each day's end."""

    days_left: int
    expected: Floats
    low: Floats
    middle: Floats
    high: Floats
    miss: float
    stopped: bool
    drift: float  # how the item's level now compares with its whole past, weekdays taken out; 1 is unchanged
    mix: float  # how the weekdays to come compare with those that were, 1 is alike


def straight(delivered: int, start: date, end: date, as_of: date) -> int:
    """The even pace: delivered ÷ days gone × days of the flight (what progress bars of ad servers extrapolate)."""
    gone = (min(as_of, end) - start).days + 1
    return round(delivered / gone * ((end - start).days + 1)) if gone > 0 else 0


def pace(
    start: date,
    end: date,
    goal: int,
    days: Floats,
    today_so_far: int,
    today_left: float,
    curve: Curve,
    *,
    paths: int = _PATHS,
) -> Pace:
    """The learned pace.

    `days`: impressions of each complete day from `start`; `today_so_far`: those of the day after them, of which
    the share `today_left` is still to come; `paths`: how many courses are simulated. They seed the
    simulation: the same figures give the same forecast.
    """
    done, left = len(days), max((end - start).days + 1 - len(days), 0)
    total = float(days.sum()) + today_so_far
    if left == 0:
        return _still(total, goal, left, stopped=False)
    if done >= _STOPPED_DAYS and not days[-_STOPPED_DAYS:].any() and today_so_far == 0:
        return _still(total, goal, left, stopped=True)
    if done == 0 or not days.any():
        return _still(total, goal, left, stopped=False)

    which = weekdays(start, done + left)
    begin = np.zeros(done + left)
    begin[: min(RAMP_DAYS, done + left)] = curve.ramp[: min(RAMP_DAYS, done + left)]
    logs = logarithms(days) - begin[:done]
    level, slope, effects, doubt = _fit(logs, which[:done], curve)
    plain = logs - effects[which[:done]]
    level, trend, noise = _smooth(plain, level, slope, curve.noise)

    rng = np.random.default_rng(zlib.crc32(days.tobytes(), goal))
    wobble = rng.multivariate_normal(np.zeros(7), doubt, paths, method="eigh")
    shocks = rng.normal(0, noise, (paths, left))
    courses = np.empty((paths, left))
    levels, trends = np.full(paths, level), np.full(paths, trend)
    for day in range(left):
        levels = levels + _DAMPED * trends
        at = which[done + day]
        courses[:, day] = np.exp(levels + effects[at] + wobble[:, at] + begin[done + day] + shocks[:, day])
        levels = levels + _LEVEL * shocks[:, day]
        trends = _DAMPED * trends + _LEVEL * _TREND * shocks[:, day]
    courses[:, 0] *= today_left
    ends = total + np.cumsum(courses, axis=1)
    low, middle, high = np.percentile(ends, (10, 50, 90), axis=0)
    weights = np.exp(effects)
    return Pace(
        left, np.median(courses, axis=0), low, middle, high, float((ends[:, -1] < goal * FULL).mean()), False,
        float(np.exp(level - np.log(np.exp(plain).mean()))),
        float(weights[which[done:]].mean() / weights[which[:done]].mean()),
    )  # fmt: skip


def _fit(logs: Floats, which: np.typing.NDArray[np.int64], curve: Curve) -> tuple[float, float, Floats, Floats]:
    """Level on the first day, slope a day, weekday effects and the covariance of what is not known of them."""
    count = len(logs)
    design = np.zeros((count, 9))
    design[:, 0] = 1.0
    design[:, 1] = np.arange(count) - (count - 1) / 2
    design[np.arange(count), 2 + which] = 1.0
    noise2 = curve.noise**2
    prior = np.diag(np.concatenate([[1e-6, noise2 / _SLOPE_SPREAD**2], noise2 / curve.spread**2]))
    target = logs - curve.weekday[which]
    weight = np.ones(count)
    for _ in range(4):
        inverse = np.linalg.inv(design.T @ (design * weight[:, None]) + prior)
        found = inverse @ (design.T @ (weight * target))
        # Huber's weights: one day of a broken counter does not bend the week.
        weight = np.minimum(1.0, 2.0 * curve.noise / np.maximum(np.abs(target - design @ found), 1e-9))
    effects = curve.weekday + found[2:]
    doubt = noise2 * inverse[2:, 2:]
    # What all weekdays share is the level's, which the smoothing follows by itself.
    center = np.eye(7) - 1 / 7
    shared = float(effects.mean())
    doubt = center @ doubt @ center + 1e-10 * np.eye(7)
    first = float(found[0]) + shared - float(found[1]) * (count - 1) / 2
    return first, float(found[1]), effects - shared, doubt


def _smooth(plain: Floats, level: float, slope: float, noise: float) -> tuple[float, float, float]:
    """Level and trend after the last day, and the noise of a day ahead."""
    level, trend, before, missed = level - slope, slope / _DAMPED, 0.0, 0.0
    for value in plain:
        ahead = level + _DAMPED * trend
        missed_by = float(value) - ahead
        missed += min(missed_by**2, (6 * noise) ** 2)
        # One odd day is cut; a second one to the same side is the new truth.
        odd = abs(missed_by) > 2.5 * noise
        cut = missed_by if not odd or before * missed_by > 0 else float(np.sign(missed_by)) * 2.5 * noise
        before = missed_by if odd else 0.0
        level = ahead + _LEVEL * cut
        trend = _DAMPED * trend + _LEVEL * _TREND * cut
    own = (_OWN_NOISE_FROM * noise**2 + missed) / (_OWN_NOISE_FROM + len(plain))
    return level, trend, float(np.sqrt(own))


def _still(total: float, goal: int, left: int, *, stopped: bool) -> Pace:
    flat = np.full(left, total)
    return Pace(left, np.zeros(left), flat, flat, flat, float(total < goal * FULL), stopped, 1.0, 1.0)
