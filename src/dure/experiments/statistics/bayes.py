"""The Bayesian view: how probable it is that an arm is better, and what choosing it may cost."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from dure.experiments.model import Arm, Interval
from dure.experiments.statistics.effect import Effect

_WIDTH = 9.0


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of an effect before: normal around `mean`."""

    mean: float = 0.0
    deviation: float = 0.3


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed after: the expected effect, the probability that treated is better, the credible interval, and
    what one loses on average by choosing control or treated (in the effect's unit)."""

    expected: float
    better: float
    interval: Interval
    risk_control: float
    risk_treated: float


def belief(effect: Effect, prior: Prior | None = None, confidence: float = 0.95, *, less: bool = False) -> Belief:
    """The normal posterior of an effect; without a prior every effect was equally likely before. `less`: smaller is
    better."""
    if prior is None:
        middle, variance = effect.value, effect.variance
    else:
        known, seen = 1 / prior.deviation**2, 1 / effect.variance
        variance = 1 / (known + seen)
        middle = variance * (known * prior.mean + seen * effect.value)
    deviation = math.sqrt(variance)
    z = float(special.ndtri(0.5 + confidence / 2)) * deviation
    above = float(special.ndtr(middle / deviation))
    bump = deviation * math.exp(-0.5 * (middle / deviation) ** 2) / math.sqrt(2 * math.pi)
    gain, loss = middle * above + bump, bump - middle * (1 - above)
    risks = (loss, gain) if less else (gain, loss)
    return Belief(middle, 1 - above if less else above, Interval(middle - z, middle + z), *risks)


def chances(arms: Sequence[Arm]) -> list[float]:
    """The probability of each arm to have the highest rate, under a Beta(1, 1) before; by quadrature.

    With two arms the second number is P(B > A).
    """
    points, weights = _nodes()
    shapes = [(arm.successes + 1.0, arm.people - arm.successes + 1.0) for arm in arms]
    found = []
    for number, (a, b) in enumerate(shapes):
        middle, deviation = a / (a + b), math.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
        low, high = max(0.0, middle - _WIDTH * deviation), min(1.0, middle + _WIDTH * deviation)
        at = low + (high - low) * (points + 1) / 2
        density = np.exp((a - 1) * np.log(at) + (b - 1) * np.log1p(-at) - special.betaln(a, b))
        for other, (c, d) in enumerate(shapes):
            if other != number:
                density = density * special.betainc(c, d, at)
        found.append(float((density * weights).sum() * (high - low) / 2))
    return found


@functools.cache
def _nodes() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the quadrature looks, and how much each place counts."""
    return np.polynomial.legendre.leggauss(400)


def thompson(arms: Sequence[Arm], rng: np.random.Generator, draws: int = 100_000) -> list[float]:
    """How often each arm is the best of a draw from what is believed: the shares a bandit gives next."""
    drawn = np.stack([rng.beta(arm.successes + 1, arm.people - arm.successes + 1, draws) for arm in arms])
    return [float(share) for share in np.bincount(drawn.argmax(axis=0), minlength=len(arms)) / draws]
