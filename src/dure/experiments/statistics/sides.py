"""An arm as a mean with a variance, whatever was measured: a rate, a mean, a ratio, a quantile, an adjusted mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from dure.experiments.model import Interval
from dure.experiments.statistics.effect import Effect
from dure.experiments.statistics.sums import Sums


@dataclass(frozen=True, slots=True)
class Side:
    """`variance` is that of one person's value, so that the mean's own is `variance / people`. `base` is what a
    relative effect is a share of, where that is not the mean itself."""

    people: int
    mean: float
    variance: float
    base: float | None = None

    @property
    def whole(self) -> float:
        return self.mean if self.base is None else self.base

    @property
    def error(self) -> float:
        return self.variance / self.people


def proportion(people: int, successes: float) -> Side:
    """A rate, with the variance p (1 - p)."""
    rate = successes / people if people else 0.0
    return Side(people, rate, rate * (1 - rate))


def mean(sums: Sums) -> Side:
    return Side(sums.people, sums.y / sums.people if sums.people else 0.0, sums.variance())


def ratio(sums: Sums) -> Side:
    """Sum of `y` over sum of `d`, by the delta method: people are what was drawn, not the things they did."""
    if not sums.people or not sums.d:
        return Side(sums.people, 0.0, 0.0)
    below = sums.d / sums.people
    value = sums.y / sums.d
    spread = sums.variance("y") - 2 * value * sums.covariance("yd", "y", "d") + value * value * sums.variance("d")
    return Side(sums.people, value, spread / (below * below))


def quantile(people: int, value: float, low: float, high: float, confidence: float = 0.95) -> Side:
    """A quantile whose confidence interval came from order statistics; its width gives the variance."""
    return Side(people, value, ((high - low) / (2 * _z(confidence))) ** 2 * max(0, people - 1))


def ranks(people: int, share: float, confidence: float = 0.95) -> tuple[int, int, int]:
    """Which of the ordered values (from 1) are a quantile and the ends of its interval (binomial, normal limit)."""
    half = _z(confidence) * math.sqrt(people * share * (1 - share))
    middle = max(1, math.ceil(people * share))
    return middle, max(1, math.floor(people * share - half)), min(people, math.ceil(people * share + half))


def adjusted(control: Sums, treated: Sums) -> tuple[Side, Side]:
    """CUPED (Deng and others 2013): what each arm's people did before takes the noise out of what they did after.

    The slope is pooled over the arms. A relative effect is still a share of control's mean as it was measured.
    """
    both = control + treated
    before = both.variance("x")
    slope = both.covariance("xy", "x", "y") / before if before > 0 else 0.0
    return _adjusted(control, slope), _adjusted(treated, slope)


def _adjusted(sums: Sums, slope: float) -> Side:
    if not sums.people:
        return Side(0, 0.0, 0.0)
    spread = sums.variance() + slope * slope * sums.variance("x") - 2 * slope * sums.covariance("xy", "x", "y")
    measured = sums.y / sums.people
    return Side(sums.people, measured - slope * sums.x / sums.people, spread, measured)


def absolute(control: Side, treated: Side) -> Effect | None:
    """Treated minus control (Welch); None where either arm has nobody to speak of or nothing that varies."""
    if not _varies(control, treated):
        return None
    return Effect(
        treated.mean - control.mean, control.error + treated.error, _freedom(control, treated),
        control.people + treated.people,
    )  # fmt: skip


def relative(control: Side, treated: Side) -> Effect | None:
    """The difference as a share of control's mean, by the delta method; None where control's mean is not above zero."""
    if not _varies(control, treated) or control.whole <= 0:
        return None
    base, times = control.whole, treated.whole / control.whole
    variance = (treated.error + control.error * times * times) / (base * base)
    people = control.people + treated.people
    return Effect((treated.mean - control.mean) / base, variance, _freedom(control, treated), people)


def log_ratio(control: Side, treated: Side, confidence: float = 0.95, *, welch: bool = False) -> Interval | None:
    """The relative effect's interval by the logarithm of the ratio, which is not symmetric and never below -100 %."""
    if not _varies(control, treated) or control.mean <= 0 or treated.mean <= 0:
        return None
    variance = control.error / control.mean**2 + treated.error / treated.mean**2
    freedom = _freedom(control, treated) if welch else math.inf
    logs = Effect(math.log(treated.mean / control.mean), variance, freedom, 0).interval(confidence)
    return Interval(math.exp(logs.low) - 1, math.exp(logs.high) - 1)


def fieller(control: Side, treated: Side, confidence: float = 0.95) -> Interval | None:
    """The relative effect's interval by Fieller's theorem (1954); None where control's mean cannot be told from 0."""
    if not _varies(control, treated):
        return None
    square = _z(confidence) ** 2
    a = control.mean**2 - square * control.error
    b = control.mean * treated.mean
    c = treated.mean**2 - square * treated.error
    if a <= 0 or (inside := b * b - a * c) < 0:
        return None
    return Interval((b - math.sqrt(inside)) / a - 1, (b + math.sqrt(inside)) / a - 1)


def pooled(strata: Sequence[tuple[float, Side]]) -> Side:
    """One arm out of its strata, each with its weight: strata that arms share unevenly then do not bias the effect."""
    total, people = sum(weight for weight, _ in strata), sum(side.people for _, side in strata)
    shares = [(weight / total, side) for weight, side in strata]
    error = sum(share * share * side.error for share, side in shares)
    based = any(side.base is not None for _, side in strata)
    return Side(
        people, sum(share * side.mean for share, side in shares), error * people,
        sum(share * side.whole for share, side in shares) if based else None,
    )  # fmt: skip


def _varies(control: Side, treated: Side) -> bool:
    return min(control.people, treated.people) > 1 and control.variance > 0 and treated.variance > 0


def _freedom(control: Side, treated: Side) -> float:
    """Welch and Satterthwaite's."""
    a, b = control.error, treated.error
    return (a + b) ** 2 / (a * a / (control.people - 1) + b * b / (treated.people - 1))


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)
