"""An effect: one estimate with its variance, and what may be said of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from dure.experiments.model import Interval
from dure.experiments.statistics import sequential


@dataclass(frozen=True, slots=True)
class Bound:
    """A one-sided test: p of the effect not being above the margin, and the effect's lower confidence bound."""

    p: float
    low: float


@dataclass(frozen=True, slots=True)
class Effect:
    """`variance` is the estimate's own; `freedom` its degrees of freedom (infinite: normal); `people` of both arms."""

    value: float
    variance: float
    freedom: float
    people: int

    @property
    def error(self) -> float:
        """The standard error."""
        return math.sqrt(self.variance)

    @property
    def p(self) -> float:
        """Two-sided, for one look at an end that was fixed before."""
        return 2 * _tail(abs(self.value) / self.error, self.freedom)

    def interval(self, confidence: float = 0.95) -> Interval:
        """Holds for one look at an end that was fixed before."""
        return self.within(_quantile(0.5 + confidence / 2, self.freedom))

    def within(self, errors: float) -> Interval:
        """So many standard errors to both sides: what a group-sequential bound gives."""
        return Interval(self.value - errors * self.error, self.value + errors * self.error)

    def anytime(self, confidence: float = 0.95, tuned_for: int = sequential.TUNED_FOR) -> Interval:
        """Holds however often one looks."""
        half = sequential.half_width(self.variance, self.people, confidence, tuned_for)
        return Interval(self.value - half, self.value + half)

    def anytime_p(self, confidence: float = 0.95, tuned_for: int = sequential.TUNED_FOR) -> float:
        """The always-valid p of this look alone."""
        return sequential.p_value(self.value, self.variance, self.people, confidence, tuned_for)

    def above(self, margin: float, confidence: float = 0.95) -> Bound:
        """Whether the effect lies above the margin: non-inferiority, where the margin is below zero."""
        return Bound(
            _tail((self.value - margin) / self.error, self.freedom),
            self.value - _quantile(confidence, self.freedom) * self.error,
        )


def _tail(t: float, freedom: float) -> float:
    return float(special.ndtr(-t) if math.isinf(freedom) else special.stdtr(freedom, -t))


def _quantile(share: float, freedom: float) -> float:
    return float(special.ndtri(share) if math.isinf(freedom) else special.stdtrit(freedom, share))
